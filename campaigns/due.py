"""Who is written to soon, so that what has to be asked before can be asked before."""

from datetime import datetime

from campaigns.models import Delivery, Enrolment

_WAITING = [Delivery.Status.PLANNED, Delivery.Status.READY]


def players(until: datetime, limit: int) -> list[int]:
    """Runs that go on and messages that are due by then, soonest first."""
    messages = Delivery.objects.filter(status__in=_WAITING, due_at__lte=until).order_by("due_at")
    runs = Enrolment.objects.filter(state=Enrolment.State.ACTIVE, due_at__lte=until).order_by("due_at")
    found = dict.fromkeys(messages.values_list("player_id", flat=True)[:limit])
    found |= dict.fromkeys(runs.values_list("player_id", flat=True)[:limit])
    return list(found)[:limit]
