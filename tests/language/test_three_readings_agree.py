"""SQL ≡ memory, and time flips exactly when either says so."""

import os
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from players.models import Brand
from segments.language import compile as sql
from segments.language import evaluate
from segments.language.attributes import registry
from segments.language.parse import parse
from segments.language.record import load
from segments.language.sentence import sentence
from segments.language.tree import At
from tests.language.conftest import NOW, crowd
from tests.language.rules import leaf, rule

pytestmark = pytest.mark.django_db
_SETTINGS = settings(
    max_examples=int(os.environ.get("RULE_EXAMPLES", "60")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)


def matched_by_sql(brand: Brand, tree: Any, at: At) -> set[int]:
    return set(sql.matching(brand, tree, at).values_list("pk", flat=True))


def test_sql_and_memory_agree_on_random_rules(brand: Brand) -> None:
    records = load(player.pk for player in crowd(brand, 300))
    at = At.brand(brand, NOW)

    @_SETTINGS
    @given(rule())
    def agree(data: dict[str, Any]) -> None:
        tree = parse(data)
        in_memory = {
            pk for pk, record in records.items() if not record.player.is_test and evaluate.holds(tree, record, at)
        }
        assert matched_by_sql(brand, tree, at) == in_memory
        assert sentence(tree).startswith("Players ")

    agree()


def test_nothing_changes_before_the_next_flip_and_sql_names_the_same_instant(brand: Brand) -> None:
    records = load(player.pk for player in crowd(brand, 120, seed=2))
    at = At.brand(brand, NOW)
    timed = [attribute.key for attribute in registry if attribute.by_time]

    @settings(_SETTINGS, max_examples=40)
    @given(rule(keys=timed, depth=2))
    def agree(data: dict[str, Any]) -> None:
        tree = parse(data)
        rows = sql.population(brand).annotate(flip=sql.next_flip([tree], at)).values_list("pk", "flip")
        for pk, flip in rows:
            record = records[pk]
            assert flip == evaluate.next_flip([tree], record, at)
            before = evaluate.holds(tree, record, at)
            last = flip - timedelta(microseconds=1) if flip else NOW + timedelta(days=4000)
            for instant in (NOW + (last - NOW) / 3, last):
                assert evaluate.holds(tree, record, At(instant, at.zone, at.day_start_hour)) == before

    agree()


def test_every_flip_of_a_single_condition_is_a_real_change(brand: Brand) -> None:
    records = load(player.pk for player in crowd(brand, 60, seed=3))
    at = At.brand(brand, NOW)

    @settings(_SETTINGS, max_examples=30)
    @given(leaf(keys=[attribute.key for attribute in registry if attribute.by_time]))
    def changes(data: dict[str, Any]) -> None:
        tree = parse({"all": [data]})
        for record in records.values():
            flip = evaluate.next_flip([tree], record, at)
            if flip is not None:
                assert evaluate.holds(tree, record, At(flip, at.zone, at.day_start_hour)) != evaluate.holds(
                    tree, record, at
                )

    changes()


def test_a_condition_is_never_null_so_none_is_the_exact_complement(brand: Brand) -> None:
    crowd(brand, 200, seed=4)
    at, everybody = At.brand(brand, NOW), set(sql.population(brand).values_list("pk", flat=True))

    @_SETTINGS
    @given(leaf())
    def complement(data: dict[str, Any]) -> None:
        inside = matched_by_sql(brand, parse({"all": [data]}), at)
        assert matched_by_sql(brand, parse({"none": [data]}), at) == everybody - inside

    complement()
