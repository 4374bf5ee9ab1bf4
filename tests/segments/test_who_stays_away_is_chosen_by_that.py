"""DK-07, ES-05: a rule that is met by staying away selects by inactivity, however it is put; a rule about what somebody
did selects by something."""

import pytest

from segments.language.criteria import criteria
from segments.language.tree import Group, Leaf, Nested, Than

WINDOW = {"window": "30d"}


def leaf(attribute: str, op: str, value: object = None, **params: str) -> Leaf:
    return Leaf(attribute, op, value, params)


@pytest.mark.parametrize("one", [
    leaf("stage", "is", "lapsed"), leaf("stage", "in", ("active", "dormant")), leaf("stage", "is_not", "active"),
    leaf("stage", "not_in", ("active", "ftd", "lapsed")), leaf("active_days_30d", "is", 0), leaf("active_days_30d", "at_most", 3),
    leaf("sessions_30d", "is", 0), leaf("sessions_30d", "less_than", 1), leaf("deposits_30d", "is", 0),
    leaf("deposits", "between", (0, 2)), leaf("sessions_within", "not_within", 30, count="1"), leaf("days_since_play", "at_least", 30),
    Leaf("sessions_30d", "less_than", params={}, than=Than("sessions_90d", percent=10)),
    Leaf("sessions_90d", "more_than", params={}, than=Than("sessions_30d", percent=900)),
])  # fmt: skip
def test_what_is_met_by_staying_away_selects_by_inactivity(one: Leaf) -> None:
    assert "inactivity" in criteria(Group("all", (leaf("country", "is", "DK"), one)))


@pytest.mark.parametrize("one", [
    leaf("stage", "is", "active"), leaf("stage", "is_not", "dormant"), leaf("stage", "not_in", ("at_risk", "lapsed", "dormant")),
    leaf("active_days_30d", "at_least", 1), leaf("sessions_30d", "more_than", 0), leaf("deposits_30d", "between", (1, 4)),
    leaf("sessions_within", "within", 30, count="1"), leaf("session_average", "less_than", 20),
    leaf("days_since_first_deposit", "at_least", 7), leaf("vip_tier", "is", 0), leaf("bonus_count", "is", 0),
])  # fmt: skip
def test_what_takes_having_been_there_does_not(one: Leaf) -> None:
    assert "inactivity" not in criteria(one)


def test_the_opposite_of_having_been_there_is_staying_away() -> None:
    played, slept = leaf("sessions_30d", "at_least", 1), leaf("sessions_30d", "is", 0)
    assert "inactivity" not in criteria(Group("all", (played,)))
    assert "inactivity" in criteria(Group("none", (played,)))
    assert "inactivity" not in criteria(Group("none", (slept,)))
    assert "inactivity" in criteria(Group("none", (leaf("stage", "is", "active"),)))
    other = Group("all", (played,))
    assert "inactivity" in criteria(Nested("segments", "not_in", (7,), names=("players of slots",), rules=(other,)))
    assert "inactivity" not in criteria(Nested("segments", "in", (7,), names=("players of slots",), rules=(other,)))
    assert "inactivity" not in criteria(Group("none", (Group("none", (played,)),)))


@pytest.mark.parametrize("one", [
    leaf("sessions_30d", "at_least", 4), leaf("session_average", "more_than", 30), leaf("minutes_30d", "more_than", 300),
    leaf("weekday_share", "more_than", 50, day="weekend"), leaf("device", "is", "mobile"), leaf("open_offers", "at_least", 1),
    leaf("cards_seen", "at_least", 1, within="30"),
])  # fmt: skip
def test_what_somebody_did_is_a_criterion(one: Leaf) -> None:
    assert criteria(one) != ["all"]


@pytest.mark.parametrize(
    "one", [leaf("country", "is", "GB"), leaf("language", "is", "sv"), leaf("affiliate", "is", "topcasinos")]
)
def test_where_somebody_lives_is_none(one: Leaf) -> None:
    assert criteria(one) == ["all"]
