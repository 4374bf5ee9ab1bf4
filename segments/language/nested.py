"""Conditions that name segments: who is in one now, and who was in one on a day.

"Is in" is read as the segment's own rule in the place of its name, so one SQL, exact, and the moments at which time
flips it come through. "Was in" is read from the history of memberships.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from segments.language.attributes import Attribute, Criterion, Family, Param, Wrong, register, registry
from segments.language.compile import condition
from segments.language.evaluate import holds
from segments.language.quantities import Params
from segments.language.record import Record
from segments.language.tree import At, Group, Leaf, Nested
from segments.models import Handpick, Membership, Version
from segments.models.membership import BY_HAND

_MANY = 20
HAND_PICKED = "hand_picked"


def segment_id(value: Any) -> int:
    """Of JSON or of a form; raises Wrong."""
    if isinstance(value, str) and value.isdecimal() and len(value) < 19:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**63:
        raise Wrong("Choose a segment.")
    return value


@dataclass(frozen=True)
class SegmentParam(Param):
    """A segment of the brand; the page lists them by `segments.reading.usable`."""

    def check(self, value: Any) -> Any:
        return segment_id(value)


@dataclass(frozen=True, kw_only=True)
class Segments(Attribute):
    operators: ClassVar[Mapping[str, str]] = {"in": "include", "not_in": "do not include"}

    def check(self, op: str, value: Any, params: Params) -> tuple[int, ...]:
        if not isinstance(value, list | tuple) or not value:
            raise Wrong("Choose at least one segment.")
        if len(value) > _MANY:
            raise Wrong(f"Choose at most {_MANY} segments.")
        return tuple(dict.fromkeys(segment_id(part) for part in value))

    def condition(self, leaf: Leaf, at: At) -> Q:
        found = reduce(lambda left, right: left | right, (condition(rule, at) for rule in _nested(leaf).rules))
        return ~found if leaf.op == "not_in" else found

    def holds(self, leaf: Leaf, record: Record, at: At) -> bool:
        return any(holds(rule, record, at) for rule in _nested(leaf).rules) != (leaf.op == "not_in")

    def shown(self, leaf: Leaf, record: Record, at: At) -> str:
        nested = _nested(leaf)
        inside = [f"“{name}”" for name, rule in zip(nested.names, nested.rules, strict=True) if holds(rule, record, at)]
        return f"in {_listed(inside, 'and')}" if inside else "in none of them" if len(nested.names) > 1 else "not in it"

    def says(self, leaf: Leaf) -> str:
        names = [f"“{name}”" for name in _nested(leaf).names]
        verb = "are not" if leaf.op == "not_in" else "are"
        return f"who {verb} in the segment {_listed(names, 'or')}"

    def typed(self, op: str, raw: Sequence[str], params: Params) -> Any:
        return [int(word) if word.isdecimal() and len(word) < 19 else word for word in raw if word]


@dataclass(frozen=True, kw_only=True)
class WasIn(Attribute):
    """At the end of that day in the brand's zone."""

    SEGMENT: ClassVar[str] = "segment"
    operators: ClassVar[Mapping[str, str]] = {"on": "yes, on", "not_on": "no, not on"}

    def check(self, op: str, value: Any, params: Params) -> str:
        try:
            day = date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
        except ValueError:
            day = None
        if day is None or not 2000 <= day.year < 2200:
            raise Wrong("Enter a day, like 2026-11-01.")
        return day.isoformat()

    def selects_by(self, leaf: Leaf) -> frozenset[str]:
        """By what any version of it has ever chosen: who was in it then may have come under an older one."""
        asked = leaf.params[self.SEGMENT]
        found = frozenset[str]().union(*Version.objects.filter(segment=asked).values_list("criteria", flat=True))
        by_hand = Membership.objects.filter(segment=asked, cause=BY_HAND).exists()
        return (found - {"all"}) | ({Criterion.MANUAL.value} if by_hand else set())

    def condition(self, leaf: Leaf, at: At) -> Q:
        end = day_end(leaf.value, at)
        rows = Membership.objects.filter(
            Q(left_at=None) | Q(left_at__gte=end), segment=leaf.params[self.SEGMENT], entered_at__lt=end
        )
        found = Q(Exists(rows.filter(player_id=OuterRef("player_id"))))
        return ~found if leaf.op == "not_on" else found

    def holds(self, leaf: Leaf, record: Record, at: At) -> bool:
        return self._was_in(leaf, record, at) != (leaf.op == "not_on")

    def _was_in(self, leaf: Leaf, record: Record, at: At) -> bool:
        end = day_end(leaf.value, at)
        stays = record.crowd.stays(Membership.objects.filter(segment=leaf.params[self.SEGMENT]), record.player_id)
        return any(entered < end and (left is None or left >= end) for entered, left in stays)

    def shown(self, leaf: Leaf, record: Record, at: At) -> str:
        return "was in it" if self._was_in(leaf, record, at) else "was not in it"

    def says(self, leaf: Leaf) -> str:
        day = date.fromisoformat(leaf.value)
        verb = "were not" if leaf.op == "not_on" else "were"
        return f"who {verb} in the segment “{_nested(leaf).names[0]}” at the end of {day.day} {day:%B %Y}"


