"""Built-in attributes of bonuses as the platform tells of them; `bonuses.segment_fields` adds those given by us."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import BigIntegerField, Count, Expression, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce

from players.models import PlayerBonus
from segments.language.attributes import Family, register
from segments.language.numbers import Number
from segments.language.quantities import PamBonuses, Params
from segments.language.record import Record

BONUSES = frozenset({"bonuses"})
_BIG = BigIntegerField()


@dataclass(frozen=True)
class OpenOffers:
    """How many bonuses wait to be taken."""

    def sql(self, params: Params) -> Expression:
        rows = PlayerBonus.objects.filter(player_id=OuterRef("player_id"), status="offered").order_by()
        total = Subquery(rows.values("player_id").annotate(n=Count("pk")).values("n"))
        return Coalesce(Cast(total, _BIG), Value(0, _BIG))

    def read(self, record: Record, params: Params) -> int:
        found: dict[int, int] = record.crowd.once(self, self._counted)
        return found.get(record.player_id, 0)

    @staticmethod
    def _counted(player_ids: Sequence[int]) -> dict[int, int]:
        rows = PlayerBonus.objects.filter(player_id__in=player_ids, status="offered").order_by()
        return dict(rows.values_list("player_id").annotate(n=Count("pk")))


register(
    Number(
        key="bonuses_offered", label="Bonuses offered", family=Family.BONUSES, unit="bonuses", of=PamBonuses(),
        help="Every bonus the platform has told of: offered, claimed or more.", phrase="who were offered {cmp} {value}",
        example="Three offered, one of them claimed: 3 bonuses.", words="promotions offers count", feeds=BONUSES,
    ),
    Number(
        key="open_offers", label="Unclaimed offers", family=Family.BONUSES, unit="offers", feeds=BONUSES,
        help="Bonuses the platform has told of as offered that were not claimed, and did not expire.",
        of=OpenOffers(), example="Three offered, one claimed, one expired: 1 offer.",
        words="open pending available promotions not taken", phrase="who have {cmp} {value} they have not claimed",
    ),
    Number(
        key="bonus_uptake", label="Bonus uptake", family=Family.BONUSES, unit="%", most=100, down=100,
        help="Bonuses claimed divided by bonuses offered, all time, as the platform tells of them. Claimed is what was "
        "ever claimed, active, completed or played to zero.",
        example="2 of 8 offers claimed: 25 %.", words="redemption claim rate take-up bonus lover",
        of=PamBonuses(taken=True), per=PamBonuses(), per_least=3, feeds=BONUSES,
        phrase="who took {cmp} {value} of the bonuses offered to them",
        note="Players with fewer than 3 offers do not match.",
    ),
)  # fmt: skip
