"""The PAM tells what became of a bonus on its side; the ledger follows."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from bonuses.closing import end_early, move
from bonuses.models import Grant
from players.models import Fact

_ENDS = {
    "bonus.forfeited": "forfeited",
    "bonus.expired": "expired",
    "bonus.lost": "lost",
    "bonus.cancelled": "cancelled",
}


def follow(facts: Sequence[Fact], *, now: datetime) -> None:
    """Facts we recorded ourselves carry no grant_ref: nothing to follow there."""
    told = {str(fact.data["grant_ref"]): fact for fact in facts if fact.data.get("grant_ref")}
    grants = Grant.objects.filter(reference__in=told).select_related("player")
    for grant in grants.order_by("pk"):
        fact = told[grant.reference]
        if grant.player_id != fact.player_id:  # somebody else's reference changes nothing
            continue
        if fact.kind in _ENDS:
            at = {grant.pk: fact.occurred_at}
            end_early([grant.pk], _ENDS[fact.kind], "told by the PAM", at=at, now=now, actor_id=None)
        else:
            claimed(grant.pk, fact.occurred_at, now=now)


def claimed(grant_id: int, at: datetime, *, now: datetime) -> None:
    """The PAM has credited it: also the answer to a credit that had none."""
    with transaction.atomic():
        for grant in Grant.objects.lock_open([grant_id]):
            Grant.objects.filter(pk=grant_id).update(credit=Grant.Credit.CREDITED, credit_due_at=None)
            if grant.status == Grant.Status.CLAIMED:
                move([(grant, Grant.Status.ACTIVE, at, "credited by the PAM")], now=now)
