"""A level comes down by people: one asks, with a reason; another signs; the database lowers it."""

from datetime import datetime

from django.db import connection, transaction

from compliance import audit
from compliance.markers import levels
from compliance.models import Case, Interaction, Level, LevelChange, LevelReview, Operator, Standing


class NotLower(ValueError):
    """A review asks for a level below the one in force."""


class NotYours(ValueError):
    """Who asked cannot sign it too."""


def ask(case: Case, actor: Operator, after: Level, reason: str, *, now: datetime) -> LevelReview:
    with transaction.atomic():
        before = Level(Standing.objects.get(person_id=case.person_id).risk)
        if after.rank >= before.rank:
            raise NotLower
        row = LevelReview.objects.create(case=case, person_id=case.person_id, before=before, after=after, reason=reason,
                                         asked_by=actor, asked_at=now)  # fmt: skip
        Interaction.objects.create(case=case, at=now, by=actor, kind=Interaction.Kind.REVIEW, outcome=reason,
                                   done=f"Asked to lower the level from {before.label.lower()} to {after.label.lower()}")  # fmt: skip
        audit.record(actor, "case.level_asked", f"case:{case.pk}", brand=case.player.brand_id, reason=reason,
                     before={"level": before}, after={"level": after, "review": row.pk})  # fmt: skip
        return row


def sign(review: LevelReview, actor: Operator, *, now: datetime) -> None:
    """Lowers the level at once. What was seen until now is settled by it; what comes after counts anew."""
    if review.asked_by_id == actor.pk:
        raise NotYours
    with transaction.atomic():
        review = LevelReview.objects.select_for_update(of=("self",)).select_related("case__player").get(pk=review.pk)
        if review.signed_by_id is not None:
            return
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
