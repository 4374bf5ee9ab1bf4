"""An attribute compared with another one of the same player: deposits with withdrawals, last play with last login.

Numbers are compared by cross-multiplying, like everywhere; what is unknown on either side does not match.
Two instants are compared with each other, not with now: time alone never changes the answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, DecimalField, Q, Value
from django.db.models.functions import Cast
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual, LessThan

from config.lib.clock import NEVER
from segments.language.attributes import Attribute, registry
from segments.language.instants import Since
from segments.language.numbers import COMPARISONS, HOLDS, LOOKUPS, Money, Number
from segments.language.record import Record
from segments.language.tree import At, Leaf

_WIDE: Any = DecimalField(max_digits=60, decimal_places=0)
_APART = {"seconds", "minutes", "hours", "odds"}
_NUMBERS = {op: words for op, words in COMPARISONS.items() if op != "between"}
_INSTANTS = {"longer_ago_than": "longer ago than", "more_recently_than": "more recently than"}
MOST_PERCENT = 10_000


def dimension(attribute: Attribute) -> str:
    """What can be held against each other: money, share, time by unit, odds, count, instant; "" what cannot at all."""
    kind = type(attribute)
    if isinstance(attribute, Since) and kind.condition is Since.condition:
        return "instant"
    if not isinstance(attribute, Number) or kind.condition not in (Number.condition, Money.condition):
        return ""
    if isinstance(attribute, Money):
        return "money"
    if attribute.unit == "%":
        return "share"
    return attribute.unit if attribute.unit in _APART else "count"


def operators(attribute: Attribute) -> Mapping[str, str]:
    """By what it can be compared with another attribute; none if it cannot."""
    sort = dimension(attribute)
    return {} if not sort else _INSTANTS if sort == "instant" else _NUMBERS


def partners(attribute: Attribute) -> list[Attribute]:
    """What it can be compared with, itself included: the same in another category is another number."""
    sort = dimension(attribute)
    return [other for other in registry if dimension(other) == sort] if sort else []


@dataclass(frozen=True)
class Comparison:
    """A leaf with `than`, with the readings an attribute gives of a leaf with a value."""

    left: Any  # Number or Since; `dimension` has seen to it
    right: Any

    def condition(self, leaf: Leaf, at: At) -> Q:
        assert leaf.than is not None
        if isinstance(self.left, Since):
            return self._instants(leaf)
        found = _known(self.left, leaf.params) & _known(self.right, leaf.than.params)
        if self._is_plain(leaf):
            return Q(LOOKUPS[leaf.op](self.left.of.sql(leaf.params), self.right.of.sql(leaf.than.params)))
        mine = _times(self.left.of.sql(leaf.params), self.left.down * self.right.up * 100)
        other = _times(self.right.of.sql(leaf.than.params), self.right.down * self.left.up * leaf.than.percent)
        if self.right.per is not None:
            mine = mine * Cast(self.right.per.sql(leaf.than.params), _WIDE)
        if self.left.per is not None:
            other = other * Cast(self.left.per.sql(leaf.params), _WIDE)
        return found & Q(LOOKUPS[leaf.op](mine, other))

    def _is_plain(self, leaf: Leaf) -> bool:
        """One column against another: nothing is multiplied, so nothing has to be widened."""
        assert leaf.than is not None
        alike = self.left.down * self.right.up == self.right.down * self.left.up
        return alike and leaf.than.percent == 100 and self.left.per is None and self.right.per is None

    def _instants(self, leaf: Leaf) -> Q:
        assert leaf.than is not None
        mine, other = self.left.of.sql(leaf.params), self.right.of.sql(leaf.than.params)
        never: Any = Value(NEVER, DateTimeField())
        lookup = LessThan if leaf.op == "longer_ago_than" else GreaterThan
        return Q(GreaterThan(mine, never)) & Q(GreaterThan(other, never)) & Q(lookup(mine, other))

    def holds(self, leaf: Leaf, record: Record, at: At) -> bool:
        assert leaf.than is not None
        mine, other = self.left.of.read(record, leaf.params), self.right.of.read(record, leaf.than.params)
        if isinstance(self.left, Since):
            if NEVER in (mine, other):
                return False
            return mine < other if leaf.op == "longer_ago_than" else mine > other
        below, under = _below(self.left, record, leaf.params), _below(self.right, record, leaf.than.params)
        if below is None or under is None:
            return False
        mine *= self.left.down * self.right.up * 100 * under
        return HOLDS[leaf.op](mine, other * self.right.down * self.left.up * leaf.than.percent * below)

    def flips(self, leaf: Leaf, at: At) -> list[Any]:
        return []

    def next_flip(self, leaf: Leaf, record: Record, at: At) -> datetime | None:
        return None

    def shown(self, leaf: Leaf, record: Record, at: At) -> str:
        assert leaf.than is not None
        mine = self.left.shown(Leaf(leaf.attribute, leaf.op, None, leaf.params), record, at)
        other = self.right.shown(Leaf(leaf.than.attribute, leaf.op, None, leaf.than.params), record, at)
        return f"{mine}, against {other}"

    def says(self, leaf: Leaf) -> str:
        assert leaf.than is not None
        mine, other = _named(self.left, leaf.params), _named(self.right, leaf.than.params)
        if isinstance(self.left, Since):
            return f"whose {mine} was {_INSTANTS[leaf.op]} their {other}"
        share = "" if leaf.than.percent == 100 else f"{leaf.than.percent:,} % of "
        return f"whose {mine} is {COMPARISONS[leaf.op]} {share}their {other}"


def asked(leaf: Leaf) -> "Attribute | Comparison":
    """Who gives the readings of this leaf."""
    attribute = registry.get(leaf.attribute)
    return attribute if leaf.than is None else Comparison(attribute, registry.get(leaf.than.attribute))


def attributes_of(leaf: Leaf) -> list[Attribute]:
    keys = [leaf.attribute] if leaf.than is None else [leaf.attribute, leaf.than.attribute]
    return [registry.get(key) for key in keys]


def _times(number: Any, factor: int) -> Any:
    wide = Cast(number, _WIDE)
    return wide if factor == 1 else wide * Value(factor, _WIDE)


def _known(attribute: Number, params: dict[str, Any]) -> Q:
    if attribute.per is None:
        return Q()
    return Q(GreaterThanOrEqual(attribute.per.sql(params), Value(attribute.per_least)))


def _below(attribute: Number, record: Record, params: dict[str, Any]) -> int | None:
    """What it is divided by; None where there is too little of it to know anything."""
    if attribute.per is None:
        return 1
    number: int = attribute.per.read(record, params)
    return number if number >= attribute.per_least else None


def _named(attribute: Attribute, params: dict[str, Any]) -> str:
    """'days since last play in a category' of slots is their 'last play in a category (slots)'."""
    label, _, span = f"{attribute.label[0].lower()}{attribute.label[1:]}".removeprefix("days since ").partition(", ")
    chosen = [param.words(params) for param in attribute.params if param.chosen(params) != param.default]
    aside = ", ".join([*chosen, span] if span else chosen)
    return f"{label} ({aside})" if aside else label
