"""Exchange rates that ride along with amounts: kept once per feed, currency and day, the newest word."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from players.models import ExchangeRate, Feed
from players.pam.fasttrack.schemas import Payload

_PLACES = Decimal(1).scaleb(-12)
_MOST = Decimal(10) ** 11


def keep(feed: Feed, payloads: Iterable[Payload]) -> None:
    """Writes only what is new: a rate is sent with every bet and changes once a day."""
    told = _newest(payloads)
    if not told:
        return
    days, codes = {day for _, day in told}, {code for code, _ in told}
    known = {
        (row.currency, row.day): row for row in ExchangeRate.objects.filter(feed=feed, day__in=days, currency__in=codes)
    }
    changed = [
        ExchangeRate(feed=feed, currency=key[0], day=key[1], rate=rate, told_at=at)
        for key, (at, rate) in sorted(told.items())
        if key not in known or (known[key].told_at < at and known[key].rate != rate)
    ]
    if changed:
        ExchangeRate.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["feed", "currency", "day"], update_fields=["rate", "told_at"]
        )


def _newest(payloads: Iterable[Payload]) -> dict[tuple[str, date], tuple[datetime, Decimal]]:
    told: dict[tuple[str, date], tuple[datetime, Decimal]] = {}
    for payload in payloads:
        for amount in payload.get("balances", [payload]):
            rate, code = amount.get("exchange_rate"), amount.get("currency")
            if code is None or rate is None or not 0 < rate < _MOST:
                continue
            at: datetime = payload["timestamp"]
            if (code, at.date()) not in told or told[code, at.date()][0] < at:
                told[code, at.date()] = (at, rate.quantize(_PLACES))
    return told
