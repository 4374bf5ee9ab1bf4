"""What counsel has answered to what the sources leave open: per licence, one person writes it down, another signs."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from compliance import audit
from compliance.jurisdictions import PACKS
from compliance.models import CounselAnswer, Operator
from compliance.rules import Rule
from players.models import Licence

CAPPED = "DE-11"  # the one whose answer has figures


class CannotAnswer(ValueError):
    """The message says why."""


def question(licence: Licence, rule: str) -> Rule | None:
    """The rule, if it is one of the licence that counsel has to settle."""
    pack = PACKS.get(licence.jurisdiction)
    return next((one for one in pack.every if one.id == rule and one.open_question), None) if pack else None


def signed(licences: Iterable[Licence]) -> dict[tuple[int, str], CounselAnswer]:
    """(licence, rule) -> the answer that counts; in one query."""
    rows = CounselAnswer.objects.filter(licence__in=licences).exclude(signed_by=None).order_by("signed_at", "pk")
    return {(row.licence_id, row.rule): row for row in rows.select_related("asked_by", "signed_by")}


def waiting(licences: Iterable[Licence]) -> QuerySet[CounselAnswer]:
    rows = CounselAnswer.objects.filter(licence__in=licences, signed_by=None, declined_by=None)
    return rows.select_related("licence", "asked_by").order_by("asked_at")


def ask(
    licence: Licence, rule: str, actor: Operator, reason: str, *, now: datetime, most: int | None = None,
    times: int | None = None,
) -> CounselAnswer:  # fmt: skip
    """It counts once somebody else has signed it. Raises CannotAnswer."""
    if question(licence, rule) is None:
        raise CannotAnswer(f"{rule} is no open question under this licence.")
    if rule != CAPPED and (most, times) != (None, None):
        raise CannotAnswer("Only the conditions for bonuses have figures.")
    with transaction.atomic():
        Licence.objects.select_for_update(no_key=True).get(pk=licence.pk)  # one at a time
        if waiting([licence]).filter(rule=rule).exists():
            raise CannotAnswer("Somebody has written down an answer already; that is signed or declined first.")
        row = CounselAnswer.objects.create(
            licence=licence, rule=rule, reason=reason, most=most, times=times, asked_by=actor, asked_at=now
        )
        _note(actor, "counsel.asked", row, reason)
    return row


def sign(row: CounselAnswer, actor: Operator, *, now: datetime) -> CounselAnswer:
    """In force for every question asked after the commit."""
    with transaction.atomic():
        row = _locked(row)
        if row.asked_by_id == actor.pk:
            raise CannotAnswer("A second person signs.")
        if row.declined_by_id:
            raise CannotAnswer("It was declined by now.")
        if row.signed_by_id is None:
            row.signed_by, row.signed_at = actor, now
            _note(actor, "counsel.signed", row, row.reason)
            row.save(update_fields=["signed_by", "signed_at"])  # the database lets it through behind its entry only
    return row


def decline(row: CounselAnswer, actor: Operator, reason: str, *, now: datetime) -> CounselAnswer:
    """By anybody who could sign, and by whoever wrote it down."""
    with transaction.atomic():
        row = _locked(row)
        if row.signed_by_id:
            raise CannotAnswer("It was signed by now. Write down another answer instead.")
        if row.declined_by_id is None:
            row.declined_by, row.declined_at = actor, now
            _note(actor, "counsel.declined", row, reason)
            row.save(update_fields=["declined_by", "declined_at"])
    return row


def _locked(row: CounselAnswer) -> CounselAnswer:
    """Two people may press at once."""
    return CounselAnswer.objects.select_for_update(of=("self",)).select_related("licence").get(pk=row.pk)


def _note(actor: Operator, kind: str, row: CounselAnswer, reason: str) -> None:
    after = {"licence": row.licence_id, "jurisdiction": row.licence.jurisdiction, "rule": row.rule, "most": row.most,
             "times": row.times}  # fmt: skip
    audit.record(actor, kind, f"counsel:{row.pk}", brand=None, reason=reason, after=after)
