"""Integration and reconciliation as operators see them: who may open what, what each page says and does."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from compliance.models import AuditEntry, Operator, Seat
from compliance.roles import Role
from config.lib.clock import utcnow
from players import replaying, totals
from players.folding import fold_pending
from players.models import Brand, Feed, FeedFamily, FeedGap, Player, Quarantine, ReplayRun, TotalsDay
from players.totals.reading import Line
from tests import cast
from tests.api.conftest import Pam, deposit, event, pam_of
from tests.pages.conftest import Enter, enter

__all__ = ["enter"]
pytestmark = pytest.mark.django_db
REASON = "the sender has confirmed that it was a test"
DAY = (utcnow() - timedelta(days=2)).date()


def body(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def quarantined(brand: Brand, kind: str = "deposit.approved", reason: str = "wrong_type", **more: Any) -> Quarantine:
    said = {
        "event": kind, "event_id": more.pop("event_id", "e1"), "player": "anna", "occurred_at": utcnow().isoformat(),
        "properties": {"payment_id": "p1", "amount": "ten", "email": "anna@example.test"},
    }  # fmt: skip
    given = {
        "feed": brand.feeds.get(), "received_at": utcnow(), "event_id": said["event_id"], "kind": kind,
        "raw": json.dumps(said).encode(), "reason": reason, "pointer": "/properties/amount", "detail": "A whole number.",
        "external_id": "anna",
    }  # fmt: skip
    return Quarantine.objects.create(**given | more)


# --- feeds and the banner --------------------------------------------------------------------------


def stale(brand: Brand, family: str = "payments", because: str = "silence") -> FeedFamily:
    at = utcnow() - timedelta(minutes=7)
    return FeedFamily.objects.create(
        feed=brand.feeds.get(), family=family, freshness="stale", freshness_since=at, because=because,
        first_event_at=at, last_event_at=at, heartbeat_at=at,
    )  # fmt: skip


@pytest.mark.parametrize("address", ["/players/", "/players/{pk}/", "/segments/", "/campaigns/"])
def test_what_cannot_be_relied_on_is_named_on_every_page_that_shows_it(
    enter: Enter, anna: Player, address: str
) -> None:
    crm = enter("crm_manager")
    where = address.format(pk=anna.pk)
    assert "cannot be relied on" not in body(crm, where)
    Feed.objects.update(by_family=True)
    stale(anna.brand)

    text = body(crm, where)

    assert "Payments of Northlight cannot be relied on" in text
    assert "nothing heard for 7 min" in text
    assert 'href="/integration/feeds/"' in text


def test_a_support_agent_reads_the_warning_without_a_link_he_may_not_follow(enter: Enter, anna: Player) -> None:
    stale(anna.brand)

    text = body(enter("support_agent"), f"/players/{anna.pk}/")

    assert "cannot be relied on" in text
    assert "Open feeds" not in text


def test_the_feed_of_another_brand_warns_nobody_here(enter: Enter, anna: Player) -> None:
    stale(cast.bjork())

    assert "cannot be relied on" not in body(enter("crm_manager"), f"/players/{anna.pk}/")


def test_the_feeds_page_shows_each_family_and_what_never_came(enter: Enter, anna: Player) -> None:
    feed = anna.brand.feeds.get()
    stale(anna.brand, "restrictions", "gap")
    FeedFamily.objects.update(is_numbered=True, high=9, watermark=6)
    FeedGap.objects.create(feed=feed, family="restrictions", first=7, last=8, opened_at=utcnow() - timedelta(minutes=1))

    text = body(enter("api_developer"), "/integration/feeds/")

    assert "Numbers 7 to 8 never came" in text
    assert "Responsible gambling" in text
    assert "Nothing received yet of: consents, payments" in text


def test_a_hole_that_may_hide_a_restriction_is_accepted_by_compliance_only(enter: Enter, anna: Player) -> None:
    feed = anna.brand.feeds.get()
    gap = FeedGap.objects.create(feed=feed, family="restrictions", first=7, last=7, opened_at=utcnow())
    other = FeedGap.objects.create(feed=feed, family="payments", first=3, last=3, opened_at=utcnow())
    developer, officer = enter("api_developer"), enter("compliance_officer")

    assert developer.post(f"/integration/feeds/gap/{gap.pk}/", {"reason": REASON}).status_code == 403
    assert officer.post(f"/integration/feeds/gap/{gap.pk}/", {"reason": "short"}).status_code == 422
    assert officer.post(f"/integration/feeds/gap/{gap.pk}/", {"reason": REASON}).status_code == 302
    assert developer.post(f"/integration/feeds/gap/{other.pk}/", {"reason": REASON}).status_code == 302
    assert FeedGap.objects.filter(closed_by="accepted").count() == 2
    assert AuditEntry.objects.filter(kind="gap.accepted", reason=REASON).count() == 2
    assert enter("api_developer", cast.bjork()).get(f"/integration/feeds/gap/{gap.pk}/").status_code == 404


# --- quarantine ------------------------------------------------------------------------------------


def test_the_filters_show_what_they_say(enter: Enter, anna: Player) -> None:
    bjork = cast.bjork()
    quarantined(anna.brand, event_id="pay")
    quarantined(anna.brand, "round.settled", "missing", event_id="round")
    quarantined(bjork, event_id="swede", received_at=utcnow() - timedelta(days=3))
    client = enter("api_developer")

    def shown(query: str) -> set[str]:
        found = client.get(f"/integration/quarantine/?{query}").context["found"]
        return {row.event_id for row in found.rows}

    assert shown("") == {"pay", "round", "swede"}
    assert shown("kind=round.settled") == {"round"}
    assert shown("reason=wrong_type") == {"pay", "swede"}
    assert shown("since=day") == {"pay", "round"}
    assert shown(f"feed={bjork.feeds.get().pk}") == {"swede"}
    assert shown("feed=x&since=never&after=forged&kind=%00") == {"pay", "round", "swede"}
    assert {row.event_id for row in enter("api_developer", bjork).get("/integration/quarantine/").context["found"].rows} == {"swede"}  # fmt: skip


def test_personal_data_is_masked_until_somebody_who_may_reveals_it_and_that_is_audited(
    enter: Enter, anna: Player
) -> None:
    row = quarantined(anna.brand)
    officer, developer = enter("compliance_officer"), enter("api_developer")

    text = body(officer, f"/integration/quarantine/{row.pk}/")
    assert "anna@example.test" not in text
    assert "<mark>    &quot;amount&quot;: &quot;ten&quot;</mark>" in text
    assert "anna@example.test" not in body(officer, "/integration/quarantine/")

    assert "anna@example.test" in officer.post(f"/integration/quarantine/{row.pk}/reveal/").content.decode()
    assert AuditEntry.objects.get(kind="event.revealed").subject == f"quarantine:{row.pk}"
    assert developer.post(f"/integration/quarantine/{row.pk}/reveal/").status_code == 403
    crm = body(enter("crm_manager"), f"/integration/quarantine/{row.pk}/")
    assert "payment_id" not in crm


def test_what_is_no_json_is_masked_as_well(enter: Enter, anna: Player) -> None:
    row = quarantined(
        anna.brand, "", "malformed", raw=b'{"first_name": "Anna", "to": anna@example.test, +44 7700 900123'
    )

    text = body(enter("compliance_officer"), f"/integration/quarantine/{row.pk}/")

    for secret in ("Anna&quot;", "anna@example.test", "900123"):
        assert secret not in text


def test_a_filtered_part_is_tried_again_in_the_background(enter: Enter, anna: Player) -> None:
    pam = pam_of(anna.brand)
    pam.send(event("player.login", "zoe"), event("player.login", "zoe"), deposit("anna", amount="ten"))
    cast.make_player(anna.brand, "zoe")
    developer = enter("api_developer")

    answer = developer.post("/integration/quarantine/replay/", {"reason": "unknown_player"})
    run = ReplayRun.objects.get()
    assert (answer.status_code, run.total) == (302, 2)
    assert "0</b> of <b>2</b>" in body(developer, answer["Location"])
    replaying.work(now=utcnow())

    run.refresh_from_db()
    assert (run.tried, run.applied, run.finished_at is not None) == (2, 2, True)
    assert Quarantine.objects.filter(resolved_at=None).count() == 1
    assert AuditEntry.objects.filter(kind="quarantine.replayed").exists()
    assert enter("crm_manager").post("/integration/quarantine/replay/").status_code == 403
    assert enter("api_developer", cast.bjork()).get(answer["Location"]).status_code == 404


def test_large_parts_are_tried_in_batches_and_what_comes_later_is_left_out(
    anna: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replaying, "BATCH", 2)
    rows = [quarantined(anna.brand, event_id=f"e{n}") for n in range(5)]
    operator = cast.carla()
    run = replaying.ask([rows[0].feed_id], by=operator, kind="", reason="", since=None, now=utcnow())
    late = quarantined(anna.brand, event_id="late", detail="untouched")

    assert replaying.work(now=utcnow(), batches=1) == 2
    assert replaying.work(now=utcnow()) == 3
    assert replaying.work(now=utcnow()) == 0

    run.refresh_from_db()
    late.refresh_from_db()
    assert (run.total, run.tried, run.applied) == (5, 5, 0)
    assert late.detail == "untouched"


def test_an_event_as_received_is_shown_to_roles_at_its_own_brand(enter: Enter, anna: Player) -> None:
    row = quarantined(anna.brand)
    browser = enter("crm_manager")
    Seat.objects.create(operator=Operator.objects.get(), role=Role.COMPLIANCE_OFFICER, brand=cast.bjork())

    for address in ("/integration/quarantine/", f"/integration/quarantine/{row.pk}/"):
        assert "payment_id" not in body(browser, address)
        assert "payment_id" in body(enter("compliance_officer", anna.brand), address)


def test_personal_data_is_masked_wherever_it_stands_in_an_event(enter: Enter, anna: Player) -> None:
    said = {
        "event": "x",
        "properties": {"name": {"first": "Annabel"}, "note": "write to bel@example.test", "amount": 7},
    }
    row = quarantined(anna.brand, raw=json.dumps(said).encode())

    shown = body(enter("api_developer"), f"/integration/quarantine/{row.pk}/")

    assert "Annabel" not in shown
    assert "bel@example.test" not in shown
    assert "amount" in shown


@pytest.mark.parametrize("restriction", ["rg.limit_set", "player.blocked", "player.closed"])
def test_setting_aside_needs_a_reason_and_of_a_restriction_compliance(
    enter: Enter, anna: Player, restriction: str
) -> None:
    payment, limit = quarantined(anna.brand), quarantined(anna.brand, restriction, event_id="rg")
    developer, officer = enter("api_developer"), enter("compliance_officer")
    address = "/integration/quarantine/{}/dismiss/".format

    assert developer.post(address(limit.pk), {"reason": REASON}).status_code == 403
    assert officer.post(address(payment.pk), {"reason": REASON}).status_code == 403
    assert developer.post(address(payment.pk), {"reason": ""}).status_code == 422
    assert developer.post(address(payment.pk), {"reason": REASON}).status_code == 302
    assert officer.post(address(limit.pk), {"reason": REASON}).status_code == 302

    assert not Quarantine.objects.filter(resolved_at=None).exists()
    assert AuditEntry.objects.filter(kind="event.dismissed", reason=REASON).count() == 2
    assert "Set aside" in body(developer, "/integration/quarantine/?show=done")


def test_all_that_is_shown_is_set_aside_but_never_a_restriction(enter: Enter, anna: Player) -> None:
    quarantined(anna.brand)
    limit, block = (quarantined(anna.brand, kind, event_id=kind) for kind in ("rg.limit_set", "player.blocked"))
    swede = quarantined(cast.bjork(), event_id="swede")
    developer = enter("api_developer", anna.brand)

    developer.post("/integration/quarantine/dismiss/", {"reason": REASON})

    assert set(Quarantine.objects.filter(resolved_at=None)) == {limit, block, swede}
    assert enter("compliance_officer").get("/integration/quarantine/dismiss/").status_code == 403


# --- coverage and the checklist ----------------------------------------------------------------------


def test_coverage_says_what_depends_on_each_family(enter: Enter, anna: Player) -> None:
    pam = pam_of(anna.brand)
    pam.send(deposit("anna", at="2026-01-05T10:00:00Z", replay=True))
    while fold_pending(now=utcnow()):
        pass

    covered = next(c for c in enter("api_developer").get("/integration/coverage/").context["brands_covered"]
                   if c.brand == anna.brand)  # fmt: skip
    rows = {row.family.key: row for row in covered.rows}

    assert rows["payments"].known == 1
    assert rows["payments"].since == datetime.fromisoformat("2026-01-05T10:00:00+00:00")
    assert "Days since last deposit" in [a.label for a in rows["payments"].attributes]
    assert "First-time depositor" in rows["payments"].stages
    assert {"SYS-03", "X-01"} <= {id_ for id_, _ in rows["restrictions"].rules}
    assert "POL-02" in {id_ for id_, _ in rows["payments"].rules}
    assert rows["rounds"].last_at is None


def test_whatever_a_rule_may_read_of_a_player_belongs_to_a_family_or_comes_from_no_feed() -> None:
    from dataclasses import fields

    from compliance.dossier import Dossier
    from compliance.jurisdictions import PACKS
    from config.coverage import _FIELDS, families_of

    ours = {
        "player_id", "person_id", "brand_id", "jurisdiction", "licensee", "timezone", "currency", "generation",
        "brand_stopped", "suppressed", "recent_promotions", "switched_off",
        "switched_on", "rates", "site", "intervened_at", "conditions",
    }  # fmt: skip
    assert {one.name for one in fields(Dossier)} == set(_FIELDS) | ours
    found = {rule.id: families_of(rule.check) for rule in PACKS["GB"].on(utcnow().date()) if rule.check}
    assert found["X-03"] == {"profile", "identity"}
    assert found["POL-03"] == {"restrictions", "payments"}
    assert found["SYS-02"] == frozenset()


def test_a_condition_that_looks_further_back_than_the_history_says_so(enter: Enter, northlight: Brand) -> None:
    from segments.language.parse import parse
    from segments.looking_back import shortfalls

    feed, now = northlight.feeds.get(), utcnow()
    FeedFamily.objects.create(feed=feed, family="rounds", first_occurred_at=now - timedelta(days=20), last_event_at=now)

    def short(attribute: str, **leaf: Any) -> list[tuple[str, int]]:
        rule = parse({"all": [{"attribute": attribute, **leaf}]})
        return [(one.attribute.key, one.days) for one in shortfalls(northlight, rule, now=now)]

    assert short("days_since_play", op="at_least", value=14) == []
    assert short("days_since_play", op="at_least", value=30) == [("days_since_play", 30)]
    assert short("sessions_30d", op="at_least", value=1) == [("sessions_30d", 30)]
    assert short("sessions", op="at_least", value=1) == []
    assert short("deposits", op="at_least", value=1) == [("deposits", 0)]


def test_the_checklist_says_what_comes_next(enter: Enter, northlight: Brand) -> None:
    assert not Player.objects.exists()

    (one,) = [r for r in enter("api_developer").get("/integration/go-live/").context["rows"] if r.brand == northlight]

    assert one.next.key == "key"
    assert not one.is_live
    assert "Issue a key" in body(enter("crm_manager"), "/integration/go-live/")


# --- reconciliation ----------------------------------------------------------------------------------


@pytest.fixture
def differing(anna: Player) -> TotalsDay:
    pam: Pam = pam_of(anna.brand)
    noon = datetime.combine(DAY, datetime.min.time()).isoformat() + "Z"
    pam.send(deposit("anna", 10_00, at=noon))
    while fold_pending(now=utcnow()):
        pass
    day = totals.put(anna.brand, DAY, [Line("deposits", "GBP", 0, 2, 30_00)], source="api", now=utcnow())
    totals.list_ids(day, totals_ids(("d1", 10_00), ("d2", 20_00)), now=utcnow())
    totals.compare_due(now=utcnow())
    return TotalsDay.objects.get(pk=day.pk)


def totals_ids(*rows: tuple[str, int]) -> list[Any]:
    from players.models import TotalsId

    return [TotalsId(kind="deposits", external_id="anna", ref=ref, amount=amount) for ref, amount in rows]


def test_a_day_shows_both_sides_each_difference_and_what_it_touches(enter: Enter, differing: TotalsDay) -> None:
    finance = enter("finance")

    assert "−20.00" in body(finance, "/integration/reconciliation/")
    text = body(finance, f"/integration/reconciliation/{differing.pk}/")

    assert "d1" in text
    assert "Never heard of here" in text
    assert f'href="/players/{Player.objects.get(external_id="anna").pk}/"' in text
    assert "Amount deposited, all time" in text


def test_a_developer_sees_differences_without_links_to_players(enter: Enter, differing: TotalsDay) -> None:
    text = body(enter("api_developer"), f"/integration/reconciliation/{differing.pk}/")

    assert "anna" in text
    assert f'href="/players/{Player.objects.get(external_id="anna").pk}/"' not in text
    assert "Accept with a reason" not in text


def test_accepting_needs_finance_and_a_reason_and_is_audited(enter: Enter, differing: TotalsDay) -> None:
    address = f"/integration/reconciliation/{differing.pk}/accept/"
    assert enter("compliance_officer").post(address, {"reason": REASON}).status_code == 403
    assert enter("finance", cast.bjork()).post(address, {"reason": REASON}).status_code == 404
    finance = enter("finance")
    assert finance.post(address, {"reason": "ok"}).status_code == 422

    assert finance.post(address, {"reason": REASON}).status_code == 302

    differing.refresh_from_db()
    assert (differing.status, differing.reason) == ("accepted", REASON)
    assert AuditEntry.objects.filter(kind="totals.accepted", reason=REASON).exists()
    assert finance.post(f"/integration/reconciliation/{differing.pk}/again/").status_code == 302
    differing.refresh_from_db()
    assert differing.status == "accepted"


def test_totals_are_uploaded_as_a_file_and_a_wrong_line_comes_back_with_words(enter: Enter, northlight: Brand) -> None:
    finance = enter("finance")

    def send(text: str | bytes, day: Any = DAY) -> Any:
        raw = text.encode() if isinstance(text, str) else text
        given = {"brand": northlight.pk, "day": str(day), "file": SimpleUploadedFile("t.csv", raw)}
        return finance.post("/integration/reconciliation/upload/", given)

    for wrong in ("kind,currency,count\ndeposits,GBP,many\n", "kind,tips\n", b"\xff\xfe", "", "a\0b"):
        assert send(wrong).status_code == 422, wrong
    assert send("kind,currency,count\ndeposits,GBP,1\n", utcnow().date()).status_code == 422
    assert send("kind,currency,count\ndeposits,GBP,1\n").status_code == 302
    assert TotalsDay.objects.get().source == "upload"
    assert enter("api_developer").get("/integration/reconciliation/upload/").status_code == 403


PAGES = {
    "/integration/coverage/": "integration.view",
    "/integration/go-live/": "integration.view",
    "/integration/reconciliation/": "reconciliation.view",
    "/integration/reconciliation/upload/": "reconciliation.edit",
}


@pytest.mark.parametrize("role", list(Role))
def test_who_holds_no_permission_is_refused_and_one_brands_seat_shows_one_brand(enter: Enter, role: Role) -> None:
    from compliance.roles import MATRIX

    bjork, northlight = cast.bjork(), cast.northlight()
    totals.put(northlight, DAY, [Line("deposits", "GBP", 0, 2, 30_00)], source="api", now=utcnow())
    client = enter(role.value, bjork)
    for address, permission in PAGES.items():
        answer = client.get(address)
        if role in MATRIX[permission]:
            assert answer.status_code == 200, address
            assert "Northlight" not in answer.content.decode(), address
        else:
            assert answer.status_code == 403, address
