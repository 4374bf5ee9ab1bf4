"""What nobody should be able to build: refused by the one validator with a pointer and a sentence, or answered so that
nothing unknown counts as a number. The numbers are those of the catalogue of bad inputs."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils.timezone import get_current_timezone_name

from players.models import Brand, Player, PlayerState
from segments.language import compile as sql
from segments.language.parse import RuleError
from segments.language.tree import At
from segments.reading import read
from segments.validating import check
from tests import cast
from tests.segments.conftest import DEPOSITS, MakeSegment

pytestmark = pytest.mark.django_db


def refused(rule: Any, brand: Brand) -> tuple[str, str]:
    with pytest.raises(RuleError) as error:
        check(rule, brand, cast.carla())
    return error.value.problems[0].pointer, error.value.problems[0].sentence


def found(brand: Brand, leaf: dict[str, Any], at: datetime) -> set[int]:
    return set(sql.matching(brand, read({"all": [leaf]}, brand.pk), At.brand(brand, at)).values_list("pk", flat=True))


def within(count: object, days: object) -> dict[str, Any]:
    return {"attribute": "sessions_within", "op": "within", "value": days, "params": {"count": count}}


@pytest.mark.parametrize(
    ("leaf", "pointer", "words"),
    [
        pytest.param({"attribute": "email", "op": "is", "value": "a"}, "/attribute", "no attribute", id="37 no such"),
        pytest.param(within("0", 7), "/params/count", "choose one of", id="38 last none"),
        pytest.param(within("-1", 7), "/params/count", "choose one of", id="38 last minus one"),
        pytest.param(within(10**9, 7), "/params/count", "choose one of", id="38 last billion"),
        pytest.param(within("5", 10**9), "/value", "Enter a number from", id="38 in a billion days"),
        pytest.param(DEPOSITS | {"op": "between", "value": [9, 3]}, "/value", "smaller number first", id="39"),
        pytest.param(
            {"attribute": "affiliate", "op": "in", "value": [f"a{n}" for n in range(10_000)]},
            "/value", "at most", id="41 ten thousand words",
        ),
        pytest.param(
            {"attribute": "segment", "op": "in", "value": list(range(1, 10_001))}, "/value", "at most", id="41 segments"
        ),
        pytest.param(DEPOSITS | {"value": "three"}, "/value", "not a whole number", id="43 a word for a number"),
        pytest.param({"attribute": "country", "op": "is", "value": 44}, "/value", "Choose one", id="43 and back"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_where_it_stands(
    brand: Brand, leaf: dict[str, Any], pointer: str, words: str
) -> None:
    place, sentence = refused({"all": [leaf]}, brand)
    assert place == f"/all/0{pointer}"
    assert words in sentence


def test_41_a_thousand_groups_in_one_another_are_refused_at_once(brand: Brand) -> None:
    rule: dict[str, Any] = {"all": [DEPOSITS]}
    for _ in range(1000):
        rule = {"none": [rule]}
    assert "nested 5 deep at most" in refused(rule, brand)[1]


def test_42_a_segment_cannot_name_itself_through_another(brand: Brand, live: MakeSegment) -> None:
    one = live(brand, "One", DEPOSITS)
    two = live(brand, "Two", {"attribute": "segment", "op": "in", "value": [one.pk]})
    rule = {"all": [{"attribute": "segment", "op": "not_in", "value": [two.pk]}]}
    with pytest.raises(RuleError, match="asked about itself"):
        check(rule, brand, None, segment=one)
    assert check(rule, brand, None)  # as the rule of yet another segment it may be


def test_43_none_of_holds_for_who_has_none_and_never_is_not_nought(brand: Brand) -> None:
    nobody = cast.make_player(brand, "nobody", country="", affiliate="")
    for op, value, held in (("not_in", ["GB", "SE"], True), ("in", ["GB", "SE"], False), ("is_not", "GB", True)):
        assert (nobody.pk in found(brand, {"attribute": "country", "op": op, "value": value}, cast.noon())) is held
    since = {"attribute": "days_since_deposit"}
    assert found(brand, since | {"op": "at_least", "value": 0}, cast.noon()) == set()
    assert found(brand, since | {"op": "less_than", "value": 3650}, cast.noon()) == set()
    assert found(brand, since | {"op": "never"}, cast.noon()) == {nobody.pk}


def test_45_yesterday_is_the_brands_even_when_its_clocks_change(brand: Brand) -> None:
    """London, 25 October 2026: a day of 25 hours, from 23:00 UTC on the 24th to midnight UTC on the 26th."""
    assert get_current_timezone_name() != brand.timezone
    player = cast.make_player(brand, "yesterday")
    noon_after = datetime(2026, 10, 26, 12, tzinfo=UTC)
    yesterday = {"attribute": "days_since_play", "op": "is", "value": 1, "params": {"days": "calendar"}}
    for played, held in (
        (datetime(2026, 10, 24, 22, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 10, 24, 23, tzinfo=UTC), True),
        (datetime(2026, 10, 25, 23, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 10, 26, tzinfo=UTC), False),
    ):
        PlayerState.objects.filter(player=player).update(last_play_at=played)
        assert (player.pk in found(brand, yesterday, noon_after)) is held, played


@pytest.mark.parametrize("op", ["more_than", "at_least", "less_than", "at_most", "is"])
def test_46_a_share_of_nothing_is_no_number_and_nothing_is_divided(brand: Brand, op: str) -> None:
    player = cast.make_player(brand, "unstaked")
    hold = {"attribute": "hold_window", "params": {"window": "30"}}
    for asked in (hold, {"attribute": "rtp_sensitivity"}, {"attribute": "last5_average"}):
        assert player.pk not in found(brand, asked | {"op": op, "value": 0}, cast.noon())
    than = hold | {"op": op, "than": {"attribute": "hold_window", "params": {"window": "90"}}}
    assert player.pk not in found(brand, than, cast.noon())


def test_47_nobody_is_an_answer_and_everybody_is_asked_about(brand: Brand, live: MakeSegment) -> None:
    """The other half is in what a rule may cost."""
    cast.make_player(brand)
    nobody = live(brand, "Nobody", DEPOSITS | {"op": "less_than", "value": 0})
    assert nobody.memberships.count() == 0


def test_a_day_that_is_not_over_cannot_be_asked_about(brand: Brand, live: MakeSegment) -> None:
    params = {"segment": live(brand, "Payers", DEPOSITS).pk}
    today = datetime.now(UTC).date()
    for day, held in ((today + timedelta(days=2), False), (today - timedelta(days=2), True)):
        leaf = {"attribute": "was_in_segment", "op": "on", "value": day.isoformat(), "params": params}
        if held:
            assert check({"all": [leaf]}, brand, cast.carla())
        else:
            assert refused({"all": [leaf]}, brand) == ("/all/0/value", "Choose a day that is over.")
    assert Player.objects.count() == 0
