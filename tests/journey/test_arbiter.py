"""Several campaigns want the same ear."""

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
