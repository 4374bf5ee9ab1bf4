"""What the markers add up to. Pure: no database, no clock.

Deliberately not a score of money: in five of six countries amounts added nothing once behaviour was known
(Hopfgartner 2022).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from compliance.markers.catalogue import BY_ID, Scale
from compliance.models.harm import Level


@dataclass(frozen=True)
class Sum:
    level: Level
    points: int
    families: tuple[str, ...]
    markers: tuple[str, ...]


def add_up(markers: Iterable[str], points: Mapping[str, int], scale: Scale, *, external: Level = Level.UNKNOWN,
           is_known: bool = True) -> Sum:  # fmt: skip
    """`markers`: those that count now, of all accounts of one person. `external`: the highest level a detector
    outside tells. `is_known`: that nothing was seen means something; else no marker is 'unknown', not 'none'."""
    seen = tuple(sorted(set(markers)))
    families = tuple(sorted({BY_ID[key].family for key in seen}))
    total = sum(points.get(key, BY_ID[key].points) for key in seen)
    level = _level(total, len(families), scale)
    if any(BY_ID[key].critical for key in seen):
        level = Level.CRITICAL
    if level is Level.NONE and not is_known:
        level = Level.UNKNOWN
    return Sum(max(level, external, key=lambda one: one.rank), total, families, seen)


def _level(points: int, families: int, scale: Scale) -> Level:
    if points >= scale.strong or families >= scale.families:
        return Level.STRONG
    if points >= scale.medium:
        return Level.MEDIUM
    return Level.LOW if points >= scale.low else Level.NONE
