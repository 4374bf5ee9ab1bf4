"""Sports bets: placed, settled, void, settled again; in whatever order, however often."""

import os
import random
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from players import rebuild
from players.folding import born
from players.models import Bet, Brand, DailyActivity, Player, PlayerState, Quarantine, Round, RoundRollback
from players.views import running_play
from tests.folding.casino import DAY, HOUR, NOW, SPORTS, Sent, brand, fold_all, player, receive, rollback, round_

pytestmark = pytest.mark.django_db
LEG = {"sport": "football", "league": "Serie A", "odds": "1.85", "in_play": False}


def fold(azura: Brand, *events: Sent, now: datetime = NOW) -> None:
    receive(azura, events, now)
    fold_all(now)
    assert not Quarantine.objects.exists()


def placed(finn: Player, at: datetime = NOW - DAY, bet_id: str = "b1", stake: int = 1000, **more: Any) -> Sent:
    body = {"bet_id": bet_id, "stake_real": stake, "stake_bonus": 0, "ticket": "single", "odds": "1.85", "legs": [LEG]}
    return Sent("bet.placed", finn.pk, at, body | more)


def settled(finn: Player, at: datetime = NOW, bet_id: str = "b1", win: int = 1850, outcome: str = "won",
            **more: Any) -> Sent:  # fmt: skip
    body = {"bet_id": bet_id, "outcome": outcome, "win_real": win, "win_bonus": 0}
    return Sent("bet.settled", finn.pk, at, body | more)


def voided(finn: Player, at: datetime = NOW, bet_id: str = "b1") -> Sent:
    return Sent("bet.voided", finn.pk, at, {"bet_id": bet_id})


def state_of(finn: Player) -> tuple[int, int, int]:
    state = PlayerState.objects.get(player=finn)
    return state.stake_real, state.win_real, state.rounds


def test_an_open_bet_has_its_stake_at_risk_and_counts_as_activity_not_as_turnover(azura: Brand, finn: Player) -> None:
    fold(azura, placed(finn))

    bet = Bet.objects.get()
    assert (bet.is_open, bet.stake_real, bet.odds, bet.sport, bet.league) == (
        True, 1000, Decimal("1.85"), "football", "Serie A",
    )  # fmt: skip
    state = PlayerState.objects.get(player=finn)
    assert state_of(finn) == (0, 0, 0)
    assert state.last_play_at == state.last_real_at == NOW - DAY
    assert rebuild.verify(now=NOW) == []


def test_a_settled_bet_is_a_round_of_the_day_it_was_settled(azura: Brand, finn: Player) -> None:
    fold(azura, placed(finn, NOW - 3 * DAY), settled(finn))

    assert state_of(finn) == (1000, 1850, 1)
    assert not Bet.objects.get().is_open
    day = DailyActivity.objects.get(player=finn, rounds=1)
    assert (day.day, day.category, day.stake_real, day.win_real) == (NOW.date(), SPORTS, 1000, 1850)


def test_a_settlement_without_its_stake_waits_for_the_placement(azura: Brand, finn: Player) -> None:
    fold(azura, settled(finn))
    assert state_of(finn) == (0, 0, 0)

    fold(azura, placed(finn))
    assert state_of(finn) == (1000, 1850, 1)
    assert Round.objects.get().occurred_at == NOW


def test_a_settlement_alone_may_bring_stakes_and_legs_itself(azura: Brand, finn: Player) -> None:
    fold(
        azura,
        settled(
            finn, stake_real=500, stake_bonus=0, ticket="multi", legs=[LEG, LEG | {"sport": "tennis", "in_play": True}]
        ),
    )

    assert state_of(finn) == (500, 1850, 1)
    bet = Bet.objects.get()
    assert (bet.ticket, bet.leg_count, bet.sport, bet.league, bet.in_play) == ("multi", 2, "", "Serie A", True)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_settled_again_only_the_newest_result_counts(azura: Brand, finn: Player, order: tuple[int, ...]) -> None:
    events = [placed(finn), settled(finn, NOW - HOUR), settled(finn, NOW, win=0, outcome="lost")]
    for n in order:
        fold(azura, events[n])

    assert state_of(finn) == (1000, 0, 1)
    assert Bet.objects.get().outcome == "lost"
    assert rebuild.verify(now=NOW) == []


