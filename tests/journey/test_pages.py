"""Every page of campaigns opens, says what it should, and guards what it must."""

import json
import re
from collections import Counter
from datetime import timedelta

import pytest
from django.test import Client

from campaigns import funnel, recipes, words
from campaigns.models import Campaign, Delivery, Step, Trace, Variant, Version
from compliance.models import AuditEntry
from compliance.roles import Role
from config.lib.clock import utcnow
from players.models import Brand, Player
from tests import cast
from tests.journey import build
from tests.journey.conftest import Sink, work

pytestmark = pytest.mark.django_db
NOW = cast.noon()


def as_(client: Client, operator) -> Client:  # noqa: ANN001
    client.force_login(operator)
    return client


@pytest.fixture
def draft(anna: Player) -> Version:
    Brand.objects.filter(id=anna.brand_id).update(site_url="https://northlight.example")
    anna.brand.refresh_from_db()
    return recipes.create(anna.brand, "win_back", cast.carla(), now=utcnow())


def test_a_campaign_begins_with_a_recipe(client: Client, anna: Player) -> None:
    as_(client, cast.carla())
    assert b"Win back" in client.get("/campaigns/new/").content

    answer = client.post("/campaigns/new/", {"recipe": "win_back", "brand": anna.brand_id, "name": ""})

    campaign = Campaign.objects.get()
    assert answer["Location"] == f"/campaigns/{campaign.id}/"
    page = client.get(answer["Location"]).content.decode()
    assert "The player becomes “Slipping away”" in page
    assert "New slots" in page or "What is new" in page
    assert client.post("/campaigns/new/", {"recipe": "win_back", "brand": anna.brand_id}).status_code == 422


@pytest.mark.parametrize(
    "tab", ["", "settings/", "launch/", "live/", "trace/", "trace/?q=anna", "trace/?q=%00", "?card=start"]
)
def test_every_tab_opens(client: Client, draft: Version, tab: str) -> None:
    answer = as_(client, cast.carla()).get(f"/campaigns/{draft.campaign_id}/{tab}")

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "url", ["/campaigns/", "/campaigns/?q=none", "/campaigns/?q=%00", "/campaigns/approvals/", "/campaigns/conflicts/"]
)
def test_every_list_opens_empty_and_full(client: Client, url: str, anna: Player) -> None:
    as_(client, cast.carla())
    assert client.get(url).status_code == 200
    recipes.create(anna.brand, "welcome", cast.carla(), now=NOW)
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("kind", Step.Kind.values)
def test_a_card_of_every_kind_is_added_filled_in_and_removed(client: Client, draft: Version, kind: str) -> None:
    as_(client, cast.carla())
    client.post(f"/campaigns/{draft.campaign_id}/tree/add/", {"kind": kind, "after": "0", "arm": ""})
    step = draft.steps.get(kind=kind, position=1, arm=None)

    assert client.get(f"/campaigns/{draft.campaign_id}/?card={step.id}").status_code == 200
    client.post(f"/campaigns/{draft.campaign_id}/tree/remove/", {"id": step.id})
    assert not draft.steps.filter(id=step.id).exists()
    assert sorted(draft.steps.values_list("position", flat=True)) == [0, 1, 2]


def test_a_variant_with_a_field_nobody_knows_is_refused_with_the_reason(client: Client, draft: Version) -> None:
    variant = Variant.objects.filter(step__version=draft, segment=None).first()
    url = f"/campaigns/{draft.campaign_id}/cards/variant-{variant.id}/"

    answer = as_(client, cast.carla()).post(url, {"subject": "Hi {{ player.password }}", "body": "<p>x</p>"})

    assert answer.status_code == 422
    assert "player.password is no field" in answer.content.decode()


def test_a_message_is_previewed_as_a_real_player(client: Client, draft: Version, anna: Player) -> None:
    variant = Variant.objects.filter(step__version=draft, segment=None).first()

    page = as_(client, cast.carla()).get(f"/campaigns/{draft.campaign_id}/?card=variant-{variant.id}&as=anna")

    assert "Hi Anna," in page.content.decode()
    assert "begambleaware" in page.content.decode()


