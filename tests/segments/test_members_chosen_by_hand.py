"""Somebody's word against the rule: who was added stays, who was taken out never comes back, and the gate is told."""

import pytest
from django.db import transaction

from compliance.models import AuditEntry, Operator
from players.models import Brand, Player, PlayerState
from segments import building, handpick
from segments.explaining import explain_player
from segments.membership import is_member, refresh, tick
from segments.models import Membership, Segment
from segments.reading import criteria_now, effective, rule_of
from tests import cast
from tests.segments.conftest import DEPOSITS, MakeSegment, build_all, change, inside

pytestmark = pytest.mark.django_db


@pytest.fixture
def carla(brand: Brand) -> Operator:
    return cast.carla()


@pytest.fixture
def payers(brand: Brand, live: MakeSegment) -> Segment:
    return live(brand, "Payers", DEPOSITS)


@pytest.fixture
def poor(brand: Brand) -> Player:
    return cast.make_player(brand, "poor")


@pytest.fixture
def rich(brand: Brand, poor: Player) -> Player:
    player = cast.make_player(brand, "rich")
    PlayerState.objects.filter(player=player).update(deposits=9)
    return player


def look_again(*players: Player) -> None:
    with transaction.atomic():
        refresh(sorted(player.pk for player in players), now=cast.noon(), cause="events")


def inside_now(segment: Segment, *players: Player) -> list[Player]:
    held = is_member([segment.pk], [player.pk for player in players])
    return [player for player in players if (segment.pk, player.pk) in held]


def test_who_was_added_stays_and_who_was_taken_out_never_comes_back(
    payers: Segment, poor: Player, rich: Player, carla: Operator
) -> None:
    look_again(poor, rich)
    assert inside_now(payers, poor, rich) == [rich]
    assert handpick.add(payers, [poor.pk], carla, "Invited to the dinner", now=cast.noon()) == 1
    assert handpick.remove(payers, [rich.pk], carla, "Asked us to", now=cast.noon()) == 1
    look_again(poor, rich)
    assert inside_now(payers, poor, rich) == [poor]
    change(payers, DEPOSITS | {"value": 1})
    assert inside_now(payers, poor, rich) == [poor]
    assert set(Membership.objects.values_list("cause", "left_cause")) == {("by hand", ""), ("events", "by hand")}


def test_when_nobody_picks_any_more_the_rule_decides_again(
    payers: Segment, poor: Player, rich: Player, carla: Operator
) -> None:
    handpick.add(payers, [poor.pk], carla, "", now=cast.noon())
    handpick.remove(payers, [rich.pk], carla, "", now=cast.noon())
    assert handpick.clear(payers, [poor.pk, rich.pk], carla, "A mistake", now=cast.noon()) == 2
    assert inside_now(payers, poor, rich) == [rich]
    payers.refresh_from_db()
    assert not payers.is_handpicked


def test_the_same_word_twice_is_one_and_the_last_word_counts(payers: Segment, poor: Player, carla: Operator) -> None:
    assert [handpick.add(payers, [poor.pk], carla, "", now=cast.noon()) for _ in range(2)] == [1, 0]
    assert handpick.remove(payers, [poor.pk], carla, "", now=cast.noon()) == 1
    assert not inside_now(payers, poor)
    assert AuditEntry.objects.filter(kind="segment.handpicked").count() == 2


def test_the_gate_hears_manual_only_while_somebody_was_added(
    brand: Brand, live: MakeSegment, payers: Segment, poor: Player, rich: Player, carla: Operator
) -> None:
    outer = live(brand, "Outer", inside(payers))
    handpick.remove(payers, [rich.pk], carla, "", now=cast.noon())
    told = criteria_now(Segment.objects.all())
    assert told == {payers.pk: {"deposit_level"}, outer.pk: {"deposit_level"}}
    handpick.add(payers, [poor.pk], carla, "", now=cast.noon())
    told = criteria_now(Segment.objects.all())
    assert told == {payers.pk: {"deposit_level", "manual"}, outer.pk: {"deposit_level", "manual"}}


def test_who_is_in_by_hand_is_in_for_the_segments_that_ask_for_it(
    brand: Brand, live: MakeSegment, payers: Segment, poor: Player, rich: Player, carla: Operator
) -> None:
    outer = live(brand, "Outer", inside(payers))
    handpick.add(payers, [poor.pk], carla, "", now=cast.noon())
    assert inside_now(outer, poor, rich) == [poor, rich]
    handpick.remove(payers, [poor.pk, rich.pk], carla, "", now=cast.noon())
    assert inside_now(outer, poor, rich) == []


def test_the_explanation_says_that_a_hand_decided_and_the_rule_stays_as_written(
    payers: Segment, poor: Player, carla: Operator
) -> None:
    handpick.add(payers, [poor.pk], carla, "", now=cast.noon())
    payers.refresh_from_db()
    finding = explain_player(poor, effective(payers), "poor", now=cast.noon()).finding
    assert finding is not None
    assert finding.holds
    assert "added by hand" in str(finding)
    assert rule_of(payers).json() == {"all": [DEPOSITS]}


def test_test_accounts_and_players_of_other_brands_cannot_be_forced_in(
    payers: Segment, brand: Brand, carla: Operator
) -> None:
    tester = cast.make_player(brand, "tester", is_test=True)
    handpick.add(payers, [tester.pk], carla, "", now=cast.noon())
    assert not inside_now(payers, tester)
    stranger = cast.make_player(cast.bjork(), "stranger")
    with pytest.raises(handpick.CannotPick, match="no player of this brand"):
        handpick.add(payers, [stranger.pk], carla, "", now=cast.noon())
    with pytest.raises(handpick.CannotPick, match="1 to 500"):
        handpick.add(payers, list(range(1, 600)), carla, "", now=cast.noon())


def test_a_hand_reaches_a_draft_too_and_counts_from_the_day_it_is_live(
    brand: Brand, poor: Player, carla: Operator
) -> None:
    draft = building.save_draft(None, brand, "Draft", {"all": [DEPOSITS]}, carla, now=cast.noon())
    handpick.add(draft, [poor.pk], carla, "", now=cast.noon())
    assert not inside_now(draft, poor)
    with transaction.atomic():
        building.go_live(draft, carla, acts_on_existing=False, now=cast.noon())
    build_all()
    assert inside_now(draft, poor) == [poor]


def test_the_next_tick_looks_again_at_whoever_was_picked(payers: Segment, poor: Player, carla: Operator) -> None:
    """Somebody who had read the segments a moment before and waited would have taken them out again."""
    handpick.add(payers, [poor.pk], carla, "", now=cast.noon())
    Membership.objects.filter(player=poor).delete()
    assert tick(now=cast.noon()) == 1
    assert inside_now(payers, poor) == [poor]
    assert tick(now=cast.noon()) == 0


def test_nobody_can_write_the_hand_into_a_rule(brand: Brand) -> None:
    with pytest.raises(ValueError, match="no attribute “hand_picked”"):
        building.save_draft(
            None, brand, "Sly", {"all": [{"attribute": "hand_picked", "op": "in", "value": 1}]}, None, now=cast.noon()
        )
