"""Sessions cut from rounds where the PAM sends none: a pause ends one."""

from datetime import UTC, datetime, timedelta

import pytest

from players import rebuild
from players.folding import fold_pending
from players.models import Brand, Player, PlayerHabits, PlayerState, Session
from tests.folding.casino import LIVE, SPORTS, Sent, brand, player, receive, rollback, round_, session

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def azura() -> Brand:
    return brand(session_gap_minutes=30)


@pytest.fixture
def finn(azura: Brand) -> Player:
    return player(azura, NOON - timedelta(days=200))


def fold(azura: Brand, *events: Sent) -> None:
    receive(azura, events, NOON + timedelta(hours=12))
    fold_pending(now=NOON + timedelta(hours=12))


def sat(finn: Player) -> list[tuple[int, int]]:
    """(first minute after noon, last minute) of each session; state knows as many, and a rebuild finds the same."""
    rows = Session.objects.filter(player=finn).order_by("started_at").values_list("started_at", "ended_at", "seconds")
    state = PlayerState.objects.get(player=finn)
    assert (state.sessions, state.session_seconds) == (len(rows), sum(row[2] for row in rows))
    assert (state.last5_sessions, state.last5_seconds) == (len(rows), state.session_seconds)
    assert rebuild.verify(now=NOON + timedelta(hours=12)) == []
    return [((first - NOON) // MINUTE, (last - NOON) // MINUTE) for first, last, _ in rows]


def at(finn: Player, minute: float, **more: int) -> Sent:
    return round_(finn.pk, NOON + minute * MINUTE, f"r{minute}", **more)


def test_rounds_without_a_long_pause_between_them_are_one_session(azura: Brand, finn: Player) -> None:
    fold(azura, at(finn, 0), at(finn, 29), at(finn, 58), at(finn, 88))

    assert sat(finn) == [(0, 58), (88, 88)]


def test_a_session_grows_with_each_round(azura: Brand, finn: Player) -> None:
    for minute in (0, 20, 40):
        fold(azura, at(finn, minute))

    assert sat(finn) == [(0, 40)]


def test_a_late_round_joins_two_sessions_into_one(azura: Brand, finn: Player) -> None:
    fold(azura, at(finn, 0), at(finn, 50))
    assert sat(finn) == [(0, 0), (50, 50)]

    fold(azura, at(finn, 25))
    assert sat(finn) == [(0, 50)]
    assert PlayerHabits.objects.get().afternoon == 1  # 14:00 in Malta, and no longer two


def test_a_round_taken_back_parts_them_again(azura: Brand, finn: Player) -> None:
    fold(azura, at(finn, 0), at(finn, 25), at(finn, 50))
    fold(azura, rollback(finn.pk, NOON, "r25"))

    assert sat(finn) == [(0, 0), (50, 50)]


def test_the_last_round_taken_back_leaves_no_session(azura: Brand, finn: Player) -> None:
    fold(azura, at(finn, 0))
    fold(azura, rollback(finn.pk, NOON, "r0"))

    assert sat(finn) == []
    assert not PlayerHabits.objects.exists()


def test_each_category_has_sessions_of_its_own_and_sports_bets_have_none(azura: Brand, finn: Player) -> None:
    fold(azura, at(finn, 0), at(finn, 5, category=LIVE), at(finn, 10), at(finn, 12, category=SPORTS))

    assert sat(finn) == [(0, 10), (5, 5)]


def test_what_the_pam_sends_of_sessions_is_not_counted_besides(azura: Brand, finn: Player) -> None:
    fold(azura, at(finn, 0), session(finn.pk, NOON, 45, "s1"))

    assert sat(finn) == [(0, 0)]
