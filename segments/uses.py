"""Where a segment is used: by other segments, and by what upper apps name in config/flow.py."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from django.urls import reverse

from config.lib import flow
from segments.models import Segment
from segments.permitted import Rights, visible
from segments.reading import named_in


@dataclass(frozen=True)
class Use:
    """One place. `label` is a clause after the segment's name: “Slots players” …"""

    kind: str  # segment | trigger | audience | branch | variant | exit
    label: str
    url: str
    segment_id: int


class InUse(ValueError):
    """It cannot be archived; `uses` says where it is needed."""

    def __init__(self, uses: list[Use]) -> None:
        super().__init__("; ".join(use.label for use in uses))
        self.uses = uses


def where_used(segments: Iterable[Segment]) -> list[Use]:
    """Of all of them, in the order of the table and then as each app tells it."""
    ids = sorted(segment.pk for segment in segments)
    return list(flow.gather("SEGMENT_USES", ids)) if ids else []


def told(uses: Iterable[Use], segment: Segment, rights: Rights) -> list[Use]:
    """As far as somebody may know of them: a segment that tells of protection is in the way without its name."""
    others = Segment.objects.filter(brand=segment.brand_id)
    known = {reverse("segments:detail", args=[pk]) for pk in visible(others, rights).values_list("pk", flat=True)}
    return [use if use.kind != "segment" or use.url in known else replace(use, label=_THEIRS, url="") for use in uses]


_THEIRS = "a segment of the compliance team"


def of_segments(segment_ids: Collection[int]) -> list[Use]:
    """Segments whose rule, in force or drafted, asks for members of these."""
    wanted, found = set(segment_ids), []
    rows = Segment.objects.filter(brand__segments__in=wanted).exclude(status=Segment.Status.ARCHIVED)
    for segment in rows.select_related("current").distinct().order_by("name", "pk"):
        in_force = named_in(segment.current.rule) if segment.current else set()
        for pk in sorted((in_force | named_in(segment.draft)) & wanted):
            label = f"segment “{segment.name}”" if pk in in_force else f"the draft of segment “{segment.name}”"
            found.append(Use("segment", label, reverse("segments:detail", args=[segment.pk]), pk))
    return found


def dependants(segment: Segment) -> list[Segment]:
    """Live segments whose rule in force names it, or names one that does: each after those it names."""
    live = Segment.objects.filter(brand=segment.brand_id, status=Segment.Status.LIVE, current__isnull=False)
    by_id = {row.pk: row for row in live.select_related("current", "brand").order_by("pk")}
    names = {pk: named_in(row.current.rule) for pk, row in by_id.items() if row.current}
    found: dict[int, Segment] = {}
    reached = {segment.pk}
    while more := [pk for pk, named in names.items() if pk not in reached and named & reached]:
        reached |= set(more)
        found |= {pk: by_id[pk] for pk in more}
    return list(found.values())
