"""Where an attribute's number or instant comes from: once as SQL, once read off a record in memory."""

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Any, Protocol

from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    DateTimeField,
    DecimalField,
    Expression,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Least

from config.lib.clock import NEVER
from players.models import Category, PlayerCategory, PlayerHabits, PlayerMoney
from segments.language.record import Record

Params = dict[str, Any]


class Quantity(Protocol):
    def sql(self, params: Params) -> Any: ...
    def read(self, record: Record, params: Params) -> Any: ...


@dataclass(frozen=True)
class Column:
    """A column of the state row, or of the account when the name starts with 'player__'."""

    name: str

    def sql(self, params: Params) -> F:
        return F(self.name)

    def read(self, record: Record, params: Params) -> Any:
        head, _, tail = self.name.partition("__")
        return getattr(record.player, tail) if tail and head == "player" else getattr(record.state, self.name)


@dataclass(frozen=True)
class Known:
    """An instant that may be empty: what nobody knows has not happened."""

    name: str

    def sql(self, params: Params) -> Expression:
        return Coalesce(F(self.name), Value(NEVER, DateTimeField()))

    def read(self, record: Record, params: Params) -> datetime:
        return Column(self.name).read(record, params) or NEVER


@dataclass(frozen=True)
class Total:
    """Columns added up, those in `minus` taken away. Widened first: int4 times int4 overflows."""

    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()

    def sql(self, params: Params) -> Any:
        total: Any = Cast(F(self.plus[0]), BigIntegerField())
        for name in self.plus[1:]:
            total = total + F(name)
        for name in self.minus:
            total = total - F(name)
        return total

    def read(self, record: Record, params: Params) -> int:
        state = record.state
        return sum(getattr(state, name) for name in self.plus) - sum(getattr(state, name) for name in self.minus)


def _rows(params: Params) -> QuerySet[PlayerCategory]:
    return PlayerCategory.objects.filter(player_id=OuterRef("player_id"), category=category_of(params))


def category_of(params: Params) -> int:
    return Category.from_key(params["category"]).value


@dataclass(frozen=True)
class OfCategory:
    """A number of the player's row for the category named in the rule; no row counts as nothing."""

    name: str

    def sql(self, params: Params) -> Expression:
        wide = Cast(Subquery(_rows(params).values(self.name)), BigIntegerField())
        return Coalesce(wide, Value(0, BigIntegerField()))

    def read(self, record: Record, params: Params) -> int:
        row = record.categories.get(category_of(params))
        return getattr(row, self.name) if row else 0


@dataclass(frozen=True)
class AllCategories:
    """A number summed over every category the player has a row for, or how many such rows there are."""

    name: str
    counts: bool = False

    def sql(self, params: Params) -> Expression:
        rows = PlayerCategory.objects.filter(player_id=OuterRef("player_id")).order_by().values("player_id")
        total = Subquery(rows.annotate(total=Count("pk") if self.counts else Sum(self.name)).values("total"))
        return Coalesce(Cast(total, BigIntegerField()), Value(0, BigIntegerField()))

    def read(self, record: Record, params: Params) -> int:
        if self.counts:
            return len(record.categories)
        return sum(getattr(row, self.name) for row in record.categories.values())


@dataclass(frozen=True)
class MomentOfCategory:
    """An instant of the player's row for the category named in the rule; no row means it never happened."""

    name: str

    def sql(self, params: Params) -> Expression:
        return Coalesce(Subquery(_rows(params).values(self.name)), Value(NEVER, DateTimeField()))

    def read(self, record: Record, params: Params) -> datetime:
        row = record.categories.get(category_of(params))
        return getattr(row, self.name) if row else NEVER


_EMPTY = {PlayerHabits: "habits", PlayerMoney: "money"}


