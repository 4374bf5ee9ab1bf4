"""A stream of numbers, in whatever order: where the holes are, and how far it has come without one."""

from hypothesis import given
from hypothesis import strategies as st

from players.watermarks import MOST_GAPS, RESTART, Stream, runs


def stream(*batches: list[int]) -> Stream:
    one = Stream()
    for batch in batches:
        one.arrived(batch)
    return one


def test_numbers_in_order_leave_no_hole() -> None:
    one = stream([5, 6, 7], [8])

    assert (one.high, one.watermark, one.gaps) == (8, 8, [])


def test_a_number_that_never_came_is_a_hole_until_it_comes() -> None:
    one = stream([1, 2], [4, 5])
    assert (one.watermark, one.high, one.gaps, one.missing) == (2, 5, [(3, 3)], 1)

    one.arrived([3])
    assert (one.watermark, one.gaps) == (5, [])


def test_a_hole_is_filled_piece_by_piece() -> None:
    one = stream([1], [10])
    one.arrived([5, 6])

    assert one.gaps == [(2, 4), (7, 9)]
    assert one.watermark == 1


def test_what_a_heartbeat_announces_and_nobody_has_seen_is_missing() -> None:
    one = stream([1, 2, 3])
    one.announced(6)
    assert one.gaps == [(4, 6)]

    one.arrived([6, 4, 5])
    assert (one.gaps, one.watermark) == ([], 6)


def test_a_feed_that_numbers_nothing_is_believed() -> None:
    one = Stream()
    one.announced(10)
    one.announced(20)

    assert (one.high, one.gaps) == (20, [])


def test_whoever_counts_anew_loses_no_million_events() -> None:
    one = stream([1, 2, 3])
    one.arrived([3 + 2 * RESTART])
    assert (one.gaps, one.restarted) == ([], True)

    other = stream(list(range(1, 3000)), [3100])
    other.announced(7)
    assert (other.high, other.gaps, other.restarted) == (7, [], True)


def test_a_heartbeat_that_was_overtaken_by_events_is_no_new_start() -> None:
    one = stream(list(range(1, 500)))
    one.announced(490)

    assert (one.high, one.gaps, one.restarted) == (499, [], False)


def test_a_thousand_holes_stay_an_alarm_without_a_thousand_rows() -> None:
    one = stream([2 * n for n in range(1, 1000)])

    assert len(one.gaps) == MOST_GAPS
    assert one.watermark == 2


@given(st.lists(st.integers(1, 60), min_size=1, max_size=60), st.integers(1, 5))
def test_whatever_the_order_and_the_batches_the_holes_are_what_is_not_there(numbers: list[int], size: int) -> None:
    one = Stream()
    for start in range(0, len(numbers), size):
        one.arrived(numbers[start : start + size])
    # What lies below the first number is not of this stream: its numbering starts there.
    beginning = min(numbers[:size])
    missing = set(range(beginning, max(numbers) + 1)) - set(numbers)

    assert one.gaps == runs(missing)
