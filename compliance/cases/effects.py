"""Did what officers did change anything? Counted from the evaluations and the log of the cases."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet

from compliance.models import FollowUp, Interaction
from players.models import Brand

KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Effect:
    """Of the evaluations done after so many days: how many found less than before."""

    days: int
    done: int
    deposited_less: int
    played_less: int


def evaluated(brands: QuerySet[Brand], *, now: datetime) -> list[Effect]:
    """From the figures kept with each evaluation of the last 90 days."""
    rows = FollowUp.objects.filter(
        case__player__brand__in=brands, kind=FollowUp.Kind.EVALUATION, done_at__gte=now - KEPT, figures__isnull=False
    )
    kept = list(rows.values_list("days", "figures"))
    return [_effect(days, [figures for of, figures in kept if of == days and figures]) for days in (7, 30)]


def _effect(days: int, kept: list[dict[str, Any]]) -> Effect:
    def less(what: str) -> int:
        return sum(one["after"][what] < one["before"][what] for one in kept)

    return Effect(days, len(kept), less("deposit_sum"), less("minutes"))


def spoken(brands: QuerySet[Brand], *, now: datetime) -> dict[str, int]:
    """What officers wrote down in 30 days: players spoken to, and those they decided not to speak to."""
    log = Interaction.objects.filter(case__player__brand__in=brands, at__gte=now - timedelta(days=30))
    tally = dict(log.values_list("kind").annotate(times=Count("id")).order_by())
    contacts = sum(tally.get(kind, 0) for kind in (Interaction.Kind.OUTREACH, Interaction.Kind.CALL))
    return {"contacts": contacts, "not_done": tally.get(Interaction.Kind.NOT_DONE, 0)}