def test_how_few_players_an_outreach_of_protection_is_for_only_compliance_reads(client: Client, anna: Player) -> None:
    version = build.simple(anna.brand, NOW, trigger_fact="rg.strong_signs", purpose="rg_outreach")
    cast.tell(anna, "rg.strong_signs", now=utcnow(), at=utcnow())
    url = f"/campaigns/{version.campaign_id}/launch/"

    told = " ".join(as_(client, cast.carla()).get(url).content.decode().split())
    assert "&lt; 10" in told
    assert "would tell of single players" in told
    assert "Would receive the first message" not in told

    seen = as_(client, cast.olivia()).get(url).content.decode()
    assert "Would receive the first message" in seen
    assert "&lt; 10" not in seen


def seen_by(client: Client, version: Version) -> dict[str, str]:
    """What the button on the page sends along: which words were read."""
    page = client.get(f"/campaigns/{version.campaign_id}/launch/").content.decode()
    return {"seen": re.findall(r'name="seen" value="([^"]*)"', page)[0]}


def test_who_changed_the_draft_cannot_approve_it_either_and_what_was_changed_is_in_the_trail(
    client: Client, draft: Version
) -> None:
    variant = Variant.objects.filter(step__version=draft).first()
    assert variant is not None
    said = {name: getattr(variant, name) or "" for name in ("subject", "body", "button", "url")}
    as_(client, cast.make_operator("Dana", Role.CRM_MANAGER))
    client.post(f"/campaigns/{draft.campaign_id}/cards/variant-{variant.pk}/", said | {"subject": "Other words"})
    as_(client, cast.carla()).post(f"/campaigns/{draft.campaign_id}/do/submit/")

    dana = cast.make_operator("Dana", Role.CRM_MANAGER)
    page = as_(client, dana).get(f"/campaigns/{draft.campaign_id}/launch/").content.decode()
    client.post(f"/campaigns/{draft.campaign_id}/do/approve/", {"seen": Version.objects.get().submitted_at.isoformat()})  # type: ignore[union-attr]

    assert "somebody else approves it" in page
    assert Version.objects.get().status == "submitted"
    told = json.loads(AuditEntry.objects.get(kind="campaign.edited").payload)
    assert (told["before"]["subject"], told["after"]["subject"]) == (said["subject"], "Other words")


def test_nobody_approves_words_that_came_after_those_they_read(client: Client, draft: Version) -> None:
    url = f"/campaigns/{draft.campaign_id}/do/"
    as_(client, cast.carla()).post(url + "submit/")
    read = seen_by(as_(client, cast.olivia()), draft)
    client.post(url + "return/", {"reason": "shorter, please"})
    as_(client, cast.carla()).post(url + "submit/")

    answer = as_(client, cast.olivia()).post(url + "approve/", read, follow=True)
    assert "changed since you opened this page" in answer.content.decode()
    client.post(url + "approve/")
    assert Version.objects.get().status == "submitted"
    client.post(url + "approve/", seen_by(client, draft))
    assert Version.objects.get().status == "approved"


def test_two_people_launch_a_campaign_and_the_trail_says_so(client: Client, draft: Version) -> None:
    url = f"/campaigns/{draft.campaign_id}/do/"
    as_(client, cast.carla())
    client.post(url + "submit/")
    client.post(url + "approve/")
    draft.refresh_from_db()
    assert draft.status == "submitted"  # she wrote it, she cannot approve it

    as_(client, cast.olivia()).post(url + "approve/", seen_by(client, draft))
    as_(client, cast.carla()).post(url + "launch/")

    draft.refresh_from_db()
    assert (draft.status, draft.approver) == ("live", cast.olivia())
    trail = AuditEntry.objects.filter(subject=f"campaign:{draft.campaign_id}").order_by("id")
    assert [entry.kind for entry in trail] == [
        "campaign.created", "campaign.submitted", "campaign.approved", "campaign.launched",
    ]  # fmt: skip


