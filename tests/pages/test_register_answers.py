"""Who asked which register about whom, why, what it said and until when that counts."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from compliance.roles import Role
from config.lib.clock import utcnow
from players.models import Brand, Player
from tests import cast

pytestmark = pytest.mark.django_db
PAGE = "compliance:register-answers"


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(cast.olivia())
    return client


def never_asked(brand: Brand, name: str) -> Player:
    return cast.make_player(brand, name, register="")


def answered(player: Player, at: datetime, register: str, result: str = "clear", **more: Any) -> None:
    cast.tell(player, "rg.register_checked", at=at, register=register, result=result, **more)


def asked(client: Client, **wanted: str) -> list[tuple[str, str, bool]]:
    """(player, result, whether it still counts), newest first"""
    rows = client.get(reverse(PAGE), wanted).context["rows"]
    return [(row.player.external_id, row.result, counts) for row, _, _, counts in rows]


def test_each_question_stands_there_with_how_long_its_answer_counts(officer: Client) -> None:
    now, ada, sven = utcnow(), never_asked(cast.northlight(), "ada"), never_asked(cast.bjork(), "sven")
    answered(ada, now - timedelta(hours=30), "gamstop", purpose="marketing")
    answered(ada, now - timedelta(hours=2), "gamstop", purpose="login")
    answered(
        sven, now - timedelta(hours=1), "spelpaus", "unavailable", purpose="marketing", by="us", detail="timed out"
    )
    assert asked(officer) == [("sven", "unavailable", False), ("ada", "clear", True), ("ada", "clear", False)]
    assert asked(officer, q="ada", purpose="login") == [("ada", "clear", True)]
    assert asked(officer, by="us") == [("sven", "unavailable", False)]
    text = officer.get(reverse(PAGE)).content.decode()
    assert "counts for nothing" in text
    assert "timed out" in text


def test_without_a_date_the_last_days_are_shown_and_of_one_player_everything(officer: Client) -> None:
    answered(never_asked(cast.northlight(), "ada"), utcnow() - timedelta(days=40), "gamstop", purpose="marketing")
    assert asked(officer) == []
    assert [name for name, _, _ in asked(officer, q="ada")] == ["ada"]


def test_another_brands_questions_are_not_shown(client: Client, bjork: Brand) -> None:
    cast.anna()
    client.force_login(cast.make_operator("Signe", Role.COMPLIANCE_OFFICER, bjork))
    assert asked(client) == []
    client.force_login(cast.carla())
    assert client.get(reverse(PAGE)).status_code == 403
