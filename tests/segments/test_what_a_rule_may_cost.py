"""A rule that would take the site down is refused with its estimate; one that matches everybody must be meant."""

import time
from typing import Any

import pytest
from django.db import connection, connections, transaction

from players.models import Brand
from segments import building, validating
from segments.language import cost
from segments.language.parse import RuleError
from segments.models import Segment
from segments.reading import read
from segments.validating import check, everybody
from tests import cast
from tests.language.conftest import NOW, crowd
from tests.segments.conftest import DEPOSITS, PLAYED, MakeSegment

pytestmark = pytest.mark.django_db
SHARE = {"attribute": "category_share", "op": "more_than", "value": 30, "params": {"category": "slots"}}


def known_to_the_planner(brand: Brand, size: int) -> None:
    """Committed and analysed. What other tests rolled back makes it believe in empty tables, where nothing is dear."""
    crowd(brand, size)
    with connections["owner"].cursor() as db:
        db.execute("ANALYZE players_player, players_playerstate, players_playercategory")


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_estimate_grows_with_what_is_looked_up_and_runs_nothing(brand: Brand) -> None:
    known_to_the_planner(brand, 100)
    before = _settings()
    one = cost.estimate(brand, read({"all": [DEPOSITS]}, brand.pk), now=NOW)
    many = cost.estimate(brand, read({"any": [SHARE | {"value": n} for n in range(20)]}, brand.pk), now=NOW)
    assert many.units > 20 * one.units > 0
    assert many.seconds == pytest.approx(many.units * cost.SECONDS_PER_UNIT)
    assert _settings() == before


def _settings() -> Any:
    with connection.cursor() as db:
        db.execute("SELECT current_setting('seq_page_cost'), current_setting('random_page_cost')")
        return db.fetchone()


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_too_dear_a_rule_is_refused_with_its_estimate_at_the_condition_that_costs_most(
    brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    known_to_the_planner(brand, 50)
    monkeypatch.setattr(cost, "LIMIT_SECONDS", 1e-6)
    with pytest.raises(RuleError) as error:
        check({"all": [DEPOSITS, {"none": [PLAYED, SHARE]}]}, brand, None)
    [problem] = error.value.problems
    assert problem.pointer == "/all/1/none/1"
    assert "would take about 0 seconds" in problem.sentence
    assert "cost units of the database); the limit is 0 seconds" in problem.sentence


@pytest.mark.parametrize(
    ("seconds", "words"), [(5.2, "5 seconds"), (120, "2 minutes"), (7300, "2 hours"), (10**7, "2,778 hours")]
)
def test_an_estimate_is_said_in_words_of_its_size(seconds: float, words: str) -> None:
    assert cost.about(seconds) == words


def test_a_rule_as_large_as_a_rule_may_be_is_judged_quickly(brand: Brand) -> None:
    groups: list[Any] = [{"any": [SHARE | {"value": n + 10 * k} for n in range(10)]} for k in range(4)]
    began = time.perf_counter()
    check({"all": groups}, brand, None)
    assert time.perf_counter() - began < 2


def test_a_rule_that_matches_everybody_goes_live_only_if_everybody_is_meant(
    brand: Brand, live: MakeSegment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validating, "FEW", 3)
    for _ in range(3):
        cast.make_player(brand)
    all_of_them = {"attribute": "deposits", "op": "at_least", "value": 0}
    draft = building.save_draft(None, brand, "All", {"all": [all_of_them]}, None, now=cast.noon())
    with pytest.raises(building.EverybodyMatches, match="All 3 players of Northlight"), transaction.atomic():
        building.go_live(draft, None, acts_on_existing=True, now=cast.noon(), everybody_is_meant=False)
    draft.refresh_from_db()
    assert draft.status == Segment.Status.DRAFT
    with transaction.atomic():
        building.go_live(draft, None, acts_on_existing=True, now=cast.noon(), everybody_is_meant=True)
    assert everybody(brand, read({"all": [DEPOSITS]}, brand.pk), now=cast.noon()) == 0
    monkeypatch.setattr(validating, "FEW", 4)
    assert everybody(brand, read({"all": [all_of_them]}, brand.pk), now=cast.noon()) == 0
