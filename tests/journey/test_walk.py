"""The next move, without a database."""

from datetime import UTC, datetime, time, timedelta

import pytest

from campaigns.journey import ArmNode, Finish, Node, Say, Take, Tree, Wait, wait_end, walk

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
LONDON = "Europe/London"
SLOTS, SPORTS = 7, 8

TREE = Tree.of(
    [
        Node(1, "wait", None, 0, wait_minutes=60, wait_fact="deposit.approved"),
        Node(2, "branch", None, 1, arms=(ArmNode(20, "Slots", SLOTS), ArmNode(21, "Everyone else", None))),
        Node(3, "message", 20, 0),
        Node(4, "end", 20, 1),
        Node(5, "message", None, 2),
    ]
)


def test_a_run_starts_at_the_first_step() -> None:
    assert walk(TREE, None, [], LONDON, NOW) == [Wait(1, NOW + timedelta(hours=1), "deposit.approved")]


def test_a_branch_sends_each_player_down_the_first_column_that_fits() -> None:
    assert walk(TREE, 1, [SLOTS], LONDON, NOW) == [Take(2, 20, "Slots"), Say(3)]


def test_an_empty_column_leads_on_to_what_follows_the_branch() -> None:
    assert walk(TREE, 1, [SPORTS], LONDON, NOW) == [Take(2, 21, "Everyone else"), Say(5)]


def test_an_end_card_inside_a_column_ends_the_whole_run() -> None:
    assert walk(TREE, 3, [SLOTS], LONDON, NOW) == [Finish(4)]


def test_after_the_last_step_the_run_is_over() -> None:
    assert walk(TREE, 5, [], LONDON, NOW) == [Finish(5)]


@pytest.mark.parametrize(
    ("now", "clock", "expected"),
    [
        # 18:00 in London is 18:00 UTC in winter and 17:00 UTC in summer.
        (datetime(2026, 11, 24, 15, 0, tzinfo=UTC), time(18, 0), datetime(2026, 11, 24, 18, 0, tzinfo=UTC)),
        (datetime(2026, 7, 24, 17, 30, tzinfo=UTC), time(18, 0), datetime(2026, 7, 25, 17, 0, tzinfo=UTC)),
        # 29 March 2026: 01:00 to 02:00 does not exist in London.
        (datetime(2026, 3, 29, 0, 10, tzinfo=UTC), time(1, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        # 25 October 2026: 01:30 comes twice; the first one counts.
        (datetime(2026, 10, 25, 0, 10, tzinfo=UTC), time(1, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
)
def test_waiting_until_an_hour_of_the_players_clock_survives_the_change_of_clocks(
    now: datetime, clock: time, expected: datetime
) -> None:
    assert wait_end(Node(1, "wait", None, 0, wait_until=clock), LONDON, now) == expected
