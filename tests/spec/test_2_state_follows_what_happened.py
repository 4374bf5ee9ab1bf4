"""From what the PAM posts to what everybody reads: taken in, folded, told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from players import inbox, stages, windows
from players.folding import fold_pending
from players.models import Category, Feed, Player, PlayerState, Stage, StageChange
from tests import cast

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def ewa() -> Player:
    return cast.make_player(cast.azura(), "ewa", registered_at=NOW - 60 * DAY)


def posted(player: Player, kind: str, at: datetime, **properties: Any) -> dict[str, Any]:
    return {
        "event": kind, "event_id": f"{kind}-{at.isoformat()}-{sorted(properties.items())}"[:100],
        "player": player.external_id, "occurred_at": at.isoformat(), "properties": properties,
    }  # fmt: skip


def live(player: Player, *events: dict[str, Any], now: datetime = NOW) -> PlayerState:
    receipt = inbox.accept(Feed.objects.get(brand=player.brand), events, now=now)
    assert receipt.accepted == len(events), receipt.results
    while fold_pending(now=now):
        pass
    return PlayerState.objects.get(player=player)


def evening(player: Player, start: datetime, minutes: int) -> list[dict[str, Any]]:
    """One session with one round in it."""
    number = start.strftime("%m%d%H%M")
    return [
        posted(player, "round.settled", start + MINUTE, round_id=f"r{number}", category="slots", stake_real=200,
               stake_bonus=0, win_real=150, win_bonus=0),
        posted(player, "session.ended", start + minutes * MINUTE, session_id=f"s{number}",
               started_at=start.isoformat(), category="slots"),
    ]  # fmt: skip


def test_what_the_reference_segment_asks_about_is_told_exactly(ewa: Player) -> None:
    lengths = [10, 50, 60, 40, 55, 45]  # the oldest no longer counts
    evenings = [evening(ewa, NOW - (25 - n) * DAY, minutes) for n, minutes in enumerate(lengths)]
    state = live(ewa, *(event for one in evenings for event in one))

    assert state.top_category == Category.SLOTS
    assert state.last_play_at == NOW - 20 * DAY + 45 * MINUTE
    assert state.last5_seconds == sum(lengths[1:]) * 60
    assert (state.stake_real, state.win_real, state.rounds) == (1200, 900, 6)


def test_a_life_from_first_deposit_to_coming_back_is_on_record_with_its_causes(ewa: Player) -> None:
    first = NOW - 50 * DAY
    live(ewa, posted(ewa, "deposit.approved", first, payment_id="p1", amount=5000, method="card"), now=first)
    for day in range(45):
        windows.roll(now=first + day * DAY)
        stages.tick(now=first + day * DAY)
    state = live(ewa, posted(ewa, "deposit.approved", NOW, payment_id="p2", amount=2000, method="card"))

    assert (state.stage, state.stage_since) == (Stage.REACTIVATED, NOW)
    assert list(StageChange.objects.order_by("at").values_list("after", "at", "cause")) == [
        (Stage.FTD, first, "deposit 50.00\u00a0EUR"),
        (Stage.ACTIVE, first + 7 * DAY, "7 days after the first deposit"),
        (Stage.AT_RISK, first + 14 * DAY, "14 days without real-money play or deposit"),
        (Stage.LAPSED, first + 30 * DAY, "30 days without real-money play or deposit"),
        (Stage.REACTIVATED, NOW, "deposit 20.00\u00a0EUR"),
    ]


def test_a_round_that_is_taken_back_leaves_no_trace_in_any_sum(ewa: Player) -> None:
    before = live(ewa, *evening(ewa, NOW - 3 * DAY, 30))
    played = evening(ewa, NOW - DAY, 30)[0]
    undone = posted(ewa, "round.rolled_back", NOW, round_id=played["properties"]["round_id"])
    after = live(ewa, undone, played)

    assert (after.stake_real, after.rounds, after.last_play_at) == (200, 1, before.last_play_at)
