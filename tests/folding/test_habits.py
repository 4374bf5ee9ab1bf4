"""How a player plays and pays, in sentences; that order does not matter is proven in test_order."""

from datetime import UTC, datetime, timedelta

import pytest

from config.lib.clock import NEVER
from players import rebuild, windows
from players.folding import fold_pending
from players.models import Brand, Player, PlayerCategory, PlayerHabits, PlayerMoney, Session
from tests.folding.casino import LIVE, SLOTS, Sent, brand, payment, player, receive, round_, session

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)  # a Wednesday, 14:00 in Malta
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def azura() -> Brand:
    return brand(day_start_hour=6)


@pytest.fixture
def lena(azura: Brand) -> Player:
    return player(azura, NOW - 200 * DAY)


def fold(azura: Brand, *events: Sent, now: datetime = NOW) -> None:
    receive(azura, events, now)
    fold_pending(now=now)


def habits(lena: Player) -> PlayerHabits:
    return PlayerHabits.objects.get(pk=lena.pk)


def money(lena: Player) -> PlayerMoney:
    return PlayerMoney.objects.get(pk=lena.pk)


def test_a_friday_night_is_fridays_and_the_hour_is_the_clocks(azura: Brand, lena: Player) -> None:
    fold(azura, session(lena.pk, datetime(2026, 6, 5, 23, 30, tzinfo=UTC), 20, "s1"))  # Saturday 01:30 in Malta

    told = habits(lena)
    assert (told.night, told.friday, told.saturday) == (1, 1, 0)


def test_the_newest_ten_sessions_are_summed_and_those_of_each_category(azura: Brand, lena: Player) -> None:
    fold(
        azura,
        *(session(lena.pk, NOW - n * HOUR, n, f"s{n}", LIVE if n % 2 else SLOTS) for n in range(1, 15)),
    )

    told = habits(lena)
    assert (told.last10_sessions, told.last10_seconds) == (10, 60 * sum(range(1, 11)))
    assert (told.session3_at, told.session10_at) == (NOW - 3 * HOUR, NOW - 10 * HOUR)
    slots = PlayerCategory.objects.get(player=lena, category=SLOTS)
    assert (slots.last5_seconds, slots.last10_seconds) == (60 * (2 + 4 + 6 + 8 + 10), 60 * sum(range(2, 15, 2)))


def runs(lena: Player, start: datetime, name: str, *returned: int, more: int = 0) -> list[Sent]:
    """A session of runs of 20 rounds of 1.00, each returning so many per cent, and of so many rounds more."""
    wins = [win for run in returned for win in (20 * run, *[0] * 19)] + [0] * more
    rounds = [round_(lena.pk, start + n * MINUTE, f"{name}{n:03}", 100, win=win) for n, win in enumerate(wins)]
    return [*rounds, session(lena.pk, start, len(wins), name)]


def told_runs(lena: Player) -> tuple[int, int, int, int]:
    told = habits(lena)
    return told.bad_runs, told.bad_stops, told.other_runs, told.other_stops


@pytest.mark.parametrize(
    ("returned", "more", "expected"),
    [
        ((79,), 0, (1, 1, 0, 0)),
        ((80,), 0, (0, 0, 1, 1)),
        ((79,), 5, (1, 1, 0, 0)),
        ((79,), 6, (1, 0, 0, 0)),
        ((79, 200), 0, (1, 0, 1, 1)),
        ((200, 0), 3, (1, 1, 1, 0)),
        ((), 19, (0, 0, 0, 0)),
    ],
)
def test_a_session_is_cut_into_runs_of_twenty_and_stopped_by_the_last_if_five_or_fewer_rounds_follow(
    azura: Brand, lena: Player, returned: tuple[int, ...], more: int, expected: tuple[int, int, int, int]
) -> None:
    fold(azura, *runs(lena, NOW - 5 * HOUR, "a", *returned, more=more))

    assert told_runs(lena) == expected


