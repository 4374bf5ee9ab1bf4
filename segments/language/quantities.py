"""Where an attribute's number or instant comes from: once as SQL, once read off a record in memory."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db.models import (
    BigIntegerField,
    DateTimeField,
    Expression,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce

from config.lib.clock import NEVER
from players.models import Category, PlayerCategory
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
    """A number summed over every category the player has a row for."""

    name: str

    def sql(self, params: Params) -> Expression:
        rows = PlayerCategory.objects.filter(player_id=OuterRef("player_id")).order_by().values("player_id")
        total = Subquery(rows.annotate(total=Sum(self.name)).values("total"))
        return Coalesce(Cast(total, BigIntegerField()), Value(0, BigIntegerField()))

    def read(self, record: Record, params: Params) -> int:
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
