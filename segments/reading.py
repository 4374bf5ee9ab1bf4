"""Rules read together with the segments they name. Everybody who has a segment or a brand reads here.

A named segment counts as its own rule in the place of its name; where that would lead back to the rule being read,
the reading stops with a sentence.
"""

from collections.abc import Iterable
from typing import Any, Protocol

from players.models import Brand
from segments.language.attributes import Attribute, Wrong
from segments.language.criteria import criteria
from segments.language.nested import with_handpicks
from segments.language.parse import Found, Problem, RuleError, parse
from segments.language.tree import Group
from segments.models import Segment


class Veil(Protocol):
    """`segments.permitted` writes it."""

    def knows(self, attribute: Attribute) -> bool: ...

    def hides(self, segments: Iterable[Segment]) -> Iterable[int]: ...


class Shelf:
    """The segments of one brand, read when a rule first names one: one query, however many it names.

    `reading`: the segment whose rule is read; no named segment may lead back to it.
    `known`: segments already loaded with their current versions; those are not asked for again.
    `veil`: what whoever asks may not know of; for them it is not there.
    """

    def __init__(
        self, brand_id: int, *, reading: int | None = None, known: Iterable[Segment] = (), veil: "Veil | None" = None
    ) -> None:
        self.brand_id = brand_id
        self._veil = veil
        self._path = [reading] if reading else []
        self._segments = {segment.pk: segment for segment in known if segment.brand_id == brand_id}
        self._is_full = False
        self._rules: dict[int, Group] = {}

    def knows(self, attribute: Attribute) -> bool:
        return self._veil is None or self._veil.knows(attribute)

    def find(self, segment_id: int) -> Found | None:
        segment = self._segment(segment_id)
        return Found(segment.pk, segment.name, refusal(segment)) if segment else None

    def _segment(self, segment_id: int) -> Segment | None:
        if segment_id not in self._segments and not self._is_full:
            rows = Segment.objects.filter(brand=self.brand_id).select_related("current", "brand")
            hidden = set(self._veil.hides(rows)) if self._veil else ()
            self._segments = {segment.pk: segment for segment in rows if segment.pk not in hidden} | self._segments
            self._is_full = True
        return self._segments.get(segment_id)

    def rule(self, segment_id: int) -> Group:
        """What makes a member: the rule in force and, where there are any, those added or taken out by hand."""
        segment = self._segment(segment_id)
        if segment is None or segment.current is None:
            raise Wrong(f"There is no live segment {segment_id} at this brand.")
        if segment_id in self._path:
            raise Wrong(f"“{segment.name}” is asked about itself, here or through another segment it names.")
        if segment_id not in self._rules:
            self._path.append(segment_id)
            try:
                rule = parse(segment.current.rule, self)
                self._rules[segment_id] = with_handpicks(segment_id, rule) if segment.is_handpicked else rule
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


def read(rule: Any, brand_id: int, *, segment: Segment | None = None, veil: Veil | None = None) -> Group:
    """A rule of this brand; `segment`: whose it is or will be. Raises RuleError."""
    return parse(rule, Shelf(brand_id, reading=segment.pk if segment else None, veil=veil))


def rule_of(segment: Segment, *, draft: bool = False) -> Group:
    """The rule in force, or the draft where there is none (or it is asked for). Raises RuleError."""
    wanted = segment.draft if draft or segment.current is None else segment.current.rule
    return read(wanted, segment.brand_id, segment=segment)


def effective(segment: Segment) -> Group:
    """What makes a member now: the rule in force and whoever was added or taken out by hand. Raises RuleError."""
    try:
        return Shelf(segment.brand_id, known=[segment]).rule(segment.pk)
    except Wrong as error:
        raise RuleError([Problem("", str(error))]) from error


def criteria_now(segments: Iterable[Segment]) -> dict[int, frozenset[str]]:
    """What the gate is to be told of each: read afresh, because lists and hands change what a rule chooses by
    without a new version. Of a rule nobody can read any more: all it ever chose by, and 'manual'."""
    segments = list(segments)
    shelves = {brand: Shelf(brand, known=segments) for brand in {segment.brand_id for segment in segments}}
    found: dict[int, frozenset[str]] = {}
    for segment in segments:
        shelf = shelves[segment.brand_id]
        try:
            found[segment.pk] = frozenset(criteria(shelf.rule(segment.pk)))
        except Wrong:
            ever = segment.versions.values_list("criteria", flat=True)
            found[segment.pk] = frozenset({"manual"}).union(*ever)
    return found


def named_in(rule: Any) -> set[int]:
    """The segments a rule's JSON asks for members of, readable or not."""
    if isinstance(rule, list):
        return set().union(*map(named_in, rule))
    if not isinstance(rule, dict):
        return set()
    if rule.get("attribute") == "segment":
        return {pk for pk in rule.get("value") or () if isinstance(pk, int)}
    return set().union(*(named_in(part) for part in rule.values() if isinstance(part, list)))


def usable(brand: Brand, *, but: Segment | None = None) -> list[tuple[int, str]]:
    """What a rule of this brand may name, by name; `but` the segment being built."""
    rows = Segment.objects.filter(brand=brand, status=Segment.Status.LIVE, current__isnull=False)
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    return list(rows.order_by("name").values_list("pk", "name"))
