"""Numbers of things that happened one by one within the last days: exact to the second, and told when the next
of them gets too old."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db.models import (
    BigIntegerField,
    Count,
    DateTimeField,
    ExpressionWrapper,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce

from config.lib.clock import NEVER
from segments.language.attributes import Param
from segments.language.numbers import Number
from segments.language.quantities import Params
from segments.language.record import Record
from segments.language.tree import At, Leaf

WITHIN = Param(
    "within", "Within", {"7": "Last 7 days", "30": "Last 30 days", "90": "Last 90 days", "365": "Last 365 days"}
)
_BIG = BigIntegerField()


@dataclass(frozen=True)
class Moments:
    """Rows of a table that carry a player and an instant, some of them by the parameters of the rule."""

    rows: Callable[[Params], QuerySet[Any]]
    column: str

    def of(self, record: Record, params: Params) -> list[datetime]:
        """The player's, in no order; read once for all records of a load."""
        key = (self, tuple(sorted(params.items())))
        found: dict[int, list[datetime]] = record.crowd.once(key, lambda ids: self._told(ids, params))
        return found.get(record.player_id, [])

    def _told(self, player_ids: Sequence[int], params: Params) -> dict[int, list[datetime]]:
        told: dict[int, list[datetime]] = defaultdict(list)
        for player, at in self.rows(params).filter(player_id__in=player_ids).values_list("player_id", self.column):
            told[player].append(at)
        return told

    def mine(self, params: Params, since: datetime | None = None) -> QuerySet[Any, Any]:
        """Inside a query over state rows."""
        rows = self.rows(params).filter(player_id=OuterRef("player_id")).order_by()
        if since is not None:
            rows = rows.filter(**{f"{self.column}__gt": since})
        return rows.values("player_id")


@dataclass(frozen=True)
class Newest:
    """The instant of the newest of them; none: it never happened."""

    moments: Moments

    def sql(self, params: Params) -> Any:
        newest = self.moments.mine(params).annotate(at=Max(self.moments.column)).values("at")
        return Coalesce(Subquery(newest), Value(NEVER, DateTimeField()))

    def read(self, record: Record, params: Params) -> datetime:
        return max(self.moments.of(record, params), default=NEVER)


@dataclass(frozen=True)
class _Counted:
    moments: Moments
    since: datetime

    def sql(self, params: Params) -> Any:
        rows = self.moments.mine(params, self.since).annotate(n=Count("pk")).values("n")
        return Coalesce(Cast(Subquery(rows), _BIG), Value(0, _BIG))

    def read(self, record: Record, params: Params) -> int:
        return sum(at > self.since for at in self.moments.of(record, params))


@dataclass(frozen=True, kw_only=True)
class Recent(Number):
    """How many of them lie less than so many 24-hour days back."""

    of: Any  # Moments

    by_time: ClassVar[bool] = True

    def _span(self, leaf: Leaf) -> timedelta:
        return timedelta(days=int(WITHIN.chosen(leaf.params)))

    def _at(self, leaf: Leaf, at: At) -> Number:
        return Number(**{**_fields(self), "of": _Counted(self.of, at.now - self._span(leaf))})

    def condition(self, leaf: Leaf, at: At) -> Q:
        return self._at(leaf, at).condition(leaf, at)

    def holds(self, leaf: Leaf, record: Record, at: At) -> bool:
        return self._at(leaf, at).holds(leaf, record, at)

    def shown(self, leaf: Leaf, record: Record, at: At) -> str:
        return self._at(leaf, at).shown(leaf, record, at)

    def flips(self, leaf: Leaf, at: At) -> list[Any]:
        span = self._span(leaf)
        oldest = self.of.mine(leaf.params, at.now - span).annotate(at=Min(self.of.column)).values("at")
        then = ExpressionWrapper(Subquery(oldest) + Value(span), output_field=DateTimeField())
        return [then]

    def next_flip(self, leaf: Leaf, record: Record, at: At) -> datetime | None:
        span = self._span(leaf)
        inside = [moment for moment in self.of.of(record, leaf.params) if moment > at.now - span]
        return min(inside, default=NEVER) + span if inside else None


def _fields(attribute: Recent) -> dict[str, Any]:
    return {field.name: getattr(attribute, field.name) for field in fields(attribute)}
