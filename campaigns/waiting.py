"""What was refused only because a self-exclusion register gave no usable answer is asked again: deferred, not lost.

How long each wait is says the answer itself (compliance.asking.Answer.asked_again). A definite answer ends the wait at
once: "not registered" sends, "registered" is final.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from campaigns.models import Delivery, Enrolment
from compliance.asking import REGISTER_TROUBLE

GIFT_WAITS = timedelta(hours=48)  # as long as a message, unless its author says otherwise
HELD = "register"  # what a run waits for that could not give its bonus yet


def end(player_ids: Iterable[int], *, now: datetime) -> int:
    """Somebody got a definite answer: what waits for it is due now. How many messages and runs."""
    players = sorted(set(player_ids))
    messages = Delivery.objects.filter(
        player_id__in=players, status=Delivery.Status.PLANNED, code__in=REGISTER_TROUBLE, due_at__gt=now
    )
    runs = Enrolment.objects.filter(player_id__in=players, state=Enrolment.State.ACTIVE, waits_for=HELD, due_at__gt=now)
    return messages.update(due_at=now) + runs.update(due_at=now)
