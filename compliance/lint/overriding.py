"""Overruling a finding of the operator's own policy: whoever published it asks, a compliance officer signs."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from compliance import audit
from compliance.lint.checking import Finding
from compliance.models import Operator
from compliance.models.override import Override
from players.models import Brand


class CannotOverrule(ValueError):
    """The message says why."""


def signed(subject: str) -> dict[tuple[str, str], Override]:
    """(rule, fingerprint) -> the override in force."""
    rows = Override.objects.filter(subject=subject).exclude(signed_by=None).select_related("signed_by", "asked_by")
    return {(row.rule, row.fingerprint): row for row in rows}


def waiting(brands: QuerySet[Brand]) -> QuerySet[Override]:
    rows = Override.objects.filter(brand__in=brands, signed_by=None, declined_by=None)
    return rows.select_related("brand", "asked_by").order_by("asked_at")


def ask(
    finding: Finding, brand: Brand, subject: str, actor: Operator, reason: str, *, text: str = "", now: datetime
) -> Override:
    """`text`: the words the finding is about."""
    if not finding.may_be_overruled:
        raise CannotOverrule(f"{finding.rule} is no policy of yours: nobody can overrule it.")
    same = Override.objects.filter(
        subject=subject, rule=finding.rule, fingerprint=finding.fingerprint, declined_by=None
    )
    if there := same.first():
        return there
    with transaction.atomic():
        row = Override.objects.create(
            brand=brand, subject=subject, rule=finding.rule, fingerprint=finding.fingerprint,
            sentence=finding.sentence[:300], text=text, reason=reason, asked_by=actor, asked_at=now,
        )  # fmt: skip
        _note(actor, "override.asked", row, reason)
    return row


def sign(override: Override, actor: Operator, *, now: datetime) -> Override:
    with transaction.atomic():
        row = _locked(override)
        if row.asked_by_id == actor.pk:
            raise CannotOverrule("A second person signs.")
        if not actor.may("compliance.edit", row.brand_id):
            raise CannotOverrule("A compliance officer of the brand signs.")
        if row.declined_by_id:
            raise CannotOverrule("It was declined by now.")
        if row.signed_by_id is None:
            row.signed_by, row.signed_at = actor, now
            _note(actor, "override.signed", row, row.reason)
            row.save(update_fields=["signed_by", "signed_at"])  # the database lets it through behind its entry only
    return row


def decline(override: Override, actor: Operator, reason: str, *, now: datetime) -> Override:
    with transaction.atomic():
        row = _locked(override)
        if row.signed_by_id:
            raise CannotOverrule("It was signed by now. Send the campaign back instead.")
        if row.declined_by_id is None:
            row.declined_by, row.declined_at = actor, now
            _note(actor, "override.declined", row, reason)
            row.save(update_fields=["declined_by", "declined_at"])
    return row


def _locked(override: Override) -> Override:
    return Override.objects.select_for_update(of=("self",)).get(pk=override.pk)


def _note(actor: Operator, kind: str, row: Override, reason: str) -> None:
    after = {"rule": row.rule, "found": row.sentence, "override": row.pk, "fingerprint": row.fingerprint}
    audit.record(actor, kind, row.subject, brand=row.brand_id, reason=reason, after=after)