@pytest.mark.parametrize("first", ["void", "settlement"])
def test_a_void_bet_counts_neither_stake_nor_win_before_and_after_settlement(
    azura: Brand, finn: Player, first: str
) -> None:
    events = [voided(finn, NOW), settled(finn, NOW - HOUR)]
    fold(azura, placed(finn))
    for event in events if first == "void" else reversed(events):
        fold(azura, event)

    assert state_of(finn) == (0, 0, 0)
    assert Bet.objects.get().is_void
    assert PlayerState.objects.get(player=finn).last_play_at == NOW - DAY  # he did bet


def test_a_void_told_as_an_outcome_is_a_void(azura: Brand, finn: Player) -> None:
    fold(azura, placed(finn), settled(finn, win=1000, outcome="void"))

    assert state_of(finn) == (0, 0, 0)
    assert Bet.objects.get().is_void


def test_a_settlement_after_the_void_makes_the_bet_count_again(azura: Brand, finn: Player) -> None:
    fold(azura, placed(finn), settled(finn, NOW - 2 * HOUR))
    fold(azura, voided(finn, NOW - HOUR))
    fold(azura, settled(finn, NOW, win=900, outcome="half_void"))

    assert state_of(finn) == (1000, 900, 1)
    assert Round.objects.count() - RoundRollback.objects.count() == 1


def test_a_third_word_that_brings_back_what_the_first_one_said_counts(azura: Brand, finn: Player) -> None:
    fold(azura, placed(finn, NOW - DAY), settled(finn))
    for days, stake in ((2, 500), (3, 1000)):  # the earliest placement counts, and they come in late
        fold(azura, placed(finn, NOW - days * DAY, stake=stake))
        assert state_of(finn) == (stake, 1850, 1)
    assert rebuild.verify(now=NOW) == []


def test_a_cash_out_is_settled_with_what_was_paid(azura: Brand, finn: Player) -> None:
    fold(azura, placed(finn), settled(finn, win=700, outcome="cashed_out"))

    assert state_of(finn) == (1000, 700, 1)


def test_a_win_of_another_day_survives_a_round_taken_back_on_it(azura: Brand, finn: Player) -> None:
    """A win told alone stands for no bet; its day must not be taken for empty."""
    win = Sent("round.settled", finn.pk, NOW, {
        "round_id": "r:w:win", "category": 1, "stake_real": 0, "stake_bonus": 0, "win_real": 350, "win_bonus": 0, "bets": 0,
    })  # fmt: skip
    fold(azura, win, round_(finn.pk, NOW, "gone", 100))
    fold(azura, rollback(finn.pk, NOW, "gone"))

    assert state_of(finn) == (0, 350, 0)
    assert DailyActivity.objects.get(player=finn).win_real == 350
    assert rebuild.verify(now=NOW) == []


def test_the_timeline_tells_a_bet_with_its_odds_and_what_became_of_it(azura: Brand, finn: Player) -> None:
    fold(
        azura, placed(finn), placed(finn, NOW - HOUR, "b2", odds="3.10", legs=[LEG | {"in_play": True}]), settled(finn)
    )

    told = {line.text: line.extra for line in running_play.lines(finn, now=NOW, money=True)}

    assert told == {
        "Bet on football, Serie A at 1.85: won": "staked 10.00\u00a0EUR, won 18.50\u00a0EUR",
        "Bet on football, Serie A at 3.1, in play: open": "staked 10.00\u00a0EUR",
    }


# --- any order ------------------------------------------------------------------------------------

START = NOW - 40 * DAY
moments = st.integers(0, 40 * 24 * 12).map(lambda n: START + timedelta(minutes=5 * n))
words = st.sampled_from(["placed", "placed", "settled", "settled", "settled", "voided", "round", "round taken back"])
sayings = st.lists(
    st.tuples(words, moments, st.integers(0, 3), st.integers(0, 3), st.sampled_from(["won", "lost", "void", "half_won"])),
    min_size=1, max_size=25,
)  # fmt: skip


