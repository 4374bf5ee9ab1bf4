"""What time alone changes: terms that end, time-outs that re-open, relaxations whose wait is over."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from compliance import standings
from compliance.models import Measure, Standing
from compliance.vocabulary import EXCLUSIONS, LIMITS
from players import looking_again
from players.models import Player

_BATCH = 500
_EXCLUSIONS = sorted(EXCLUSIONS)


def turn(*, now: datetime) -> int:
    """Batches until nothing is due. Returns how many people were derived anew."""
    turned = 0
    for _ in range(200):  # a clock ahead of the database's leaves people due: they get their turn next time
        people = _turn_batch(now)
        turned += people
        if people < _BATCH:
            break
    return turned


def _turn_batch(now: datetime) -> int:
    with transaction.atomic():
        due = Standing.objects.filter(valid_until__lte=now).order_by("valid_until")
        people = set(due.values_list("person_id", flat=True)[:_BATCH])
        relaxing = Measure.objects.filter(
            pending_from__lte=now, needs_confirmation=False, status=Measure.Status.ACTIVE
        ).order_by("pending_from")
        people |= set(relaxing.values_list("person_id", flat=True)[:_BATCH])
        over = Measure.objects.filter(_over(now), status=Measure.Status.ACTIVE)
        people |= set(over.order_by("ends_at").values_list("person_id", flat=True)[:_BATCH])
        if not people:
            return 0
        standings.lock(people)
        mine = Measure.objects.filter(person_id__in=people, status=Measure.Status.ACTIVE)
        mine.filter(kind__in=_EXCLUSIONS, auto_renew=False, ends_at__lte=now).update(
            status=Measure.Status.AWAITING_RETURN
        )
        mine.filter(_over(now)).update(
            status=Measure.Status.ENDED, ended_at=F("ends_at"), relaxed_at=F("ends_at"), pending_amount=None,
            pending_from=None, needs_confirmation=False, ended_by=Measure.Ending.TERM,
        )  # fmt: skip
        _relax(mine, now)
        standings.derive(people, now=now)
        looking_again.soon(Player.objects.filter(person_id__in=people).values_list("pk", flat=True), now=now)
        return len(people)


def _over(now: datetime) -> Q:
    """Limits set for a time that is over. By the database's clock too: it refuses to end one ahead of its time."""
    return Q(kind__in=LIMITS, ends_at__lte=now) & Q(ends_at__lte=Now())


def _relax(mine: QuerySet[Measure], now: datetime) -> None:
    waiting = mine.filter(pending_from__lte=now, needs_confirmation=False)
    waiting.filter(pending_amount=None).update(
        status=Measure.Status.ENDED, ended_at=F("pending_from"), relaxed_at=F("pending_from"), pending_from=None,
        ended_by=Measure.Ending.PLAYER,
    )  # fmt: skip
    waiting.filter(~Q(pending_amount=None)).update(
        previous_amount=F("amount"), amount=F("pending_amount"), relaxed_at=F("pending_from"), pending_amount=None,
        pending_from=None,
    )  # fmt: skip
