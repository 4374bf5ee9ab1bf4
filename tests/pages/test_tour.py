"""The tour: only in the demo, and what its buttons say is true."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse

from compliance.models import Decision, Standing
from config import tour
from config.casino import keys_file
from players.models import Event, Fact, FeedKey, Player, Quarantine
from tests import cast
from tests.golive.test_checklist import Local
from tests.pages import demo_urls  # read before DEMO is set: the plain addresses are fixed as they are read
from tests.pages.conftest import Enter

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(bo: Player, anna: Player, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The demo's pages, in front of a PAM whose requests are answered in this process; its data folder."""
    settings.ROOT_URLCONF, settings.DEMO, settings.DATA_DIR = demo_urls.__name__, True, tmp_path
    monkeypatch.setattr(tour, "Feed", Local)
    _, key = FeedKey.objects.create_key(name="the tour's", feed=anna.brand.feeds.get())
    keys_file(tmp_path).write_text(json.dumps({anna.brand.slug: key}))
    return tmp_path


def told(folder: Path) -> tuple[int, ...]:
    """How much Pitboss and the PAM's books have on record."""
    tables = (Event, Fact, Quarantine, Decision)
    return *(table.objects.count() for table in tables), len(list(folder.glob("books/*")))


def test_looking_at_the_tour_presses_no_button(demo: Path, enter: Enter) -> None:
    browser, before = enter("admin"), told(demo)

    answer = browser.get("/tour/")

    assert answer.status_code == 200
    assert b"Post a broken deposit" in answer.content
    assert told(demo) == before


def test_pressing_one_button_presses_no_other(demo: Path, enter: Enter) -> None:
    before = told(demo)

    answer = enter("admin").post("/tour/excluded/", headers={"HX-Request": "true"})

    assert "A bonus of 10.00 GBP for Bo: refused" in answer.content.decode()
    assert told(demo) == before


def test_the_broken_deposit_is_quarantined_and_stands_in_nobodys_books(demo: Path, enter: Enter) -> None:
    before = told(demo)

    answer = enter("admin").post("/tour/broken/", follow=True)

    assert "Received 1 = applied 0 + quarantined 1" in answer.content.decode()
    assert Quarantine.objects.get().reason
    assert [*told(demo)][:2] == [*before][:2]
    assert not list(demo.glob("books/*"))


def test_outside_the_demo_there_is_no_tour() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("tour")


def test_rows_whose_people_are_missing_are_left_out(rf: RequestFactory, bo: Player) -> None:
    request = rf.get("/")
    request.user = cast.olivia()

    shown = {one["key"] for one in tour.rows(request)}

    assert {"excluded", "database", "segment"} <= shown
    assert "twins" not in shown


def test_a_bonus_for_an_excluded_player_is_refused_and_crm_does_not_learn_why(bo: Player) -> None:
    assert tour.bonus_to_excluded() == "A bonus of 10.00 GBP for Bo: refused (protected)."
    assert not Decision.objects.exists()


def test_the_database_itself_says_no(bo: Player) -> None:
    assert "permission denied" in tour.straight_into_the_database()
    assert not Standing.objects.get(person=bo.person_id).promotions_ok
