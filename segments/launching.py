"""What going live would do: who would enter, who would leave, counted before anybody is asked to decide."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from segments.language.compile import condition, population
from segments.language.nested import with_handpicks
from segments.language.tree import At, Group
from segments.membership import members
from segments.models import Segment
from segments.permitted import Sight
from segments.preview import TooSlow, patiently
from segments.sizes import Size, size_of, told
from segments.validating import everybody as all_of_them


@dataclass(frozen=True)
class Outlook:
    """None: it takes longer than a page may wait."""

    now: Size
    entering: Size
    leaving: Size
    is_everybody: bool


def outlook(segment: Segment, rule: Group, seen: Sight, *, now: datetime) -> Outlook | None:
    """Those who match both versions stay; those picked by hand are in or out whatever either of them says."""
    written = rule
    if segment.is_handpicked:
        rule = with_handpicks(segment.pk, rule)
    everybody, holds = population(segment.brand), condition(rule, At.brand(segment.brand, now))
    inside = Q(player_id__in=members(segment).values("player_id"))
    try:
        with patiently():
            count = everybody.count()
            entering, leaving = everybody.filter(holds & ~inside), everybody.filter(inside & ~holds)
            return Outlook(
                now=size_of(everybody.filter(inside), count, seen) if segment.current else told(0, seen),
                entering=size_of(entering, count, seen),
                leaving=size_of(leaving, count, seen) if segment.current else told(0, seen),
                is_everybody=bool(all_of_them(segment.brand, written, now=now)),
            )
    except TooSlow:
        return None