def test_a_submitted_version_cannot_be_edited_any_more(client: Client, draft: Version) -> None:
    as_(client, cast.carla()).post(f"/campaigns/{draft.campaign_id}/do/submit/")
    step = draft.steps.get(kind="wait")

    client.post(f"/campaigns/{draft.campaign_id}/cards/{step.id}/", {"amount": "9", "unit": "1440"})
    client.post(f"/campaigns/{draft.campaign_id}/tree/remove/", {"id": step.id})

    assert Step.objects.get(id=step.id).wait_minutes == 3 * 1440


def test_pausing_needs_a_reason(client: Client, anna: Player) -> None:
    version = build.simple(anna.brand, NOW)
    url = f"/campaigns/{version.campaign_id}/do/pause/"
    as_(client, cast.carla())

    assert client.post(url, {"reason": "no"}).status_code == 422
    client.post(url, {"reason": "The picture is the wrong one"})

    version.refresh_from_db()
    assert version.status == "paused"


def test_the_funnel_adds_up(client: Client, anna: Player, bo: Player, cleo: Player) -> None:
    version = recipes.create(anna.brand, "welcome", cast.carla(), now=NOW, trigger_stage=0)
    found = funnel.preview(version, now=NOW)

    assert found.matched == 3
    assert found.matched - sum(lost for _, lost, _ in found.lines) == found.receive
    assert found.lost["No consent"] == 1
    assert found.lost["Protected"] == 1


def test_of_very_many_players_one_in_so_many_is_asked_and_stands_for_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(24):
        cast.make_player(cast.northlight(), consents=("casino/email",) if number % 2 else ())
    version = recipes.create(cast.northlight(), "welcome", cast.carla(), now=NOW, trigger_stage=0)
    everybody = funnel.preview(version, now=NOW)
    monkeypatch.setattr(funnel, "MOST", 12)

    found = funnel.preview(version, now=NOW)

    assert (everybody.asked, everybody.matched, everybody.is_about) == (24, 24, False)
    assert found.matched == 24
    assert 1 <= found.asked < 24
    assert sum(found.heard.values()) == pytest.approx(found.receive, abs=1)


def test_what_fewer_were_asked_adds_up_for_all_of_them() -> None:
    found = funnel.Funnel(
        "are here", matched=1000, asked=300, lost=Counter({"No consent": 100}), heard=Counter({7: 200})
    )

    found.scale_up()

    assert (found.lost["No consent"], found.receive, found.heard[7]) == (333, 667, 667)


def test_the_player_page_tells_crm_protected_and_compliance_the_reason(
    client: Client, post: Sink, anna: Player
) -> None:
    build.simple(anna.brand, NOW, wait_minutes=60)
    cast.tell(anna, "player.login", now=NOW, at=NOW)
    work(NOW)
    cast.tell(anna, "rg.self_excluded", now=NOW, at=NOW, measure_id="x", sequence=1, ends_at=None)
    work(NOW)

    crm = as_(client, cast.carla()).get(f"/campaigns/player/{anna.id}/panel/").content.decode()
    officer = as_(client, cast.olivia()).get(f"/campaigns/player/{anna.id}/panel/").content.decode()

    assert "Protected" in crm
    assert "xclu" not in crm
    assert "Self-excluded" in officer
    assert Delivery.objects.get().decision.outcome == "deny"


def test_the_path_of_a_player_is_told_in_sentences(client: Client, post: Sink, anna: Player) -> None:
    version = build.simple(anna.brand, NOW, wait_minutes=60)
    cast.tell(anna, "player.login", now=NOW, at=NOW)
    work(NOW)
    work(NOW + timedelta(hours=1))

    page = as_(client, cast.carla()).get(f"/campaigns/{version.campaign_id}/trace/?q=anna").content.decode()

    for said in ("Entered: The player logs in", "Waits: 1 hour", "Sent: E-mail, step 2", "Went through"):
        assert said in page


