"""Behaviour as the catalogue defines it, from events to members: who leaves after bad runs, the twins, the windows."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from config.lib import flow
from players import windows
from players.folding import fold_pending
from players.models import Brand, Player
from segments.explaining import explain_player
from segments.language import compile as sql
from segments.language.evaluate import holds
from segments.language.parse import parse
from segments.language.record import load
from segments.language.tree import At
from tests.folding.casino import LIVE, SLOTS, Sent, brand, payment, player, receive, round_, session

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def azura(settings: Any) -> Brand:
    settings.FLOW = "tests.folding.flow"
    flow._table.cache_clear()
    return brand()


def happen(azura: Brand, events: list[Sent], now: datetime = NOW) -> None:
    receive(azura, events, now)
    while fold_pending(now=now):
        pass


def leaf(attribute: str, op: str, value: Any = None, **params: str) -> dict[str, Any]:
    data = {"attribute": attribute, "op": op} | ({"params": params} if params else {})
    return data if value is None else data | {"value": value}


def found(azura: Brand, *leaves: dict[str, Any], now: datetime = NOW) -> set[int]:
    """The members; memory says the same as SQL."""
    azura.refresh_from_db()
    rule, at = parse({"all": list(leaves)}), At.brand(azura, now)
    by_sql = set(sql.matching(azura, rule, at).values_list("pk", flat=True))
    records = load(Player.objects.filter(brand=azura).values_list("pk", flat=True))
    assert {pk for pk, record in records.items() if holds(rule, record, at)} == by_sql
    return by_sql


def played(who: Player, start: datetime, name: str, returned: list[int], size: int = 20, more: int = 0) -> list[Sent]:
    """A session of runs that return so many per cent of their stakes, and some rounds more."""
    wins = [win for run in returned for win in (size * run, *[0] * (size - 1))] + [0] * more
    rounds = [round_(who.pk, start + n * MINUTE, f"{name}{n:03}", 100, win=win) for n, win in enumerate(wins)]
    return [*rounds, session(who.pk, start, len(wins), name)]


# --- RTP sensitivity ---------------------------------------------------------------------------------


def test_who_leaves_after_bad_runs_is_found_and_others_are_not(azura: Brand) -> None:
    """Habits planted with dice: eight leave after most bad runs, eight leave when they feel like it."""
    Brand.objects.filter(pk=azura.pk).update(run_rounds=5, run_stop=2)
    dice, events = random.Random(5), []
    leavers, others = ([player(azura, NOW - 300 * DAY) for _ in range(8)] for _ in range(2))
    for who in (*leavers, *others):
        for n in range(22):
            runs: list[int] = []
            while len(runs) < 6:
                runs.append(dice.choice((20, 60, 75, 90, 110, 180)))
                sensitive = who in leavers
                if dice.random() < ((0.85 if runs[-1] < 80 else 0.1) if sensitive else 0.35):
                    break
            events += played(who, NOW - (n + 1) * DAY, f"{who.pk}-{n}-", runs, size=5, more=dice.choice((0, 1, 2)))
    happen(azura, events)

    assert found(azura, leaf("rtp_sensitivity", "at_least", 35)) == {who.pk for who in leavers}


@pytest.mark.parametrize(
    ("sessions", "edge", "inside"),
    [
        ([[120, 79]] * 10, 100, True),  # every bad run ended play, no other did
        ([[120, 79]] * 10, 101, None),
        ([[79, 120]] * 10, -100, True),  # the other way round
        ([[79, 120]] * 10, -99, False),
        ([[120, 79]] * 9, -100, False),  # nine cases of either kind: unknown
        ([[79, 79]] * 10 + [[80]] * 10, 50, False),  # half of the bad, all of the others
        ([[79, 79]] * 10 + [[80]] * 10, -50, True),
    ],
)
def test_sensitivity_is_the_difference_of_two_shares_exactly(
    azura: Brand, sessions: list[list[int]], edge: int, inside: bool | None
) -> None:
    lena = player(azura, NOW - 300 * DAY)
    Brand.objects.filter(pk=azura.pk).update(run_rounds=5, run_stop=2)
    happen(
        azura, [one for n, runs in enumerate(sessions) for one in played(lena, NOW - (n + 1) * DAY, f"s{n}-", runs, 5)]
    )

    if inside is None:
        with pytest.raises(ValueError, match="from -100 to 100"):
            parse({"all": [leaf("rtp_sensitivity", "at_least", edge)]})
    else:
        assert found(azura, leaf("rtp_sensitivity", "at_least", edge)) == ({lena.pk} if inside else set())


def test_a_brand_may_ask_for_fewer_cases(azura: Brand) -> None:
    lena = player(azura, NOW - 300 * DAY)
    Brand.objects.filter(pk=azura.pk).update(run_rounds=5, run_stop=2)
    happen(azura, [one for n in range(3) for one in played(lena, NOW - (n + 1) * DAY, f"s{n}-", [120, 79], 5)])
    asked = leaf("rtp_sensitivity", "at_least", 100)
    assert found(azura, asked) == set()
    at = At.brand(azura, NOW)
    shown = explain_player(lena, parse({"all": [asked]}), "", now=at.now).finding
    assert shown
    assert shown.of[0].value == "unknown: 3 bad runs and 3 others, 10 of each needed"

    Brand.objects.filter(pk=azura.pk).update(run_cases=3)
    assert found(azura, asked) == {lena.pk}


# --- the twins -----------------------------------------------------------------------------------------


def test_twins_who_deposit_the_same_land_in_different_segments_and_it_is_said_why(azura: Brand) -> None:
    gil, hana = player(azura, NOW - 100 * DAY), player(azura, NOW - 100 * DAY)
    events = [payment(who.pk, NOW - 45 * DAY, "p1", 20_000) for who in (gil, hana)]
    for n in range(40):
        start = NOW - 44 * DAY + n * DAY
        events += [round_(gil.pk, start + m * MINUTE, f"g{n}-{m}", 100, win=96) for m in range(3)]
        events.append(session(gil.pk, start, 3, f"g{n}"))
    for n in range(3):
        start = NOW - 20 * DAY + n * DAY
        events += [round_(hana.pk, start + m * MINUTE, f"h{n}-{m}", 2500, win=2480, category=LIVE) for m in range(6)]
        events.append(session(hana.pk, start, 120, f"h{n}", LIVE))
    happen(azura, events)

    short_slots = [leaf("top_category", "is", "slots"), leaf("session_average", "less_than", 10),
                   leaf("deposit_sum", "is", 20_000, currency="EUR")]  # fmt: skip
    long_live = [leaf("top_category", "is", "live_casino"), leaf("session_average_in", "at_least", 60, category="live_casino"),
                 leaf("median_bet_to_deposit", "at_least", 10)]  # fmt: skip
    assert found(azura, *short_slots) == {gil.pk}
    assert found(azura, *long_live) == {hana.pk}
    assert found(azura, leaf("top_category_by", "is", "slots", by="sessions")) == {gil.pk}

    why = explain_player(hana, parse({"all": short_slots}), "hana", now=NOW).finding
    assert why
    assert [(part.holds, part.value) for part in why.of] == [
        (False, "Live casino"), (False, "120.0 minutes"), (True, "200.00\u00a0EUR"),
    ]  # fmt: skip


# --- windows and readings -------------------------------------------------------------------------------


def test_a_window_is_cut_at_the_gaming_day_and_loses_a_day_when_it_turns(azura: Brand) -> None:
    Brand.objects.filter(pk=azura.pk).update(day_start_hour=6)
    anna = player(azura, NOW - 500 * DAY)
    edge = datetime(2026, 6, 4, 4, tzinfo=UTC)  # 06:00 in Malta: the first of seven days begins
    happen(
        azura, [round_(anna.pk, edge - timedelta(seconds=1), "before", 700), round_(anna.pk, edge, "in", 100, win=40)]
    )

    assert found(azura, leaf("stake_window", "is", 100, window="7", currency="EUR")) == {anna.pk}
    assert found(azura, leaf("stake_window", "is", 800, window="365", currency="EUR")) == {anna.pk}
    assert found(azura, leaf("hold_window", "is", 60, window="7")) == {anna.pk}
    assert found(azura, leaf("active_days", "is", 2, window="30")) == {anna.pk}

    windows.roll(now=NOW + DAY)
    assert found(azura, leaf("stake_window", "is", 0, window="7", currency="EUR"), now=NOW + DAY) == {anna.pk}
    assert found(azura, leaf("hold_window", "at_least", -1000, window="7"), now=NOW + DAY) == set()  # nothing staked


def test_yesterday_is_a_calendar_day_and_not_twenty_four_hours(azura: Brand) -> None:
    anna = player(azura, NOW - 500 * DAY)
    happen(azura, [payment(anna.pk, datetime(2026, 6, 9, 21, 59, tzinfo=UTC), "p1", 900, "rejected")])  # 23:59 in Malta
    yesterday = leaf("days_since_declined", "is", 1, days="calendar")

    assert found(azura, yesterday, now=datetime(2026, 6, 9, 21, 59, 59, tzinfo=UTC)) == set()
    assert found(azura, yesterday, now=datetime(2026, 6, 9, 22, tzinfo=UTC)) == {anna.pk}
    assert found(azura, yesterday, now=datetime(2026, 6, 10, 22, tzinfo=UTC)) == set()
    assert found(azura, leaf("days_since_declined", "is", 1), now=datetime(2026, 6, 10, 22, tzinfo=UTC)) == {anna.pk}


def test_nobody_who_never_deposited_has_deposited_nought(azura: Brand) -> None:
    anna, bea = player(azura, NOW - 500 * DAY), player(azura, NOW - 500 * DAY)
    happen(azura, [payment(anna.pk, NOW - DAY, "p1", 100), session(bea.pk, NOW - DAY, 5, "s1")])

    assert found(azura, leaf("days_since_deposit", "never")) == {bea.pk}
    assert found(azura, leaf("deposit_average", "at_least", 0, currency="EUR")) == {anna.pk}
    assert found(azura, leaf("days_since_deposit", "at_least", 0)) == {anna.pk}


def test_somebody_born_on_a_leap_day_has_a_birthday_every_year(azura: Brand) -> None:
    anna = player(azura, NOW - 500 * DAY)
    Player.objects.filter(pk=anna.pk).update(birth_date="2000-02-29")
    happen(azura, [session(anna.pk, NOW - DAY, 5, "s1", SLOTS)])
    soon = leaf("birthday", "within", 7)
    february = {day: datetime(2027, 2, day, 12, tzinfo=UTC) for day in (22, 23, 28)}

    assert found(azura, soon, now=february[22]) == set()  # 1 March is the eighth day
    assert found(azura, soon, now=february[23]) == {anna.pk}
    assert found(azura, leaf("birthday", "within", 1), now=february[28]) == set()
    assert found(azura, leaf("birthday", "within", 1), now=february[28] + DAY) == {anna.pk}
    assert found(azura, soon, now=datetime(2028, 2, 29, 12, tzinfo=UTC)) == {anna.pk}
    assert found(azura, soon, now=datetime(2028, 3, 1, 12, tzinfo=UTC)) == set()
