"""The tour: only in the demo, and what its buttons say is true."""

import pytest
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse

from compliance.models import Decision, Standing
from config import tour
from players.models import Player
from tests import cast

pytestmark = pytest.mark.django_db


def test_outside_the_demo_there_is_no_tour() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("tour")


def test_rows_whose_people_are_missing_are_left_out(rf: RequestFactory, bo: Player) -> None:
    request = rf.get("/")
    request.user = cast.olivia()

    shown = {one["row"].key for one in tour.rows(request)}

    assert {"excluded", "database", "segment"} <= shown
    assert "twins" not in shown


def test_a_bonus_for_an_excluded_player_is_refused_and_crm_does_not_learn_why(bo: Player) -> None:
    assert tour.bonus_to_excluded() == "A bonus of 10.00 GBP for Bo: refused (protected)."
    assert not Decision.objects.exists()


def test_the_database_itself_says_no(bo: Player) -> None:
    assert "permission denied" in tour.straight_into_the_database()
    assert not Standing.objects.get(person=bo.person_id).promotions_ok
