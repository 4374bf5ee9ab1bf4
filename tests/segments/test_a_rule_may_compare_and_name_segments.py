"""Attributes held against one another, segments of segments, and who was in one on a day."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from players.models import Brand, Player
from segments import building
from segments.language import compile as sql
from segments.language import evaluate
from segments.language.criteria import criteria, feeds
from segments.language.parse import RuleError
from segments.language.record import load
from segments.language.sentence import sentence
from segments.language.tree import At
from segments.models import Membership
from segments.reading import read
from tests import cast
from tests.language.conftest import NOW, crowd
from tests.language.rules import comparison, rule
from tests.segments.conftest import DEPOSITS, PLAYED, MakeSegment, inside

pytestmark = pytest.mark.django_db
_SETTINGS = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
MORE_THAN_TWICE = {
    "attribute": "deposit_sum_30d",
    "op": "more_than",
    "than": {"attribute": "withdrawal_sum", "percent": 200},
}


def problem(data: dict[str, Any], brand: Brand, **options: Any) -> tuple[str, str]:
    with pytest.raises(RuleError) as error:
        read({"all": [data]}, brand.pk, **options)
    return error.value.problems[0].pointer, error.value.problems[0].sentence


def agree(tree: Any, records: dict[int, Any], at: At, brand: Brand) -> None:
    known = {pk: record for pk, record in records.items() if not record.player.is_test}
    in_memory = {pk for pk, record in known.items() if evaluate.holds(tree, record, at)}
    assert set(sql.matching(brand, tree, at).values_list("pk", flat=True)) == in_memory
    flips = dict(sql.population(brand).annotate(flip=sql.next_flip([tree], at)).values_list("pk", "flip"))
    assert flips == {pk: evaluate.next_flip([tree], record, at) for pk, record in known.items()}


def test_sql_and_memory_agree_on_every_comparison(brand: Brand) -> None:
    records, at = load(player.pk for player in crowd(brand, 80)), At.brand(brand, NOW)

    @_SETTINGS
    @given(comparison())
    def same(data: dict[str, Any]) -> None:
        tree = read({"all": [data]}, brand.pk)
        agree(tree, records, at, brand)
        assert read(tree.json(), brand.pk) == tree
        assert sentence(tree).startswith("Players whose ")

    same()


def test_sql_and_memory_agree_on_rules_that_name_segments(brand: Brand, live: MakeSegment) -> None:
    players = crowd(brand, 60, seed=5)
    one = live(brand, "Playing", PLAYED, build=False)
    two = live(brand, "Playing or paying", {"any": [inside(one), DEPOSITS]}, build=False)
    for number, player in enumerate(players):
        left = NOW - timedelta(days=1) if number % 3 else None
        stay = Membership(segment=two, player=player, entered_at=NOW - timedelta(days=2), left_at=left, cause="build")
        stay.save()
    records, at = load(player.pk for player in players), At.brand(brand, NOW)

    @_SETTINGS
    @given(rule(segments=[one.pk, two.pk], depth=2))
    def same(data: dict[str, Any]) -> None:
        tree = read(data, brand.pk)
        agree(tree, records, at, brand)
        assert read(tree.json(), brand.pk) == tree
        assert sentence(tree).startswith("Players ")

    same()


def test_a_comparison_says_both_sides(brand: Brand) -> None:
    assert sentence(read({"all": [MORE_THAN_TWICE]}, brand.pk)) == (
        "Players whose amount deposited (last 30 days) is more than 200 % of their amount withdrawn (all time)."
    )
    later = {"attribute": "days_since_deposit", "op": "more_recently_than", "than": {"attribute": "days_since_play"}}
    assert (
        sentence(read({"all": [later]}, brand.pk))
        == "Players whose last deposit was more recently than their last play."
    )


@pytest.mark.parametrize(
    ("changed", "pointer", "words"),
    [
        ({"than": {"attribute": "sessions"}}, "/all/0/than/attribute", "cannot be compared with Sessions, all time"),
        ({"than": {"attribute": "nothing"}}, "/all/0/than/attribute", "cannot be compared with “nothing”"),
        ({"than": {"attribute": "deposit_sum_30d"}}, "/all/0/than/attribute", "with itself"),
        ({"than": {"attribute": "withdrawal_sum", "percent": 0}}, "/all/0/than/percent", "from 1"),
        ({"than": {"attribute": "withdrawal_sum", "percent": 10_001}}, "/all/0/than/percent", "10,000"),
        ({"than": {"attribute": "withdrawal_sum", "x": 1}}, "/all/0/than", "attribute, params and percent"),
        ({"than": "withdrawal_sum"}, "/all/0/than", "Compare with an attribute"),
        ({"value": 100}, "/all/0/than", "either a value or"),
        ({"op": "between"}, "/all/0/op", "compared by"),
        ({"attribute": "top_category", "op": "is"}, "/all/0/than", "with a value"),
        ({"attribute": "last5_average"}, "/all/0/than/attribute", "cannot be compared"),
    ],
)
def test_what_cannot_be_compared_is_told(brand: Brand, changed: Any, pointer: str, words: str) -> None:
    found, sentence = problem(MORE_THAN_TWICE | changed, brand)
    assert found == pointer
    assert words in sentence


def test_a_segment_in_a_rule_brings_its_criteria_and_feeds(brand: Brand, live: MakeSegment) -> None:
    inner = live(brand, "Playing and paying", PLAYED, {"any": [DEPOSITS, DEPOSITS]})
    tree = read({"none": [inside(live(brand, "Around it", inside(inner)), op="not_in")]}, brand.pk)
    assert criteria(tree) == ["deposit_level", "inactivity"]
    assert feeds(tree) == {"play", "payments"}


def test_drafts_archived_segments_and_those_of_other_brands_cannot_be_named(
    brand: Brand,
    live: MakeSegment,
) -> None:
    draft = building.save_draft(None, brand, "Draft", {"all": [PLAYED]}, None, now=NOW)
    archived = live(brand, "Old", PLAYED)
    building.archive(archived, now=NOW)
    foreign = live(cast.azura(), "Foreign", PLAYED)
    assert "“Draft” is a draft" in problem(inside(draft), brand)[1]
    assert "“Old” is archived" in problem(inside(archived), brand)[1]
    assert problem(inside(foreign), brand) == ("/all/0/value/0", f"There is no segment {foreign.pk} at this brand.")
    assert "no segment 77" in problem({"attribute": "segment", "op": "in", "value": [77]}, brand)[1]


@pytest.mark.parametrize("value", [None, [], "5", [0], [-1], [True], [2**70], ["x"], list(range(1, 30)), {"a": 1}])
def test_what_is_no_list_of_segments_is_refused(brand: Brand, value: Any) -> None:
    assert "hoose" in problem({"attribute": "segment", "op": "in", "value": value}, brand)[1]


@pytest.mark.parametrize("day", [None, "", "yesterday", "2026-13-01", "2026-11-01T00:00", 20261101, "0001-01-01"])
def test_what_is_no_day_is_refused(brand: Brand, live: MakeSegment, day: Any) -> None:
    params = {"segment": live(brand, "Playing", PLAYED).pk}
    found = problem({"attribute": "was_in_segment", "op": "on", "value": day, "params": params}, brand)
    assert found == ("/all/0/value", "Enter a day, like 2026-11-01.")


def test_who_was_in_a_segment_on_a_day_is_read_at_midnight_of_the_brand(
    brand: Brand,
    live: MakeSegment,
) -> None:
    """London's clocks go back on 25 October 2026: that day ends at midnight, 25 hours after it began."""
    segment, players = live(brand, "Playing", PLAYED, build=False), crowd(brand, 4)
    Player.objects.update(is_test=False)
    midnight = datetime(2026, 10, 26, tzinfo=UTC)
    second = timedelta(seconds=1)
    stays = [(midnight - second, None), (midnight, None), (midnight - second * 9, midnight), (NOW, midnight - second)]
    for player, (entered, left) in zip(players, stays, strict=True):
        Membership.objects.create(segment=segment, player=player, entered_at=entered, left_at=left, cause="build")
    params = {"segment": segment.pk}
    tree = read(
        {"all": [{"attribute": "was_in_segment", "op": "on", "value": "2026-10-25", "params": params}]}, brand.pk
    )
    found = sql.matching(brand, tree, At.brand(brand, NOW + timedelta(days=30))).values_list("pk", flat=True)
    assert set(found) == {players[0].pk, players[2].pk}
    assert sentence(tree) == "Players who were in the segment “Playing” at the end of 25 October 2026."


def test_a_segment_cannot_be_asked_about_itself(brand: Brand, live: MakeSegment) -> None:
    one = live(brand, "One", PLAYED)
    two = live(brand, "Two", inside(one))
    assert problem(inside(one), brand, segment=one) == (
        "/all/0/value/0",
        "“One” is asked about itself, here or through another segment it names.",
    )
    pointer, words = problem(inside(two), brand, segment=one)
    assert pointer == "/all/0/value/0"
    assert "“Two” cannot be used here. “One” is asked about itself" in words
