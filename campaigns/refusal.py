"""When a restriction ends a journey: the message that would have come next is asked about and refused.

So the player's page shows what was kept from him and under which decision, instead of silence.
Nothing here can send: an answer of yes only drops the message.
"""

from collections.abc import Sequence
from datetime import datetime

from campaigns.asking import Audiences, request_for
from campaigns.journey import Finish, Say, Tree, walk
from campaigns.models import Delivery, Enrolment, Step, Version
from campaigns.outcome import Outcome, settle
from campaigns.trees import tree_of
from compliance import gate

_OPEN = [Delivery.Status.PLANNED, Delivery.Status.READY]


def put_on_record(runs: Sequence[Enrolment], *, now: datetime) -> None:
    """Settles the open or next promotional message of each run. Inside the caller's transaction."""
    _plan_next([run for run in runs if not run.deliveries.filter(status__in=_OPEN).exists()], now)
    waiting = list(
        Delivery.objects.select_for_update(no_key=True, of=("self",))
        .select_related("step__terms__template", "enrolment__version__campaign__brand__licence")
        .filter(enrolment__in=runs, status__in=_OPEN)
        .order_by("person_id", "id")[:500]
    )
    if not waiting:
        return
    audiences = Audiences(now)
    answers = gate.clear_many([request_for(delivery, audiences) for delivery in waiting], now=now)
    outcomes = []
    for delivery, answer in zip(waiting, answers, strict=True):
        status = Delivery.Status.DROPPED if answer.allowed else Delivery.Status.REFUSED
        code = "left_journey" if answer.allowed else answer.code
        outcomes.append(Outcome(delivery, status, code, decision_id=answer.decision_id))
    settle(outcomes, now=now)


def _plan_next(runs: Sequence[Enrolment], now: datetime) -> None:
    """The next message on the way of each run, as an intention that never becomes ready."""
    wanted = []
    for run in runs:
        step_id = next_message(tree_of(Version.objects.get(id=run.version_id)), run.step_id, now)
        step = Step.objects.filter(id=step_id).first() if step_id else None
        if step is not None:
            wanted.append(
                Delivery(
                    enrolment=run, step=step, person_id=run.person_id, player_id=run.player_id, channel=step.channel,
                    purpose=step.purpose, created_at=now, due_at=now, expires_at=now,
                )
            )  # fmt: skip
    Delivery.objects.bulk_create(wanted, ignore_conflicts=True)


def next_message(tree: Tree, at: int | None, now: datetime) -> int | None:
    """The step that would have spoken next, waits and bonuses left aside."""
    for _ in range(len(tree.nodes) + 1):
        move = walk(tree, at, (), "UTC", now)[-1]
        if isinstance(move, Say):
            return move.step_id
        if isinstance(move, Finish):
            return None
        at = move.step_id
    return None
