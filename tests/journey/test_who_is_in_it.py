"""A journey that tells of protection: compliance sees who is in it, everybody else how many, in tens, and no name."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from campaigns import funnel, not_sent, recipes
from campaigns.admission import continue_launches
from campaigns.models import Card, Delivery, Step, Version
from compliance.roles import Role
from config.lib.clock import utcnow
from players.models import Player
from segments.building import build as fill
from segments.building import go_live, save_draft
from segments.language.compile import matching
from segments.language.parse import RuleError
from segments.language.tree import At
from segments.models import Segment
from segments.validating import check
from tests import cast
from tests.journey import build
from tests.journey.conftest import Sink, post, work

__all__ = ["post"]
pytestmark = pytest.mark.django_db
NOW = cast.noon()
OTHERS = [Role.CRM_MANAGER, Role.ANALYST, Role.SUPPORT_AGENT]
LIMITED = {"all": [{"attribute": "limit_active", "op": "yes", "params": {"limit": "any"}}]}


def page(client: Client, role: Role, url: str) -> str:
    client.force_login(cast.make_operator(f"{role} of this", role))
    return client.get(url, headers={"HX-Request": "true"}).content.decode()


def pages_of(version: Version, player: Player) -> list[str]:
    at = f"/campaigns/{version.campaign_id}"
    return [f"{at}/live/", f"{at}/trace/?q={player.external_id}", f"/campaigns/player/{player.pk}/panel/",
            f"/players/{player.pk}/timeline/"]  # fmt: skip


def segment_of(player: Player, rule: dict[str, Any] = LIMITED, name: str = "With a limit") -> Segment:
    cast.set_limit(player, 40_00, "month", at=NOW - timedelta(days=1))
    segment = save_draft(None, player.brand, name, rule, None, now=NOW)
    go_live(segment, None, acts_on_existing=True, now=NOW)
    assert fill(segment.pk, now=NOW)
    return segment


def begun(player: Player, way: str) -> Version:
    """Three ways into a journey that tell the same: an event, a segment at the door, a segment on a branch of words."""
    purpose = "regulatory_notice"
    if way == "event":
        version = build.simple(player.brand, NOW, name="Six months", purpose=purpose, trigger_fact="rg.review_due")
        cast.tell(player, "rg.review_due", now=NOW, at=NOW)
    elif way == "door":
        inside = segment_of(player)
        version = build.simple(player.brand, NOW, name="Six months", purpose=purpose, only_if_segment=inside)
        cast.tell(player, "player.login", now=NOW, at=NOW)
    else:
        inside = segment_of(player)
        version = build.simple(player.brand, NOW, name="Six months", purpose=purpose, trigger="launch",
                               trigger_fact="", trigger_segment=inside)  # fmt: skip
        continue_launches(now=NOW)
    work(NOW)
    assert Delivery.objects.filter(player=player, enrolment__version=version).exists()
    return version


@pytest.mark.parametrize("way", ["event", "door", "launch"])
@pytest.mark.parametrize("role", OTHERS)
def test_nobody_but_compliance_finds_a_player_in_it(
    client: Client, post: Sink, dev: Player, way: str, role: Role
) -> None:
    version = begun(dev, way)
    live, trace, panel, timeline = pages_of(version, dev)
    message = f"/campaigns/player/{dev.pk}/messages/{Delivery.objects.get(player=dev).pk}/"

    assert ">dev<" not in page(client, role, live)
    assert "Entered" not in page(client, role, trace)
    assert "Six months" not in page(client, role, panel)
    assert "Six months" not in page(client, role, timeline)
    assert client.get(message).status_code == 404

    officer = Role.COMPLIANCE_OFFICER
    assert ">dev<" in page(client, officer, live)
    assert "Entered" in page(client, officer, trace)
    assert "Six months" in page(client, officer, panel)
    assert "Six months" in page(client, officer, timeline)
    assert client.get(message).status_code == 200


@pytest.mark.parametrize("kind", ["rg.self_excluded", "rg.time_out", "rg.signs_reviewed"])
def test_one_that_ends_with_a_restriction_tells_whose_it_is_by_who_left(
    client: Client, post: Sink, anna: Player, kind: str
) -> None:
    """Everybody is let in, one reason ends it, and whoever left early is “protected”: by just that."""
    version = build.simple(
        anna.brand, NOW, name="Trap", purpose="transactional", wait_minutes=60_000, exit_facts=[kind]
    )
    cast.tell(anna, "player.login", now=NOW, at=NOW)
    work(NOW)
    live, trace, panel, _ = pages_of(version, anna)

    crm = [page(client, Role.CRM_MANAGER, url) for url in (live, trace, panel)]
    officer = [page(client, Role.COMPLIANCE_OFFICER, url) for url in (live, trace, panel)]

    assert [said in told for said, told in zip((">anna<", "Entered", "Trap"), crm, strict=True)] == [False] * 3
    assert [said in told for said, told in zip((">anna<", "Entered", "Trap"), officer, strict=True)] == [True] * 3


def test_its_figures_are_told_in_tens_and_none_by_its_absence(client: Client, post: Sink, dev: Player) -> None:
    version = begun(dev, "event")
    listed, live = "/campaigns/", f"/campaigns/{version.campaign_id}/live/"

    for url in (listed, live):
        crm, officer = (page(client, role, url) for role in (Role.CRM_MANAGER, Role.COMPLIANCE_OFFICER))
        assert "&lt; 10" in crm, url
        assert "&lt; 10" not in officer, url
    counts = [row.shown for row in client.get(listed).context["rows"]]
    assert counts == [{"inside": 0, "entered": 1, "sent": 1, "refused": 0, "goal": 0}]
    client.force_login(cast.carla())
    assert {count for row in client.get(listed).context["rows"] for count in row.shown.values()} == {"< 10"}
    states = dict(client.get(live).context["states"])
    assert set(states.values()) == {"< 10"}
    assert client.get("/").context["messages_figures"][0]["value"] == 0, "what is left of a sum is a count too"


@pytest.mark.parametrize("attribute", ["journeys", "campaigns", "campaign_goals"])
def test_a_rule_that_names_it_chooses_by_protection_and_nobody_else_can_write_it(
    client: Client, post: Sink, dev: Player, attribute: str
) -> None:
    begun(dev, "event")
    rule = {"all": [{"attribute": attribute, "op": "is", "value": "Six months"}]}

    with pytest.raises(RuleError):
        check(rule, dev.brand, cast.carla())
    assert check(rule, dev.brand, cast.olivia())
    asked = {"shape": '{"of": []}', "do": f"add:{attribute}", "brand": dev.brand_id}
    client.force_login(cast.carla())
    assert "Six months" not in client.post("/segments/new/", asked).content.decode()
    client.force_login(cast.olivia())
    assert "Six months" in client.post("/segments/new/", asked).content.decode()


@pytest.mark.parametrize(
    ("attribute", "params"),
    [("campaigns_entered", {"within": "30"}), ("messages_sent", {"channel": "any", "within": "30"})],
)
def test_who_was_in_it_is_not_counted_by_a_rule_that_names_nothing(
    post: Sink, anna: Player, dev: Player, attribute: str, params: dict[str, str]
) -> None:
    begun(dev, "event")
    build.simple(anna.brand, NOW, name="Hello again", purpose="transactional")
    cast.tell(anna, "player.login", now=NOW, at=NOW)
    work(NOW)
    rule = {"all": [{"attribute": attribute, "op": "at_least", "value": 1, "params": params}]}

    found = matching(dev.brand, check(rule, dev.brand, cast.carla()), At.brand(dev.brand, NOW + timedelta(hours=1)))

    assert list(found.values_list("player__external_id", flat=True)) == ["anna"]


def test_a_card_of_it_that_was_opened_is_not_counted_either(post: Sink, anna: Player, dev: Player) -> None:
    build.simple(anna.brand, NOW, name="Six months", channel="onsite", purpose="regulatory_notice",
                 trigger_fact="rg.review_due")  # fmt: skip
    build.simple(anna.brand, NOW, name="Hello again", channel="onsite", purpose="transactional")
    cast.tell(dev, "rg.review_due", now=NOW, at=NOW)
    cast.tell(anna, "player.login", now=NOW, at=NOW)
    work(NOW)
    assert Card.objects.update(seen_at=NOW) == 2
    rule = {"all": [{"attribute": "cards_seen", "op": "at_least", "value": 1, "params": {"within": "30"}}]}

    found = matching(dev.brand, check(rule, dev.brand, cast.carla()), At.brand(dev.brand, NOW + timedelta(hours=1)))

    assert list(found.values_list("player__external_id", flat=True)) == ["anna"]


# --- those who fall away -------------------------------------------------------------------------


def test_few_protected_players_are_no_line_of_their_own_and_no_remainder() -> None:
    told = [("DENY_NO_OPT_IN", 12), ("DENY_SELF_EXCLUDED", 2), ("DENY_HIGH_STAKES_VS_LIMIT", 1)]

    assert not_sent.by_reason(told, "crm") == [("No consent, or protected", "15")]
    assert not_sent.by_reason(told[1:], "crm") == [("Protected, or another reason", "< 10")]
    assert not_sent.by_reason([("DENY_SELF_EXCLUDED", 30), *told[:1]], "crm") == [
        ("Protected", "30"), ("No consent", "12"),
    ]  # fmt: skip
    assert len(not_sent.by_reason(told, "compliance")) == 3


def test_when_something_about_a_protected_player_is_over_is_not_told() -> None:
    waiting = [("DEFER_COOLING", 30, NOW), ("DENY_QUIET_HOURS", 12, NOW)]

    assert [at for _, _, at in not_sent.later(waiting, "crm")] == [None, NOW]
    assert [at for _, _, at in not_sent.later(waiting, "compliance")] == [NOW, NOW]


def counted(protected: int, others: int = 40, *, heard: int = 60) -> funnel.Funnel:
    found = funnel.Funnel("are here", matched=protected + others + heard)
    found.lost.update({"Protected": protected, "No consent": others})
    found.heard[7] = heard
    found.marks.update(str(protected).encode())
    found.hide()
    return found


def test_the_countdown_tells_the_protected_in_tens_and_adds_up() -> None:
    for protected in range(0, 60):
        found = counted(protected)
        assert found.lost["Protected"] % 10 == 0
        assert abs(found.lost["Protected"] - protected) <= 14
        assert found.matched - sum(lost for _, lost, _ in found.lines) == found.receive
        assert str(protected) not in {label for label, _, _ in found.lines}
        assert found.told_heard([7])[7] in {f"about {found.receive // 10 * 10}", "< 10"}
    assert {counted(few).lost["Protected"] for few in range(10)} == {0}


def test_of_an_audience_of_protected_players_nobody_else_reads_more_than_tens(client: Client, northlight: Any) -> None:
    version = build.simple(northlight, NOW, purpose="rg_outreach", trigger_fact="rg.strong_signs")
    for _ in range(23):
        cast.tell(cast.make_player(northlight), "rg.strong_signs", now=utcnow(), at=utcnow())
    url = f"/campaigns/{version.campaign_id}/launch/"

    crm, officer = (" ".join(page(client, role, url).split()) for role in (Role.CRM_MANAGER, Role.COMPLIANCE_OFFICER))

    assert "about 20" in crm
    assert "Would receive" not in crm
    assert "about 20" not in officer
    assert "Would receive" in officer


def test_the_countdown_of_a_draft_does_not_find_out_a_limit(client: Client, anna: Player) -> None:
    """Another amount, another look, and nobody was written to: it would be found by halving."""
    cast.set_limit(anna, 100_00, at=NOW - timedelta(days=60), origin="onboarding")
    version = recipes.create(anna.brand, "blank", cast.carla(), name="Top up", now=NOW, trigger="stage",
                             trigger_fact="", trigger_stage=0, products=["casino"])  # fmt: skip
    words = {"subject": "Hello", "body": "<p>Hello.</p>"}
    step = recipes.message(version, 0, [words], ask="deposit", ask_amount=1_00)
    seen: dict[Role, list[int]] = {Role.CRM_MANAGER: [], Role.COMPLIANCE_OFFICER: []}
    for amount in (1_00, 24_00, 26_00, 1_000_00):
        Step.objects.filter(pk=step.pk).update(ask_amount=amount)
        for role, told in seen.items():
            page(client, role, f"/campaigns/{version.campaign_id}/launch/")
            told.append(client.get(f"/campaigns/{version.campaign_id}/launch/").context["funnel"].receive)

    assert seen == {Role.CRM_MANAGER: [1, 1, 1, 1], Role.COMPLIANCE_OFFICER: [1, 1, 0, 0]}


def test_no_journey_is_made_to_pause_at_the_one_player_it_is_for(client: Client, anna: Player) -> None:
    """Starting with a limit, for a segment of one, and at most nobody: the alert that it has paused would be the answer."""
    version = recipes.create(anna.brand, "blank", cast.carla(), now=NOW)
    client.force_login(cast.carla())
    given = {"c-name": "Blank", "c-priority": "50", "c-exclusive_group": "", "v-control_percent": "0"}
    url = f"/campaigns/{version.campaign_id}/settings/"

    for limit, status in (("0", 422), ("9", 422), ("10", 302)):
        assert client.post(url, given | {"v-launch_limit": limit}).status_code == status, limit
    version.refresh_from_db()
    assert version.launch_limit == 10


# --- one human behind several accounts -----------------------------------------------------------


def test_a_page_names_no_campaign_that_another_account_of_the_same_human_heard(
    client: Client, post: Sink, anna: Player
) -> None:
    other = cast.make_player(cast.azura(), "anna2", person=anna.person)
    build.simple(cast.azura(), NOW, name="Island weekend")
    version = build.simple(anna.brand, NOW, name="Hello")
    cast.tell(other, "player.login", now=NOW, at=NOW)
    work(NOW)
    assert Delivery.objects.get(player=other).status == "sent"
    cast.tell(anna, "player.login", now=NOW, at=NOW)
    work(NOW)
    assert Delivery.objects.get(player=anna).code == "spacing"

    for url in (f"/campaigns/{version.campaign_id}/trace/?q=anna", f"/campaigns/player/{anna.pk}/panel/"):
        told = page(client, Role.CRM_MANAGER, url)
        assert "Too soon after another promotion" in told
        assert "Island weekend" not in told
