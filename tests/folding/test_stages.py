"""The lifecycle: edges to the second, the same in Python and SQL, moved by events and by exact timers."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from config.lib.clock import NEVER
from players import stages
from players.folding import born, fold_pending
from players.models import Brand, Fact, Player, PlayerState, Stage, StageChange
from players.stages import Instants, Thresholds, stage_of
from tests.folding.casino import brand, payment, player, receive, round_
from tests.folding.flow import stages_seen

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
JOINED, FIRST = NOW - 400 * DAY, NOW - 390 * DAY
USUAL = Thresholds()


def grown(**values: datetime) -> Instants:
    """Two deposits long ago; the rest as given."""
    kept = {"streak_from": FIRST, "spell_from": FIRST, "last_real_at": FIRST + DAY}
    return Instants(JOINED, FIRST, FIRST + DAY, **kept | values)


@pytest.mark.parametrize(
    ("days", "before", "after"),
    [(14, Stage.ACTIVE, Stage.AT_RISK), (30, Stage.AT_RISK, Stage.LAPSED), (90, Stage.LAPSED, Stage.DORMANT)],
)
def test_quiet_days_move_the_stage_at_the_exact_second(days: int, before: Stage, after: Stage) -> None:
    edge = FIRST + DAY + days * DAY

    assert stage_of(grown(), USUAL, edge - SECOND).stage == before
    assert stage_of(grown(), USUAL, edge - SECOND).until == edge
    moved = stage_of(grown(), USUAL, edge)
    assert (moved.stage, moved.since) == (after, edge)


def test_a_first_deposit_counts_as_new_for_seven_days_or_until_the_second() -> None:
    once = Instants(JOINED, FIRST, last_real_at=FIRST, streak_from=FIRST, spell_from=FIRST)
    twice = Instants(JOINED, FIRST, FIRST + DAY, FIRST + DAY, FIRST, FIRST)

    assert stage_of(once, USUAL, FIRST + 7 * DAY - SECOND).stage == Stage.FTD
    assert stage_of(once, USUAL, FIRST + 7 * DAY) == stages.Standpoint(Stage.ACTIVE, FIRST + 7 * DAY, FIRST + 14 * DAY)
    assert stage_of(twice, USUAL, FIRST + DAY).stage == Stage.ACTIVE
    assert stage_of(twice, USUAL, FIRST + 2 * DAY).since == FIRST + DAY


def test_coming_back_after_a_lapse_lasts_thirty_days_and_then_the_quiet_days_decide() -> None:
    back = NOW - 40 * DAY
    once = grown(last_real_at=back, streak_from=back, spell_from=back)
    often = grown(last_real_at=back + 29 * DAY, streak_from=back, spell_from=back)

    assert stage_of(once, USUAL, back + 30 * DAY - SECOND) == stages.Standpoint(
        Stage.REACTIVATED, back, back + 30 * DAY
    )
    assert stage_of(once, USUAL, back + 30 * DAY).stage == Stage.LAPSED
    assert stage_of(often, USUAL, back + 30 * DAY) == stages.Standpoint(Stage.ACTIVE, back + 30 * DAY, back + 43 * DAY)


def test_who_came_back_for_one_day_only_is_not_active_afterwards_but_slipping_away() -> None:
    short, back = Thresholds(reactivated=5), NOW - 40 * DAY
    once = grown(last_real_at=back + timedelta(hours=3), streak_from=back, spell_from=back)
    twice = grown(last_real_at=back + DAY, streak_from=back, spell_from=back)

    ends = back + 5 * DAY
    lapses = back + timedelta(hours=3) + 30 * DAY
    assert stage_of(once, short, ends - SECOND).stage == Stage.REACTIVATED
    assert stage_of(once, short, ends) == stages.Standpoint(Stage.AT_RISK, ends, lapses)
    assert stage_of(once, short, back + 20 * DAY) == stages.Standpoint(Stage.AT_RISK, ends, lapses)
    assert stage_of(once, short, lapses).stage == Stage.LAPSED
    assert stage_of(twice, short, ends).stage == Stage.ACTIVE


def test_two_days_are_two_gaming_days_of_the_brand() -> None:
    evening = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)
    night = evening + timedelta(hours=2)
    state = grown(last_real_at=night, streak_from=evening, spell_from=evening)
    by_midnight, by_six = Thresholds(reactivated=5), Thresholds(reactivated=5, zone="Europe/Malta", day_start=6)

    assert stage_of(state, by_midnight, evening + 5 * DAY).stage == Stage.ACTIVE
    assert stage_of(state, by_six, evening + 5 * DAY).stage == Stage.AT_RISK


def test_without_a_deposit_that_stands_one_is_registered_whatever_was_played() -> None:
    played = Instants(JOINED, last_real_at=NOW, streak_from=NOW, spell_from=NOW)

    assert stage_of(played, USUAL, NOW) == stages.Standpoint(Stage.REGISTERED, JOINED, None)


instants = st.one_of(st.just(NEVER), st.integers(0, 200 * 24).map(lambda hours: NOW - timedelta(hours=hours)))
thresholds = st.builds(
    Thresholds, st.integers(1, 40), st.integers(1, 20), st.integers(21, 60), st.integers(61, 120), st.integers(1, 60),
    st.just("Europe/Malta"), st.integers(0, 6),
)  # fmt: skip


@settings(max_examples=60, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.lists(st.builds(Instants, st.just(JOINED), *[instants] * 5), min_size=1, max_size=8), thresholds)
def test_the_database_tells_the_same_stage_as_the_specification(rows: list[Instants], own: Thresholds) -> None:
    with transaction.atomic():
        at = brand(
            ftd_days=own.ftd, slipping_after_days=own.slipping, lapsed_after_days=own.lapsed,
            dormant_after_days=own.dormant, reactivated_days=own.reactivated, day_start_hour=own.day_start,
        )  # fmt: skip
        people = [player(at, JOINED) for _ in rows]
        PlayerState.objects.bulk_create(
            PlayerState(player=one, brand_id=one.brand_id, **asdict(row)) for one, row in zip(people, rows, strict=True)
        )
        stages.evaluate([one.pk for one in people], now=NOW)

        told = PlayerState.objects.order_by("pk").values_list("stage", "stage_since", "next_stage_at")
        expected = [stage_of(row, own, NOW) for row in rows]
        assert list(told) == [(e.stage, e.since, e.until) for e in expected]
        transaction.set_rollback(True)


@pytest.fixture
def finn(azura: Brand) -> Player:
    return player(azura, JOINED)


def test_the_timer_moves_the_stage_records_why_and_tells_those_above(azura: Brand, finn: Player) -> None:
    receive(azura, [payment(finn.pk, NOW, "p1", 100), payment(finn.pk, NOW, "p2", 100)], NOW)
    fold_pending(now=NOW)
    receive(azura, [round_(finn.pk, NOW + DAY, "r1")], NOW + DAY)
    fold_pending(now=NOW + DAY)
    stages_seen.clear()

    assert stages.tick(now=NOW + 14 * DAY) == 0  # woken early once: the timer was not moved by the round
    assert PlayerState.objects.get(player=finn).next_stage_at == NOW + 15 * DAY
    assert stages.tick(now=NOW + 15 * DAY - SECOND) == 0
    assert stages.tick(now=NOW + 15 * DAY) == 1
    assert stages.tick(now=NOW + 15 * DAY) == 0

    change = StageChange.objects.latest("pk")
    assert (change.before, change.after, change.at) == (Stage.ACTIVE, Stage.AT_RISK, NOW + 15 * DAY)
    assert change.cause == "14 days without real-money play or deposit"
    fact = Fact.objects.filter(kind="stage.changed").latest("pk")
    assert fact.data == {"before": Stage.ACTIVE, "after": Stage.AT_RISK, "cause": change.cause, "by": ""}
    assert [(batch.player_ids, [f.pk for f in batch.facts]) for batch in stages_seen.seen] == [([finn.pk], [fact.pk])]


def test_a_late_deposit_takes_back_a_stage_that_was_never_true(azura: Brand, finn: Player) -> None:
    receive(azura, [payment(finn.pk, NOW, "p1", 100), payment(finn.pk, NOW, "p2", 100)], NOW)
    fold_pending(now=NOW)
    stages.tick(now=NOW + 14 * DAY)
    assert PlayerState.objects.get(player=finn).stage == Stage.AT_RISK

    late = NOW + 14 * DAY + timedelta(hours=1)
    receive(azura, [payment(finn.pk, NOW + 13 * DAY, "p3", 5000)], late)
    fold_pending(now=late)

    state = PlayerState.objects.get(player=finn)
    assert (state.stage, state.stage_since) == (Stage.ACTIVE, NOW)
    assert StageChange.objects.latest("pk").cause == "deposit 50.00\u00a0EUR"
    assert StageChange.objects.latest("pk").after == Stage.ACTIVE
    assert Fact.objects.get(key=StageChange.objects.latest("pk").fact_key).kind == "deposit.approved"


def test_play_that_brings_somebody_back_is_named(azura: Brand, finn: Player) -> None:
    receive(azura, [payment(finn.pk, NOW, "p1", 100), payment(finn.pk, NOW, "p2", 100)], NOW)
    fold_pending(now=NOW)
    back = NOW + 40 * DAY
    receive(azura, [round_(finn.pk, back, "r-back")], back)
    fold_pending(now=back)

    change = StageChange.objects.latest("pk")
    assert (change.after, change.cause, change.fact_key) == (Stage.REACTIVATED, "real-money play", "round:r-back")


def test_bonus_play_alone_never_makes_anybody_active(azura: Brand, finn: Player) -> None:
    receive(azura, [payment(finn.pk, NOW, "p1", 100), payment(finn.pk, NOW, "p2", 100)], NOW)
    fold_pending(now=NOW)
    stages.tick(now=NOW + 20 * DAY)
    for day in (20, 40):
        at = NOW + day * DAY
        receive(azura, [round_(finn.pk, at, f"b{day}", 0, bonus=500)], at)
        fold_pending(now=at)

    state = PlayerState.objects.get(player=finn)
    assert (state.stage, state.last_play_at, state.last_real_at) == (Stage.LAPSED, NOW + 40 * DAY, NOW)


def test_a_tick_looks_only_at_those_who_are_due(azura: Brand) -> None:
    people = [player(azura, JOINED) for _ in range(5)]
    born([one.pk for one in people])

    assert stages.tick(now=NOW) == 0
    assert not StageChange.objects.exists()
