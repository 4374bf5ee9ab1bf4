"""A rule, as the JSON it is stored as, answered for a crowd of lives; and what it selects players by.

Members are one bit per life, so that a thousand rules of ten thousand players cost what their different conditions
cost: each attribute is read once per life, each condition judged once.
"""

import json
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import reduce
from typing import Any

from tests.language.brute_force import (  # noqa: F401  (register)
    of_account,
    of_bets,
    of_bonuses,
    of_consents,
    of_money,
    of_play,
    of_runs,
    of_sessions,
    of_windows,
)
from tests.language.brute_force.house import Moment
from tests.language.brute_force.reading import READINGS
from tests.language.brute_force.told import Life

Rule = Mapping[str, Any]
Holds = Callable[[Any, Life], bool]
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "more_than": operator.gt, "at_least": operator.ge, "less_than": operator.lt, "at_most": operator.le,
    "is": operator.eq,
}  # fmt: skip
_DATES: Mapping[str, Callable[[date, date], bool]] = {
    "before": operator.lt, "on": operator.eq, "on_or_after": operator.ge,
}  # fmt: skip
_SOONER: Mapping[str, Callable[[Any, Any], bool]] = {"longer_ago_than": operator.lt, "more_recently_than": operator.gt}


class Crowd:
    """Lives of one brand at one instant. `segments`: the rules of those that rules may name."""

    def __init__(self, lives: Sequence[Life], at: Moment, segments: Mapping[int, Rule] | None = None) -> None:
        self.lives, self.at, self.segments = lives, at, segments or {}
        self.everybody = (1 << len(lives)) - 1
        self._values: dict[str, list[Any]] = {}
        self._leaves: dict[str, int] = {}

    def members(self, rule: Rule) -> int:
        """One bit per life, the first life the lowest."""
        if "attribute" in rule:
            key = json.dumps(rule, sort_keys=True)
            if key not in self._leaves:
                self._leaves[key] = self._leaf(rule)
            return self._leaves[key]
        if "at_least" in rule:
            return _at_least(rule["at_least"], [self.members(child) for child in rule["of"]])
        ((kind, children),) = rule.items()
        found = [self.members(child) for child in children]
        if kind == "all":
            return reduce(operator.and_, found)
        any_ = reduce(operator.or_, found)
        return any_ if kind == "any" else self.everybody & ~any_

    def places(self, members: int) -> list[int]:
        return [place for place, bit in enumerate(reversed(f"{members:b}")) if bit == "1"]

    def values(self, key: str, params: dict[str, str]) -> list[Any]:
        """What the attribute is worth for each life."""
        name = json.dumps([key, params], sort_keys=True)
        if name not in self._values:
            read = READINGS[key].read
            self._values[name] = [read(life, self.at, params) for life in self.lives]
        return self._values[name]

    def _leaf(self, leaf: Rule) -> int:
        if leaf["attribute"] == "segment":
            inside = reduce(operator.or_, (self.members(self.segments[one]) for one in leaf["value"]))
            return inside if leaf["op"] == "in" else self.everybody & ~inside
        if leaf["attribute"] == "was_in_segment":
            segment, end = leaf["params"]["segment"], self.at.house.midnight_after(date.fromisoformat(leaf["value"]))
            return _bits(life.was_in(segment, end) == (leaf["op"] == "on") for life in self.lives)
        if "than" in leaf:
            return self._comparison(leaf)
        params = dict(leaf.get("params", {}))
        shape, calendar = READINGS[leaf["attribute"]].shape, params.pop("days", "hours") == "calendar"
        currency = params.pop("currency", None) if shape == "money" else None
        holds = judge(shape, leaf["op"], leaf.get("value"), self.at, calendar=calendar)
        values = self.values(leaf["attribute"], params)
        return _bits(
            (currency is None or life.currency == currency) and holds(value, life)
            for value, life in zip(values, self.lives, strict=True)
        )

    def _comparison(self, leaf: Rule) -> int:
        """One attribute against another, both known; of money, in the account's own currency."""
        than = leaf["than"]
        mine, other = (
            self.values(one["attribute"], {key: word for key, word in one.get("params", {}).items() if key != "days"})
            for one in (leaf, than)
        )
        if leaf["op"] in _SOONER:
            compare, share = _SOONER[leaf["op"]], None
        else:
            compare, share = _COMPARE[leaf["op"]], Fraction(than.get("percent", 100), 100)
        return _bits(
            one is not None and two is not None and compare(one, two if share is None else share * two)
            for one, two in zip(mine, other, strict=True)
        )


def _bits(held: Iterable[bool]) -> int:
    return int("".join("1" if one else "0" for one in reversed(list(held))) or "0", 2)


