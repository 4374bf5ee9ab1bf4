"""What segments can ask about bonuses given by us."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    BigIntegerField,
    Count,
    DateTimeField,
    Expression,
    Max,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Greatest

from bonuses.models import Grant, Transfer
from config.lib.clock import NEVER
from players.models import PlayerBonus
from segments.language.attributes import Criterion, Family, register
from segments.language.instants import Since
from segments.language.numbers import Money, Number
from segments.language.quantities import Column, Less, Params, Total
from segments.language.record import Record

_BIG = BigIntegerField()


@dataclass(frozen=True)
class OfGrants:
    """A count or sum over the grants a player was given; cancelled ones were none."""

    summed: str = ""
    open_only: bool = False

    def sql(self, params: Params) -> Expression:
        rows = self._rows(player_id=OuterRef("player_id")).order_by().values("player_id")
        total = Subquery(rows.annotate(total=Sum(self.summed) if self.summed else Count("pk")).values("total"))
        return Coalesce(Cast(total, _BIG), Value(0, _BIG))

    def read(self, record: Record, params: Params) -> int:
        found: dict[int, int] = record.crowd.once(self, self._told)
        return found.get(record.player_id, 0)

    def _told(self, player_ids: Sequence[int]) -> dict[int, int]:
        rows = self._rows(player_id__in=player_ids).order_by().values_list("player_id")
        return dict(rows.annotate(total=Sum(self.summed) if self.summed else Count("pk")))

    def _rows(self, **of: Any) -> QuerySet[Grant]:
        rows = Grant.objects.filter(**of)
        return rows.open() if self.open_only else rows.exclude(status=Grant.Status.CANCELLED)


@dataclass(frozen=True)
class Released:
    """Bonus money that turned real: the entries of the ledger that say so."""

    def sql(self, params: Params) -> Expression:
        rows = Transfer.objects.filter(player_id=OuterRef("player_id"), code="release").order_by().values("player_id")
        return Coalesce(Cast(Subquery(rows.annotate(n=Sum("amount")).values("n")), _BIG), Value(0, _BIG))

    def read(self, record: Record, params: Params) -> int:
        found: dict[int, int] = record.crowd.once(self, self._told)
        return found.get(record.player_id, 0)

    @staticmethod
    def _told(player_ids: Sequence[int]) -> dict[int, int]:
        rows = Transfer.objects.filter(player_id__in=player_ids, code="release").order_by()
        return dict(rows.values_list("player_id").annotate(n=Sum("amount")))


@dataclass(frozen=True)
class LastBonus:
    """The newest of what we gave and of what the player took of the platform's own."""

    def sql(self, params: Params) -> Expression:
        given = self._grants(player_id=OuterRef("player_id")).order_by("-granted_at").values("granted_at")[:1]
        taken = self._taken(player_id=OuterRef("player_id")).order_by("-taken_at").values("taken_at")[:1]
        never = Value(NEVER, DateTimeField())
        return Greatest(Coalesce(Subquery(given), never), Coalesce(Subquery(taken), never))

    def read(self, record: Record, params: Params) -> datetime:
        found: dict[int, datetime] = record.crowd.once(self, self._told)
        return found.get(record.player_id, NEVER)

    def _told(self, player_ids: Sequence[int]) -> dict[int, datetime]:
        told: dict[int, datetime] = {}
        given = (
            self._grants(player_id__in=player_ids).order_by().values_list("player_id").annotate(at=Max("granted_at"))
        )
        taken = self._taken(player_id__in=player_ids).order_by().values_list("player_id").annotate(at=Max("taken_at"))
        for player, at in [*given, *taken]:
            told[player] = max(at, told.get(player, NEVER))
        return told

    @staticmethod
    def _grants(**of: Any) -> QuerySet[Grant]:
        return Grant.objects.filter(**of).exclude(status=Grant.Status.CANCELLED)

    @staticmethod
    def _taken(**of: Any) -> QuerySet[PlayerBonus]:
        return PlayerBonus.objects.filter(**of, taken_at__isnull=False, is_ours=False)


_FEEDS = frozenset({"play", "payments"})
_CASH = Total(("stake_real",), ("win_real",))

register(
    Number(
        key="open_bonuses", label="Open bonuses", family=Family.BONUSES, unit="bonuses",
        help="Bonuses given by Pitboss that are being credited or played through right now.",
        example="One being played through, one expired yesterday: 1 bonus.", words="active running wagering pending",
        of=OfGrants(open_only=True), phrase="who have {cmp} {value} open", feeds=_FEEDS,
    ),
    Number(
        key="bonus_count", label="Bonuses received, all time", family=Family.BONUSES, unit="bonuses",
        help="Every bonus given by Pitboss, cancelled ones left out.",
        example="Three given, one of them cancelled: 2 bonuses.", words="promotions count granted",
        of=OfGrants(), phrase="who have been given {cmp} {value}", feeds=_FEEDS,
    ),
    Money(
        key="bonus_sum", label="Bonus money received, all time", family=Family.BONUSES,
        help="Sum of every bonus given by Pitboss, cancelled ones left out.",
        example="Bonuses of 50 and 20: 70.", words="promotions granted total cost",
        of=OfGrants(summed="amount"), phrase="who have been given {cmp} {value} in bonuses", feeds=_FEEDS,
    ),
    Money(
        key="bonus_released", label="Bonus money turned real, all time", family=Family.BONUSES, of=Released(),
        help="What was released to cash of the bonuses given by Pitboss, as the bonus ledger has it.",
        example="A bonus of 50 played through with 30 left: 30.", words="released converted cash cost wagering",
        phrase="of whose bonuses {cmp} {value} turned real", feeds=_FEEDS,
    ),
    Number(
        key="bonus_to_deposit", label="Bonus-to-deposit ratio", family=Family.BONUSES, unit="%",
        help="Bonuses given by Pitboss divided by deposits, all time.", down=100, most=100_000,
        example="70 in bonuses on deposits of 200: 35 %.", words="bonus dependent hunter abuse share",
        of=OfGrants(summed="amount"), per=Column("deposit_sum"),
        phrase="whose bonuses come to {cmp} {value} of their deposits",
        note="Players who have never deposited do not match.", feeds=_FEEDS,
    ),
    Since(
        key="days_since_bonus", label="Days since last bonus", family=Family.BONUSES, of=LastBonus(),
        help="Newest bonus given by Pitboss, cancelled ones left out, or taken of the platform's own.",
        example="A reload given on 1 March at 12:00; on 15 March at 12:00 it is 14 days.",
        words="recency promotion reward granted", verb="got a bonus",
        phrase="who have not got a bonus for at least {value}", feeds=frozenset({"bonuses"}),
        note="1 day = 24 hours, or calendar days of the brand: you choose.",
    ),
    Money(
        key="ngr", label="NGR after bonuses, all time", family=Family.RESULTS, least=-(10**12), criterion=Criterion.LOSS,
        help="Net gaming revenue by release: real-money stakes less real-money wins, less bonus money of Pitboss that "
        "turned real. Jackpots, duty, providers and fees are not taken off; the NGR statement does that.",
        example="Staked 900 of their own, won 800, 30 of a bonus turned real: 70.",
        words="net gaming revenue value profit ltv ggr", of=Less(_CASH, Released()), phrase="whose NGR is {cmp} {value}",
        note="Only accounts held in this currency match. Bonus cost is known per bonus, not per day: so all time only.",
        feeds=_FEEDS,
    ),
)  # fmt: skip
