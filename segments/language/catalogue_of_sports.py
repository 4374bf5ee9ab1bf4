"""Built-in attributes of sports bets: what on, at which odds, in play or before, single or accumulator."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from django.db.models import BigIntegerField, Count, Expression, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce

from players.models import Bet, Brand, SeenName
from segments.language.attributes import Criterion, Family, register
from segments.language.belonging import Among, Carried
from segments.language.numbers import Number
from segments.language.quantities import Params
from segments.language.record import Record
from segments.language.tree import Leaf

_SPORTS = frozenset({"sports"})
_SEVERAL = "Counts bets whose legs are all of one; an accumulator over several counts for none. Void bets count too."
_BIG = BigIntegerField()


def _names(what: SeenName.What, brand: Brand) -> list[str]:
    return SeenName.of(brand, what)


def _bets() -> QuerySet[Bet]:
    return Bet.objects.exclude(sport="")


@dataclass(frozen=True)
class OfBets:
    """How many bets of the player are like this; with `summed`, that column of theirs in ten-thousandths."""

    like: tuple[tuple[str, Any], ...] = ()
    summed: str = ""

    def sql(self, params: Params) -> Expression:
        rows = self._rows(player_id=OuterRef("player_id")).order_by().values("player_id")
        total = rows.annotate(n=Sum(self.summed) * 10_000 if self.summed else Count("pk")).values("n")
        return Coalesce(Cast(Subquery(total), _BIG), Value(0, _BIG))

    def read(self, record: Record, params: Params) -> int:
        found: dict[int, int] = record.crowd.once(self, self._told)
        return found.get(record.player_id, 0)

    def _told(self, player_ids: Sequence[int]) -> dict[int, int]:
        rows = self._rows(player_id__in=player_ids).order_by().values_list("player_id")
        if not self.summed:
            return dict(rows.annotate(n=Count("pk")))
        return {player: int((total or 0) * 10_000) for player, total in rows.annotate(n=Sum(self.summed))}

    def _rows(self, **of: Any) -> QuerySet[Bet]:
        return Bet.objects.filter(**of, **dict(self.like))


@dataclass(frozen=True, kw_only=True)
class Odds(Number):
    """Decimal odds. The rule holds hundredths (250 is 2.50); the row holds ten-thousandths."""

    unit: str = "odds"
    up: int = 100
    least: int = 100
    most: int = 100_000_000

    def _quantity(self, top: int, leaf: Leaf) -> str:
        return f"{Decimal(top) / 100:,.2f}"

    def _bare(self, number: int, leaf: Leaf) -> str:
        return self._quantity(number, leaf)

    def _quotient(self, top: int, bottom: int, leaf: Leaf) -> str:
        return f"{Decimal(top) / bottom / 10_000:,.2f}"

    def typed(self, op: str, raw: Sequence[str], params: Params) -> Any:
        numbers = [_hundredths(text) if text.strip() else None for text in raw[: self.inputs(op)]]
        return numbers if op == "between" else (numbers[0] if numbers else None)

    def fields(self, leaf_value: Any, params: Params) -> list[str]:
        values = leaf_value if isinstance(leaf_value, list | tuple) else [leaf_value]
        return [f"{Decimal(part) / 100:.2f}" if type(part) is int else str(part or "") for part in values]


def _hundredths(text: str) -> Any:
    try:
        found = Decimal(text.strip().replace(",", ".")) * 100
        return int(found) if found == found.to_integral_value() else text.strip()
    except (InvalidOperation, ValueError, OverflowError):
        return text.strip()


_ALL = OfBets()
_FIVE = "Players with fewer than 5 bets do not match. Void bets and open bets count too."


register(
    Among(
        key="sports", label="Sports bet on", family=Family.SPORTS, help="Sports the player has ever bet on.",
        example="A single on football last May: football.", words="football tennis soccer betting sportsbook",
        of=Carried(_bets, "sport", partial(_names, SeenName.What.SPORT)), note=_SEVERAL, feeds=_SPORTS,
        phrase="who have bet on {value}", phrase_not="who have never bet on {value}", blank="none yet",
        criterion=Criterion.PRODUCT_AFFINITY,
    ),
    Among(
        key="leagues", label="Leagues bet on", family=Family.SPORTS, help="Leagues the player has ever bet on.",
        example="An accumulator of three Premier League matches: Premier League.",
        words="competition tournament premier league betting sportsbook",
        of=Carried(lambda: _bets().exclude(league=""), "league", partial(_names, SeenName.What.LEAGUE)), longest=80,
        phrase="who have bet on the league {value}", phrase_not="who have never bet on the league {value}",
        note=_SEVERAL, feeds=_SPORTS, blank="none yet", criterion=Criterion.PRODUCT_AFFINITY,
    ),
    Number(
        key="bets", label="Sports bets, all time", family=Family.SPORTS, unit="bets", of=_ALL, feeds=_SPORTS,
        help="Every bet your platform has told of: open, settled or void.", words="sportsbook betting count singles",
        example="Nine settled bets and one still open: 10 bets.", phrase="who have placed {cmp} {value}",
        criterion=Criterion.PRODUCT_AFFINITY,
    ),
    Number(
        key="open_bets", label="Open sports bets", family=Family.SPORTS, unit="bets", feeds=_SPORTS,
        help="Bets neither settled nor void.", of=OfBets((("settled_at", None), ("voided_at", None))),
        example="Three bets on tonight's matches: 3 bets until they are settled.", words="pending unsettled running",
        phrase="who have {cmp} {value} open", criterion=Criterion.PRODUCT_AFFINITY,
    ),
    Odds(
        key="average_odds", label="Average odds", family=Family.SPORTS, feeds=_SPORTS, per_least=5,
        help="Decimal odds of the whole bet, averaged over the bets whose odds were told, all time.",
        example="Five bets at 1.50, 2.00, 2.00, 3.00 and 4.00: 2.50.", words="price favourite longshot betting",
        of=OfBets(summed="odds"), per=OfBets((("odds__isnull", False),)),
        phrase="whose average odds are {cmp} {value}", note="Players with fewer than 5 such bets do not match.",
        criterion=Criterion.PRODUCT_AFFINITY,
    ),
    Number(
        key="in_play_share", label="Share of in-play bets", family=Family.SPORTS, unit="%", most=100, down=100,
        help="Bets with at least one leg that was running when they were placed, as a share of all bets, all time.",
        example="6 of 20 bets placed during the match: 30 %.", words="live betting inplay in-running", per_least=5,
        of=OfBets((("in_play", True),)), per=_ALL, phrase="with {cmp} {value} of their bets in play", note=_FIVE,
        feeds=_SPORTS, criterion=Criterion.PRODUCT_AFFINITY,
    ),
    Number(
        key="accumulator_share", label="Share of accumulators", family=Family.SPORTS, unit="%", most=100, down=100,
        help="Bets with more than one leg (accumulators, systems, teasers) as a share of all bets, all time.",
        example="15 of 20 bets with several legs: 75 %.", words="multi parlay combo system teaser acca", per_least=5,
        of=OfBets((("leg_count__gt", 1),)), per=_ALL, phrase="with {cmp} {value} of their bets as accumulators",
        note=_FIVE, feeds=_SPORTS, criterion=Criterion.PRODUCT_AFFINITY,
    ),
)  # fmt: skip
