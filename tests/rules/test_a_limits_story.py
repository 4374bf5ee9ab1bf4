"""Regulation §1.10: lowering counts at once, raising waits, and the order of arrival does not matter."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest

from compliance.limits import Said, by_form, fold, period_end, period_start, settle

LONDON, STOCKHOLM = ZoneInfo("Europe/London"), ZoneInfo("Europe/Stockholm")
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def said(sequence: int, amount: int | None, at: datetime, **more: object) -> Said:
    kind = "rg.limit_removed" if amount is None else "rg.limit_set"
    fields = {"measure": "deposit_limit", "amount": amount, "currency": "GBP", "period": "week"} | more
    return Said(kind, sequence, at, **fields)  # type: ignore[arg-type]


def story(*words: Said, jurisdiction: str = "GB", zone: ZoneInfo = LONDON, now: datetime | None = None):
    return settle(fold(words, jurisdiction=jurisdiction, zone=zone), now or words[-1].at)


def test_a_lower_limit_is_the_limit_at_once() -> None:
    now = story(said(1, 50_00, MONDAY), said(2, 20_00, MONDAY + timedelta(hours=1)))
    assert (now.amount, now.previous_amount, now.tightened_at) == (20_00, 50_00, MONDAY + timedelta(hours=1))


def test_14_a_raise_in_britain_waits_24_hours_and_the_players_second_word() -> None:
    words = (said(1, 50_00, MONDAY - timedelta(days=30)), said(2, 500_00, MONDAY))
    tuesday = MONDAY + timedelta(hours=24, minutes=1)
    assert story(*words, now=MONDAY + timedelta(hours=8)).amount == 50_00
    assert story(*words, now=tuesday).amount == 50_00  # not confirmed
    confirmed = story(*words, said(3, 500_00, tuesday), now=tuesday)
    assert (confirmed.amount, confirmed.relaxed_at) == (500_00, tuesday)


def test_confirming_too_early_confirms_nothing() -> None:
    early = MONDAY + timedelta(hours=23)
    words = (said(1, 50_00, MONDAY - timedelta(days=30)), said(2, 500_00, MONDAY), said(3, 500_00, early))
    assert story(*words, now=MONDAY + timedelta(days=3)).amount == 50_00


@pytest.mark.parametrize(("jurisdiction", "wait"), [("MT", timedelta(hours=24))])
def test_a_raise_in_malta_takes_effect_after_24_hours(jurisdiction: str, wait: timedelta) -> None:
    words = (said(1, 50_00, MONDAY - timedelta(days=30)), said(2, 500_00, MONDAY))
    for at, amount in ((MONDAY + wait - timedelta(seconds=1), 50_00), (MONDAY + wait, 500_00)):
        assert story(*words, jurisdiction=jurisdiction, now=at).amount == amount


def test_in_sweden_24_hours_before_the_weeks_end_means_48_hours_after_it() -> None:
    week_end = datetime(2026, 11, 30, 0, 0, tzinfo=STOCKHOLM).astimezone(UTC)
    asked = week_end - timedelta(hours=24)
    raised = story(said(1, 50_00, asked - timedelta(days=9)), said(2, 90_00, asked), jurisdiction="SE", zone=STOCKHOLM)
    assert raised.pending_from == week_end + timedelta(hours=48)


def test_in_sweden_on_monday_the_weeks_end_is_later_than_72_hours() -> None:
    raised = story(
        said(1, 50_00, MONDAY - timedelta(days=9)), said(2, 90_00, MONDAY), jurisdiction="SE", zone=STOCKHOLM
    )
    assert raised.pending_from == datetime(2026, 11, 30, 0, 0, tzinfo=STOCKHOLM)


def test_a_removal_waits_like_a_raise() -> None:
    words = (said(1, 50_00, MONDAY - timedelta(days=30)), said(2, None, MONDAY))
    assert story(*words, jurisdiction="MT", now=MONDAY + timedelta(hours=23)).amount == 50_00
    assert story(*words, jurisdiction="MT", now=MONDAY + timedelta(hours=24)).status == "ended"


@pytest.mark.parametrize(("jurisdiction", "period", "waited", "amount"), [
    ("MT", "week", timedelta(hours=24), 500_00), ("MT", "week", timedelta(hours=23), 50_00), ("MT", "week", None, 50_00),
    ("SE", "week", timedelta(hours=73), 500_00), ("SE", "week", timedelta(hours=71), 50_00),
    ("SE", "month", timedelta(days=6), 50_00), ("SE", "month", timedelta(days=40), 500_00),  # the month is not over
])  # fmt: skip
def test_the_pam_may_say_that_it_kept_the_waiting_time_itself_and_since_when(
    jurisdiction: str, period: str, waited: timedelta | None, amount: int
) -> None:
    asked = None if waited is None else MONDAY - waited
    words = (said(1, 50_00, MONDAY - timedelta(days=90), period=period),
             said(2, 500_00, MONDAY, period=period, effective_from=MONDAY, requested_at=asked))  # fmt: skip
    assert story(*words, jurisdiction=jurisdiction, zone=STOCKHOLM).amount == amount


ANOTHER = [{"period": "day"}, {"period": "month"}, {"currency": "EUR"}, {"measure": "net_deposit_limit"},
           {"measure": "loss_limit", "period": "day"}]  # fmt: skip


@pytest.mark.parametrize("another", ANOTHER)
@pytest.mark.parametrize("amount", [20_00, 50_00, 500_00])
def test_what_limits_another_thing_holds_at_once_and_what_it_replaces_until_the_wait_is_over(
    another: dict[str, str], amount: int
) -> None:
    words = [said(1, 50_00, MONDAY - timedelta(days=30)), said(2, amount, MONDAY, **another)]
    for order in permutations(words):
        before, after = (
            fold(seen, jurisdiction="MT", zone=LONDON)
            for _, seen in sorted(by_form(order).items(), key=lambda form: form[0] != "deposit_limit/week/GBP")
        )
        assert (after.amount, after.tightened_at, after.status, after.pending_from) == (amount, MONDAY, "active", None)
        assert (before.amount, before.status, before.pending_amount) == (50_00, "active", None)
        assert before.pending_from == MONDAY + timedelta(hours=24)
        over = settle(before, MONDAY + timedelta(hours=24))
        assert (over.status, over.relaxed_at) == ("ended", MONDAY + timedelta(hours=24))


def test_what_goes_back_to_what_it_limited_before_was_never_without_it() -> None:
    words = [said(1, 50_00, MONDAY), said(2, 90_00, MONDAY + timedelta(hours=1), period="day"),
             said(3, 50_00, MONDAY + timedelta(hours=2))]  # fmt: skip
    stories = {form: fold(seen, jurisdiction="MT", zone=LONDON) for form, seen in by_form(words).items()}
    week, day = stories["deposit_limit/week/GBP"], stories["deposit_limit/day/GBP"]
    assert (week.amount, week.pending_from, week.tightened_at) == (50_00, None, MONDAY)
    assert (day.amount, day.pending_from) == (90_00, MONDAY + timedelta(hours=26))


def test_any_order_of_arrival_tells_the_same_story() -> None:
    words = [
        said(1, 50_00, MONDAY), said(2, 20_00, MONDAY + timedelta(hours=1)), said(3, 80_00, MONDAY + timedelta(hours=2)),
        said(4, None, MONDAY + timedelta(hours=3)),
    ]  # fmt: skip
    told = {repr(fold(order, jurisdiction="GB", zone=LONDON)) for order in permutations(words)}
    assert len(told) == 1


def test_an_exclusion_lifted_before_it_was_heard_of_stays_lifted() -> None:
    lifted = Said("rg.lifted", 2, MONDAY + timedelta(days=200))
    excluded = Said("rg.self_excluded", 1, MONDAY, measure="self_exclusion", ends_at=MONDAY + timedelta(days=182))
    for words in ([lifted, excluded], [excluded, lifted]):
        now = fold(words, jurisdiction="GB", zone=LONDON)
        assert (now.kind, now.status) == ("self_exclusion", "ended")


@pytest.mark.parametrize(("at", "period", "start", "end"), [
    ("2026-03-29T12:00", "day", "2026-03-29T00:00", "2026-03-30T00:00"),  # 23 hours
    ("2026-10-25T12:00", "week", "2026-10-19T00:00", "2026-10-26T00:00"),
    ("2026-12-31T23:59", "month", "2026-12-01T00:00", "2027-01-01T00:00"),
    ("2028-02-29T12:00", "month", "2028-02-01T00:00", "2028-03-01T00:00"),
])  # fmt: skip
def test_periods_are_civil_where_the_player_is(at: str, period: str, start: str, end: str) -> None:
    def local(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=LONDON)

    assert period_start(local(at).astimezone(UTC), period, LONDON) == local(start).astimezone(UTC)
    assert period_end(local(at).astimezone(UTC), period, LONDON) == local(end).astimezone(UTC)


def test_a_limit_set_for_a_time_is_over_when_the_time_is() -> None:
    friday = MONDAY + timedelta(days=4)
    word = said(1, 20_00, MONDAY, ends_at=friday)
    assert story(word, now=friday - timedelta(seconds=1)).status == "active"
    over = story(word, now=friday)
    assert (over.status, over.ended_at, over.relaxed_at) == ("ended", friday, friday)


def test_a_limit_may_end_later_at_once_but_earlier_only_after_the_waiting_time() -> None:
    first = said(1, 20_00, MONDAY, ends_at=MONDAY + timedelta(days=4))
    asked = MONDAY + timedelta(hours=1)
    assert story(first, said(2, 20_00, asked, ends_at=MONDAY + timedelta(days=9))).ends_at == MONDAY + timedelta(days=9)
    assert story(first, said(2, 20_00, asked)).ends_at is None
    assert story(first, said(2, 20_00, asked, ends_at=asked + timedelta(hours=1))).ends_at == asked + timedelta(
        hours=24
    )
    raised = story(first, said(2, 90_00, asked, ends_at=asked + timedelta(minutes=1)))
    assert (raised.amount, raised.ends_at) == (20_00, asked + timedelta(hours=24))
