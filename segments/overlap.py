"""Who of the found is in other live segments already: before two campaigns write to the same people."""

from dataclasses import dataclass

from django.db.models import Count, F, QuerySet, Value
from django.db.models.functions import Mod

from segments.models import Membership, Segment
from segments.preview import Sample


@dataclass(frozen=True)
class Overlap:
    """`both` players are in the other segment too: so much of the found, so much of that segment (per cent)."""

    segment: Segment
    both: int
    of_found: float
    of_other: float


def overlaps(sample: Sample, others: QuerySet[Segment], *, most: int = 6) -> list[Overlap]:
    """The largest first. Two queries."""
    segments = {segment.pk: segment for segment in others}
    if not segments:
        return []
    inside = Membership.objects.filter(left_at=None, segment__in=segments)
    if sample.one_in > 1:
        inside = inside.alias(nth=Mod(F("player_id"), Value(sample.one_in))).filter(nth=0)
    sizes = _counted(inside)
    both = _counted(inside.filter(player__in=sample.found.order_by().values("pk")))
    matched = sample.found.count()
    found = [
        Overlap(
            segments[pk],
            count * sample.one_in,
            round(count / matched * 100, 1) if matched else 0.0,
            round(count / sizes[pk] * 100, 1),
        )
        for pk, count in both.items()
    ]
    return sorted(found, key=lambda overlap: (-overlap.both, overlap.segment.name))[:most]


def _counted(rows: QuerySet[Membership]) -> dict[int, int]:
    return dict(rows.order_by().values_list("segment").annotate(n=Count("pk")))
