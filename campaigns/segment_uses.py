"""Where campaigns use segments: to start, as a condition, on branches, for variants of a message, to end early."""

from collections.abc import Collection, Iterator

from django.db.models import Q, QuerySet
from django.urls import reverse

from campaigns.models import Arm, Variant, Version
from segments.uses import Use


def uses(segment_ids: Collection[int]) -> list[Use]:
    """By versions that have not ended: drafts too, because somebody means to use it."""
    return [*_of_versions(segment_ids), *_of_steps(segment_ids)]


def _of_versions(ids: Collection[int]) -> Iterator[Use]:
    rows = _open().filter(Q(trigger_segment__in=ids) | Q(only_if_segment__in=ids))
    for version in rows.select_related("campaign").order_by("campaign__name", "number"):
        if version.trigger_segment_id in ids and version.trigger_segment_id is not None:
            launch = version.trigger == Version.Trigger.LAUNCH
            how = "goes to it at launch" if launch else "starts when players enter it"
            yield _use("trigger", version, how, version.trigger_segment_id)
            if "segment.left" in version.exit_facts:
                yield _use("exit", version, "ends when players leave it", version.trigger_segment_id)
        if version.only_if_segment_id in ids and version.only_if_segment_id is not None:
            yield _use("audience", version, "lets only its members in", version.only_if_segment_id)


def _of_steps(ids: Collection[int]) -> Iterator[Use]:
    places = (("branch", "branches by it", Arm), ("variant", "has a message for it", Variant))
    for kind, how, model in places:
        rows = model.objects.filter(segment__in=ids, step__version__in=_open())
        pairs = rows.values_list("step__version", "segment").distinct().order_by("step__version", "segment")
        versions = Version.objects.select_related("campaign").in_bulk([version for version, _ in pairs])
        for version_id, segment_id in pairs:
            yield _use(kind, versions[version_id], how, segment_id)


def _open() -> QuerySet[Version]:
    return Version.objects.exclude(status=Version.Status.ENDED)


def _use(kind: str, version: Version, how: str, segment_id: int) -> Use:
    draft = " (draft)" if version.is_draft else ""
    label = f"campaign “{version.campaign.name}”{draft} {how}"
    return Use(kind, label, reverse("campaigns:detail", args=[version.campaign_id]), segment_id)
