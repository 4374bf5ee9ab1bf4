"""Several campaigns want the same ear."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from campaigns.arbiter import Candidate, Caps, Spoken, judge

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
CAPS = Caps(per_day=2, per_week=4, spacing=timedelta(hours=2))


def wants(id_: int, priority: int, *, group: str = "", hours: int = 48) -> Candidate:
    return Candidate(id_, f"Campaign {id_}", priority, group, NOW, NOW + timedelta(hours=hours))


def test_priority_decides_and_the_loser_comes_after_the_spacing() -> None:
    first, second = judge([wants(1, 10), wants(2, 90)], [], CAPS, NOW)

    assert (first.delivery_id, first.outcome) == (2, "now")
    assert (second.delivery_id, second.outcome, second.code) == (1, "later", "spacing")
    assert second.again_at == NOW + timedelta(hours=2)
    assert "Campaign 2" in second.detail


def test_in_one_exclusive_group_only_the_strongest_is_heard() -> None:
    rulings = judge([wants(1, 10, group="offers"), wants(2, 90, group="offers"), wants(3, 5)], [], CAPS, NOW)

    assert [(r.delivery_id, r.outcome, r.code) for r in rulings] == [
        (2, "now", ""),
        (1, "drop", "exclusive_group"),
        (3, "later", "spacing"),
    ]


def test_a_cap_defers_to_the_instant_the_oldest_message_leaves_the_window() -> None:
    earlier = [Spoken(NOW - timedelta(hours=h), "Old") for h in (20, 5)]

    (ruling,) = judge([wants(1, 10)], earlier, CAPS, NOW)

    assert (ruling.outcome, ruling.code) == ("later", "frequency_cap")
    assert ruling.again_at == NOW + timedelta(hours=4)


def test_what_cannot_be_said_in_time_is_not_said() -> None:
    earlier = [Spoken(NOW - timedelta(hours=h), "Old") for h in (20, 5)]

    (ruling,) = judge([wants(1, 10, hours=3)], earlier, CAPS, NOW)

    assert ruling.outcome == "drop"


def test_an_expired_message_is_dropped_even_with_nobody_else_around() -> None:
    assert judge([wants(1, 10, hours=0)], [], CAPS, NOW)[0].code == "expired"


def test_of_another_account_of_the_same_human_no_campaign_is_named() -> None:
    """“Weekend at Azura went first” on a page of Northlight would tell that she plays there too."""
    mine, theirs = (Spoken(NOW - timedelta(hours=1), "Weekend at Azura", "offers", player) for player in (1, 2))
    asked = replace(wants(1, 10), player_id=1)
    grouped = replace(wants(1, 10, group="offers"), player_id=1)

    def detail(one: Candidate, spoken: Spoken) -> str:
        (ruling,) = judge([one], [spoken], CAPS, NOW)
        return ruling.detail

    assert [detail(one, mine) for one in (asked, grouped)] == [
        "Weekend at Azura went first", "Weekend at Azura is in the same exclusive group",
    ]  # fmt: skip
    assert [detail(one, theirs) for one in (asked, grouped)] == [
        "another went first", "another is in the same exclusive group",
    ]  # fmt: skip
