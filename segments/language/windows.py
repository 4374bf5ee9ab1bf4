"""Sums over the last 7, 30, 90 or 365 gaming days, from the daily rollup: one look into an index per player.

The window ends on the brand's present gaming day, as far as `players.windows` has turned it; when it turns, whoever
lost a day of any of these windows is looked at again.
"""

import operator
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from typing import Any

from django.db.models import (
    BigIntegerField,
    Count,
    DateField,
    Expression,
    ExpressionWrapper,
    OuterRef,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce

from players.models import DailyActivity
from segments.language.attributes import Param
from segments.language.quantities import Params, category_of
from segments.language.record import Record

LENGTHS = (7, 30, 90, 365)
WINDOW = Param("window", "Window", {str(days): f"Last {days} days" for days in LENGTHS})
READING = "Calendar days of the brand, today included."
_BIG = BigIntegerField()


@dataclass(frozen=True)
class InWindow:
    """Columns of the daily rows added up, those in `minus` taken away. Without any row it is nought."""

    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()
    in_category: bool = False  # only rows of the category the rule names
    days: int = 0  # the window, where the rule does not choose it

    def sql(self, params: Params) -> Expression:
        total: Any = reduce(operator.add, (Sum(name) for name in self.plus))
        for name in self.minus:
            total = total - Sum(name)
        return _counted(self._filters(params), total)

    def read(self, record: Record, params: Params) -> int:
        rows = days_of(record, self._length(params))
        if self.in_category:
            rows = [row for row in rows if row.category == category_of(params)]
        return sum(
            sum(getattr(row, name) for name in self.plus) - sum(getattr(row, name) for name in self.minus)
            for row in rows
        )

    def _filters(self, params: Params) -> dict[str, Any]:
        return within(self._length(params)) | ({"category": category_of(params)} if self.in_category else {})

    def _length(self, params: Params) -> int:
        return self.days or int(WINDOW.chosen(params))


@dataclass(frozen=True)
class ActiveDays:
    """On how many days of the window something was staked or deposited for real money."""

    def sql(self, params: Params) -> Expression:
        filters = within(int(WINDOW.chosen(params))) | {"first_real_at__isnull": False}
        return _counted(filters, Count("day", distinct=True))

    def read(self, record: Record, params: Params) -> int:
        rows = days_of(record, int(WINDOW.chosen(params)))
        return len({row.day for row in rows if row.first_real_at is not None})


def within(days: int) -> dict[str, Any]:
    """Filters of daily rows inside a query over state rows."""
    last = OuterRef("brand__window_day")
    first = ExpressionWrapper(last - Value(days), output_field=DateField())
    return {"player_id": OuterRef("player_id"), "day__gt": first, "day__lte": last}


def _counted(filters: Mapping[str, Any], total: Any) -> Expression:
    rows = DailyActivity.objects.filter(**filters).order_by().values("player_id")
    return Coalesce(Cast(Subquery(rows.annotate(total=total).values("total")), _BIG), Value(0, _BIG))


def days_of(record: Record, days: int) -> list[DailyActivity]:
    """The player's daily rows inside the window; read once for all records of a load."""
    last: date | None = record.state.brand.window_day
    if last is None:
        return []
    found: dict[int, list[DailyActivity]] = record.crowd.once("days", _daily)
    return [row for row in found.get(record.player_id, ()) if last - timedelta(days=days) < row.day <= last]


def _daily(player_ids: Sequence[int]) -> dict[int, list[DailyActivity]]:
    found: dict[int, list[DailyActivity]] = defaultdict(list)
    for row in DailyActivity.objects.filter(player_id__in=player_ids):
        found[row.player_id].append(row)
    return found
