"""A segment that asks for members of another follows it: its members, its criteria, its versions. Nobody hears twice."""

from typing import Any

import pytest
from django.db import transaction

from players.models import Brand, Fact, Player, PlayerState
from segments import building
from segments.language.compile import matching
from segments.language.parse import RuleError, parse
from segments.language.tree import At
from segments.membership import is_member, members
from segments.models import Segment
from segments.uses import InUse, where_used
from tests import cast
from tests.segments.conftest import DEPOSITS, PLAYED, MakeSegment, build_all, change, go_live, inside

pytestmark = pytest.mark.django_db


@pytest.fixture
def lena(brand: Brand) -> Player:
    """Has deposited three times and has not played."""
    player = cast.make_player(brand, "lena")
    PlayerState.objects.filter(player=player).update(deposits=3)
    return player


def heard(segment: Segment, kind: str = "segment.entered") -> int:
    return Fact.objects.filter(kind=kind, data__segment_id=segment.pk).count()


def test_a_new_version_of_a_named_segment_moves_those_who_ask_for_it_too(
    brand: Brand, live: MakeSegment, lena: Player
) -> None:
    inner = live(brand, "Inner", PLAYED)
    outer = live(brand, "Outer", inside(inner))
    beyond = live(brand, "Beyond", inside(outer, op="not_in"))
    assert is_member([inner.pk, outer.pk, beyond.pk], [lena.pk]) == {(beyond.pk, lena.pk)}
    change(inner, DEPOSITS)
    assert is_member([inner.pk, outer.pk, beyond.pk], [lena.pk]) == {(inner.pk, lena.pk), (outer.pk, lena.pk)}


def test_those_who_follow_get_a_version_that_says_why_with_the_criteria_of_now(brand: Brand, live: MakeSegment) -> None:
    inner = live(brand, "Inner", PLAYED)
    outer = live(brand, "Outer", inside(inner))
    change(inner, DEPOSITS)
    outer.refresh_from_db()
    assert outer.current is not None
    assert (outer.current.number, outer.current.note) == (2, "“Inner” changed.")
    assert outer.current.criteria == ["deposit_level"]
    assert outer.versions.get(number=1).criteria == ["inactivity"]


@pytest.mark.parametrize("act", [True, False])
def test_they_tell_journeys_once_or_not_at_all_as_chosen_for_the_change(
    brand: Brand, live: MakeSegment, lena: Player, act: bool
) -> None:
    inner = live(brand, "Inner", PLAYED)
    outer = live(brand, "Outer", inside(inner))
    change(inner, DEPOSITS, act=act)
    change(inner, {"any": [DEPOSITS, PLAYED]}, act=act)
    assert heard(outer) == heard(inner) == (1 if act else 0)


def test_a_build_that_tells_goes_on_telling_when_what_it_names_changes_meanwhile(
    brand: Brand, live: MakeSegment, lena: Player
) -> None:
    inner = live(brand, "Inner", DEPOSITS)
    outer = live(brand, "Outer", inside(inner), act=True, build=False)
    change(inner, {"any": [DEPOSITS, PLAYED]}, act=False, build=False)
    build_all()
    build_all()
    assert heard(outer) == 1


def test_a_change_that_those_who_ask_for_it_could_not_bear_is_refused(brand: Brand, live: MakeSegment) -> None:
    inner = live(brand, "Inner", PLAYED)
    live(brand, "Outer", inside(inner), *[PLAYED] * 30, *[{"any": [DEPOSITS] * 8}])
    second = live(brand, "Second", *[DEPOSITS] * 40)
    building.save_draft(inner, brand, "Inner", {"all": [inside(second), *[PLAYED] * 39]}, None, now=cast.noon())
    with pytest.raises(RuleError, match="“Outer” asks for members of this segment.*over 100 conditions"):
        go_live(inner)
    inner.refresh_from_db()
    assert inner.current is not None
    assert inner.current.number == 1