def as_events(finn: Player, said: list[tuple[str, datetime, int, int, str]]) -> list[Sent]:
    events = []
    for word, at, bet, amount, outcome in said:
        bet_id = f"b{bet}"
        if word == "placed":
            events.append(placed(finn, at, bet_id, amount * 500))
        elif word == "settled":
            win = 0 if outcome == "lost" else amount * 700
            stakes = {"stake_real": 400, "stake_bonus": 0} if amount == 3 else {}
            events.append(settled(finn, at, bet_id, win, outcome, **stakes))
        elif word == "voided":
            events.append(voided(finn, at, bet_id))
        else:
            events.append(round_(finn.pk, at, f"r{bet}-{amount}", 100, category=SPORTS))
            if word == "round taken back":
                events.append(rollback(finn.pk, at, f"r{bet}-{amount}"))
    first = {event.body.get("round_id"): event for event in reversed(events) if event.kind == "round.settled"}
    return [event for event in events if event.kind != "round.settled" or first[event.body["round_id"]] is event]


def expected(events: list[Sent]) -> dict[str, tuple[int, int] | None]:
    """Per bet what counts, told anew from everything that was ever said: stake and win, or nothing."""
    result: dict[str, tuple[int, int] | None] = {}
    for bet_id in sorted({e.body["bet_id"] for e in events if "bet_id" in e.body}):
        mine = [e for e in events if e.body.get("bet_id") == bet_id]
        results = [e for e in mine if e.kind == "bet.settled"]
        voids = [e.at for e in mine if e.kind == "bet.voided"]
        stakes = [e for e in mine if e.kind == "bet.placed"]
        result[bet_id] = None
        if not results or (voids and max(voids) >= max(e.at for e in results)):
            continue
        newest = [e for e in results if e.at == max(e.at for e in results)]
        if (
            len({str(e.body) for e in newest}) > 1
            or len({e.at for e in stakes if e.at == min(s.at for s in stakes)}) > 1
        ):
            del result[bet_id]  # two words of one instant: which one counts is fixed, but not said here
            continue
        body = newest[0].body
        stake = body.get("stake_real")
        if stake is None and stakes:
            stake = min(stakes, key=lambda e: e.at).body["stake_real"]
        if stake is not None and body["outcome"] != "void":
            result[bet_id] = (stake, body["win_real"])
    return result


def snapshot() -> list[Any]:
    bets = [
        {k: v for k, v in row.items() if k not in {"id", "recorded_at"}}
        for row in Bet.objects.order_by("bet_id").values()
    ]
    state = PlayerState.objects.values("stake_real", "win_real", "rounds", "last_play_at", "last_real_at", "streak_from",
                                       "spell_from", "active_days_30d", "stake_30d", "top_category", "stage").get()  # fmt: skip
    days = DailyActivity.objects.order_by("day", "category").values()
    return [bets, state, [row | {"id": None} for row in days]]


@settings(
    max_examples=int(os.environ.get("FOLD_EXAMPLES", "12")), deadline=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(said=sayings, seed=st.integers(0, 2**32))
def test_bets_told_in_any_order_twice_and_in_any_batches_end_the_same(said: list[Any], seed: int) -> None:
    with transaction.atomic():
        at = brand(day_start_hour=6)
        finn = player(at, START - DAY)
        born([finn.pk])
        events = as_events(finn, said)
        with transaction.atomic():
            for event in sorted(events, key=lambda e: e.at):
                fold(at, event, now=NOW)
            lived = snapshot()
            transaction.set_rollback(True)

        chance = random.Random(seed)
        told = events + chance.sample(events, len(events) // 3)
        chance.shuffle(told)
        while told:
            size = chance.randint(1, 8)
            fold(at, *told[:size], now=NOW)
            told = told[size:]

        assert snapshot() == lived
        assert rebuild.verify(now=NOW) == []
        live = {bet.bet_id: bet for bet in Bet.objects.all()}
        rounds = {r.round_id: (r.stake_real, r.win_real) for r in Round.objects.filter(player=finn)}
        gone = set(RoundRollback.objects.filter(player=finn).values_list("round_id", flat=True))
        for bet_id, counts in expected(events).items():
            name = live[bet_id].round_id
            assert (rounds[name] if name else None) == counts
            assert name not in gone
        transaction.set_rollback(True)
