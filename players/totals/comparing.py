"""Their totals against ours, and where they part."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from players.models import TotalsDay, TotalsLine, Waiting
from players.totals import differing
from players.totals.ids import complete
from players.totals.kinds import COLUMNS, KINDS
from players.totals.receiving import bounds

# A day that differs is looked at again: late events and corrected totals close differences.
SOON, AGAIN, SELDOM, PATIENCE = timedelta(seconds=15), timedelta(minutes=10), timedelta(hours=2), timedelta(days=14)
_OURS = f"""
    SELECT p.currency, d.category, {", ".join(f"sum(d.{column})" for column in COLUMNS)}
    FROM players_dailyactivity d JOIN players_player p ON p.id = d.player_id
    WHERE d.day = %s AND p.brand_id = %s GROUP BY 1, 2
"""
Sums = dict[tuple[str, int], dict[str, int]]  # (currency, category) -> column -> sum


def compare_due(*, now: datetime, limit: int = 20) -> int:
    """Compares the days that are due; how many."""
    done = 0
    while done < limit:
        with transaction.atomic():
            due = TotalsDay.objects.select_for_update(skip_locked=True, of=("self",)).filter(due_at__lte=now)
            totals = due.select_related("brand").order_by("due_at", "id").first()
            if totals is None:
                break
            if _unfolded(totals):
                TotalsDay.objects.filter(pk=totals.pk).update(due_at=now + SOON)
            else:
                compare(totals, now=now)
        done += 1
    return done


def compare(totals: TotalsDay, *, now: datetime) -> TotalsDay:
    """Inside a transaction. A day that was accepted with a reason stays accepted."""
    lines = _lines(totals, _ours(totals))
    wrong = [line for line in lines if differs(line)]
    totals.differences.all().delete()
    listed = complete(totals)
    for kind in sorted({line.kind for line in wrong} | (listed & {line.kind for line in lines})):
        if kind in listed:
            differing.by_id(totals, KINDS[kind])
        elif any(line.hours for line in wrong if line.kind == kind):
            differing.by_hour(totals, KINDS[kind], [line for line in wrong if line.kind == kind])
    is_right = not wrong and not totals.differences.exists()
    totals.compared_at = now
    if is_right:
        totals.status = TotalsDay.Status.MATCHED
        totals.matched_at = totals.matched_at or now
    elif totals.status != TotalsDay.Status.ACCEPTED:
        totals.status = TotalsDay.Status.DIFFERS
    totals.due_at = None if totals.status != TotalsDay.Status.DIFFERS else _again(totals, now)
    totals.save(update_fields=["status", "compared_at", "due_at", "matched_at"])
    return totals


def _unfolded(totals: TotalsDay) -> bool:
    """What was received before the totals is not all in the sums yet."""
    return Waiting.objects.filter(feed__brand=totals.brand_id, received_at__lte=totals.received_at).exists()


def differs(line: TotalsLine) -> bool:
    return (line.their_count is not None and line.their_count != line.our_count) or (
        line.their_amount is not None and line.their_amount != line.our_amount
    )


def _again(totals: TotalsDay, now: datetime) -> datetime | None:
    age = now - bounds(totals.brand, totals.day)[1]
    if age > PATIENCE and now - totals.received_at > PATIENCE:
        return None
    return now + (AGAIN if age < timedelta(days=2) else SELDOM)


def _ours(totals: TotalsDay) -> Sums:
    with connection.cursor() as db:
        db.execute(_OURS, [totals.day, totals.brand_id])
        return {
            (currency, category): {column: int(value) for column, value in zip(COLUMNS, sums, strict=True)}
            for currency, category, *sums in db.fetchall()
        }


def _lines(totals: TotalsDay, ours: Sums) -> list[TotalsLine]:
    """The PAM's lines with our figures, and lines of ours it has no word about although it states the kind."""
    totals.lines.filter(is_ours_alone=True).delete()
    lines = list(totals.lines.all())
    split = {(line.kind, line.currency): bool(line.category) for line in lines}
    told = {(line.kind, line.currency, line.category) for line in lines}
    by_category = {line.kind: bool(line.category) for line in lines}
    for currency, category in sorted(ours):
        for name in dict.fromkeys(line.kind for line in lines):
            kind = KINDS[name]
            if bool(category) != kind.is_play:
                continue
            place = category if kind.is_play and split.get((name, currency), by_category[name]) else 0
            if (name, currency, place) not in told and _sums(ours, kind, currency, place) != (0, 0):
                told.add((name, currency, place))
                zero = {"their_count": 0 if kind.count else None, "their_amount": 0 if kind.amount else None}
                alone = TotalsLine(
                    totals=totals, kind=name, currency=currency, category=place, is_ours_alone=True, **zero
                )
                lines.append(alone)
    for line in lines:
        kind = KINDS[line.kind]
        count, amount = _sums(ours, kind, line.currency, line.category)
        line.our_count, line.our_amount = count if kind.count else None, amount if kind.amount else None
    TotalsLine.objects.bulk_create([line for line in lines if line.pk is None])
    TotalsLine.objects.bulk_update([line for line in lines if line.pk is not None], ["our_count", "our_amount"])
    return lines


def _sums(ours: Sums, kind: Any, currency: str, category: int) -> tuple[int, int]:
    """Play without a category is the sum over all of them."""
    cells = [
        sums
        for (of, at), sums in ours.items()
        if of == currency and (at == category if category or not kind.is_play else at != 0)
    ]
    return (
        sum(cell[kind.count] for cell in cells) if kind.count else 0,
        sum(cell[kind.amount] for cell in cells) if kind.amount else 0,
    )
