"""Where a restriction stands in its life, in the words of regulation §2, at a moment.

The clocks are those the database opens and closes by: when an exclusion lets go again is asked of the same function
that derives Standing (SQL: compliance_reopens_at), and so is for whom it holds.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, DateTimeField, Func, Q, QuerySet, When
from django.db.models.functions import Coalesce, Least

from compliance import switches
from compliance.models import Measure
from compliance.vocabulary import EXCLUSIONS, LIMITS


@dataclass(frozen=True)
class Phase:
    """`word` is the word of regulation §2; `holds`: it still closes, or limits, something."""

    word: str
    label: str
    tone: str
    holds: bool = True


REQUESTED = Phase("requested", "Requested, holds already", "yellow")
ACTIVE = Phase("active", "Active", "blue")
PENDING_RELAXATION = Phase("pending_relaxation", "Active, change pending", "yellow")
AWAITING_RETURN = Phase("expired_awaiting_return", "Term over, not returned", "red")
PENDING_REMOVAL = Phase("pending_removal", "Ended, holds until the wait is over", "yellow")
EXPIRED = Phase("expired", "Ended", "muted", holds=False)
REVOKED = Phase("revoked_by_authority", "Taken back by an authority", "muted", holds=False)
SUPERSEDED = Phase("superseded", "Another one took its place", "muted", holds=False)
PHASES = (REQUESTED, ACTIVE, PENDING_RELAXATION, AWAITING_RETURN, PENDING_REMOVAL, EXPIRED, REVOKED, SUPERSEDED)

_LICENCE = "player__brand__licence__jurisdiction"


def told(found: QuerySet[Measure]) -> "QuerySet[Any]":
    """With `reopens_at` (None: it has not ended) and `holds_for` (Measure.Scope), as the database has them."""
    reopens_at = Func("kind", "status", "effective_at", "ends_at", "ended_at", "ended_by", _LICENCE,
                      function="compliance_reopens_at", output_field=DateTimeField(null=True))  # fmt: skip
    no_day_after = Q(kind=Measure.Kind.TIME_OUT, player__brand__in=switches.off_at(switches.DAY_AFTER))
    return found.annotate(
        reopens_at=Case(When(no_day_after, then=Least("ends_at", "ended_at")), default=reopens_at),
        holds_for=Coalesce(Func("kind", "scope", _LICENCE, function="compliance_holds_for", output_field=CharField()),
                           "scope", output_field=CharField()),
    )  # fmt: skip


def of(row: Measure, reopens_at: datetime | None, *, now: datetime) -> Phase:
    """`row` as it is written, which may be a tick behind: what time alone has changed counts from its instant on."""
    over = row.status == Measure.Status.ENDED or _is_over(row, now)
    if over:
        return _after(row, reopens_at, now)
    if row.status == Measure.Status.AWAITING_RETURN or (row.kind in EXCLUSIONS and _term_over(row, now)):
        return AWAITING_RETURN
    if row.pending_from is not None and (row.needs_confirmation or row.pending_from > now):
        return PENDING_RELAXATION
    return REQUESTED if row.effective_at > now else ACTIVE


def _after(row: Measure, reopens_at: datetime | None, now: datetime) -> Phase:
    if reopens_at is not None and reopens_at > now:
        return PENDING_REMOVAL
    return {Measure.Ending.SUPERSEDED: SUPERSEDED, Measure.Ending.AUTHORITY: REVOKED}.get(
        Measure.Ending(row.ended_by) if row.ended_by else Measure.Ending.TERM, EXPIRED
    )


def _is_over(row: Measure, now: datetime) -> bool:
    """Over without a word of its source: a time-out, a limit set for a time, a limit whose removal has waited."""
    if row.kind in LIMITS and row.pending_from and row.pending_amount is None and not row.needs_confirmation:
        return row.pending_from <= now or _term_over(row, now)
    return (row.kind in LIMITS or row.kind == Measure.Kind.TIME_OUT) and _term_over(row, now)


def _term_over(row: Measure, now: datetime) -> bool:
    return row.ends_at is not None and row.ends_at <= now and not row.auto_renew
