import pytest

from compliance.markers.catalogue import MARKERS
from compliance.markers.reading import Readings
from tests.markers.edges import EDGES, Edge


@pytest.mark.parametrize("edge", EDGES, ids=str)
def test_a_marker_is_met_on_one_side_of_its_edge_and_not_on_the_other(
    edge: Edge, told: tuple[Readings, dict[Edge, int]]
) -> None:
    readings, who = told
    seen = {one.marker for one in readings.seen if one.player_id == who[edge]}
    unknown = readings.unknown[who[edge]]
    assert (edge.marker in seen) == (edge.met is True)
    assert (edge.marker in unknown) == (edge.met is None)


def test_every_marker_has_both_sides() -> None:
    """M02 is told by balances seen on the way: see test_balances_at_the_end_of_sessions."""
    for marker in (marker.id for marker in MARKERS if marker.id != "M02"):
        assert {edge.met for edge in EDGES if edge.marker == marker} >= {True, False}, marker


@pytest.mark.django_db
def test_what_was_found_is_kept_in_figures(told: tuple[Readings, dict[Edge, int]]) -> None:
    readings, who = told
    found = {(one.player_id, one.marker): one.found for one in readings.seen}
    edge = next(edge for edge in EDGES if edge.marker == "M13" and edge.side == "one of five")
    assert found[who[edge], "M13"] == {"declined": 1, "attempts": 5, "within_24_h": 1}
