"""A level comes down by people: one asks, with a reason; another signs; the database lowers it."""

from datetime import datetime

from django.db import connection, transaction

from compliance import audit
from compliance.markers import levels
from compliance.models import Case, Interaction, Level, LevelChange, LevelReview, Operator, Standing


class NotLower(ValueError):
    """A review asks for a level below the one in force."""


class CannotSign(ValueError):
    """The message says why."""


def ask(case: Case, actor: Operator, after: Level, reason: str, *, now: datetime) -> LevelReview:
    with transaction.atomic():
        before = Level(Standing.objects.get(person_id=case.person_id).risk)
        if after.rank >= before.rank:
            raise NotLower
        Case.objects.select_for_update(no_key=True).get(pk=case.pk)  # one at a time
        if LevelReview.objects.filter(person_id=case.person_id, signed_at=None, declined_at=None).exists():
            raise CannotSign("Somebody has asked already; that is signed or declined first.")
        row = LevelReview.objects.create(case=case, person_id=case.person_id, before=before, after=after, reason=reason,
                                         asked_by=actor, asked_at=now)  # fmt: skip
        Interaction.objects.create(case=case, at=now, by=actor, kind=Interaction.Kind.REVIEW, outcome=reason,
                                   done=f"Asked to lower the level from {before.label.lower()} to {after.label.lower()}")  # fmt: skip
        audit.record(actor, "case.level_asked", f"case:{case.pk}", brand=case.player.brand_id, reason=reason,
                     before={"level": before}, after={"level": after, "review": row.pk})  # fmt: skip
        return row


def sign(review: LevelReview, actor: Operator, *, now: datetime) -> None:
    """Lowers the level at once. What was seen until now is settled by it; what comes after counts anew."""
    with transaction.atomic():
        review = _locked(review)
        if review.asked_by_id == actor.pk:
            raise CannotSign("You asked for it: somebody else has to sign.")
        if review.declined_by_id is not None:
            raise CannotSign("It was declined by now.")
        if review.signed_by_id is not None:
            return
        if Standing.objects.get(person_id=review.person_id).risk != review.before:
            raise CannotSign("The level has changed since it was asked: decline it, look again and ask anew.")
        review.signed_by, review.signed_at, case = actor, now, review.case
        audit.record(actor, "case.level_lowered", f"case:{case.pk}", brand=case.player.brand_id, reason=review.reason,
                     before={"level": review.before}, after={"level": review.after, "review": review.pk})  # fmt: skip
        review.save(update_fields=["signed_by", "signed_at"])  # the database lets it through behind its entry only
        told = levels.evidence([review.person_id], now=now)[review.person_id].told
        with connection.cursor() as db:
            db.execute("SELECT compliance_lower_level(%s)", [review.pk])
        change = LevelChange.objects.create(person_id=review.person_id, player_id=case.player_id, before=review.before,
                                            after=review.after, cause=f"review:{review.pk}", evidence=told, at=now)  # fmt: skip
        levels.tell([change], now=now)
        Interaction.objects.create(case=case, at=now, by=actor, kind=Interaction.Kind.REVIEW, outcome=review.reason,
                                   done=f"Level lowered to {Level(review.after).label.lower()}")  # fmt: skip


def decline(review: LevelReview, actor: Operator, reason: str, *, now: datetime) -> None:
    """By anybody who could sign, and by whoever asked. The level stays, and may be asked about again."""
    with transaction.atomic():
        review = _locked(review)
        if review.signed_by_id is not None:
            raise CannotSign("It was signed by now.")
        if review.declined_by_id is not None:
            return
        review.declined_by, review.declined_at, case = actor, now, review.case
        audit.record(actor, "case.level_declined", f"case:{case.pk}", brand=case.player.brand_id, reason=reason,
                     after={"level": review.after, "review": review.pk})  # fmt: skip
        review.save(update_fields=["declined_by", "declined_at"])  # the database lets it through behind its entry only
        Interaction.objects.create(case=case, at=now, by=actor, kind=Interaction.Kind.REVIEW, outcome=reason,
                                   done=f"Declined to lower the level to {Level(review.after).label.lower()}")  # fmt: skip


def _locked(review: LevelReview) -> LevelReview:
    """Two people may press at once."""
    rows = LevelReview.objects.select_for_update(of=("self",)).select_related("case__player")
    return rows.get(pk=review.pk)
