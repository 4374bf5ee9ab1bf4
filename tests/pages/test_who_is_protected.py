"""Who is protected is compliance's to know: nobody else filters, counts, adds or finds their way to a name."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from compliance import gate
from compliance.asking import Request
from compliance.models import Measure
from compliance.models.decision import Purpose
from config.lib.clock import utcnow
from players.imports.fields import Row
from players.imports.into import Job
from players.imports.into.lists import bring
from players.models import Brand, Feed, ListMember, Payment, Player, PlayerList, Quarantine, SavedView
from players.models.imports import Import
from segments.building import build, go_live, save_draft
from segments.reach import Channel, Reach
from tests import cast
from tests.pages.conftest import Enter

pytestmark = pytest.mark.django_db
OTHERS = ["crm_manager", "analyst", "support_agent", "vip_host", "finance"]
HARM = {"all": [{"attribute": "standing", "op": "is", "value": "excluded"}]}


@pytest.fixture
def called(anna: Player, bo: Player) -> PlayerList:
    """Bo is on a list of those who are excluded; somebody has said so of it."""
    made = PlayerList.objects.create(
        brand=anna.brand, name="To be called", created_at=utcnow(), stated_at=utcnow(), criteria=["rg_need"]
    )
    ListMember.objects.create(list=made, player=bo)
    return made


def shown(client: Client, **query: object) -> set[str]:
    return {player.external_id for player in client.get("/players/", query).context["found"].rows}


def html(client: Client, url: str) -> str:
    return client.get(url, headers={"HX-Request": "true"}).content.decode()


# --- the list of players -------------------------------------------------------------------------


@pytest.mark.parametrize("role", OTHERS)
def test_the_players_are_not_filtered_by_a_list_that_tells_of_protection(
    enter: Enter, called: PlayerList, role: str
) -> None:
    other, officer = enter(role), enter("compliance_officer")

    assert shown(officer, on_list=called.pk) == {"bo"}
    assert "To be called" in officer.get("/players/").content.decode()
    assert shown(other, on_list=called.pk) == shown(other) == {"anna", "bo"}
    assert "To be called" not in other.get("/players/", {"on_list": called.pk}).content.decode()


@pytest.mark.parametrize("role", OTHERS)
def test_the_protected_are_not_told_from_the_others_by_a_filter(
    enter: Enter, anna: Player, bo: Player, role: str
) -> None:
    """Fewer than ten would be named, and the others taken from all leave the same names."""
    other, officer = enter(role), enter("compliance_officer")

    assert shown(officer, verdict="protected") == {"bo"}
    assert shown(officer, verdict="allowed") == {"anna"}
    for verdict in ("protected", "allowed", "waiting"):
        assert shown(other, verdict=verdict) == {"anna", "bo"}, verdict
    assert "May be contacted" not in other.get("/players/").content.decode()
    assert "May be contacted" in officer.get("/players/").content.decode()


def test_a_view_somebody_shared_filters_by_no_more_than_its_reader_may(enter: Enter, called: PlayerList) -> None:
    crm = enter("crm_manager")
    crm.post("/players/views/save/", {"name": "Theirs", "query": f"verdict=protected&on_list={called.pk}&kyc=verified"})

    assert SavedView.objects.get().query == "kyc=verified"


def file_of(*players: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("list.csv", "\n".join(["player_id", *players]).encode())


def test_nobody_asks_who_is_on_such_a_list_by_adding_to_it(enter: Enter, called: PlayerList) -> None:
    """A check counts lines that are on it already: a file of one line would be a question about one player."""
    given = {"brand": called.brand_id, "list_name": called.name}
    answer = enter("crm_manager").post("/players/imports/new/list/", given | {"file": file_of("bo")})

    assert answer.status_code == 422
    assert "choose another" in answer.content.decode()
    assert not Import.objects.exists()
    assert enter("compliance_officer").post(
        "/players/imports/new/list/", given | {"file": file_of("bo")}
    ).status_code == 302  # fmt: skip


def test_a_file_sent_before_the_list_was_said_to_protect_is_not_checked_against_it(
    enter: Enter, called: PlayerList
) -> None:
    crm = enter("crm_manager")
    PlayerList.objects.filter(pk=called.pk).update(criteria=[], stated_at=None)
    crm.post("/players/imports/new/list/", {"brand": called.brand_id, "list_name": called.name, "file": file_of("bo")})
    PlayerList.objects.filter(pk=called.pk).update(criteria=["rg_need"], stated_at=utcnow())
    waiting = Import.objects.get()

    assert crm.post(f"/players/imports/{waiting.pk}/check/").status_code == 403
    assert crm.post(f"/players/imports/{waiting.pk}/go/").status_code == 403
    assert enter("compliance_officer").post(f"/players/imports/{waiting.pk}/check/").status_code == 302


def test_one_more_name_takes_the_statement_away_and_not_the_protection(
    enter: Enter, called: PlayerList, anna: Player
) -> None:
    """Else whoever adds one player opens a list of excluded people to everybody."""
    bring(Job(called.brand, 0, dry=False, now=utcnow(), list_name=called.name), [Row(1, {"external_id": "anna"})])

    called.refresh_from_db()
    assert (called.is_stated, called.criteria) == (False, ["rg_need"])
    assert shown(enter("crm_manager"), on_list=called.pk) == {"anna", "bo"} == shown(enter("crm_manager"))
    assert "To be called" not in enter("crm_manager").get("/segments/lists/").content.decode()
    assert "To be called" in enter("compliance_officer").get("/segments/lists/").content.decode()


# --- segments ------------------------------------------------------------------------------------


@pytest.fixture
def excluded(anna: Player, bo: Player) -> int:
    segment = save_draft(None, anna.brand, "Whoever excluded themselves", HARM, None, now=utcnow())
    go_live(segment, None, acts_on_existing=False, now=utcnow())
    assert build(segment.pk, now=utcnow())
    return segment.pk


@pytest.mark.parametrize("key", ["lists", "segment"])
def test_the_builder_offers_no_name_that_tells_of_protection(
    enter: Enter, excluded: int, called: PlayerList, key: str
) -> None:
    asked = {"shape": '{"of": []}', "do": f"add:{key}", "brand": called.brand_id}
    names = ("To be called", "Whoever excluded themselves")

    crm, officer = (
        enter(role).post("/segments/new/", asked).content.decode() for role in ("crm_manager", "compliance_officer")
    )

    assert [name in crm for name in names] == [False, False]
    assert any(name in officer for name in names)


@pytest.mark.parametrize("role", OTHERS)
def test_the_timeline_names_no_segment_that_tells_of_protection(
    enter: Enter, excluded: int, bo: Player, anna: Player, role: str
) -> None:
    now = utcnow()
    said = {"segment_id": excluded, "name": "Whoever excluded themselves"}
    cast.facts.Fact.objects.create(
        kind="segment.entered", player=bo, occurred_at=now, recorded_at=now, key="in", data=said
    )
    url = f"/players/{bo.pk}/timeline/"

    assert "Entered segment" not in html(enter(role), url)
    assert "Whoever excluded themselves" in html(enter("compliance_officer"), url)


def test_where_a_segment_is_used_names_none_that_tells_of_protection(enter: Enter, anna: Player) -> None:
    regulars = {"all": [{"attribute": "vip_tier", "op": "at_least", "value": 0}]}
    plain = save_draft(None, anna.brand, "Regulars", regulars, None, now=utcnow())
    go_live(plain, None, acts_on_existing=False, now=utcnow())
    both = {"all": [*HARM["all"], {"attribute": "segment", "op": "in", "value": [plain.pk]}]}
    theirs = save_draft(None, anna.brand, "Excluded regulars", both, None, now=utcnow())
    go_live(theirs, None, acts_on_existing=False, now=utcnow())

    for page in ("uses/", "launch/", "archive/"):
        crm, officer = (
            enter(role).get(f"/segments/{plain.pk}/{page}", follow=True).content.decode()
            for role in ("crm_manager", "compliance_officer")
        )
        assert "Excluded regulars" not in crm, page
        assert page == "launch/" or "Excluded regulars" in officer
        assert page == "launch/" or "segment of the compliance team" in crm, "it cannot be archived all the same"
    refused = enter("crm_manager").post(f"/segments/{plain.pk}/archive/", {"reason": "nobody needs it"})
    assert refused.status_code == 409
    assert "Excluded regulars" not in refused.content.decode()


# --- a player's page -----------------------------------------------------------------------------


def test_whoever_may_block_and_not_lift_is_not_told_that_somebody_has(enter: Enter, anna: Player) -> None:
    """It may have been another account of the person, at another brand."""
    other = cast.make_player(cast.bjork(), "another", person=anna.person)
    address = "/compliance/players/{}/block/promotions/"
    enter("compliance_officer").post(address.format(other.pk), {"reason": "asked us on the phone"})
    support, panel = enter("support_agent"), f"/compliance/players/{anna.pk}/panel/"

    assert "Block promotions" in html(support, panel)
    assert "Block bonuses" in html(support, panel)
    assert support.get(address.format(anna.pk)).status_code == 200
    done = support.post(address.format(anna.pk), {"reason": "asked us on the phone"}, follow=True)
    assert "Promotions blocked." in done.content.decode()
    assert Measure.objects.filter(person=anna.person, kind="marketing_block").count() == 1
    assert "Lift the block of promotions" in html(enter("compliance_officer"), panel)


@pytest.mark.parametrize("role", OTHERS)
def test_what_was_decided_about_a_player_is_read_by_compliance(enter: Enter, anna: Player, role: str) -> None:
    """That help was to be sent, or a promotion gave way to it, would stand there by its purpose alone."""
    asked = Request(anna.pk, Purpose.RG_OUTREACH, "email", frozenset(), frozenset({"rg_need"}), "help")
    with transaction.atomic():
        gate.clear_many([asked], now=utcnow())
    panel = f"/compliance/players/{anna.pk}/panel/"

    assert "outreach" not in html(enter(role), panel)
    assert "RG outreach" in html(enter("compliance_officer"), panel)


def test_a_block_of_bonuses_is_told_as_a_protection(enter: Enter, anna: Player) -> None:
    enter("compliance_officer").post(
        f"/compliance/players/{anna.pk}/block/bonuses/", {"reason": "asked us on the phone"}
    )

    assert (
        "Promotions: allowed, bonuses: protected" in enter("crm_manager").get(f"/players/{anna.pk}/").content.decode()
    )
    assert "OP-01" in enter("compliance_officer").get(f"/players/{anna.pk}/").content.decode()


def test_an_event_that_restricts_somebody_is_in_quarantine_for_those_who_mend_feeds(enter: Enter, anna: Player) -> None:
    feed = Feed.objects.get(brand=anna.brand)
    raw = b'{"event": "rg.time_out", "player_id": "anna"}'
    row = Quarantine.objects.create(feed=feed, kind="rg.time_out", external_id="anna", player=anna, reason="missing",
                                    detail="Value missing", raw=raw, received_at=utcnow())  # fmt: skip
    listed, one = "/integration/quarantine/", f"/integration/quarantine/{row.pk}/"

    crm = enter("crm_manager")
    assert "rg.time_out" not in crm.get(listed).content.decode()
    assert crm.get(listed).context["count"] == 0
    assert crm.get(one).status_code == 404
    assert [row["open"] for row in crm.get("/integration/feeds/").context["feeds"]] == [0]
    assert "in quarantine" not in crm.get("/").content.decode()
    for role in ("compliance_officer", "api_developer"):
        assert "rg.time_out" in enter(role).get(listed).content.decode()
        assert enter(role).get(one).status_code == 200
        assert "1 event waits in quarantine" in enter(role).get("/").content.decode()


# --- who can be reached --------------------------------------------------------------------------


def channel(held: int, open_: int, *, exact: bool, marks: str = "these") -> Channel:
    return Channel("E-mail", 200, held, held, open_, marks, exact)


def test_who_can_be_reached_leaves_no_number_of_the_protected() -> None:
    """Taken from those with an address it would be theirs; and of two rules, the one player between them."""
    for closed in range(0, 60):
        told = channel(100, 100 - closed, exact=False)
        of_all = Reach(100, closed, [], False, "these", False).protected
        left = told.told or 0
        assert left % 10 == 0
        assert abs(left - (100 - closed)) <= 14
        assert told.reachable == f"about {left}"
        assert told.share == left / 2, "a bar is a number too"
        assert of_all == "< 10" if closed < 10 else of_all.startswith(("about", "<"))
    assert {channel(100, 100 - few, exact=False).reachable for few in range(10)} == {"about 100"}
    assert (channel(97, 95, exact=True).reachable, channel(97, 95, exact=False).reachable) == ("95", "about 90")
    assert channel(97, 3, exact=False).reachable == "< 10", "all but a few are a few too"


def test_the_same_players_are_told_the_same_and_one_more_another_number() -> None:
    told = [channel(100, 60, exact=False, marks=marks).reachable for marks in ("these", "these", *map(str, range(40)))]

    assert told[0] == told[1]
    assert len(set(told)) > 1


def test_a_panel_counts_the_protected_for_compliance_and_tells_everybody_else_tens(
    enter: Enter, northlight: Brand
) -> None:
    for number in range(26):
        player = cast.make_player(northlight)
        if number < 13:
            cast.exclude(player)
    asked = {
        "shape": '{"of": ["vip_tier"]}', "c:kind": "all", "c-0:op": "at_least", "c-0:v": "0", "name": "All",
        "brand": northlight.pk,
    }  # fmt: skip
    headers = {"HX-Request": "true", "HX-Target": "builder-reach"}

    crm, officer = (
        enter(role).post("/segments/new/", asked, headers=headers).content.decode()
        for role in ("crm_manager", "compliance_officer")
    )

    assert 'Protected or blocked</th><td class="num">13<' in officer
    assert "<strong>13</strong>" in officer
    assert re.search(r'Protected or blocked</th><td class="num">(about 10|&lt; 10)<', crm)
    assert "13" not in re.findall(r"<strong>([^<]*)</strong>", crm)


# --- what the PAM says in words ------------------------------------------------------------------


@pytest.mark.parametrize("role", ["crm_manager", "support_agent", "vip_host"])
def test_a_reason_of_the_pam_tells_of_no_limit_and_no_exclusion(enter: Enter, anna: Player, role: str) -> None:
    now = utcnow()
    for number, reason in enumerate(("deposit_limit_reached", "Spelpaus", "insufficient funds")):
        Payment.objects.create(
            player=anna, payment_id=f"p{number}", direction="deposit", status="rejected", amount=50_00, reason=reason,
            occurred_at=now, recorded_at=now,
        )  # fmt: skip
    cast.tell(anna, "player.closed", reason="closed herself for good")
    pages = [f"/players/{anna.pk}/timeline/", f"/players/{anna.pk}/money/"]

    other, officer = (" ".join(html(enter(who), url) for url in pages) for who in (role, "compliance_officer"))

    for words in ("deposit limit reached", "deposit_limit_reached", "Spelpaus", "closed herself"):
        assert words not in other
        assert words in officer
    assert "insufficient funds" in other
    assert "Account closed" in other
