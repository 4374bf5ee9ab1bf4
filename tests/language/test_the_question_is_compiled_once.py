"""Between two batches of a day the text of the question is kept: it must ask what a rule compiled anew would ask."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from players.models import Brand, Game
from segments.language import compile as sql
from segments.language import statement
from segments.language.attributes import registry
from segments.language.parse import parse
from segments.language.tree import At, Group
from segments.membership import verdicts
from tests.language.conftest import NOW, crowd
from tests.language.rules import plain_keys, random_leaf, random_rule

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    statement._kept.clear()


def rules(count: int) -> list[tuple[int, Group]]:
    dice = random.Random(7)
    return [(number, parse(random_rule(dice))) for number in range(1, count + 1)]


def anew(brand: Brand, asked: list[tuple[int, Group]], at: At) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for number, rule in asked:
        for player in sql.matching(brand, rule, at).values_list("pk", flat=True):
            found.setdefault(player, []).append(number)
    return found


def test_a_kept_question_finds_whom_a_new_one_finds_at_every_other_moment_of_the_day(brand: Brand) -> None:
    people = [player.pk for player in crowd(brand, 150)]
    asked = rules(40)

    for later in (timedelta(0), timedelta(hours=1), timedelta(seconds=1), -timedelta(hours=3), timedelta(days=1)):
        at = At.brand(brand, NOW + later)
        kept = {player: inside for player, inside, *_ in verdicts(asked, people, at) if inside}
        assert kept == anew(brand, asked, at)


def test_the_text_is_made_once_a_day(brand: Brand) -> None:
    asked = rules(5)
    morning, evening = (datetime(2026, 3, 3, hour, tzinfo=UTC) for hour in (8, 20))

    first = statement.verdicts(asked, [1, 2], At.brand(brand, morning))
    second = statement.verdicts(asked, [3], At.brand(brand, evening))
    statement.verdicts(asked, [3], At.brand(brand, evening + timedelta(days=1)))

    assert first[0] is second[0]
    assert first[1] != second[1]
    assert len(statement._kept) == 2


def test_another_rule_is_another_text(brand: Brand) -> None:
    at = At.brand(brand, NOW)
    one, other = ({"attribute": "deposits", "op": "more_than", "value": number} for number in (3, 4))

    found = [statement.verdicts([(1, parse({"all": [rule]}))], [], at) for rule in (one, other)]

    assert found[0] != found[1]


@pytest.mark.parametrize("key", sorted(plain_keys()))
def test_nothing_is_looked_up_while_a_rule_is_compiled(
    brand: Brand, key: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """What had been looked up would be kept with the text, and grow old."""
    dice = random.Random(3)
    asked = [(number, parse({"all": [random_leaf(dice, keys=[key])]})) for number in range(1, 5)]
    at = At.brand(brand, NOW)

    with django_assert_num_queries(0):
        statement.verdicts(asked, [], at)
    assert registry.get(key)


def test_a_game_that_comes_to_be_known_is_found_by_the_question_kept_before(brand: Brand) -> None:
    player = crowd(brand, 3)[0]
    asked = [(1, parse({"all": [{"attribute": "favourite_title", "op": "is", "value": "later"}]}))]
    at = At.brand(brand, NOW)
    assert [row[1] for row in verdicts(asked, [player.pk], at)] == [[]]

    game = Game.objects.create(external_id="later", title="Later", category=1, provider="Nova")
    type(player.state.habits).objects.filter(pk=player.pk).update(favourite_game_id=game.pk)

    assert [row[1] for row in verdicts(asked, [player.pk], at)] == [[1]]


def test_what_cannot_be_kept_is_refused_instead_of_growing_old() -> None:
    instant = statement.Instant.of(NOW)

    assert (instant - timedelta(days=3) - timedelta(hours=1)).back == timedelta(days=3, hours=1)
    for reckon in (lambda: instant + timedelta(1), lambda: instant - NOW, instant.date, instant.timestamp):
        with pytest.raises(TypeError):
            reckon()
