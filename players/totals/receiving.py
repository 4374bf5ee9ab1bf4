"""Keeping the totals of a day."""

import json
from collections.abc import Sequence
from dataclasses import astuple
from datetime import date, datetime, time, timedelta
from hashlib import blake2b
from zoneinfo import ZoneInfo

from django.db import transaction

from config.lib.wake import wake_on_commit
from players.models import Brand, TotalsDay, TotalsLine
from players.totals.reading import Line


class Unfinished(Exception):
    """The day is not over at this brand."""


def bounds(brand: Brand, day: date) -> tuple[datetime, datetime]:
    """First instant of a gaming day and of the next."""
    zone, hour = ZoneInfo(brand.timezone), time(brand.day_start_hour)
    return datetime.combine(day, hour, zone), datetime.combine(day + timedelta(days=1), hour, zone)


def put(brand: Brand, day: date, lines: Sequence[Line], *, source: str, now: datetime) -> TotalsDay:
    """Replaces what was known of the day; the same again changes nothing. Raises Unfinished."""
    if bounds(brand, day)[1] > now:
        raise Unfinished(f"{day} is not over at {brand.name} ({brand.timezone}, from {brand.day_start_hour}:00 on).")
    digest = blake2b(json.dumps(sorted(map(astuple, lines))).encode(), digest_size=16).digest()
    with transaction.atomic():
        totals, is_new = TotalsDay.objects.select_for_update().get_or_create(
            brand=brand, day=day, defaults={"received_at": now, "source": source, "digest": digest, "due_at": now}
        )
        if not is_new and bytes(totals.digest) == digest:
            if totals.status != TotalsDay.Status.ACCEPTED:
                TotalsDay.objects.filter(pk=totals.pk).update(due_at=now)
        else:
            _replace(totals, lines, digest, source, now)
        wake_on_commit("players.tasks.compare_totals")
    totals.refresh_from_db()
    return totals


def _replace(totals: TotalsDay, lines: Sequence[Line], digest: bytes, source: str, now: datetime) -> None:
    for old in (totals.lines, totals.ids, totals.differences):
        old.all().delete()
    TotalsLine.objects.bulk_create(
        TotalsLine(
            totals=totals, kind=line.kind, currency=line.currency, category=line.category, their_count=line.count,
            their_amount=line.amount, hours=line.hours,
        )
        for line in lines
    )  # fmt: skip
    TotalsDay.objects.filter(pk=totals.pk).update(
        digest=digest, source=source, received_at=now, due_at=now, status=TotalsDay.Status.WAITING, compared_at=None,
        accepted_by=None, reason="",
    )  # fmt: skip
