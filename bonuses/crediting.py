"""Grants on their way to the PAM: claimed, decided again, handed over, written down.

The try is committed before the call, so a crash leaves evidence. Over the call the person's lock is
held: an exclusion either finds it done or stops it. Silence is never blindly asked again unless the
adapter promises that the same key credits once.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from bonuses.closing import end_early
from bonuses.credit import Idempotency, Outcome, Told
from bonuses.credit.generic import adapter
from bonuses.grants import activate
from bonuses.models import Grant
from bonuses.offering import gate_request
from compliance import gate

GROUP = 16  # calls at once under one deadline
LEASE = timedelta(seconds=30)
FRESH = timedelta(seconds=45)  # the gate's word is good for 60 s; ask again before it runs out
MOST_TRIES = 8


def run(*, now: datetime, limit: int = 64) -> int:
    """Hands over what is due, returns how many were tried."""
    if not settings.PAM_CREDIT_URL:
        return 0
    _give_up_on_silence(now)
    due = _claim(now, limit)
    for start in range(0, len(due), GROUP):
        _hand_over(due[start : start + GROUP], now)
    return len(due)


def _claim(now: datetime, limit: int) -> list[Grant]:
    with transaction.atomic():
        rows = Grant.objects.filter(credit=Grant.Credit.PENDING, credit_due_at__lte=now).select_related(
            "player", "terms__template", "decision"
        )
        due = list(rows.select_for_update(skip_locked=True, of=("self",)).order_by("pk")[:limit])
        for grant in due:
            grant.credit, grant.credit_tries, grant.credit_due_at = "sending", grant.credit_tries + 1, now + LEASE
        Grant.objects.bulk_update(due, ["credit", "credit_tries", "credit_due_at"])
    return _still_wanted(due, now)


def _still_wanted(due: Sequence[Grant], now: datetime) -> list[Grant]:
    """A word of the gate that got old is asked for again; a no ends the grant."""
    old = [grant for grant in due if grant.decision.decided_at < now - FRESH]
    if not old:
        return list(due)
    with transaction.atomic():
        asked = [
            gate_request(
                g.player_id,
                g.terms,
                g.amount,
                g.wagering_required,
                g.reference,
                g.criteria,
                deposit=g.deposit,
                audience=g.audience,
            )
            for g in old
        ]
        answers = dict(zip([g.pk for g in old], gate.clear_many(asked, now=now), strict=True))
        for grant in old:
            if answers[grant.pk].allowed:
                grant.decision_id = answers[grant.pk].decision_id  # type: ignore[assignment]
                Grant.objects.filter(pk=grant.pk).update(decision=grant.decision_id)
        early = [g for g in old if answers[g.pk].waits_for_register and _asks_again(g, answers[g.pk], now)]
        refused = [g.pk for g in old if not answers[g.pk].allowed and g not in early]
        Grant.objects.filter(pk__in=refused).update(credit="refused", credit_due_at=None, credit_detail="protected")
        end_early(refused, "cancelled", "protected", at={}, now=now, actor_id=None)
    gone = {*refused, *(grant.pk for grant in early)}
    return [grant for grant in due if grant.pk not in gone]


def _asks_again(grant: Grant, answer: gate.Answer, now: datetime) -> bool:
    """A self-exclusion register has no usable answer at the moment: later, while the bonus is worth anything."""
    if answer.retry_at is None or answer.retry_at >= grant.expires_at:
        return False
    detail = "waits for the self-exclusion register"
    return bool(_mine(grant).update(credit="pending", credit_due_at=answer.retry_at, credit_detail=detail))


def _hand_over(group: Sequence[Grant], now: datetime) -> None:
    with transaction.atomic():
        allowed = gate.still_allowed([grant.decision_id for grant in group], now=now)
        going = [grant for grant in group if grant.decision_id in allowed]
        with ThreadPoolExecutor(GROUP) as pool:
            outcomes = list(pool.map(adapter.credit, going))
        for grant, outcome in zip(going, outcomes, strict=True):
            _write(grant, outcome, now)
        # Held back by a restriction or a stop: decided anew on the next round, which ends it or sends it.
        for grant in group:
            if grant not in going:
                later = now + timedelta(seconds=5)
                _mine(grant).update(credit="pending", credit_due_at=later, credit_detail="held back, asked again")


def _write(grant: Grant, outcome: Outcome, now: datetime) -> None:
    match outcome.told:
        case Told.CREDITED:
            if _mine(grant).update(credit="credited", credit_due_at=None, credit_detail=outcome.detail):
                open_ = [g for g in Grant.objects.lock_open([grant.pk]) if g.status == Grant.Status.CLAIMED]
                activate(open_, now, now=now, cause="credited by the PAM")
        case Told.REFUSED:
            if _mine(grant).update(credit="refused", credit_due_at=None, credit_detail=outcome.detail):
                end_early([grant.pk], "cancelled", "refused by the PAM", at={}, now=now, actor_id=None)
        case Told.BUSY:
            _again(grant, outcome.detail, now)
        case Told.SILENT:
            _silent(grant, outcome.detail, now)


def _silent(grant: Grant, detail: str, now: datetime) -> None:
    if adapter.IDEMPOTENCY is Idempotency.KEY and grant.credit_tries < MOST_TRIES:
        _again(grant, detail, now)
    else:
        _mine(grant).update(credit="ambiguous", credit_due_at=None, credit_detail=detail)


def _again(grant: Grant, detail: str, now: datetime) -> None:
    wait = timedelta(seconds=min(2**grant.credit_tries, 900))
    _mine(grant).update(credit="pending", credit_due_at=now + wait, credit_detail=detail)


def _mine(grant: Grant):  # type: ignore[no-untyped-def]
    """Only the try that is still ours: a worker come back from the dead overwrites nothing."""
    return Grant.objects.filter(pk=grant.pk, credit="sending", credit_tries=grant.credit_tries)


def _give_up_on_silence(now: datetime) -> None:
    """Tries whose worker died: nobody knows whether the call went out."""
    for grant in Grant.objects.filter(credit="sending", credit_due_at__lte=now).order_by("pk")[:100]:
        _silent(grant, "the try was interrupted", now)
