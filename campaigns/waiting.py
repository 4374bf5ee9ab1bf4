"""What was refused only because a self-exclusion register gave no usable answer is asked again: deferred, not lost.

Each wait is half as long as everything waited so far, a quarter of an hour at least, so that a register that is down for
a day is not asked for every player all day. A definite answer ends the wait at once: "not registered" sends, "registered"
is final.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from campaigns.models import Delivery, Enrolment
from compliance.asking import REGISTER_TROUBLE, Answer

SHORTEST = timedelta(minutes=15)
GIFT_WAITS = timedelta(hours=48)  # as long as a message, unless its author says otherwise
HELD = "register"  # what a run waits for that could not give its bonus yet


def until(answer: Answer, since: datetime, over: datetime, now: datetime) -> datetime | None:
    """When to ask again; None: not at all, the answer is final or its time would be over."""
    if not answer.waits_for_register or answer.retry_at is None:
        return None
    again = max(answer.retry_at, now + max(SHORTEST, (now - since) / 2))
    return again if again < over else None


def end(player_ids: Iterable[int], *, now: datetime) -> int:
    """Somebody got a definite answer: what waits for it is due now. How many messages and runs."""
    players = sorted(set(player_ids))
    messages = Delivery.objects.filter(
        player_id__in=players, status=Delivery.Status.PLANNED, code__in=REGISTER_TROUBLE, due_at__gt=now
    )
    runs = Enrolment.objects.filter(player_id__in=players, state=Enrolment.State.ACTIVE, waits_for=HELD, due_at__gt=now)
    return messages.update(due_at=now) + runs.update(due_at=now)