def _at_least(least: int, members: list[int]) -> int:
    """Those with at least `least` bits among `members`: n[k] holds who has k or more so far."""
    reached = [-1] + [0] * len(members)
    for one in members:
        for k in range(len(members), 0, -1):
            reached[k] |= reached[k - 1] & one
    return reached[least]


def judge(shape: str, op: str, value: Any, at: Moment, *, calendar: bool = False) -> Holds:
    """What the operator says about a value of this shape."""
    if shape in ("number", "money"):
        return _number(op, value)
    if shape in ("since", "within"):
        return _elapsed(op, value, at, calendar)
    if shape == "age":
        return _age(op, value, at)
    if shape == "birthday":
        return _birthday(op, value, at)
    if shape == "flag":
        return lambda found, life: found == (op == "yes")
    if shape == "own":
        return _own(op, value)
    return _word(op, value, several=shape == "words")


def _own(op: str, value: Any) -> Holds:
    """Of the kind the operator tells; who has no value matches “has no value” and nothing else."""
    if op == "none":
        return lambda found, life: found is None
    if op in ("yes", "no"):
        return lambda found, life: found is (op == "yes")
    if op in _DATES:
        edge, compare = date.fromisoformat(value), _DATES[op]
        return lambda found, life: found is not None and compare(date.fromisoformat(found), edge)
    if op == "is_not":
        return lambda found, life: found is not None and found != value
    return _number(op, value)


def _number(op: str, value: Any) -> Holds:
    if op == "between":
        low, high = value
        return lambda found, life: found is not None and low <= found <= high
    compare = _COMPARE[op]
    return lambda found, life: found is not None and compare(found, value)


def _elapsed(op: str, value: Any, at: Moment, calendar: bool) -> Holds:
    """1 day = 24 hours, to the second, or a gaming day of the brand; what never happened is neither long ago nor
    recent."""

    def days(found: datetime) -> timedelta:
        return timedelta(days=(at.gaming_day - at.house.day(found)).days) if calendar else at.now - found

    if op == "never":
        return lambda found, life: found is None
    low, high = [timedelta(days=n) for n in (value if op == "between" else (value, value + 1))]
    if op in ("between", "is"):
        return lambda found, life: found is not None and low <= days(found) < high
    if op == "at_least":
        return lambda found, life: found is not None and days(found) >= low
    if op in ("less_than", "within"):
        return lambda found, life: found is not None and days(found) < low
    return lambda found, life: found is None or days(found) >= low


def _age(op: str, value: Any, at: Moment) -> Holds:
    """Full years on the calendar of the brand."""

    def years(born: date) -> int:
        today = at.date
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))

    if op == "between":
        low, high = value
        return lambda born, life: born is not None and low <= years(born) <= high
    if op == "at_least":
        return lambda born, life: born is not None and years(born) >= value
    return lambda born, life: born is not None and years(born) < value


def _birthday(op: str, value: int, at: Moment) -> Holds:
    """On one of so many days, today the first. Who was born on 29 February has it on 1 March in other years."""
    days = [at.date + timedelta(days=n) for n in range(value)]
    dates = {(day.month, day.day) for day in days}
    if any((day.month, day.day) == (3, 1) and (day - timedelta(days=1)).day == 28 for day in days):
        dates.add((2, 29))
    return lambda born, life: born is not None and ((born.month, born.day) in dates) == (op == "within")


def _word(op: str, value: Any, *, several: bool) -> Holds:
    wanted = {value} if op in ("is", "is_not") else set(value)
    negative = op in ("is_not", "not_in")

    def inside(found: Any) -> bool:
        return bool(wanted & set(found)) if several else found in wanted

    return lambda found, life: inside(found) != negative


def criteria(rule: Rule, segments: Mapping[int, Rule] | None = None) -> list[str]:
    """What players are chosen by, whatever the group: also whoever is left out was chosen by it."""
    found = sorted(_chosen_by(rule, segments or {}) - {""})
    return found or ["all"]


def _chosen_by(rule: Rule, segments: Mapping[int, Rule]) -> set[str]:
    if "attribute" not in rule:
        children = rule["of"] if "of" in rule else next(iter(rule.values()))
        return set().union(*(_chosen_by(child, segments) for child in children))
    if rule["attribute"] == "segment":
        return set().union(*(_chosen_by(segments[one], segments) for one in rule["value"]))
    if rule["attribute"] == "was_in_segment":
        return _chosen_by(segments[rule["params"]["segment"]], segments)
    return set().union(*(READINGS[one["attribute"]].chosen_by(one) for one in (rule, *_other_side(rule))))


def _other_side(leaf: Rule) -> list[Rule]:
    return [leaf["than"]] if "than" in leaf else []
