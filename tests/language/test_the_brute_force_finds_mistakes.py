"""A check nobody has seen fail proves nothing: small mistakes in Pitboss, each of which has to be found."""

import dataclasses
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models.lookups import LessThan

from config.celery import app
from players import windows
from segments import membership
from segments.language import instants, statement
from segments.language.attributes import Criterion, registry
from segments.language.instants import Since
from segments.language.numbers import Number
from segments.language.tree import At
from tests.language.brute_force import edges
from tests.language.brute_force.compare import Comparison
from tests.language.brute_force.world import World
from tests.language.rules import random_leaf
from tests.language.test_membership_keeps_up import Casino, live_through

Mistake = Callable[[pytest.MonkeyPatch], None]
SINCE = ("days_since_registration", "days_since_play", "days_since_deposit")
WINDOWS = ("deposits_30d", "sessions_30d", "active_days_30d", "stake_30d")


def a_second_too_late(patch: pytest.MonkeyPatch) -> None:
    """'At least 14 days' is not yet true after exactly 14 days."""
    patch.setattr(instants, "LessThanOrEqual", LessThan)


def a_second_too_late_in_memory(patch: pytest.MonkeyPatch) -> None:
    holds = Since.holds

    def later(self: Since, leaf: Any, record: Any, at: At) -> bool:
        return holds(self, leaf, record, dataclasses.replace(at, now=at.now - timedelta(seconds=1)))

    patch.setattr(Since, "holds", later)


def unknown_counts_as_nothing(patch: pytest.MonkeyPatch) -> None:
    """Averages of those with too little to go by."""
    for attribute in registry:
        if isinstance(attribute, Number) and attribute.key == "last5_average":
            patch.setitem(registry._by_key, attribute.key, dataclasses.replace(attribute, per_least=1))


def a_window_of_31_days(patch: pytest.MonkeyPatch) -> None:
    """The day that leaves stays in the sums for another day."""
    patch.setattr(windows, "_STATE", windows._STATE.replace("- 30", "- 31"))


def the_day_of_another_zone(patch: pytest.MonkeyPatch) -> None:
    """Midnight of Greenwich, where it is that of the brand."""
    for name in ("_STATE", "_TODAY"):
        patch.setattr(windows, name, getattr(windows, name).replace("b.timezone", "'UTC'"))


def another_criterion(patch: pytest.MonkeyPatch) -> None:
    for key in SINCE:
        attribute = dataclasses.replace(registry.get(key), criterion=Criterion.LIFECYCLE)
        patch.setitem(registry._by_key, key, attribute)


@contextmanager
def made(mistake: Mistake) -> Iterator[None]:
    """Questions compiled without the mistake are forgotten before it, and those with it after it."""
    statement._kept.clear()
    with pytest.MonkeyPatch.context() as patch:
        mistake(patch)
        yield
    statement._kept.clear()


def disagreements(world: World, now: datetime, keys: tuple[str, ...]) -> list[str]:
    dice = random.Random(5)
    rules = [{"all": [random_leaf(dice, [key])]} for key in keys for _ in range(6)]
    rules += [{"all": [{"attribute": key, "op": "at_least", "value": n}]} for key in keys for n in (0, 1, 7, 14, 30)
              if key.startswith("days_since")]  # fmt: skip
    told: list[str] = []
    for place in world.places:
        both = Comparison(place, now)
        for rule in rules:
            told += both.by_sql(rule) + both.in_memory(rule) + both.by_criteria(rule)
    return told


@pytest.mark.slow
@pytest.mark.django_db
def test_mistakes_in_a_condition_a_window_and_a_criterion_are_found() -> None:
    world = World(100, edges.SHORT, seed=21)
    world.arrive(0)
    start, _, midnight = edges.SHORT
    assert disagreements(world, start, (*SINCE, *WINDOWS, "last5_average")) == []
    for mistake, keys in (
        (a_second_too_late, SINCE),
        (a_second_too_late_in_memory, SINCE),
        (unknown_counts_as_nothing, ("last5_average",)),
        (another_criterion, SINCE),
    ):
        with made(mistake):
            assert disagreements(world, start, keys), mistake.__name__
    world.arrive(1)
    with made(a_window_of_31_days):
        world.arrive(2)
        assert disagreements(world, midnight, WINDOWS), a_window_of_31_days.__name__


@pytest.mark.slow
@pytest.mark.django_db
def test_a_day_that_turns_at_the_wrong_midnight_is_found() -> None:
    world = World(100, edges.SHORT, seed=21)
    with made(the_day_of_another_zone):
        for n in (0, 1, 2):
            world.arrive(n)
        assert disagreements(world, edges.SHORT[2], WINDOWS)


def a_tick_every_five_minutes(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(app.conf.beat_schedule["segments.tasks.tick"], "schedule", 300.0)


def nobody_is_ever_due(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Since, "flips", lambda self, leaf, at: [])


def who_leaves_stays(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(membership, "_leave", lambda pairs, now, cause: [])


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("mistake", [a_tick_every_five_minutes, nobody_is_ever_due, who_leaves_stays])
def test_late_and_forgotten_members_are_found(mistake: Mistake) -> None:
    with made(mistake):
        casino = Casino(players=24, segments=6, days=12, busy=1, seed=11)
        live_through(casino, events=120, batch=30, every=2)
        assert casino.wrong
