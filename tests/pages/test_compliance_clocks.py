"""Duties of the law on the officer's first page, and what is on its way or has no known end."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from campaigns import in_flight
from compliance import audit, clocks, reminding, wall
from compliance.models import Case, Interaction
from config.lib.clock import utcnow
from players.facts import NewFact, record
from players.models import Brand, Fact, Feed, FeedKey, Owed, Player
from tests import cast

pytestmark = pytest.mark.django_db
HALF_YEAR = timedelta(days=182)


def running(rule: str, *, later: timedelta = timedelta(0)) -> list[clocks.Clock]:
    return [one for one in clocks.running(Brand.objects.all(), now=utcnow() + later) if one.rule == rule]


def a_reader(brand: Brand, name: str = "Harbour Affiliates") -> FeedKey:
    feed = Feed.objects.get(brand=brand)
    key, _ = FeedKey.objects.create_key(name=name, feed=feed, scopes=[FeedKey.Scope.SUPPRESSIONS])
    return key


def test_an_exclusion_is_on_the_clock_until_every_other_sender_has_read_the_list(bo: Player) -> None:
    assert not running("GB-01")
    key = a_reader(bo.brand)
    [clock] = running("GB-01")
    assert clock.player == bo
    assert "Harbour Affiliates" in clock.duty
    assert timedelta(hours=47) < clock.at - utcnow() <= timedelta(days=2)
    said = {"api_key": key.prefix, "channel": "email", "product": "casino"}
    audit.record(None, clocks.READ, f"brand:{bo.brand_id}", brand=bo.brand_id, after=said)
    assert not running("GB-01")


def test_a_reading_by_one_sender_confirms_nothing_for_another(bo: Player) -> None:
    read, _ = a_reader(bo.brand), a_reader(bo.brand, "Tide Media")
    audit.record(None, clocks.READ, f"brand:{bo.brand_id}", brand=bo.brand_id, after={"api_key": read.prefix})
    [clock] = running("GB-01")
    assert "Tide Media" in clock.duty
    assert "Harbour" not in clock.duty


def test_only_a_british_exclusion_and_a_key_that_still_reads_count(bo: Player, kaja: Player) -> None:
    a_reader(kaja.brand)
    cast.exclude(kaja)
    assert not running("GB-01")
    key = a_reader(bo.brand)
    for change in (
        {"revoked": True},
        {"expiry_date": utcnow() - timedelta(days=1)},
        {"scopes": [FeedKey.Scope.EVENTS]},
    ):
        before = {name: getattr(key, name) for name in change}
        assert running("GB-01")
        FeedKey.objects.filter(pk=key.pk).update(**change)
        assert not running("GB-01"), change
        FeedKey.objects.filter(pk=key.pk).update(**before)


def test_an_exclusion_that_is_over_or_of_a_test_account_is_nobodys_duty(bo: Player, anna: Player) -> None:
    a_reader(bo.brand)
    assert [clock.player for clock in running("GB-01")] == [bo]
    Player.objects.filter(pk=bo.pk).update(is_test=True)
    assert not running("GB-01")
    cast.exclude(anna)
    assert [clock.player for clock in running("GB-01")] == [anna]
    cast.lift(anna, "excl", 2)
    assert not running("GB-01")


def test_whoever_gets_a_key_later_has_two_days_from_then_and_the_last_quarter_is_red(bo: Player) -> None:
    key = a_reader(bo.brand)
    later = utcnow() + timedelta(days=9)
    FeedKey.objects.filter(pk=key.pk).update(created=later)
    Owed.objects.all().delete()
    assert [clock.at for clock in running("GB-01")] == [later + timedelta(days=2)]
    seen = [running("GB-01", later=timedelta(days=9, hours=hours))[0] for hours in (35, 37, 49)]
    assert [(clock.red, clock.overdue) for clock in seen] == [(False, False), (True, False), (True, True)]


def test_an_exclusion_our_own_journeys_have_not_dealt_with_is_on_the_clock(bo: Player) -> None:
    fact = Fact.objects.get(player=bo, kind="rg.self_excluded")
    cast.exclude(bo, measure_id="another")
    Owed.objects.exclude(fact=fact, reaction="campaigns.reactions.withdraw").delete()
    assert not running("GB-01")
    [clock] = running("GB-01", later=timedelta(minutes=5))
    assert clock.duty.endswith("our journeys")
    Owed.objects.all().delete()
    assert not running("GB-01", later=timedelta(minutes=5))


def came(player: Player, days_ago: float) -> None:
    """And the tick has been by."""
    Player.objects.filter(pk=player.pk).update(registered_at=utcnow() - timedelta(days=days_ago))
    reminding.tell(now=utcnow())


def test_whoever_came_six_months_ago_is_reminded_with_or_without_a_limit(anna: Player, dev: Player) -> None:
    came(dev, 182 - 8)
    came(anna, 182 - 6)
    cast.set_limit(anna, 100_00)
    [clock] = running("GB-17")
    assert (clock.player, clock.overdue) == (anna, False)
    assert running("GB-17", later=timedelta(days=7))[0].overdue


def test_whatever_is_done_with_a_limit_no_reminder_is_put_off(anna: Player) -> None:
    cast.set_limit(anna, 100_00, at=utcnow() - HALF_YEAR)
    came(anna, 182)
    cast.set_limit(anna, 90_00, sequence=2)
    assert running("GB-17")


def test_of_whom_we_know_since_an_import_the_six_months_begin_with_it(anna: Player) -> None:
    Player.objects.filter(pk=anna.pk).update(known_since=utcnow() - timedelta(days=100))
    came(anna, 900)
    assert not running("GB-17")
    assert running("GB-17", later=timedelta(days=1)) == []


def test_only_somebody_who_plays_for_money_here_is_reminded(anna: Player) -> None:
    came(anna, 183)
    assert {clock.player for clock in running("GB-17")} == {anna}
    for change in ({"is_test": True}, {"status": "closed"}):
        with transaction.atomic():
            Player.objects.filter(pk=anna.pk).update(**change)
            assert not running("GB-17"), change
            transaction.set_rollback(True)


def test_whom_nobody_reminded_is_asked_for_again_a_month_later(anna: Player) -> None:
    Player.objects.filter(pk=anna.pk).update(registered_at=utcnow() - HALF_YEAR)
    times = [reminding.tell(now=utcnow() + timedelta(days=days)) for days in (0, 29, 31)]
    assert times == [1, 0, 1]


def test_the_reminder_is_asked_for_once_and_begins_the_six_months_anew(anna: Player) -> None:
    Player.objects.filter(pk=anna.pk).update(registered_at=utcnow() - HALF_YEAR)
    assert [reminding.tell(now=utcnow()), reminding.tell(now=utcnow())] == [1, 0]
    other = {"purpose": "regulatory_notice", "started_by": "rg.limit_set"}
    cast.tell(anna, "message.sent", key="sent-other", **other)
    assert running("GB-17")
    cast.tell(anna, "message.sent", key="sent", purpose="regulatory_notice", started_by=reminding.DUE)
    assert not running("GB-17")


def test_nobody_reminds_a_swede_or_whoever_is_excluded(kaja: Player, bo: Player) -> None:
    for player in (kaja, bo):
        came(player, 183)
    assert not running("GB-17")


@pytest.fixture
def swede(kaja: Player) -> Player:
    """Raised a limit two days ago, and was called the day before that."""
    cast.set_limit(kaja, 2_000_00, "month", at=utcnow() - timedelta(days=9))
    speak(kaja, Interaction.Kind.CALL, days_ago=3)
    cast.set_limit(kaja, 3_000_00, "month", at=utcnow() - timedelta(days=2), sequence=2)
    return kaja


def speak(player: Player, kind: str, *, days_ago: float = 0, answered: str = "") -> None:
    at = utcnow() - timedelta(days=days_ago)
    case, _ = Case.objects.get_or_create(person=player.person, closed_at=None, defaults={
        "player": player, "level": "low", "rule": "SE-08", "opened_at": at, "acted_at": at, "due_at": at, "why": "a raise",
    })  # fmt: skip
    Interaction.objects.create(case=case, at=at, kind=kind, answered=answered, done="wrote")


def test_a_raise_is_spoken_about_within_a_day_of_the_moment_it_was_asked_for(swede: Player) -> None:
    [clock] = running("SE-07")
    assert clock.duty == "Contact the player: deposit limit raised"
    assert abs(clock.at - (utcnow() - timedelta(days=1))) < timedelta(minutes=1)
    assert clock.overdue
    speak(swede, Interaction.Kind.CALL, days_ago=1)
    assert not running("SE-07")
    cast.set_limit(swede, 2_500_00, "month", sequence=3)
    assert not running("SE-07")
    cast.set_limit(swede, 4_000_00, "month", sequence=4)
    assert not running("SE-07")[0].overdue  # a raise of its own


def test_only_a_word_and_an_answer_are_a_contact(swede: Player) -> None:
    cast.tell(swede, "message.sent", purpose="rg_outreach", channel="email", campaign="Care")
    speak(swede, Interaction.Kind.OUTREACH)
    speak(swede, Interaction.Kind.NOT_DONE)
    assert running("SE-07")
    speak(swede, Interaction.Kind.OUTREACH, answered="will keep it")
    assert not running("SE-07")


@pytest.mark.parametrize(("amount", "period", "due"), [
    (2_308_00, "week", True), (2_307_00, "week", False), (329_00, "day", True), (328_00, "day", False),
    (10_000_01, "month_rolling", True), (10_000_00, "month_rolling", False),
])  # fmt: skip
def test_a_swedish_limit_of_any_period_is_told_by_its_worth_of_a_month(
    kaja: Player, amount: int, period: str, due: bool
) -> None:
    cast.set_limit(kaja, amount, period)
    assert bool(running("SE-07")) == due


def test_a_request_to_lift_in_malta_is_decided_within_seven_days(client: Client) -> None:
    maltese, now = cast.make_player(cast.azura(), "gil"), utcnow()
    case = Case.objects.create(person=maltese.person, player=maltese, level="low", rule="MT-04", opened_at=now,
                               why="Wrote to support", due_at=now + timedelta(days=1), acted_at=now)  # fmt: skip
    client.force_login(cast.olivia())
    log = reverse("compliance:case-log", args=[case.pk])
    assert client.post(log, {"kind": "lift_asked", "seen": "a letter"}).status_code == 422
    client.post(log, {"kind": "lift_asked", "answered": "Says the break has done its work."})
    [clock] = running("MT-02")
    assert timedelta(days=6, hours=23) < clock.at - utcnow() <= timedelta(days=7)
    assert (clock.case, clock.red) == (case.pk, False)
    client.post(log, {"kind": "lift_answer", "done": "Wrote that it stays.", "upheld": "false"})
    assert Interaction.objects.filter(kind="lift_answer", upheld=False).exists()
    assert not running("MT-02")


def test_a_request_that_support_was_told_runs_by_itself_in_malta_and_nowhere_else(anna: Player) -> None:
    maltese, now = cast.make_player(cast.azura(), "gil"), utcnow()
    for player in (maltese, anna):
        cast.tell(player, "rg.contact", at=now - timedelta(days=1), topic="complaint", reference="ticket-7")
        assert not running("MT-02")
    british = Case.objects.create(
        person=anna.person, player=anna, level="low", rule="GB-06", opened_at=now, why="x", due_at=now
    )
    Interaction.objects.create(case=british, at=now, kind="lift_asked", answered="by phone")  # no law says until when
    for player in (maltese, anna):
        cast.tell(player, "rg.contact", at=now - timedelta(days=1), topic="lift_request", reference="ticket-8")
    [clock] = running("MT-02")
    assert (clock.player, clock.at) == (maltese, now + timedelta(days=6))
    case = Case.objects.exclude(pk=british.pk).get()
    assert (clock.case, case.person) == (case.pk, maltese.person)
    assert "ticket-8" in case.log.get(kind="lift_asked").answered
    cast.tell(maltese, "rg.contact", topic="lift_request", reference="ticket-9")
    assert (len(running("MT-02")), Case.objects.count()) == (2, 2)
    Interaction.objects.create(case=case, at=utcnow(), by=cast.olivia(), kind="lift_answer", done="stays", upheld=False)
    assert not running("MT-02")
    cast.tell(maltese, "rg.contact", topic="lift_request", reference="ticket-10")
    assert len(running("MT-02")) == 1, "asked again after the answer"
    assert case.log.filter(kind="system").count() == 1, "it was opened once"


def test_a_request_told_as_history_opens_nothing() -> None:
    maltese = cast.make_player(cast.azura(), "gil")
    told = NewFact("rg.contact", maltese.pk, utcnow(), "old", data={"topic": "lift_request"}, is_replay=True)
    with transaction.atomic():
        assert len(record([told], now=utcnow())) == 1
    assert not Case.objects.exists()


def test_the_page_tells_what_has_no_known_end_and_what_is_on_its_way(
    client: Client, anna: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = utcnow()
    lost = [wall.Handing("message", 2, now - timedelta(days=3), now - timedelta(seconds=2)),
            wall.Handing("bonus credit", 1, now - timedelta(days=1), None)]  # fmt: skip
    client.force_login(cast.olivia())
    assert client.get(reverse("compliance:home")).context["wall"].unmatched == 0
    monkeypatch.setattr(in_flight, "told", lambda brands: iter(lost))
    found = client.get(reverse("compliance:home"))
    assert found.context["wall"].unmatched == 3
    assert found.context["wall"].worst == lost[0]
    assert "2 messages" in found.content.decode()