@pytest.mark.parametrize("who", [cast.fiona])
def test_finance_has_no_campaigns(client: Client, who, draft: Version) -> None:  # noqa: ANN001
    assert as_(client, who()).get("/campaigns/").status_code == 403
    assert client.post(f"/campaigns/{draft.campaign_id}/do/submit/").status_code == 403


def test_a_campaign_of_another_brand_does_not_exist(client: Client, draft: Version) -> None:
    stranger = cast.make_operator("Stranger", Role.CRM_MANAGER, cast.bjork())

    assert as_(client, stranger).get(f"/campaigns/{draft.campaign_id}/").status_code == 404


def test_what_a_message_asks_for_is_typed_in_money_and_kept_in_minor_units(client: Client, draft: Version) -> None:
    step = draft.steps.filter(kind="message").first()
    url = f"/campaigns/{draft.campaign_id}/cards/{step.id}/"
    fields = {"channel": "email", "purpose": "promotional", "ask": "deposit", "valid_hours": "48"}
    as_(client, cast.carla())

    client.post(url, fields | {"at_least": "25.50"})
    assert Step.objects.get(id=step.id).ask_amount == 25_50
    assert client.post(url, fields | {"at_least": "0.005"}).status_code == 422
    assert client.post(url, fields | {"at_least": "NaN"}).status_code == 422


def test_a_campaign_sent_once_reaches_everybody_in_the_segment_and_nobody_twice(
    client: Client, post: Sink, anna: Player
) -> None:
    from campaigns.admission import continue_launches
    from segments.models import Membership, Segment

    segment = Segment.objects.create(brand=anna.brand, name="All", status="live", created_at=NOW, changed_at=NOW)
    people = [anna, *(cast.make_player(anna.brand) for _ in range(4))]
    for player in people:
        Membership.objects.create(segment=segment, player=player, entered_at=NOW, cause="build")
    version = build.simple(anna.brand, NOW, trigger="launch", trigger_fact="", trigger_segment=segment)

    assert [continue_launches(now=NOW, chunk=2) for _ in range(4)] == [2, 2, 1, 0]
    work(NOW)
    work(NOW)

    version.refresh_from_db()
    assert version.launch_after is None
    assert len(post.mails) == 5


def test_a_confirmation_of_a_limit_does_not_tell_crm_that_there_is_one(client: Client, post: Sink, dev: Player) -> None:
    Brand.objects.filter(id=dev.brand_id).update(site_url="https://northlight.example")
    version = build.live(recipes.create(dev.brand, "limit_active", cast.carla(), now=NOW), NOW)
    cast.tell(dev, "rg.limit_set", now=NOW, at=NOW, measure_id="w", sequence=2, kind="deposit_limit", period="week",
              amount=15_00, currency="GBP", origin="player")  # fmt: skip
    work(NOW)
    sent = Delivery.objects.filter(player=dev).first()
    pages = [f"/campaigns/player/{dev.id}/panel/", f"/campaigns/{version.campaign_id}/trace/?q=dev"]
    pages += [f"/campaigns/{version.campaign_id}/live/", f"/campaigns/player/{dev.id}/messages/{sent.id}/"]

    crm = [as_(client, cast.carla()).get(url) for url in pages]
    officer = [as_(client, cast.olivia()).get(url).content.decode() for url in pages]

    assert "No message yet" in crm[0].content.decode()
    assert "limit" not in crm[0].content.decode().lower()
    assert crm[3].status_code == 404
    assert "Waits" not in crm[1].content.decode()
    assert ">dev<" not in crm[2].content.decode()
    assert "15.00" in officer[3]
    assert ">dev<" in officer[2]


def test_how_a_player_came_in_is_never_read_as_a_protection() -> None:
    """A code without words of its own falls back to “Protected”: no way in may be such a code."""
    for detail, said in (
        ("launch", "Entered at the launch"),
        ("segment.entered", "Entered: came into the segment"),
        ("player.login", "Entered: The player logs in"),
    ):
        assert words.trace(Trace(kind=Trace.Kind.ENTERED, detail=detail), "crm") == said