def test_a_brand_says_what_a_run_is_and_its_players_are_gone_through_again(azura: Brand, lena: Player) -> None:
    fold(azura, *runs(lena, NOW - 5 * HOUR, "a", 85, more=8))
    assert told_runs(lena) == (0, 0, 1, 0)

    Brand.objects.filter(pk=azura.pk).update(run_return=90, run_stop=8)
    rebuild.rebuild_players([lena.pk], now=NOW)
    assert told_runs(lena) == (1, 1, 0, 0)


def test_a_win_told_alone_belongs_to_the_bet_before_it(azura: Brand, lena: Player) -> None:
    told = runs(lena, NOW - 5 * HOUR, "a", 0)
    alone = round_(lena.pk, NOW - 5 * HOUR + 19 * MINUTE, "a019:win", 0, win=1600)
    fold(azura, *told, Sent(alone.kind, alone.player_id, alone.at, alone.body | {"bets": 0}))

    assert told_runs(lena) == (0, 0, 1, 1)


def test_the_middle_stake_is_held_against_the_middle_deposit(azura: Brand, lena: Player) -> None:
    stakes = {"a": (100, 200, 900), "b": (500,), "c": (300, 400)}  # in the middle of each: 200, 500, 300
    for number, (name, amounts) in enumerate(stakes.items(), start=1):
        start = NOW - number * 3 * HOUR
        rounds = [round_(lena.pk, start + n * MINUTE, f"{name}{n}", amount) for n, amount in enumerate(amounts)]
        fold(azura, *rounds, session(lena.pk, start, 10, name))
    fold(
        azura,
        *(payment(lena.pk, NOW - n * DAY, f"p{n}", amount) for n, amount in enumerate((1000, 9000, 2000, 8000), 1)),
    )

    assert (habits(lena).median_stake, money(lena).median_deposit) == (300, 2000)


def test_stakes_within_a_day_of_a_deposit_are_told_apart_whichever_comes_first(azura: Brand, lena: Player) -> None:
    start = NOW - 40 * HOUR
    fold(
        azura,
        *(round_(lena.pk, start + n * HOUR, f"r{n}", 100) for n in (0, 24, 25)),
        session(lena.pk, start, 1560, "s"),
    )
    assert habits(lena).stake_near == 0

    fold(azura, payment(lena.pk, start, "late", 5000))
    assert habits(lena).stake_near == 200

    fold(azura, payment(lena.pk, NOW, "late", 5000, "charged_back"))
    assert habits(lena).stake_near == 0
    assert rebuild.verify(now=NOW) == []


def test_a_session_without_a_stake_is_no_case(azura: Brand, lena: Player) -> None:
    fold(azura, session(lena.pk, NOW - HOUR, 20, "s1"))

    assert habits(lena).staked_sessions == 0


def test_a_round_that_comes_after_its_session_still_counts_for_it(azura: Brand, lena: Player) -> None:
    fold(azura, session(lena.pk, NOW - HOUR, 20, "s1"), payment(lena.pk, NOW - 30 * MINUTE, "p1", 5000))
    assert money(lena).last10_after_loss == 0

    fold(azura, round_(lena.pk, NOW - 50 * MINUTE, "late", 100))
    assert habits(lena).losing_sessions == 1
    assert Session.objects.get().net_real == -100
    assert money(lena).last10_after_loss == 1
    assert rebuild.verify(now=NOW) == []


def test_a_deposit_in_the_middle_of_a_session_is_told_apart_whichever_comes_first(azura: Brand, lena: Player) -> None:
    fold(azura, payment(lena.pk, NOW - 50 * MINUTE, "p1", 5000))
    fold(azura, session(lena.pk, NOW - HOUR, 20, "s1"))
    fold(azura, payment(lena.pk, NOW - 39 * MINUTE, "p2", 5000))

    assert (money(lena).last10_in_session, money(lena).last10_deposits) == (1, 2)