@dataclass(frozen=True, kw_only=True)
class HandPicked(Attribute):
    """Added by hand, or not taken out by hand; the value is the segment. Never written, see `segments.reading`."""

    operators: ClassVar[Mapping[str, str]] = {"in": "were added by hand", "not_out": "were not taken out by hand"}

    @staticmethod
    def _rows(leaf: Leaf) -> QuerySet[Handpick]:
        return Handpick.objects.filter(segment=leaf.value, is_in=leaf.op == "in")

    def selects_by(self, leaf: Leaf) -> frozenset[str]:
        """Taking somebody out chooses nobody."""
        chosen = leaf.op == "in" and self._rows(leaf).exists()
        return frozenset({Criterion.MANUAL.value}) if chosen else frozenset()

    def condition(self, leaf: Leaf, at: At) -> Q:
        found = Q(Exists(self._rows(leaf).filter(player_id=OuterRef("player_id"))))
        return found if leaf.op == "in" else ~found

    def holds(self, leaf: Leaf, record: Record, at: At) -> bool:
        return record.crowd.among(self._rows(leaf), record.player_id) == (leaf.op == "in")

    def shown(self, leaf: Leaf, record: Record, at: At) -> str:
        if record.crowd.among(self._rows(leaf), record.player_id):
            return "added by hand" if leaf.op == "in" else "taken out by hand"
        return "not added" if leaf.op == "in" else "not taken out"

    def says(self, leaf: Leaf) -> str:
        return f"who {self.operators[leaf.op]}"


def with_handpicks(segment_id: int, rule: Group) -> Group:
    """The rule, but for those somebody has added or taken out."""
    kept = Group("all", (rule, Leaf(HAND_PICKED, "not_out", segment_id)))
    return Group("any", (kept, Leaf(HAND_PICKED, "in", segment_id)))


def day_end(day: str, at: At) -> datetime:
    """The instant the next day begins in the brand's zone."""
    return datetime.combine(date.fromisoformat(day) + timedelta(days=1), time(), at.zone)


def _nested(leaf: Leaf) -> Nested:
    assert isinstance(leaf, Nested), "read without its brand"
    return leaf


def _listed(words: Sequence[str], joint: str) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {joint} {words[-1]}"


register(
    Segments(
        key="segment", label="In a segment", family=Family.SEGMENTS, feeds=frozenset(),
        help="Who is in another live segment of this brand right now. Follows that segment when its rule changes.",
        example="“In Slots regulars” counts as the rule of Slots regulars in this place.",
        words="audience nested group combine include exclude",
    ),
    WasIn(
        key="was_in_segment", label="Was in a segment on a day", family=Family.SEGMENTS, feeds=frozenset(),
        help="Who was in a segment at the end of a day that is over, in the brand's time zone.",
        example="Entered on 1 November at 10:00, left on 3 November at 09:00: was in it on 1 and 2 November.",
        words="audience history snapshot as of past",
        params=(SegmentParam(WasIn.SEGMENT, "Segment", {}),),
    ),
)  # fmt: skip
registry.register_unlisted(
    HandPicked(
        key=HAND_PICKED, label="Chosen by hand", family=Family.SEGMENTS, feeds=frozenset(),
        help="Who was added to the segment, or taken out of it, by hand.",
    )
)  # fmt: skip
NAMES_SEGMENTS = frozenset({"segment", "was_in_segment"})
