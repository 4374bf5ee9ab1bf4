"""Rules read together with the segments they name. Everybody who has a segment or a brand reads here.

A named segment counts as its own rule in the place of its name; where that would lead back to the rule being read,
the reading stops with a sentence.
"""

from collections.abc import Iterable
from typing import Any

from players.models import Brand
from segments.language.attributes import Wrong
from segments.language.parse import Found, RuleError, parse
from segments.language.tree import Group
from segments.models import Segment


class Shelf:
    """The segments of one brand, read when a rule first names one: one query, however many it names.

    `reading`: the segment whose rule is read; no named segment may lead back to it.
    `known`: segments already loaded with their current versions; those are not asked for again.
    """

    def __init__(self, brand_id: int, *, reading: int | None = None, known: Iterable[Segment] = ()) -> None:
        self.brand_id = brand_id
        self._path = [reading] if reading else []
        self._segments = {segment.pk: segment for segment in known if segment.brand_id == brand_id}
        self._is_full = False
        self._rules: dict[int, Group] = {}

    def find(self, segment_id: int) -> Found | None:
        segment = self._segment(segment_id)
        return Found(segment.pk, segment.name, refusal(segment)) if segment else None

    def _segment(self, segment_id: int) -> Segment | None:
        if segment_id not in self._segments and not self._is_full:
            rows = Segment.objects.filter(brand=self.brand_id).select_related("current", "brand")
            self._segments = {segment.pk: segment for segment in rows} | self._segments
            self._is_full = True
        return self._segments.get(segment_id)

    def rule(self, segment_id: int) -> Group:
        segment = self._segment(segment_id)
        if segment is None or segment.current is None:
            raise Wrong(f"There is no live segment {segment_id} at this brand.")
        if segment_id in self._path:
            raise Wrong(f"“{segment.name}” is asked about itself, here or through another segment it names.")
        if segment_id not in self._rules:
            self._path.append(segment_id)
            try:
                self._rules[segment_id] = parse(segment.current.rule, self)
            except RuleError as error:
                raise Wrong(f"“{segment.name}” cannot be used here. {error.problems[0].sentence}") from error
            finally:
                self._path.pop()
        return self._rules[segment_id]


def refusal(segment: Segment) -> str:
    """Why no rule may name it now."""
    if segment.status == Segment.Status.ARCHIVED:
        return f"“{segment.name}” is archived: choose a live segment."
    if segment.status != Segment.Status.LIVE or segment.current is None:
        return f"“{segment.name}” is a draft: it can be used here once it is live."
    return ""


def read(rule: Any, brand_id: int, *, segment: Segment | None = None) -> Group:
    """A rule of this brand; `segment`: whose it is or will be. Raises RuleError."""
    return parse(rule, Shelf(brand_id, reading=segment.pk if segment else None))


def rule_of(segment: Segment, *, draft: bool = False) -> Group:
    """The rule in force, or the draft where there is none (or it is asked for). Raises RuleError."""
    wanted = segment.draft if draft or segment.current is None else segment.current.rule
    return read(wanted, segment.brand_id, segment=segment)


def usable(brand: Brand, *, but: Segment | None = None) -> list[tuple[int, str]]:
    """What a rule of this brand may name, by name; `but` the segment being built."""
    rows = Segment.objects.filter(brand=brand, status=Segment.Status.LIVE, current__isnull=False)
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    return list(rows.order_by("name").values_list("pk", "name"))
