"""What a bench says of its figures."""

import pytest

from tests import bench
from tests.bench import cost_chart


def test_benches_of_one_ground_run_together_in_the_order_they_are_written():
    bench.all_benches()

    groups = bench.together(["segments.tick", "ground.roundtrip", "segments.scan", "segments.fold", "segments.single"])

    assert sorted(groups) == [
        ["ground.roundtrip"],
        ["segments.scan", "segments.single", "segments.tick", "segments.fold"],
    ]


@pytest.mark.parametrize(
    ("costs", "exponent"),
    [({100_000: 10.0, 1_000_000: 100.0}, 1), ({100_000: 5.0, 1_000_000: 5.0, 3_000_000: 5.0}, 0)],
)
def test_the_slope_is_the_power_of_the_number_of_players(costs: dict[int, float], exponent: float):
    assert cost_chart.slope(costs) == pytest.approx(exponent)


def test_one_scale_alone_has_no_slope():
    assert cost_chart.words({100_000: 10.0}) == "slope unknown: one scale"


def test_the_curve_is_drawn_with_the_slope_of_each_shape_in_time_and_in_memory():
    drawn = cost_chart.draw({"s1": {100_000: (10.0, 8.0), 1_000_000: (100.0, 8.0)}})

    assert "S1 ∝ players^1.00" in drawn
    assert "S1 ∝ players^0.00" in drawn