def test_a_deposit_with_a_code_or_with_a_bonus_taken_within_a_day_is_one_with_a_bonus(
    azura: Brand, lena: Player
) -> None:
    told = [payment(lena.pk, NOW - n * 3 * DAY, f"p{n}", 1000) for n in (1, 2, 3)]
    coded = Sent(told[0].kind, lena.pk, told[0].at, told[0].body | {"bonus_code": "RELOAD"})
    fold(azura, coded, *told[1:])
    assert (money(lena).last10_with_bonus, money(lena).last10_deposits) == (1, 3)

    fold(azura, Sent("bonus.status", lena.pk, told[1].at + DAY, {"bonus_ref": "b1", "status": "claimed"}))
    assert money(lena).last10_with_bonus == 2
    fold(azura, Sent("bonus.status", lena.pk, told[2].at + DAY + MINUTE, {"bonus_ref": "b2", "status": "claimed"}))
    fold(azura, Sent("bonus.status", lena.pk, told[2].at, {"bonus_ref": "b3", "status": "offered"}))
    assert money(lena).last10_with_bonus == 2
    assert rebuild.verify(now=NOW) == []


def test_the_newest_deposits_withdrawals_taken_back_and_declines_are_known_to_the_second(
    azura: Brand, lena: Player
) -> None:
    fold(
        azura,
        *(payment(lena.pk, NOW - n * DAY, f"p{n}", 1000 * n) for n in range(1, 4)),
        payment(lena.pk, NOW - HOUR, "w1", 700, "cancelled", "withdrawal"),
        payment(lena.pk, NOW - 2 * HOUR, "p9", 900, "rejected"),
        payment(lena.pk, NOW - DAY, "w2", 800, "approved", "withdrawal"),
    )

    told = money(lena)
    assert (told.deposit2_at, told.deposit3_at, told.deposit5_at) == (NOW - 2 * DAY, NOW - 3 * DAY, NEVER)
    assert (told.deposit_gaps, told.deposit_gap_seconds) == (2, 2 * 86_400)
    assert (told.largest_deposit, told.deposits_7d, told.deposit_sum_7d) == (3000, 3, 6000)
    assert (told.cancelled1_at, told.cancelled2_at, told.cancelled_withdrawals) == (NOW - HOUR, NEVER, 1)
    assert (told.declined1_at, told.withdrawals_30d, told.withdrawal_sum_30d) == (NOW - 2 * HOUR, 1, 800)


def test_a_charge_back_is_counted_whatever_came_before_it(azura: Brand, lena: Player) -> None:
    fold(azura, payment(lena.pk, NOW - DAY, "p1", 1000, "charged_back"))

    assert (money(lena).chargebacks, money(lena).charged_back_at) == (1, NOW - DAY)


def test_the_windows_lose_exactly_the_day_that_leaves(azura: Brand, lena: Player) -> None:
    fold(
        azura,
        *(session(lena.pk, NOW - n * DAY, 10, f"s{n}") for n in (0, 6, 29, 89)),
        *(payment(lena.pk, NOW - n * DAY, f"p{n}", 100) for n in (0, 6, 89)),
        payment(lena.pk, NOW - 29 * DAY, "w1", 100, "approved", "withdrawal"),
    )
    assert (habits(lena).sessions_7d, habits(lena).sessions_90d, habits(lena).seconds_30d) == (2, 4, 1800)
    assert (money(lena).deposits_7d, money(lena).deposits_90d, money(lena).withdrawals_30d) == (2, 3, 1)

    assert windows.roll(now=NOW + DAY) == 1
    assert (habits(lena).sessions_7d, habits(lena).sessions_90d, habits(lena).seconds_30d) == (1, 3, 1200)
    assert (money(lena).deposits_7d, money(lena).deposits_90d, money(lena).withdrawals_30d) == (1, 2, 0)
    assert rebuild.verify(now=NOW + DAY) == []


def test_rounds_alone_make_no_habits(azura: Brand, lena: Player) -> None:
    fold(azura, round_(lena.pk, NOW, "r1"))

    assert not PlayerHabits.objects.exists()
    assert not PlayerMoney.objects.exists()
