"""What will change about a person by time alone, and when: the clocks on the Protection tab."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from compliance import lifecycle, switches
from compliance.models import Measure
from compliance.vocabulary import EXCLUSIONS, LIMITS

DAY = timedelta(days=1)
_WAIT = "GB-03, MT-02"


@dataclass(frozen=True, order=True)
class Countdown:
    at: datetime
    what: str
    rule: str


def of_person(person_id: int, *, now: datetime) -> list[Countdown]:
    """Those still to come, the nearest first."""
    rows = lifecycle.told(Measure.objects.filter(person_id=person_id))
    where = " at brands where POL-01 is on" if switches.off_at(switches.DAY_AFTER) else ""
    return sorted({clock for row in rows for clock in _of(row, row.reopens_at, where) if clock.at > now})


def _of(row: Measure, reopens_at: datetime | None, where: str) -> Iterator[Countdown]:
    name = row.get_kind_display()
    if row.effective_at and row.requested_at and row.effective_at > row.requested_at:
        yield Countdown(row.effective_at, f"The {name.lower()} begins; it closes already", "X-01")
    if row.kind in LIMITS:
        yield from _of_limit(row, name.lower())
    elif row.status == Measure.Status.ENDED and row.kind in EXCLUSIONS and reopens_at:
        yield Countdown(reopens_at, f"The wait after the {name.lower()} is over; a fresh consent is needed", _WAIT)
    elif row.kind == Measure.Kind.TIME_OUT and row.ends_at and reopens_at:
        yield Countdown(
            min(row.ends_at, row.ended_at or row.ends_at),
            f"Time-out ends; still nothing promotional for 24 hours{where}",
            "POL-01",
        )
        yield Countdown(reopens_at, "Promotions may start again, as far as consents allow", "POL-01")
    elif row.status != Measure.Status.ENDED and row.ends_at:
        if row.auto_renew:
            yield Countdown(row.ends_at, f"The {name.lower()} begins anew by itself", "X-01")
        else:
            yield Countdown(
                row.ends_at, f"Term of the {name.lower()} ends; nothing opens until the player returns", "X-01"
            )


def _of_limit(row: Measure, name: str) -> Iterator[Countdown]:
    if row.tightened_at and row.origin != Measure.Origin.ONBOARDING:
        yield Countdown(
            row.tightened_at + DAY, f"Promotions may start again after the {name} was set or lowered", "POL-04"
        )
        yield Countdown(
            row.tightened_at + 7 * DAY, f"Deposits may be asked for again after the {name} was set or lowered", "POL-04"
        )
    if row.pending_from:
        word = "goes away" if row.pending_amount is None else "becomes higher"
        confirmed = ", if the player confirms it" if row.needs_confirmation else ""
        yield Countdown(row.pending_from, f"The {name} {word}{confirmed}", "POL-05")
    if row.relaxed_at:
        yield Countdown(
            row.relaxed_at + 7 * DAY, f"Deposits and bonuses may be mentioned again after the {name} rose", "POL-05"
        )
    if row.ends_at and row.status != Measure.Status.ENDED:
        yield Countdown(row.ends_at, f"The {name} ends by itself", "POL-05")
