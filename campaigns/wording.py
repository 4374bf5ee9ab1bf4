"""May it be said, may it be given: each message and each bonus of a version, as the check of compliance reads it."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from bonuses import linting
from campaigns import asking, reach, readings
from campaigns.finding import Finding
from campaigns.models import Step, Version
from campaigns.words import readable
from compliance.lint import checking, overriding
from compliance.lint.checking import Subject
from compliance.models.decision import PROMOTIONS


def subject_of(version: Version) -> str:
    """How an override, like the audit trail, names it."""
    return f"campaign:{version.campaign_id}"


def said_and_given(version: Version, steps: Sequence[Step], now: datetime) -> Iterator[Finding]:
    brand = version.campaign.brand
    subjects = dict(_subjects(version, steps))
    signed = overriding.signed(subject_of(version))
    found = checking.check(subjects, brand.licence.jurisdiction, brand.currency, now=now)
    seen: set[tuple[str, str, str]] = set()
    for one in found:
        step_id, _, row = one.where.partition(":")
        mark = (step_id, one.rule, one.sentence)
        if mark in seen:
            continue
        seen.add(mark)
        override = signed.get((one.rule, one.fingerprint)) if one.may_be_overruled else None
        yield Finding(
            "amber" if override else one.level,
            one.rule,
            f"row {row}: {one.sentence}" if row and "“" in one.sentence else one.sentence,
            int(step_id),
            one.fingerprint,
            one.may_be_overruled and override is None,
            f"{override.signed_by} signed, asked by {override.asked_by}" if override else "",
            one.is_law,
        )


def words_of(version: Version, fingerprint: str) -> str:
    """What somebody who overrules it has to read."""
    steps = version.steps.select_related("terms__template__brand", "version__campaign").prefetch_related("variants")
    found = next((text for one, text in _subjects(version, list(steps)) if one.fingerprint == fingerprint), "")
    lines = re.sub(r"<[^>]*>", "\n", readable(found)).splitlines()
    return "\n".join(filter(None, map(str.strip, lines)))


def _subjects(version: Version, steps: Sequence[Step]) -> Iterator[tuple[Subject, str]]:
    """With the words as a person reads them. A promotion that names no product is another finding's business."""
    criteria, currency = asking.criteria_of(version), version.campaign.brand.currency
    together = asking.worth_together(version)
    for step in steps:
        if step.terms is not None and step.terms.currency != currency:
            continue
        players = reach.count(step) if step.terms_id else None
        if step.kind == Step.Kind.BONUS and step.terms is not None:
            yield linting.subject(step.terms, str(step.id), criteria, players, together), ""
        if step.kind != Step.Kind.MESSAGE or (step.purpose in PROMOTIONS and not version.products):
            continue
        audience = asking.Audience(criteria, players, together=together)
        for variant in step.variants.all():
            if not variant.silent:
                ways, unreadable = readings.of(variant)
                text = "\n\n".join(ways)
                asked = asking.request(0, step, version, audience=audience, text=text, reference="check")
                where = f"{step.id}:{variant.position + 1}"
                linked = bool(variant.url) or "href=" in variant.body or "https://" in variant.body
                yield Subject(where, asked, variant.text, version.trigger_fact, has_link=linked, readings=tuple(ways),
                              unreadable=unreadable), variant.text  # fmt: skip
