from datetime import UTC, date, datetime

import pytest

from config.lib.clock import NEVER
from players.batches import settle
from players.folding import fold_pending
from players.models import (
    Brand,
    DailyActivity,
    Fact,
    Owed,
    Player,
    PlayerCategory,
    PlayerState,
    Quarantine,
    Stage,
    StageChange,
    Waiting,
)  # fmt: skip
from tests.folding.casino import (
    DAY,
    HOUR,
    LIVE,
    NOW,
    SLOTS,
    Sent,
    brand,
    payment,
    player,
    receive,
    rollback,
    round_,
    session,
)
from tests.folding.flow import stages_seen as flow_stages

pytestmark = pytest.mark.django_db


def fold(azura: Brand, *events: Sent, now: datetime = NOW, is_replay: bool = False) -> None:
    receive(azura, events, now, is_replay=is_replay)
    assert fold_pending(now=now) == len(events)


def state_of(finn: Player) -> PlayerState:
    return PlayerState.objects.get(player=finn)


def test_a_round_a_session_and_a_deposit_become_facts_days_categories_and_state(azura: Brand, finn: Player) -> None:
    start = NOW - 2 * HOUR
    fold(
        azura,
        payment(finn.pk, start, "p1", 5000),
        round_(finn.pk, start + HOUR / 2, "r1", 300, bonus=50, win=120),
        session(finn.pk, start, 45, "s1"),
        Sent("player.login", finn.pk, start - HOUR),
        Sent("balance.changed", finn.pk, start + HOUR, {"real": 4820, "bonus": 10}),
    )

    state = state_of(finn)
    assert (state.stake_real, state.stake_bonus, state.win_real, state.rounds) == (300, 50, 120, 1)
    assert (state.sessions, state.session_seconds, state.last5_seconds, state.last5_sessions) == (1, 2700, 2700, 1)
    assert (state.deposits, state.deposit_sum, state.deposit_sum_30d, state.deposits_30d) == (1, 5000, 5000, 1)
    assert (state.stake_30d, state.sessions_30d, state.active_days_30d) == (350, 1, 1)
    assert (state.balance_real, state.balance_bonus, state.last_login_at) == (4820, 10, start - HOUR)
    assert (state.last_play_at, state.last_real_at) == (start + 0.75 * HOUR, start + HOUR / 2)
    assert (state.top_category, state.stage, state.stage_since) == (SLOTS, Stage.FTD, start)
    category = PlayerCategory.objects.get(player=finn)
    assert (category.stake, category.stake_90d, category.win, category.seconds) == (350, 350, 120, 2700)
    assert list(
        DailyActivity.objects.order_by("category").values_list("day", "category", "stake_real", "deposits")
    ) == [
        (date(2026, 6, 10), 0, 0, 1),
        (date(2026, 6, 10), SLOTS, 300, 0),
    ]
    assert set(Fact.objects.values_list("kind", flat=True)) == {"deposit.approved", "player.login", "stage.changed"}
    change = StageChange.objects.get()
    assert (change.before, change.after, change.at) == (Stage.REGISTERED, Stage.FTD, start)
    assert change.cause == "deposit 50.00\u00a0EUR"
    assert not Waiting.objects.exists()


def test_bonus_play_alone_never_makes_anyone_active(azura: Brand, finn: Player) -> None:
    fold(azura, payment(finn.pk, NOW - 40 * DAY, "p1", 5000), round_(finn.pk, NOW - HOUR, "r1", 0, bonus=500))

    state = state_of(finn)
    assert state.last_play_at == NOW - HOUR
    assert state.last_real_at == NOW - 40 * DAY
    assert state.stage == Stage.LAPSED


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["round first", "rollback first"])
@pytest.mark.parametrize("together", [True, False], ids=["one batch", "two batches"])
def test_a_round_taken_back_was_never_played(
    azura: Brand, finn: Player, order: tuple[int, int], together: bool
) -> None:
    fold(azura, round_(finn.pk, NOW - 3 * DAY, "kept", 700, category=LIVE))
    events = [round_(finn.pk, NOW - HOUR, "gone", 300, win=50), rollback(finn.pk, NOW, "gone")]
    chosen = [events[n] for n in order]
    if together:
        fold(azura, *chosen)
    else:
        for event in chosen:
            fold(azura, event)

    state = state_of(finn)
    assert (state.stake_real, state.win_real, state.rounds, state.stake_30d) == (700, 0, 1, 700)
    assert state.last_play_at == state.last_real_at == state.streak_from == NOW - 3 * DAY
    assert (state.active_days_30d, state.top_category) == (1, LIVE)
    assert PlayerCategory.objects.get(player=finn).category == LIVE
    assert DailyActivity.objects.get(player=finn).day == (NOW - 3 * DAY).date()


def test_what_comes_twice_counts_once_even_by_another_path_and_at_another_minute(azura: Brand, finn: Player) -> None:
    events = [
        payment(finn.pk, NOW, "p1", 5000),
        round_(finn.pk, NOW, "r1", 300),
        session(finn.pk, NOW - HOUR, 30, "s1"),
    ]
    fold(azura, *events, *events)
    fold(azura, *events, round_(finn.pk, NOW - HOUR, "r1", 300))

    state = state_of(finn)
    assert (state.stake_real, state.rounds, state.sessions, state.deposits) == (300, 1, 1, 1)
    assert Fact.objects.filter(kind="deposit.approved").count() == 1


