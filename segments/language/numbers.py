"""Attributes that are numbers: counts, averages, shares, money.

Averages and shares are compared by cross-multiplying: `seconds > 45 × 60 × sessions` is exact and
faster than dividing, and a rounded average once put 15 of 48 015 players on the wrong side.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from django.db.models import BigIntegerField, DecimalField, F, Q, Value
from django.db.models.functions import Cast
from django.db.models.lookups import Exact, GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual

from config.lib.money import Money as Amount
from config.lib.money import exponent, is_known
from segments.language.attributes import BEHAVIOUR, Attribute, Family, Wrong
from segments.language.products import at_least, decided, rough
from segments.language.quantities import Params, Quantity, there
from segments.language.record import Record
from segments.language.tree import At, Leaf

COMPARISONS: Mapping[str, str] = {
    "more_than": "more than",
    "at_least": "at least",
    "less_than": "less than",
    "at_most": "at most",
    "is": "exactly",
    "between": "between",
}
LOOKUPS = {
    "more_than": GreaterThan,
    "at_least": GreaterThanOrEqual,
    "less_than": LessThan,
    "at_most": LessThanOrEqual,
    "is": Exact,
}
HOLDS: Mapping[str, Callable[[int, int], bool]] = {
    "more_than": operator.gt,
    "at_least": operator.ge,
    "less_than": operator.lt,
    "at_most": operator.le,
    "is": operator.eq,
}


def bounds(op: str, value: Any) -> list[tuple[str, int]]:
    """'between 3 and 5' is 'at least 3' and 'at most 5'."""
    return [("at_least", value[0]), ("at_most", value[1])] if op == "between" else [(op, value)]


def whole(value: Any, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Wrong("Enter a whole number." if value in (None, "") else f"“{str(value)[:40]}” is not a whole number.")
    if not least <= value <= most:
        raise Wrong(f"Enter a number from {least:,} to {most:,}.")
    return value


def pair(value: Any, least: int, most: int) -> tuple[int, int]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise Wrong("“Between” needs two numbers.")
    low, high = (whole(part, least, most) for part in value)
    if low > high:
        raise Wrong(f"{low:,} is above {high:,}: put the smaller number first.")
    return low, high


def with_unit(number: int, unit: str) -> str:
    if unit == "%":
        return f"{number:,} %"
    return f"{number:,} {unit[:-1] if number == 1 and unit.endswith('s') else unit}".strip()


def read_int(text: str) -> Any:
    try:
        return int(text.strip().replace("\u202f", "").replace(",", ""))
    except ValueError:
        return text.strip()


@dataclass(frozen=True, kw_only=True)
class Number(Attribute):
    """`of` compared with the value; with `per`, `of ÷ per` compared, without ever dividing."""

    of: Quantity
    per: Quantity | None = None
    per_least: int = 1  # players with less below the line do not match
    up: int = 1  # one unit of the value, in units of `of` × `down`: minutes of seconds -> 60
    down: int = 1  # per cent -> 100
    least: int = 0
    most: int = 1_000_000
    wide: bool = False  # products of sums: compared as numeric, where a bigint would overflow

    operators: ClassVar[Mapping[str, str]] = {key: f"is {words}" for key, words in COMPARISONS.items()}

    def check(self, op: str, value: Any, params: Params) -> Any:
        return pair(value, self.least, self.most) if op == "between" else whole(value, self.least, self.most)

    def condition(self, leaf: Leaf, at: At) -> Q:
        left, right = self.of.sql(leaf.params), None
        whole: Any = DecimalField(max_digits=60, decimal_places=0) if self.wide else BigIntegerField()
        if self.down != 1:
            left = Cast(left, whole) * Value(self.down, whole)
        found = there(self.per, leaf.params)
        if not all(HOLDS[op](0, number * self.up) for op, number in bounds(leaf.op, leaf.value)):
            found &= there(self.of, leaf.params)
        if self.per is not None:
            right = self.per.sql(leaf.params)
            found &= at_least(self.per, self.per_least, leaf.params)
            right = Cast(right, whole)
        for op, number in bounds(leaf.op, leaf.value):
            edge = Value(number * self.up, whole) if self.wide else Value(number * self.up)
            exact = LOOKUPS[op](left, edge if right is None else edge * right)
            found &= Q(self._soon_told(leaf, op, number, exact) if self.wide else exact)
        return found

    def _soon_told(self, leaf: Leaf, op: str, number: int, exact: Any) -> Any:
        left, right = rough(self.of, leaf.params), rough(self.per, leaf.params)
        if left is None or right is None:
            return exact
        left, edge = left * Value(float(self.down)), right * Value(float(number * self.up))
        return decided(left, edge, exact, above=HOLDS[op](1, 0), below=HOLDS[op](0, 1))

    def keeps_the_absent(self, leaf: Leaf, *, negated: bool) -> bool:
        """Who does nothing has nothing to count or to add up; an average of nothing is unknown and matches nothing."""
        if self.family not in BEHAVIOUR - {Family.BONUSES} or self.per is not None:
            return False
        if leaf.than is None:
            return all(HOLDS[op](0, number) for op, number in bounds(leaf.op, leaf.value)) != negated
        if leaf.than.attribute == leaf.attribute:
            return leaf.params.get("window") != leaf.than.params.get("window")  # less lately than before
        smaller = ("less_than", "at_most", "is") if leaf.attribute == self.key else ("more_than", "at_least", "is")
        return (leaf.op in smaller) != negated

    def holds(self, leaf: Leaf, record: Record, at: At) -> bool:
        left, right = self.of.read(record, leaf.params) * self.down, 1
        if self.per is not None:
            right = self.per.read(record, leaf.params)
            if right < self.per_least:
                return False
        return all(HOLDS[op](left, number * self.up * right) for op, number in bounds(leaf.op, leaf.value))

    def shown(self, leaf: Leaf, record: Record, at: At) -> str:
        top = self.of.read(record, leaf.params)
        if self.per is None:
            return self._quantity(top, leaf)
        bottom = self.per.read(record, leaf.params)
        if bottom < self.per_least:
            return "unknown: too little to go by" if bottom else "none yet"
        return self._quotient(top, bottom, leaf)

    def _quantity(self, top: int, leaf: Leaf) -> str:
        return with_unit(top, self.unit)

    def _quotient(self, top: int, bottom: int, leaf: Leaf) -> str:
        exact = Decimal(top * self.down) / (bottom * self.up)
        return f"{exact:.1f} {self.unit}"

    def says(self, leaf: Leaf) -> str:
        words = self.phrase or f"whose {self.label[0].lower()}{self.label[1:]} is {{cmp}} {{value}}"
        if leaf.op == "between":
            low, high = leaf.value
            value = f"{self._bare(low, leaf)} and {self._quantity(high, leaf)}"
        else:
            value = self._quantity(leaf.value, leaf)
        return words.format(cmp=COMPARISONS[leaf.op], value=value, **self.param_words(leaf))

    def _bare(self, number: int, leaf: Leaf) -> str:
        return f"{number:,}"

    def typed(self, op: str, raw: Sequence[str], params: Params) -> Any:
        numbers = [read_int(text) if text.strip() else None for text in raw[: self.inputs(op)]]
        return numbers if op == "between" else (numbers[0] if numbers else None)


@dataclass(frozen=True, kw_only=True)
class Money(Number):
    """Minor units of one currency, named in the rule. Accounts in another currency do not match."""

    most: int = 10**12
    sensitivity: str = "financial"
    note: str = "Only accounts held in this currency match."

    def check(self, op: str, value: Any, params: Params) -> Any:
        currency = params.get("currency")
        if not isinstance(currency, str) or not is_known(currency):
            raise Wrong("Name the currency of the amount.")
        return super().check(op, value, params)

    def condition(self, leaf: Leaf, at: At) -> Q:
        return super().condition(leaf, at) & Q(Exact(F("player__currency"), Value(leaf.params["currency"])))

    def holds(self, leaf: Leaf, record: Record, at: At) -> bool:
        return record.player.currency == leaf.params["currency"] and super().holds(leaf, record, at)

    def shown(self, leaf: Leaf, record: Record, at: At) -> str:
        top = self.of.read(record, leaf.params)
        if self.per is not None:
            bottom = self.per.read(record, leaf.params)
            if bottom < self.per_least:
                return "none yet"
            top = int(Decimal(top) / bottom)
        return str(Amount(top, record.player.currency))

    def _quantity(self, top: int, leaf: Leaf) -> str:
        return str(Amount(top, leaf.params["currency"]))

    def _bare(self, number: int, leaf: Leaf) -> str:
        return self._quantity(number, leaf).rsplit("\u00a0", 1)[0]

    def typed(self, op: str, raw: Sequence[str], params: Params) -> Any:
        numbers = [self._minor(text, params.get("currency")) for text in raw[: self.inputs(op)]]
        return numbers if op == "between" else (numbers[0] if numbers else None)

    def fields(self, leaf_value: Any, params: Params) -> list[str]:
        return [self._major(part, params["currency"]) for part in as_list(leaf_value)]

    @staticmethod
    def _minor(text: str, currency: Any) -> Any:
        """'50.00' as 5000; more decimals than the currency has, or no number at all, stays as typed."""
        if not text.strip():
            return None
        try:
            minor = Decimal(text.strip().replace("\u202f", "").replace(",", "")).scaleb(exponent(currency))
            return int(minor) if minor == minor.to_integral_value() else text.strip()
        except (InvalidOperation, KeyError, ValueError, OverflowError):
            return text.strip()

    @staticmethod
    def _major(part: Any, currency: str) -> str:
        if isinstance(part, bool) or not isinstance(part, int) or not is_known(currency):
            return "" if part is None else str(part)
        return f"{Decimal(part).scaleb(-exponent(currency)):f}"


def as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]
