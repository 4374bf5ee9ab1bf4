"""State depends on what happened, not on the order it was told in, nor on how often."""

import os
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from players import rebuild, stages, windows
from players.folding import born, fold_pending
from players.models import (
    Brand,
    DailyActivity,
    Game,
    Player,
    PlayerCategory,
    PlayerHabits,
    PlayerMoney,
    PlayerState,
    Session,
)  # fmt: skip
from tests.folding import reference
from tests.folding.casino import Sent, brand, payment, player, receive, rollback, round_, session

pytestmark = pytest.mark.django_db
START = datetime(2026, 2, 1, tzinfo=UTC)  # the clocks go forward on 29 March
NOW = START + timedelta(days=120)

# Timers and segment timers are lower bounds on purpose: they may wake early, never late.
LAZY = {"next_check_at", "next_stage_at"}

moments = st.integers(0, 120 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
amounts = st.integers(1, 20_000)
categories = st.sampled_from([1, 2, 4])


@st.composite
def happenings(draw: st.DrawFn) -> list[tuple[str, int, datetime, int, int, Any]]:
    kinds = st.sampled_from(
        ["round"] * 4 + ["session"] * 2 + ["sitting"] * 3 + ["deposit"] * 3 + ["withdrawal", "login", "balance"]
    )
    one = st.tuples(kinds, st.integers(0, 1), moments, amounts, categories, st.integers(0, 9))
    return draw(st.lists(one, min_size=1, max_size=40))


def sitting(id_: int, at: datetime, amount: int, category: int, chance: int, n: int, games: list[Game]) -> list[Sent]:
    """A session of up to 27 rounds with a deposit in it and one after it; some rounds are taken back."""
    dice = random.Random(amount * 10 + chance)
    device, game = dice.choice(["mobile", "desktop", ""]), dice.choice([None, *(game.pk for game in games)])
    events = [session(id_, at, 30, f"s{n}", category, device=device, game=game)]
    for m in range(3 * chance):
        when = at + timedelta(minutes=dice.choice([0, 30, dice.randint(0, 30), dice.randint(0, 240)]))
        events.append(round_(id_, when, f"r{n}-{m}", amount, win=dice.randint(0, amount * 2), category=category))
        if dice.random() < 0.1:
            events.append(rollback(id_, when + timedelta(seconds=1), f"r{n}-{m}"))
    for minutes in (10, 600)[: dice.randint(0, 2)]:
        method = dice.choice(["card", "wallet", ""])
        events.append(payment(id_, at + timedelta(minutes=minutes), f"d{n}-{minutes}", amount, method=method))
    if chance % 3 == 0:
        status, when = (
            dice.choice(["offered", "claimed", "active", "expired"]),
            at + timedelta(minutes=dice.randint(-60, 1500)),
        )
        events.append(Sent("bonus.status", id_, when, {"bonus_ref": f"b{n % 3}", "status": status}))
    return events


def as_events(told: list[tuple[str, int, datetime, int, int, Any]], players: list[Player]) -> list[Sent]:
    events = []
    games = [Game.objects.get_or_create(external_id=f"g{n}", title=f"Game {n}", category=1, provider=f"P{n // 2}", type=("", "megaways")[n % 2])[0]
             for n in range(4)]  # fmt: skip
    for n, (kind, who, at, amount, category, chance) in enumerate(told):
        id_ = players[who].pk
        if kind == "round":
            real, bonus = (0, amount) if chance == 9 else (amount, amount // 10 if chance == 8 else 0)
            events.append(round_(id_, at, f"r{n}", real, bonus=bonus, win=amount // 2, category=category))
            if chance == 0:
                events.append(rollback(id_, at + timedelta(minutes=5), f"r{n}"))
        elif kind == "session":
            events.append(session(id_, at, amount / 100, f"s{n}", category))
        elif kind == "sitting":
            events += sitting(id_, at, amount, category, chance, n, games)
        elif kind in ("deposit", "withdrawal"):
            status = "rejected" if chance in (1, 2) else "approved"
            events.append(payment(id_, at, f"p{n}", amount, status, kind))
            if chance in (0, 2):
                later = "rolled_back" if chance == 0 else "approved"
                events.append(payment(id_, at + timedelta(hours=1), f"p{n}", amount, later, kind))
            if chance == 3 and kind == "withdrawal":
                events[-1] = payment(id_, at, f"p{n}", amount, "cancelled", kind)
        elif kind == "login":
            events.append(Sent("player.login", id_, at))
        else:
            events.append(Sent("balance.changed", id_, at, {"real": amount, "bonus": chance}))
    return events


def snapshot() -> dict[str, list[dict[str, Any]]]:
    """Every row of state, without the numbers the database hands out."""
    state = [{k: v for k, v in row.items() if k not in LAZY} for row in PlayerState.objects.order_by("pk").values()]
    rows = {
        "habits": PlayerHabits.objects.order_by("pk").values(),
        "money": PlayerMoney.objects.order_by("pk").values(),
        "session": Session.objects.order_by("player_id", "started_at", "session_id").values(),
        "category": PlayerCategory.objects.order_by("player_id", "category").values(),
        "day": DailyActivity.objects.order_by("player_id", "day", "category").values(),
    }
    return {"state": state} | {name: [row | {"id": None} for row in found] for name, found in rows.items()}


def live_through(at: Brand, events: list[Sent]) -> dict[str, Any]:
    """In order, as it happened: windows roll and timers tick along the way."""
    ordered = sorted(events, key=lambda event: event.at)
    for n in range(0, len(ordered), 7):
        now = ordered[min(n + 6, len(ordered) - 1)].at
        receive(at, ordered[n : n + 7], now)
        while fold_pending(now=now):
            pass
        stages.tick(now=now)
    return settled(NOW + timedelta(days=1))


def learn_later(at: Brand, events: list[Sent], seed: int) -> dict[str, Any]:
    """All at the end, shuffled, a fifth of it twice, in batches of any size."""
    chance = random.Random(seed)
    told = events + chance.sample(events, len(events) // 5)
    chance.shuffle(told)
    receive(at, told, NOW)
    while fold_pending(now=NOW, limit=chance.randint(1, 30)):
        pass
    return settled(NOW + timedelta(days=1))


def settled(now: datetime) -> dict[str, Any]:
    windows.roll(now=now)
    stages.tick(now=now)
    assert rebuild.verify(now=now) == []
    return snapshot()


@settings(
    max_examples=int(os.environ.get("FOLD_EXAMPLES", "15")),
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(told=happenings(), seed=st.integers(0, 2**32), pause=st.sampled_from([0, 30]))
def test_shuffled_doubled_and_taken_back_it_ends_as_if_lived_through(told: list, seed: int, pause: int) -> None:
    """`pause`: 0 = the PAM says when a session ends, else minutes without a round that end one."""
    with transaction.atomic():
        at = brand(day_start_hour=6, session_gap_minutes=pause, run_rounds=6, run_stop=2)
        people = [player(at, START - timedelta(days=1)) for _ in range(2)]
        born([one.pk for one in people])
        events = as_events(told, people)

        with transaction.atomic():
            lived = live_through(at, events)
            transaction.set_rollback(True)
        learned = learn_later(at, events, seed)

        assert learned == lived
        for one in people:
            agrees_with_reference(at, one, [event for event in events if event.player_id == one.pk])
        transaction.set_rollback(True)


def agrees_with_reference(at: Brand, one: Player, events: list[Sent]) -> None:
    now = NOW + timedelta(days=1)
    expected = reference.fold(events, at, one.registered_at, now)
    state = PlayerState.objects.filter(player=one).values().get()
    ours = {name: value for name, value in state.items() if name not in LAZY | {"player_id"}}
    assert ours == {name: expected.state[name] for name in ours}
    due = stages.stage_of(
        stages.Instants(**{n: state[n] for n in stages.Instants.__slots__}), stages.Thresholds.of(at), now
    ).until
    assert due is None or now < state["next_stage_at"] <= due
    for row, told in ((PlayerHabits, expected.habits), (PlayerMoney, expected.money)):
        found = row.objects.filter(pk=one.pk).values().first() or {}
        assert {name: value for name, value in found.items() if name != "state_id"} == told
    same(PlayerCategory.objects.filter(player=one), expected.categories, ("category",), "category")
    same(DailyActivity.objects.filter(player=one), expected.days, ("day", "category"), "day")


def same(rows: Any, expected: dict, key: tuple[str, ...], what: str) -> None:
    empty: Any = None if what == "day" else 0
    found = {}
    for row in rows.values():
        values = {name: value for name, value in row.items() if name not in {"id", "player_id", "day", "category"}}
        found[tuple(row[name] for name in key)] = values
    keys = {k if isinstance(k, tuple) else (k,): v for k, v in expected.items()}
    assert found.keys() == keys.keys()
    for k, values in found.items():
        assert values == {n: keys[k][n] or (empty if n.endswith("_at") else 0) for n in values}
