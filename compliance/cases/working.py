"""What an officer does with a case. Every act is a line of its log and an entry of the audit trail."""

from datetime import datetime, timedelta

from django.db import transaction

from compliance import audit
from compliance.cases import evaluating
from compliance.models import Case, FollowUp, Interaction, Level, Operator

# A word to the player, a decision not to speak, a restriction: from then on the first action is no longer due.
ACTS = frozenset({Interaction.Kind.OUTREACH, Interaction.Kind.CALL, Interaction.Kind.RESTRICTION,
                  Interaction.Kind.NOT_DONE, Interaction.Kind.REVIEW})  # fmt: skip


def take(case: Case, actor: Operator, *, now: datetime) -> None:
    with transaction.atomic():
        case.owner = actor
        case.save(update_fields=["owner"])
        audit.record(actor, "case.taken", f"case:{case.pk}", brand=case.player.brand_id)


def log(case: Case, actor: Operator, kind: str, *, now: datetime, seen: str = "", done: str = "", answered: str = "",
        outcome: str = "", upheld: bool | None = None, look_again_in: int | None = None) -> Interaction:  # fmt: skip
    """`look_again_in`: days until the case is looked at again."""
    with transaction.atomic():
        line = Interaction.objects.create(case=case, at=now, by=actor, kind=kind, seen=seen, done=done,
                                          answered=answered, outcome=outcome, upheld=upheld)  # fmt: skip
        if kind in ACTS and case.acted_at is None:
            case.acted_at = now
            case.save(update_fields=["acted_at"])
        if look_again_in:
            FollowUp.objects.create(case=case, kind=FollowUp.Kind.REVIEW, due_at=now + timedelta(days=look_again_in))
        audit.record(
            actor, f"case.{kind}", f"case:{case.pk}", brand=case.player.brand_id, reason=(outcome or done)[:300]
        )
    return line


def follow_up(row: FollowUp, actor: Operator, finding: str, *, now: datetime) -> None:
    """Done, with the figures as they are now. Doing it twice changes nothing."""
    with transaction.atomic():
        row = FollowUp.objects.select_for_update(of=("self",)).select_related("case__player").get(pk=row.pk)
        if row.done_at:
            return
        row.figures = evaluating.compare(row.case, row.days or 7, now=now)
        row.finding, row.done_at, row.done_by = finding, now, actor
        row.save(update_fields=["figures", "finding", "done_at", "done_by"])
        audit.record(
            actor, "case.evaluated", f"case:{row.case_id}", brand=row.case.player.brand_id, reason=finding[:300]
        )


class StillProtected(ValueError):
    """A case of medium or strong signs is closed after the level was reviewed, not before."""


def close(case: Case, actor: Operator, outcome: str, reason: str, *, now: datetime) -> None:
    with transaction.atomic():
        if Level(case.person.standing.risk).needs_review and outcome == Case.Outcome.NO_CONCERN:
            raise StillProtected
        Interaction.objects.create(case=case, at=now, by=actor, kind=Interaction.Kind.REVIEW, outcome=reason,
                                   done=f"Closed: {case.get_outcome_display()}")  # fmt: skip
        audit.record(actor, "case.closed", f"case:{case.pk}", brand=case.player.brand_id, reason=reason,
                     after={"outcome": outcome})  # fmt: skip
        case.closed_at, case.closed_by, case.outcome = now, actor, outcome
        case.acted_at = case.acted_at or now
        # The database lets it through behind its review and its entry only.
        case.save(update_fields=["closed_at", "closed_by", "outcome", "acted_at"])
