"""A segment, a size and an explanation as JSON."""

from typing import Any

from django.conf import settings

from segments.language.evaluate import Finding
from segments.language.parse import RuleError
from segments.language.sentence import sentence
from segments.language.tree import Group
from segments.membership import members
from segments.models import Segment
from segments.permitted import NO_SIGHT, Rights, sight
from segments.reading import rule_of
from segments.sizes import Size, members_size


def told(segment: Segment, rights: Rights, *, size: bool = False) -> dict[str, Any]:
    """`size`: with the number of members, which costs a scan of them."""
    version = segment.current
    plain: dict[str, Any] = {
        "id": segment.pk,
        "name": segment.name,
        "status": segment.status,
        "rule": version and version.rule,
        "sentence": version and version.sentence,
        "version": version and version.number,
        "criteria": version.criteria if version else [],
        "draft": segment.draft,
        "draft_sentence": _words(segment),
        "is_building": segment.build_after is not None,
        "created_at": segment.created_at.isoformat(),
        "changed_at": segment.changed_at.isoformat(),
        "live_at": segment.live_at and segment.live_at.isoformat(),
        "address": f"{settings.PUBLIC_URL}/segments/{segment.pk}/",
    }
    return plain | ({"members": told_size(_size(segment, rights))} if size else {})


def _words(segment: Segment) -> str | None:
    if segment.draft is None:
        return None
    try:
        return sentence(rule_of(segment, draft=True))
    except RuleError:
        return None


def _size(segment: Segment, rights: Rights) -> Size:
    try:
        shown = sight(rule_of(segment), segment.brand, rights)
    except RuleError:
        shown = NO_SIGHT
    return members_size(members(segment), segment.brand, shown)


def told_size(size: Size) -> dict[str, Any]:
    """`count` null: fewer than ten, or not told exactly; `text` says which."""
    return {"count": size.count, "text": size.words, "is_exact": size.is_exact}


def told_finding(finding: Finding) -> dict[str, Any]:
    plain: dict[str, Any] = {"holds": finding.holds, "words": finding.words}
    if isinstance(finding.node, Group):
        return plain | {"of": [told_finding(child) for child in finding.of]}
    return plain | {"attribute": finding.node.attribute, "value": finding.value}