@pytest.mark.parametrize("statuses", [("approved", "rolled_back"), ("rolled_back", "approved")])
def test_a_deposit_counts_only_while_it_stands(azura: Brand, finn: Player, statuses: tuple[str, str]) -> None:
    for status in statuses:
        fold(azura, payment(finn.pk, NOW - HOUR, "p1", 5000, status))

    state = state_of(finn)
    assert (state.deposits, state.deposit_sum, state.deposits_30d, state.active_days_30d) == (0, 0, 0, 0)
    assert state.first_deposit_at == state.last_deposit_at == state.last_real_at == NEVER
    assert (state.stage, state.stage_since) == (Stage.REGISTERED, finn.registered_at)
    assert not DailyActivity.objects.filter(player=finn).exists()


def test_a_declined_deposit_is_counted_unless_the_same_payment_was_approved_after_all(
    azura: Brand, finn: Player
) -> None:
    fold(
        azura,
        payment(finn.pk, NOW, "p1", 5000, "rejected"),
        payment(finn.pk, NOW, "p2", 5000, "rejected"),
        payment(finn.pk, NOW + HOUR, "p2", 5000),
        payment(finn.pk, NOW, "w1", 900, "approved", "withdrawal"),
    )

    state = state_of(finn)
    assert (state.declined_deposits, state.deposits, state.withdrawals, state.withdrawal_sum) == (1, 1, 1, 900)


def test_the_last_five_sessions_are_the_newest_by_their_start_whenever_they_arrive(azura: Brand, finn: Player) -> None:
    fold(azura, *(session(finn.pk, NOW - n * DAY, n, f"s{n}") for n in (7, 1, 6, 2, 5)))
    assert state_of(finn).last5_seconds == (7 + 1 + 6 + 2 + 5) * 60

    fold(azura, session(finn.pk, NOW - 3 * DAY, 3, "s3"), session(finn.pk, NOW - 80 * DAY, 500, "old"))
    state = state_of(finn)
    assert (state.last5_seconds, state.last5_sessions, state.sessions) == ((1 + 2 + 3 + 5 + 6) * 60, 5, 7)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), date(2026, 3, 28)),  # 01:59 local, the day starts at 6
        (datetime(2026, 3, 29, 3, 59, tzinfo=UTC), date(2026, 3, 28)),  # 05:59 summer time
        (datetime(2026, 3, 29, 4, 0, tzinfo=UTC), date(2026, 3, 29)),  # 06:00 summer time
        (datetime(2026, 10, 25, 4, 59, tzinfo=UTC), date(2026, 10, 24)),  # 05:59 winter time again
        (datetime(2026, 10, 25, 5, 0, tzinfo=UTC), date(2026, 10, 25)),
    ],
)
def test_the_gaming_day_follows_the_brands_clock_on_days_of_23_and_25_hours(at: datetime, day: date) -> None:
    malta = brand(day_start_hour=6)
    someone = player(malta, at - 100 * DAY)
    fold(malta, round_(someone.pk, at, "r1"))

    assert DailyActivity.objects.get(player=someone).day == day


def test_an_event_nobody_can_fold_is_set_aside_and_the_others_go_on(azura: Brand, finn: Player) -> None:
    fold(
        azura,
        round_(finn.pk, NOW, "r1", 100),
        Sent("round.settled", finn.pk, NOW, {"round_id": "bad", "category": SLOTS, "stake_real": "a lot"}),
        round_(finn.pk, NOW, "r2", 200),
    )

    assert state_of(finn).stake_real == 300
    parked = Quarantine.objects.get()
    assert (parked.reason, parked.player_id) == ("unfoldable", finn.pk)
    assert b"a lot" in bytes(parked.raw)


def test_a_stage_that_fails_leaves_an_owed_row_and_folding_and_the_other_stages_go_on(
    azura: Brand, finn: Player
) -> None:
    flow_stages.failing = True
    fold(azura, round_(finn.pk, NOW, "r1", 100), payment(finn.pk, NOW, "p1", 100))

    assert state_of(finn).stake_real == 100
    owed = Owed.objects.get(fact=None)
    assert owed.reaction == "tests.folding.flow.broken"
    assert "ZeroDivisionError" in owed.error
    assert owed.batch["player_ids"] == [finn.pk]
    seen = flow_stages.seen[-1]
    assert (seen.player_ids, len(seen.round_ids), seen.is_replay) == ([finn.pk], 1, False)
    assert {fact.kind for fact in seen.facts} == {"deposit.approved", "stage.changed"}

    flow_stages.failing = False
    assert settle(now=NOW + DAY) == 1
    assert not Owed.objects.filter(fact=None).exists()
    assert flow_stages.mended[-1].round_ids == seen.round_ids
    assert [fact.id for fact in flow_stages.mended[-1].facts] == [fact.id for fact in seen.facts]


def test_history_and_life_are_never_folded_together_and_history_owes_no_reactions(azura: Brand, finn: Player) -> None:
    receive(azura, [payment(finn.pk, NOW - 9 * DAY, "p1", 100)], NOW, is_replay=True)
    receive(azura, [payment(finn.pk, NOW, "p2", 100)], NOW)

    assert [fold_pending(now=NOW) for _ in range(3)] == [1, 1, 0]
    assert [batch.is_replay for batch in flow_stages.seen] == [True, False]
    assert {fact.is_replay for fact in Fact.objects.filter(data__payment_id="p1")} == {True}
