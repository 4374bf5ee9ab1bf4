"""Wagering by the worked examples: what counts, what does not, and that no cent gets lost."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bonuses.wagering import End, Holding, Play, walk

START = datetime(2026, 3, 1, tzinfo=UTC)
SLOTS, LIVE, TABLE, SPORTS, JACKPOT = 1, 2, 3, 4, 9
WEIGHTS = {SLOTS: 100, TABLE: 10, LIVE: 10}


def bonus(required: int, balance: int = 80_00, grant_id: int = 1, since: int = 0, **terms: object) -> Holding:
    begun = START + timedelta(minutes=since)
    return Holding(grant_id, 1, begun, START + timedelta(days=30), required, required, balance, WEIGHTS, **terms)


def bet(n: int, stake: int, category: int = SLOTS, of_bonus: int = 0, win: int = 0) -> Play:
    return Play(n, 1, category, START + timedelta(minutes=n), stake - of_bonus, of_bonus, win)


def test_w06_bets_count_by_their_category() -> None:
    held = bonus(2800_00)
    staked = {SLOTS: 1500_00, TABLE: 2000_00, LIVE: 500_00, SPORTS: 300_00, JACKPOT: 120_00}

    counts, ends = walk([held], [bet(n, stake, category) for n, (category, stake) in enumerate(staked.items(), 1)])

    assert [c.counted for c in counts] == [1500_00, 200_00, 50_00, 0, 0]
    assert (held.required - held.open, held.open) == (1750_00, 1050_00)
    assert 100 * (held.required - held.open) / held.required == 62.5
    assert ends == []


def test_w06b_the_last_bet_counts_only_what_is_left_and_nothing_carries_to_the_next_bonus() -> None:
    first, second = bonus(4_00, grant_id=1), bonus(100_00, grant_id=2, since=1)

    counts, ends = walk([first, second], [bet(5, 10_00)])

    assert [(c.grant_id, c.counted) for c in counts] == [(1, 4_00)]
    assert second.open == 100_00
    assert [(e.grant_id, e.how) for e in ends] == [(1, "completed")]


def test_a_bet_above_the_largest_allowed_counts_nothing_and_is_flagged() -> None:
    held = bonus(100_00, max_bet=5_00)

    counts, _ = walk([held], [bet(1, 5_00), bet(2, 5_01)])

    assert [(c.counted, c.over_limit) for c in counts] == [(5_00, False), (0, True)]


def test_done_wagering_turns_real_up_to_the_cap_and_the_rest_stays_with_the_house() -> None:
    _, ends = walk([bonus(10_00, balance=80_00, max_release=50_00)], [bet(1, 10_00)])

    assert ends == [End(1, "completed", START + timedelta(minutes=1), 50_00, 30_00, cause="wagering done")]


def test_bonus_money_played_to_zero_is_lost_and_its_wagering_void() -> None:
    _, ends = walk([bonus(100_00, balance=20_00)], [bet(1, 20_00, of_bonus=20_00)])

    assert [(e.how, e.released, e.void) for e in ends] == [("lost", 0, 80_00)]


def test_an_excluded_player_wagers_nothing_free() -> None:
    held = bonus(10_00, stopped=True)

    counts, ends = walk([held], [bet(1, 50_00)])

    assert (counts[0].counted, held.open, ends) == (0, 10_00, [])


def test_rounds_before_the_bonus_or_after_its_end_do_not_count() -> None:
    held = bonus(10_00, since=60)
    late = Play(9, 1, SLOTS, held.expires_at, 10_00, 0, 0)

    assert walk([held], [bet(59, 10_00), late]) == ([], [])


def test_bonus_money_no_grant_covers_is_booked_as_played_outside() -> None:
    counts, _ = walk([], [bet(1, 3_00, of_bonus=3_00, win=1_00)])

    assert [(c.grant_id, c.bonus_stake, c.bonus_win, c.outside) for c in counts] == [(None, 3_00, 1_00, 3_00)]


bets = st.lists(
    st.tuples(
        st.integers(0, 5000), st.integers(0, 5000), st.integers(0, 5000), st.sampled_from([SLOTS, TABLE, SPORTS])
    ),
    max_size=30,
)


@given(bets=bets, balances=st.lists(st.integers(1, 8000), max_size=3), required=st.integers(1, 20_000))
def test_in_any_history_no_cent_of_bonus_money_appears_or_vanishes(bets, balances, required) -> None:
    held = [bonus(required, balance, n, since=3 * n) for n, balance in enumerate(balances)]
    plays = [bet(n, real + of, kind, of, win) for n, (real, of, win, kind) in enumerate(bets)]

    counts, ends = walk(held, plays)

    assert sum(c.bonus_stake for c in counts) == sum(p.stake_bonus for p in plays)
    assert sum(c.bonus_win for c in counts) == sum(p.win_bonus for p in plays)
    for holding, given_ in zip(held, balances, strict=True):
        own = [c for c in counts if c.grant_id == holding.grant_id]
        net = sum(c.bonus_stake - c.outside - c.bonus_win for c in own)
        assert holding.balance == given_ - net >= 0
        assert sum(c.counted for c in own) == required - holding.open
        assert 0 <= holding.open <= required
    assert all(e.released + e.kept == next(h.balance for h in held if h.grant_id == e.grant_id) for e in ends)