@dataclass(frozen=True)
class Beside:
    """Columns of the habits or money row, added up. Who has no such row never had a session, or never paid:
    its counts are nought, its instants never, its words empty."""

    row: type[PlayerHabits] | type[PlayerMoney]
    names: tuple[str, ...]

    def sql(self, params: Params) -> Any:
        return reduce(operator.add, (self._column(name) for name in self.names))

    def read(self, record: Record, params: Params) -> Any:
        row = getattr(record.state, _EMPTY[self.row], None)
        values = [getattr(row, name) if row else self._nothing(name) for name in self.names]
        return values[0] if len(values) == 1 else sum(values)

    def there(self, params: Params) -> Q:
        return Q(**{f"{_EMPTY[self.row]}__isnull": False})

    def _column(self, name: str) -> Expression:
        field: Any = self.row._meta.get_field(name)
        output: Any = BigIntegerField() if isinstance(field, IntegerField) else field.__class__()
        found: Any = F(f"{_EMPTY[self.row]}__{name}")
        if isinstance(field, IntegerField):
            found = Cast(found, output)
        return Coalesce(found, Value(self._nothing(name), output), output_field=output)

    def _nothing(self, name: str) -> Any:
        field = self.row._meta.get_field(name)
        return NEVER if isinstance(field, DateTimeField) else "" if isinstance(field, CharField) else 0


def there(quantity: Quantity | None, params: Params) -> Q:
    """That there is a row to read it from: for conditions nothing cannot meet. They imply it, but the planner does
    not see through "or nought", and would join everybody before it compares."""
    asked = getattr(quantity, "there", None)
    return asked(params) if asked else Q()


def habit(*names: str) -> Beside:
    return Beside(PlayerHabits, names)


def purse(*names: str) -> Beside:
    return Beside(PlayerMoney, names)


@dataclass(frozen=True)
class Chosen:
    """One of several quantities, by the parameter the rule names."""

    param: str
    of: Mapping[str, Quantity]

    def sql(self, params: Params) -> Any:
        return self.of[params[self.param]].sql(params)

    def there(self, params: Params) -> Q:
        return there(self.of[params[self.param]], params)

    def read(self, record: Record, params: Params) -> Any:
        return self.of[params[self.param]].read(record, params)


@dataclass(frozen=True)
class AtMost:
    """A count cut off: of 37 sessions the newest 5 are looked at."""

    of: Quantity
    most: int

    def sql(self, params: Params) -> Any:
        return Least(self.of.sql(params), Value(self.most, BigIntegerField()))

    def read(self, record: Record, params: Params) -> int:
        return min(self.of.read(record, params), self.most)


@dataclass(frozen=True)
class Fixed:
    """The same number for everybody."""

    number: int

    def sql(self, params: Params) -> Any:
        return Value(self.number, BigIntegerField())

    def read(self, record: Record, params: Params) -> int:
        return self.number


@dataclass(frozen=True)
class Less:
    """One number less another."""

    one: Quantity
    other: Quantity

    def sql(self, params: Params) -> Any:
        return self.one.sql(params) - self.other.sql(params)

    def read(self, record: Record, params: Params) -> int:
        return int(self.one.read(record, params) - self.other.read(record, params))


@dataclass(frozen=True)
class LeadingCategory:
    """The category with the largest number in its row, all time; of equals the first of the catalogue. 0 = none."""

    by: str  # a parameter of the rule, whose words are columns of the row

    def sql(self, params: Params) -> Expression:
        rows = PlayerCategory.objects.filter(player_id=OuterRef("player_id"), **{f"{params[self.by]}__gt": 0})
        return Coalesce(Subquery(rows.order_by(f"-{params[self.by]}", "category").values("category")[:1]), Value(0))

    def read(self, record: Record, params: Params) -> int:
        found = [(-getattr(row, params[self.by]), number) for number, row in record.categories.items()]
        return min(((most, number) for most, number in found if most < 0), default=(0, 0))[1]


@dataclass(frozen=True)
class Product:
    """Two numbers multiplied, without a bound on the digits: stakes times deposits overflow a bigint."""

    one: Quantity
    other: Quantity

    def sql(self, params: Params) -> Any:
        wide = DecimalField(max_digits=60, decimal_places=0)
        return Cast(self.one.sql(params), wide) * Cast(self.other.sql(params), wide)

    def read(self, record: Record, params: Params) -> int:
        return int(self.one.read(record, params) * self.other.read(record, params))


@dataclass(frozen=True)
class PamBonuses:
    """How many bonuses the PAM has told of, or of those how many the player took."""

    taken: bool = False

    @property
    def _column(self) -> str:
        return "bonuses_taken" if self.taken else "bonuses_offered"

    def sql(self, params: Params) -> F:
        return F(self._column)

    def read(self, record: Record, params: Params) -> int:
        return int(getattr(record.state, self._column))
