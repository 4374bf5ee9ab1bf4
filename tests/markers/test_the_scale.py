"""What markers add up to, on both sides of each step. Pure."""

import pytest

from compliance.markers.catalogue import BY_ID, SCALE
from compliance.markers.scale import add_up
from compliance.models import Level

POINTS = {key: marker.points for key, marker in BY_ID.items()}


@pytest.mark.parametrize(("markers", "points", "level"), [
    ("", 0, Level.NONE),
    ("M10", 1, Level.LOW),
    ("M03 M10", 2, Level.LOW),
    ("M03 M05 M10", 3, Level.MEDIUM),
    ("M03 M05 M08 M10", 4, Level.MEDIUM),  # of two families
    ("M03 M05 M06 M08 M10", 5, Level.STRONG),
    ("M01 M12", 4, Level.MEDIUM),  # two points each, of one family
    ("M01 M12 M16", 5, Level.STRONG),
    ("M03 M20", 2, Level.LOW),
    ("M03 M20 M21", 3, Level.STRONG),  # three of the seven families
    ("M26", 1, Level.CRITICAL),
])  # fmt: skip
def test_points_and_families_make_a_level(markers: str, points: int, level: Level) -> None:
    total = add_up(markers.split(), POINTS, SCALE)
    assert (total.points, total.level) == (points, level)


def test_nothing_seen_of_somebody_not_watched_long_enough_is_unknown() -> None:
    assert add_up([], POINTS, SCALE, is_known=False).level is Level.UNKNOWN
    assert add_up(["M10"], POINTS, SCALE, is_known=False).level is Level.LOW


@pytest.mark.parametrize(
    ("outside", "level"), [(Level.NONE, Level.LOW), (Level.MEDIUM, Level.MEDIUM), (Level.STRONG, Level.STRONG)]
)
def test_of_our_level_and_a_detectors_the_higher_counts(outside: Level, level: Level) -> None:
    assert add_up(["M10"], POINTS, SCALE, external=outside).level is level


def test_a_marker_seen_at_two_accounts_counts_once() -> None:
    assert add_up(["M10", "M10", "M10"], POINTS, SCALE).points == 1


def test_every_sentence_can_be_said() -> None:
    for marker in BY_ID.values():
        assert "{" not in marker.in_words({}), marker.id
