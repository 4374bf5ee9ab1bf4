"""A segment's size over time and why it changed, from its memberships: exact, and nothing extra is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count
from django.db.models.functions import TruncDate

from segments.language.tree import At
from segments.membership import members
from segments.models import Membership, Segment

# Why a stay began or ended, in the words of the interface.
CAUSES: Mapping[str, str] = {
    "events": "what they did",
    "time": "time passing",
    "build": "a rule going live",
    "by hand": "picked by hand",
    "archived": "the segment was archived",
}


@dataclass(frozen=True)
class Day:
    day: date
    entered: int
    left: int
    size: int  # at the end of the day, or now
    # drawing, in a box of 300 × 80
    x: float = 0
    y: float = 0
    up: float = 0
    down: float = 0

    @property
    def left_edge(self) -> float:
        return round(self.x - 3, 1)

    @property
    def top(self) -> float:
        return round(30 - self.up, 1)


@dataclass(frozen=True)
class Cause:
    words: str
    entered: int
    left: int


def days(segment: Segment, *, now: datetime, count: int = 30) -> list[Day]:
    """The last `count` days in the brand's zone, oldest first; sizes run backwards from today's."""
    at = At.brand(segment.brand, now)
    first = at.today - timedelta(days=count - 1)
    entered = _per_day("entered_at", segment, at, first)
    left = _per_day("left_at", segment, at, first)
    size, found = members(segment).count(), []
    for back in range(count):
        day = at.today - timedelta(days=back)
        found.append((day, entered.get(day, 0), left.get(day, 0), size))
        size -= entered.get(day, 0) - left.get(day, 0)
    return _drawn(list(reversed(found)))


def size_yesterday(segment: Segment, *, now: datetime) -> int | None:
    """At the end of that day in the brand's zone; None where the segment did not live through it."""
    today = _start(At.brand(segment.brand, now), 1)
    if segment.status != Segment.Status.LIVE or segment.live_at is None or segment.live_at >= today:
        return None
    return days(segment, now=now, count=2)[0].size


def causes(segment: Segment, *, now: datetime, count: int = 30) -> list[Cause]:
    """Of the same days; the most frequent first. Two queries."""
    start = _start(At.brand(segment.brand, now), count)
    rows = Membership.objects.filter(segment=segment).order_by()
    entered = dict(rows.filter(entered_at__gte=start).values_list("cause").annotate(n=Count("pk")))
    left = dict(rows.filter(left_at__gte=start).values_list("left_cause").annotate(n=Count("pk")))
    found = [Cause(CAUSES.get(key, key), entered.get(key, 0), left.get(key, 0)) for key in {**entered, **left}]
    return sorted(found, key=lambda cause: (-cause.entered - cause.left, cause.words))


def _start(at: At, count: int) -> datetime:
    return datetime.combine(at.today - timedelta(days=count - 1), datetime.min.time(), at.zone)


def _per_day(column: str, segment: Segment, at: At, first: date) -> dict[date, int]:
    start = datetime.combine(first, datetime.min.time(), at.zone)
    rows = Membership.objects.filter(segment=segment, **{f"{column}__gte": start})
    counted = rows.annotate(day=TruncDate(column, tzinfo=at.zone)).values_list("day").annotate(n=Count("pk")).order_by()
    return dict(counted)


def _drawn(rows: list[tuple[date, int, int, int]]) -> list[Day]:
    tallest = max((size for *_, size in rows), default=0) or 1
    busiest = max((max(entered, left) for _, entered, left, _ in rows), default=0) or 1
    step = 300 / max(len(rows) - 1, 1)
    return [
        Day(day, entered, left, size, round(index * step, 1), round(78 - 74 * size / tallest, 1),
            round(28 * entered / busiest, 1), round(28 * left / busiest, 1))
        for index, (day, entered, left, size) in enumerate(rows)
    ]  # fmt: skip
