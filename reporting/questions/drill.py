"""Where does an amount come from: which day, which player, which entry? The sum is kept at each level."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, Sum

from players.models import Category, DailyActivity, Player
from reporting.questions.bonus_money import CODES, movements
from reporting.questions.scope import Period, Scope

PLAYED = {
    "stake_real": ("Real stakes", F("stake_real")),
    "win_real": ("Real wins", F("win_real")),
    "cash_ggr": ("Cash GGR", F("stake_real") - F("win_real")),
    "stake_bonus": ("Bonus stakes", F("stake_bonus")),
    "win_bonus": ("Bonus wins", F("win_bonus")),
    "bonus_ggr": ("Bonus GGR", F("stake_bonus") - F("win_bonus")),
    "total_ggr": ("Total GGR", F("stake_real") + F("stake_bonus") - F("win_real") - F("win_bonus")),
    "deposits": ("Deposits", F("deposit_sum")),
}
BOOKED = {
    "issued": "Bonuses issued",
    "net_play": "Bonus money lost at play",
    "released": "Released to cash (turned real)",
    "expired": "Expired",
    "forfeited": "Forfeited",
    "cancelled": "Cancelled",
}
LABELS = {key: label for key, (label, _) in PLAYED.items()} | BOOKED


@dataclass(frozen=True)
class Piece:
    """One row of a level, with where it leads."""

    label: str
    amount: int
    day: date | None = None
    player_id: int | None = None


def by_day(scope: Scope, key: str) -> list[Piece]:
    """Raises KeyError for a figure nobody drills into."""
    sums = _sums(scope, key, "day")
    return [Piece(f"{day:%a %-d %b %Y}", sums[day], day=day) for day in sorted(sums)]


def by_player(scope: Scope, key: str) -> list[Piece]:
    sums = _sums(scope, key, "player_id")
    names = dict(Player.objects.filter(pk__in=sums).values_list("pk", "external_id"))
    ordered = sorted(sums, key=lambda pk: (-abs(sums[pk]), pk))
    return [Piece(names[pk], sums[pk], player_id=pk) for pk in ordered]


def entries(scope: Scope, key: str) -> list[Piece] | list["Booking"]:
    """The last level: the day's sums by category, or the transfers themselves."""
    if key in PLAYED:
        sums = _sums(scope, key, "category")
        return [Piece(Category(c).label if c else "Payments", sums[c]) for c in sorted(sums)]
    rows = _transfers(scope, key).select_related("debit", "credit").order_by("effective_at", "pk")
    return [
        Booking(t.pk, t.effective_at, t.code, t.key, t.source, t.grant_id, CODES[t.code][1] * t.amount) for t in rows
    ]


@dataclass(frozen=True)
class Booking:
    transfer_id: int
    at: datetime
    code: str
    key: str
    source: str
    grant_id: int | None
    amount: int


def _sums(scope: Scope, key: str, group: str) -> dict[Any, int]:
    if key in PLAYED:
        rows = DailyActivity.objects.filter(
            player__in=scope.players(), day__gte=scope.period.first, day__lte=scope.period.last
        )
        summed = rows.values_list(group).annotate(n=Sum(PLAYED[key][1])).exclude(n=0)
        return dict(summed)
    sums: dict[Any, int] = defaultdict(int)
    zone, starts = ZoneInfo(scope.brand.timezone), timedelta(hours=scope.brand.day_start_hour)
    for code, amount, at, player_id in _transfers(scope, key).values_list(
        "code", "amount", "effective_at", "player_id"
    ):
        where = (at.astimezone(zone) - starts).date() if group == "day" else player_id
        sums[where] += CODES[code][1] * amount
    return {where: n for where, n in sums.items() if n}


def _transfers(scope: Scope, key: str):  # type: ignore[no-untyped-def]
    if key not in BOOKED:
        raise KeyError(key)
    codes = [code for code, (figure, _) in CODES.items() if figure == key]
    return movements(scope).filter(effective_at__gte=scope.starts_at, code__in=codes).order_by()


def one_day(day: date) -> Period:
    return Period(day, day)
