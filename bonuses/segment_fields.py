"""What segments can ask about bonuses."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Count, Expression, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce

from bonuses.models import Grant
from segments.language.attributes import Family, register
from segments.language.numbers import Money, Number
from segments.language.quantities import Column, Params
from segments.language.record import Record


@dataclass(frozen=True)
class OfGrants:
    """A count or sum over the grants a player was given; cancelled ones were none."""

    summed: str = ""
    open_only: bool = False

    def sql(self, params: Params) -> Expression:
        rows = self._rows(player_id=OuterRef("player_id")).order_by().values("player_id")
        total = Subquery(rows.annotate(total=Sum(self.summed) if self.summed else Count("pk")).values("total"))
        return Coalesce(Cast(total, BigIntegerField()), Value(0, BigIntegerField()))

    def read(self, record: Record, params: Params) -> int:
        found: dict[int, int] = record.crowd.once(self, self._told)
        return int(found.get(record.player_id, 0))

    def _told(self, player_ids: Sequence[int]) -> dict[int, int]:
        rows = self._rows(player_id__in=player_ids).order_by().values_list("player_id")
        return dict(rows.annotate(n=Sum(self.summed) if self.summed else Count("pk")))

    def _rows(self, **of: Any) -> QuerySet[Grant]:
        rows = Grant.objects.filter(**of)
        return rows.open() if self.open_only else rows.exclude(status=Grant.Status.CANCELLED)


_FEEDS = frozenset({"play", "payments"})

register(
    Number(
        key="open_bonuses", label="Open bonuses", family=Family.BONUSES, unit="bonuses",
        help="Bonuses being credited or played through right now.",
        of=OfGrants(open_only=True), phrase="who have {cmp} {value} open", feeds=_FEEDS,
    ),
    Number(
        key="bonus_count", label="Bonuses received, all time", family=Family.BONUSES, unit="bonuses",
        help="Every bonus given, cancelled ones left out.",
        of=OfGrants(), phrase="who have been given {cmp} {value}", feeds=_FEEDS,
    ),
    Money(
        key="bonus_sum", label="Bonus money received, all time", family=Family.BONUSES,
        help="Sum of every bonus given, cancelled ones left out.",
        of=OfGrants(summed="amount"), phrase="who have been given {cmp} {value} in bonuses", feeds=_FEEDS,
    ),
    Number(
        key="bonus_to_deposit", label="Bonus-to-deposit ratio", family=Family.BONUSES, unit="%",
        help="Bonuses given divided by deposits, all time.", down=100, most=100_000,
        of=OfGrants(summed="amount"), per=Column("deposit_sum"),
        phrase="whose bonuses come to {cmp} {value} of their deposits",
        note="Players who have never deposited do not match.", feeds=_FEEDS,
    ),
)  # fmt: skip
