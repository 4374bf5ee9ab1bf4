"""New thresholds: the preview is what the change then does, to the player."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from compliance.models import Operator
from players import rebuild, stages, thresholds
from players.folding import born, fold_pending
from players.models import Brand, Player, PlayerState, Recount, Stage, StageChange
from tests.folding.casino import brand, payment, player, receive, round_
from tests.folding.flow import stages_seen

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
USUAL = dict(zip(thresholds.NAMES, (7, 14, 30, 90, 30), strict=True))


@pytest.fixture
def azura() -> Brand:
    return brand(day_start_hour=6)


@pytest.fixture
def admin() -> Operator:
    return Operator.objects.create_user("admin@azura.test", "Admin", "moss-and-gravel-7")


def lived(azura: Brand, *days: float) -> Player:
    """Deposited twice 200 days ago, and played with real money that many days ago."""
    one = player(azura, NOW - 300 * DAY)
    long_ago = [payment(one.pk, NOW - 200 * DAY + n * DAY, f"p{n}", 100) for n in range(2)]
    receive(azura, [*long_ago, *(round_(one.pk, NOW - day * DAY, f"r{day}") for day in days)], NOW)
    return one


def folded() -> None:
    while fold_pending(now=NOW):
        pass
    stages.tick(now=NOW)


def moving(azura: Brand, **new: int) -> dict[tuple[Stage, Stage], int]:
    shifts = thresholds.preview(azura, USUAL | new, now=NOW)
    return {(one.before, one.after): one.players for one in shifts if one.moves}


def test_a_shorter_quiet_spell_makes_people_slip_away_and_a_longer_one_brings_them_back(azura: Brand) -> None:
    for quiet in (3, 10, 20):
        lived(azura, *(quiet + 10 * n for n in range(18)))  # always there, so nobody came back from a lapse
    folded()

    before = list(PlayerState.objects.values())
    assert moving(azura) == {}
    assert moving(azura, slipping_after_days=9) == {(Stage.ACTIVE, Stage.AT_RISK): 1}
    assert moving(azura, slipping_after_days=21) == {(Stage.AT_RISK, Stage.ACTIVE): 1}
    assert moving(azura, lapsed_after_days=15) == {(Stage.AT_RISK, Stage.LAPSED): 1}
    assert list(PlayerState.objects.values()) == before  # looking changes nothing


def test_a_shorter_lapse_makes_comebacks_out_of_pauses(azura: Brand) -> None:
    lived(azura, *(2 + n for n in range(3)), *(30 + 5 * n for n in range(34)))  # a pause of 26 days, then back
    folded()

    assert moving(azura, lapsed_after_days=20) == {(Stage.ACTIVE, Stage.REACTIVATED): 1}


@settings(max_examples=15, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.lists(st.integers(0, 190), max_size=8), min_size=1, max_size=6),
    st.tuples(st.integers(1, 40), st.integers(1, 20), st.integers(21, 60), st.integers(61, 120), st.integers(1, 60)),
)
def test_what_the_preview_says_is_what_happens(lives: list[list[int]], numbers: tuple[int, ...]) -> None:
    new = dict(zip(thresholds.NAMES, numbers, strict=True))
    with transaction.atomic():
        azura, admin = brand(day_start_hour=6), Operator.objects.create_user("a@azura.test", "A", "moss-and-gravel-7")
        for days in lives:
            lived(azura, *days)
        folded()
        before = dict(PlayerState.objects.values_list("pk", "stage"))
        told = {(one.before, one.after): one.players for one in thresholds.preview(azura, new, now=NOW)}

        thresholds.change(azura, new, actor_id=admin.pk, tells_journeys=False, now=NOW)
        while thresholds.advance(now=NOW):
            pass

        after: dict[tuple[Stage, Stage], int] = {}
        for pk, stage in PlayerState.objects.values_list("pk", "stage"):
            key = (Stage(before[pk]), Stage(stage))
            after[key] = after.get(key, 0) + 1
        assert told == after
        assert rebuild.verify(now=NOW) == []
        transaction.set_rollback(True)


def test_the_move_is_on_record_and_starts_no_journey_unless_asked_to(azura: Brand, admin: Operator) -> None:
    one = lived(azura, *(10 + 10 * n for n in range(19)))
    folded()
    stages_seen.clear()

    for hours, days, tells in ((1, 9, False), (2, 21, True)):
        later = NOW + timedelta(hours=hours)
        new = USUAL | {"slipping_after_days": days}
        thresholds.change(azura, new, actor_id=admin.pk, tells_journeys=tells, now=later)
        while thresholds.advance(now=later):
            pass

    changes = StageChange.objects.filter(player=one).order_by("-pk")[:2]
    assert [(change.after, change.cause) for change in changes] == [
        (Stage.ACTIVE, "the stages were redrawn"), (Stage.AT_RISK, "the stages were redrawn"),
    ]  # fmt: skip
    assert [batch.is_replay for batch in stages_seen.seen] == [True, False]
    recount = Recount.objects.order_by("pk").first()
    assert recount is not None
    assert (recount.players, recount.moved, recount.finished_at) == (1, 1, NOW + timedelta(hours=1))


def test_only_one_change_of_a_brand_is_under_way_at_a_time(azura: Brand, admin: Operator) -> None:
    born([player(azura, NOW).pk])
    thresholds.change(azura, USUAL, actor_id=admin.pk, tells_journeys=False, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        thresholds.change(azura, USUAL, actor_id=admin.pk, tells_journeys=False, now=NOW)
