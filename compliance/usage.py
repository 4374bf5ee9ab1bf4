"""How much of a limit is used, and the sums some licences ask for: over all accounts of the person, in one currency.

A sum with a part in a currency that has no rate is unknown, not smaller.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, Sum

from compliance.limits import period_start, zone_for
from compliance.rules.money import BASE, converted
from compliance.vocabulary import DEPOSIT_LIMITS
from players.models import DailyActivity, Payment

_PAID = DEPOSIT_LIMITS
_PLAYED = frozenset({"loss_limit", "wager_limit"})
_THREE_WEEKS = timedelta(days=21)
_MONTHLY = frozenset({"NL"})
_LOSSES = frozenset({"ES"})


@dataclass(frozen=True)
class Used:
    """Minor units of the limit's currency; None: a part of it has no rate."""

    sum: Fraction | None


@dataclass(frozen=True)
class _Moved:
    """One payment, or one day's play: what it adds to each kind of limit."""

    at: datetime
    currency: str
    deposit: int = 0
    withdrawal: int = 0
    stake: int = 0
    win: int = 0

    def counts(self, kind: str) -> int:
        return {
            "deposit_limit": self.deposit, "cross_operator_limit": self.deposit,
            "net_deposit_limit": self.deposit - self.withdrawal, "wager_limit": self.stake,
            "loss_limit": self.stake - self.win,
        }[kind]  # fmt: skip


def of_limits(
    found: Sequence[Mapping[str, Any]], rows: Mapping[int, Sequence[Any]], told: Mapping[str, Any], *, now: datetime
) -> dict[tuple[int, int], Used]:
    """(player, measure) -> what is used of it in the running period."""
    starts = {
        (known["player_id"], row["id"]): period_start(
            now, row["period"], zone_for(known["jurisdiction"], known["timezone"])
        )
        for known in found
        for row in rows[known["player_id"]]
        if row["kind"] in _PAID | _PLAYED and row["period"]
    }
    if not starts:
        return {}
    person = {known["player_id"]: known["person_id"] for known in found}
    measures = {(pk, row["id"]): row for pk, mine in rows.items() for row in mine if (pk, row["id"]) in starts}
    paid = [starts[key] for key, row in measures.items() if row["kind"] in _PAID]
    played = [starts[key] for key, row in measures.items() if row["kind"] in _PLAYED]
    people = {person[pk] for pk, _ in starts}
    moved = _payments(people, min(paid)) if paid else {}
    moved |= {pk: moved.get(pk, []) + more for pk, more in (_play(people, min(played)) if played else {}).items()}
    return {
        key: Used(_sum(moved.get(person[key[0]], ()), row["kind"], row["currency"], starts[key], told))
        for key, row in measures.items()
    }


def add_sums(found: Sequence[dict[str, Any]], told: Mapping[str, Any], *, now: datetime) -> None:
    """`net_month` for Dutch players, `net_loss` for Spanish ones; left out when a rate is missing."""
    dutch = [known for known in found if known["jurisdiction"] in _MONTHLY]
    if dutch:
        starts = {
            known["player_id"]: period_start(now, "month", zone_for(known["jurisdiction"], "UTC")) for known in dutch
        }
        moved = _payments({known["person_id"] for known in dutch}, min(starts.values()))
        for known in dutch:
            mine = moved.get(known["person_id"], ())
            _put(known, "net_month", _sum(mine, "net_deposit_limit", BASE, starts[known["player_id"]], told))
    spanish = [known for known in found if known["jurisdiction"] in _LOSSES]
    if spanish:
        start = now - _THREE_WEEKS
        days = _play({known["person_id"] for known in spanish}, start)
        for known in spanish:
            _put(known, "net_loss", _sum(days.get(known["person_id"], ()), "loss_limit", BASE, start, told))


def _put(known: dict[str, Any], name: str, amount: Fraction | None) -> None:
    if amount is not None:
        known[name] = -int(-amount // 1)  # a part of a cent counts as one


def _sum(
    moved: Iterable[_Moved], kind: str, currency: str, start: datetime, told: Mapping[str, Any]
) -> Fraction | None:
    total = Fraction(0)
    for one in moved:
        amount = one.counts(kind) if one.at >= start else 0
        if amount:
            value = converted(amount, one.currency, currency, lambda name: _value(told.get(name)))
            if value is None:
                return None
            total += value
    return total


def _value(rate: Mapping[str, str] | None) -> Fraction | None:
    return Fraction(Decimal(rate["value"])) if rate else None


def _payments(people: Iterable[int], since: datetime) -> dict[int, list[_Moved]]:
    approved = Payment.objects.filter(
        player__person_id__in=people, status=Payment.Status.APPROVED, occurred_at__gte=since
    )
    found: dict[int, list[_Moved]] = {}
    columns = approved.values_list("player__person_id", "player__currency", "direction", "amount", "occurred_at")
    for person, currency, direction, amount, at in columns:
        is_deposit = direction == Payment.Direction.DEPOSIT
        one = _Moved(at, currency, amount if is_deposit else 0, 0 if is_deposit else amount)
        found.setdefault(person, []).append(one)
    return found


def _play(people: Iterable[int], since: datetime) -> dict[int, list[_Moved]]:
    """Gaming days that end after `since`; the first counts whole, as play is summed per gaming day."""
    days = (
        DailyActivity.objects.filter(player__person_id__in=people, day__gte=since.date() - timedelta(days=1))
        .values(
            "player__person_id", "player__currency", "player__brand__timezone", "player__brand__day_start_hour", "day"
        )
        .annotate(stake=Sum(F("stake_real")), win=Sum(F("win_real")))
    )
    found: dict[int, list[_Moved]] = {}
    for row in days:
        zone = ZoneInfo(row["player__brand__timezone"])
        end = datetime.combine(row["day"], datetime.min.time(), zone) + timedelta(
            days=1, hours=row["player__brand__day_start_hour"]
        )
        one = _Moved(end - timedelta(microseconds=1), row["player__currency"], stake=row["stake"], win=row["win"])
        found.setdefault(row["player__person_id"], []).append(one)
    return found
