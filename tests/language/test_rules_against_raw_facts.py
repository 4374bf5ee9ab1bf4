"""SQL ≡ memory ≡ counting the raw events one by one, for any rule, at any instant. See tests.language.brute_force."""

import os
import random
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from segments.language.attributes import registry
from tests.language.brute_force import answer, edges
from tests.language.brute_force.compare import Comparison
from tests.language.brute_force.house import Moment
from tests.language.brute_force.reading import READINGS, WITHOUT
from tests.language.brute_force.told import Life
from tests.language.brute_force.world import HOUSES, Place, World
from tests.language.rules import random_leaf, random_name, random_rule

MINUTES = 30  # the thousand rules on ten thousand players, on one core of a machine busy with other things


@dataclass
class Found:
    told: list[str] = field(default_factory=list)  # what the readings disagree on
    events: int = 0
    read: int = 0
    proper: int = 0  # of those read: rules that some match and some do not
    seconds: float = 0

    def compare(self, both: Comparison, rules: Iterable[dict[str, Any]], *, only_sql: bool = False) -> None:
        for rule in rules:
            self.told += both.by_sql(rule)
            if not only_sql:
                self.told += both.in_memory(rule) + both.by_criteria(rule)
                self.read += 1
                self.proper += both.tells_apart(rule)


def each_attribute(dice: random.Random) -> list[dict[str, Any]]:
    return [{"all": [random_leaf(dice, [key])]} for key in sorted(READINGS)]


def compare(instants: Sequence[datetime], *, players: int, rules: int, seed: int, thorough: bool = False) -> Found:
    """Each rule is read at one of the instants by all three; `thorough`: each attribute at every third."""
    dice, started, found = random.Random(seed), time.monotonic(), Found()
    world = World(players, instants, seed)
    some = [random_rule(dice, sorted(READINGS)) for _ in range(rules)]
    for n, now in enumerate(instants):
        found.events += world.arrive(n)
        for place in world.places:
            names = sorted(place.segments) or name_some(place, dice, now)
            both = Comparison(place, now)
            found.compare(both, some[n :: len(instants)])
            days = [(both.at.today - timedelta(days=n)).isoformat() for n in (1, 2)]
            more = [random_rule(dice, sorted(READINGS), 2, names, days), {"any": [random_name(dice, names, days)]}]
            found.compare(both, more)
            if thorough:
                found.compare(both, each_attribute(dice)[n % 3 :: 3], only_sql=True)
    found.seconds = time.monotonic() - started
    line = (
        f"{rules} rules × {players} players at {len(instants)} instants, {found.events} events: {found.seconds:.0f} s"
    )
    sys.stdout.write(f"{line}; {100 * found.proper // found.read} % of the rules tell players apart\n")
    return found


def name_some(place: Place, dice: random.Random, now: datetime) -> list[int]:
    """Two live segments for the others to name; the second names the first."""
    first = place.goes_live("One", random_rule(dice, sorted(READINGS), 2), now)
    named = {"attribute": "segment", "op": "in", "value": [first.pk]}
    return [first.pk, place.goes_live("Two", {"any": [named, random_leaf(dice, sorted(READINGS))]}, now).pk]


@pytest.mark.django_db
def test_sql_memory_and_the_raw_facts_agree() -> None:
    found = compare(edges.SHORT, players=200, rules=60, seed=1)
    assert not found.told, "\n".join(found.told[:20])
    assert found.proper > 0.4 * found.read, "too many of these rules tell nobody apart"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("season", ["spring", "autumn"])
def test_a_thousand_rules_of_ten_thousand_players_have_no_wrong_member(season: str) -> None:
    """Each season half of the rules, and all of the players."""
    instants = edges.SPRING if season == "spring" else edges.AUTUMN
    size, rules = int(os.environ.get("ORACLE_PLAYERS", "10000")), int(os.environ.get("ORACLE_RULES", "1000"))
    found = compare(instants, players=size, rules=rules // 2, seed=7 if season == "spring" else 8, thorough=True)
    assert not found.told, "\n".join(found.told[:20])
    assert found.seconds < MINUTES / 2 * 60


def test_every_attribute_has_a_reading_from_the_raw_facts_or_a_reason_not_to() -> None:
    known = {attribute.key for attribute in registry}
    assert known - READINGS.keys() - WITHOUT.keys() == set(), "write a reading: tests/language/brute_force/__init__.py"
    assert READINGS.keys() - known == set()
    assert all(WITHOUT.values())
    assert not READINGS.keys() & WITHOUT.keys()


@pytest.mark.django_db
def test_every_reading_knows_every_choice_inside_its_attribute() -> None:
    house = HOUSES[0]
    registered = {"event": "player.registered", "event_id": "1", "occurred_at": "2026-01-01T00:00:00+00:00",
                  "properties": {"currency": "GBP"}}  # fmt: skip
    nobody = answer.Crowd([Life(house, [registered])], Moment(edges.SHORT[0], house))
    dice = random.Random(3)
    for key in READINGS:
        for param in registry.get(key).params:
            for choice in param.choices:
                leaf = random_leaf(dice, [key])
                nobody.members(leaf | {"params": leaf["params"] | {param.key: choice}})
