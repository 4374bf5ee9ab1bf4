"""THE door. Nothing reaches a channel but through here, and nothing passes without a fresh decision.

First transaction: claim, write the words, ask the gate, put the attempt on record. Second transaction:
the persons' locks are held over the provider call, so that an exclusion either comes first and stops it
or waits for it. An attempt whose end nobody knows is never sent again blindly.
"""

import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from campaigns import admission, channels, handing, writing
from campaigns.asking import Audiences, request_for
from campaigns.channels.contract import Idempotency, Result, Verdict
from campaigns.models import Attempt, Delivery, Enrolment, Version
from campaigns.outcome import Outcome, settle
from compliance import gate
from compliance.models.decision import Decision
from config.lib.wake import wake, wake_on_commit

GROUP = 32
CLAIM = 96
LEASE = timedelta(seconds=60)
HAND_OVER_SECONDS = 2.75  # and a moment to write the answers down: an exclusion waits for both, 3 s at most
_ASKED = ("player__brand__licence", "enrolment__version__campaign__brand__licence")


def dispatch(*, now: datetime, limit: int = CLAIM) -> int:
    """Claims and hands over up to `limit` messages; returns how many attempts were made."""
    with transaction.atomic():
        attempts = _claim(now, limit)
    by_channel: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        by_channel[attempt.channel].append(attempt)
    for channel, group in by_channel.items():
        for start in range(0, len(group), GROUP):
            _hand_over(channel, group[start : start + GROUP], now)
    if attempts:  # there may be more, and runs may go on now
        wake("campaigns.tasks.dispatch")
        wake("campaigns.tasks.advance")
    return len(attempts)


def _claim(now: datetime, limit: int) -> list[Attempt]:
    deliveries = list(
        Delivery.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
        .select_related("step__terms__template", "player__state", *_ASKED)
        .filter(status=Delivery.Status.READY, due_at__lte=now, enrolment__version__status__in=Version.MOVING)
        .order_by("person_id", "id")[:limit]
    )
    if not deliveries:
        return []
    drafts, outcomes = writing.prepare([d for d in deliveries if _still_wanted(d, now)], now=now)
    outcomes += [_unwanted(d, now) for d in deliveries if not _still_wanted(d, now)]
    audiences = Audiences(now)
    asked = [request_for(draft.delivery, audiences, draft.words.said) for draft in drafts]
    answers = gate.clear_many(asked, now=now) if asked else []
    attempts = []
    for draft, answer in zip(drafts, answers, strict=True):
        if answer.allowed and answer.decision_id is not None:
            attempts.append(writing.attempt(draft, answer.decision_id, now=now, lease=LEASE))
            draft.delivery.tries += 1
        outcomes.append(_answered(draft, answer, now))
    Attempt.objects.bulk_create(attempts)
    Delivery.objects.bulk_update([a.delivery for a in attempts], ["tries"])
    settle(outcomes, now=now)
    if rerouted := [one.request.player_id for one in answers if one.outcome == Decision.Outcome.REROUTE_RG]:
        admission.reroute(rerouted, now=now)
    return attempts


def _still_wanted(delivery: Delivery, now: datetime) -> bool:
    return delivery.enrolment.state == Enrolment.State.ACTIVE and delivery.expires_at > now


def _unwanted(delivery: Delivery, now: datetime) -> Outcome:
    code = "expired" if delivery.expires_at <= now else "left_journey"
    return Outcome(delivery, Delivery.Status.DROPPED, code)


def _answered(draft: writing.Draft, answer: gate.Answer, now: datetime) -> Outcome:
    if answer.allowed:
        return Outcome(draft.delivery, Delivery.Status.SENDING, "", "", None, answer.decision_id, draft.variant.id)
    if answer.outcome == Decision.Outcome.DEFER and answer.retry_at and answer.retry_at < draft.delivery.expires_at:
        # It competes again when its hour comes: others may have come in between.
        return Outcome(draft.delivery, Delivery.Status.PLANNED, answer.code, "", answer.retry_at, answer.decision_id)
    if again := answer.asked_again(draft.delivery.created_at, draft.delivery.expires_at, now):
        wake_on_commit("compliance.tasks.ask_registers")
        return Outcome(draft.delivery, Delivery.Status.PLANNED, answer.code, "", again, answer.decision_id)
    return Outcome(draft.delivery, Delivery.Status.REFUSED, answer.code, "", None, answer.decision_id, draft.variant.id)


def _hand_over(channel: str, attempts: Sequence[Attempt], now: datetime) -> None:
    """Locks, calls, writes; in this order, so that no transaction id is held while the provider thinks."""
    adapter = channels.adapter(channel)
    with transaction.atomic():
        may = gate.still_allowed([attempt.decision_id for attempt in attempts], now=now)
        going = [attempt for attempt in attempts if attempt.decision_id in may]
        results = adapter.send(going, time.monotonic() + HAND_OVER_SECONDS) if going else {}
        late = Result(Verdict.NOT_BEGUN, error="not handed over in time")
        stopped = Result(Verdict.NOT_BEGUN, error="no longer allowed at the moment of sending")
        handing.write([(a, results.get(a.id, late) if a.decision_id in may else stopped) for a in attempts], now=now)


def sweep(*, now: datetime, limit: int = 200) -> int:
    """Attempts whose worker died: what can be found out is found out, the rest is shown as unknown."""
    with transaction.atomic():
        lost = list(
            Attempt.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
            .select_related("delivery__enrolment__version__campaign", "delivery__player")
            .filter(status=Attempt.Status.SENDING, lease_until__lt=now)
            .order_by("person_id", "id")[:limit]
        )
        handing.write([(attempt, _fate(attempt)) for attempt in lost], now=now)
    return len(lost)


def _fate(attempt: Attempt) -> Result:
    adapter = channels.adapter(attempt.channel)
    if adapter.idempotency == Idempotency.LOOKUP:
        return (
            Result(Verdict.ACCEPTED) if adapter.arrived(attempt) else Result(Verdict.TRANSIENT, error="did not arrive")
        )
    if adapter.idempotency == Idempotency.KEY:
        return Result(Verdict.TRANSIENT, error="asked again under the same key")
    return Result(Verdict.UNKNOWN, error="the worker stopped before the answer came")