def test_a_rule_of_too_many_conditions_with_what_it_names_is_refused(brand: Brand, live: MakeSegment) -> None:
    full = [live(brand, f"Full {number}", *[PLAYED] * 40) for number in range(3)]
    with pytest.raises(RuleError, match="/all/2: With the segments it names, the rule would have over 100"):
        live(brand, "Sum", *(inside(one) for one in full))


def test_a_rule_nested_too_deep_through_segments_is_refused(brand: Brand, live: MakeSegment) -> None:
    def deep(leaf: Any) -> Any:
        return {"any": [{"all": [{"any": [{"all": [leaf]}]}]}]}

    lowest = live(brand, "Lowest", deep(PLAYED))
    middle = live(brand, "Middle", deep(inside(lowest)))
    with pytest.raises(RuleError, match="nested over 10 deep"):
        live(brand, "Top", inside(middle))


def test_many_builds_share_a_few_seconds_so_that_what_time_moves_never_waits(brand: Brand, live: MakeSegment) -> None:
    for number in range(3):
        live(brand, f"One of {number}", PLAYED, build=False)
    assert building.build_on(now=cast.noon(), seconds=0)
    assert [len(ids) for ids in building.unfinished().values()] == [3]
    assert not building.build_on(now=cast.noon(), seconds=60)
    assert not building.unfinished()


def test_builds_of_a_brand_go_on_together_and_each_tells_what_it_was_asked_to(
    brand: Brand, live: MakeSegment, monkeypatch: pytest.MonkeyPatch
) -> None:
    players = [cast.make_player(brand, f"late{number}") for number in range(6)]
    PlayerState.objects.filter(player__in=players).update(last_play_at=cast.noon())
    monkeypatch.setattr(building, "CHUNK", 2)
    ahead = live(brand, "Ahead, silent", PLAYED, build=False)
    Segment.objects.filter(pk=ahead.pk).update(build_after=players[2].pk)  # its build began earlier
    behind = live(brand, "Behind, told", PLAYED, build=False, act=True)
    done = [list(ids) for ids in building.unfinished().values()]

    assert all(building.walk(ids, now=cast.noon(), seconds=60) for ids in done)

    inside_of = {one.pk: set(members(one).values_list("player_id", flat=True)) for one in (ahead, behind)}
    everybody = set(
        matching(brand, parse({"all": [PLAYED]}), At.brand(brand, cast.noon())).values_list("pk", flat=True)
    )
    assert inside_of[behind.pk] == everybody >= {player.pk for player in players}
    assert inside_of[ahead.pk] == {pk for pk in everybody if pk > players[2].pk}
    told = Fact.objects.filter(kind="segment.entered").values_list("data__segment_id", "player_id")
    assert set(told) == {(behind.pk, pk) for pk in everybody}


def test_two_segments_cannot_come_to_name_each_other(brand: Brand, live: MakeSegment) -> None:
    one = live(brand, "One", PLAYED)
    two = live(brand, "Two", inside(one))
    with pytest.raises(RuleError, match="“One” is asked about itself"):
        change(one, inside(two))


def test_a_segment_in_use_cannot_be_archived_and_says_where(brand: Brand, live: MakeSegment) -> None:
    inner = live(brand, "Inner", PLAYED)
    outer = live(brand, "Outer", inside(inner))
    building.save_draft(None, brand, "Planned", {"none": [{"any": [inside(inner)]}]}, None, now=cast.noon())
    assert [use.label for use in where_used([inner])] == ["segment “Outer”", "the draft of segment “Planned”"]
    with pytest.raises(InUse, match="segment “Outer”"), transaction.atomic():
        building.archive(inner, now=cast.noon())
    Segment.objects.filter(name="Planned").delete()
    building.archive(outer, now=cast.noon())
    building.archive(inner, now=cast.noon())
    assert not where_used([inner])
