"""PUT /api/v1/games: the catalogue."""

from decimal import Decimal

import pytest

from players.models import Category, Game

pytestmark = pytest.mark.django_db

SUN = {"game_id": "sun", "title": "Book of Sun", "category": "slots", "provider": "Helio", "rtp": "96.21"}


def test_games_are_saved_and_saved_again_with_what_changed(pam):
    assert pam.put_games([SUN]).json() == {"saved": 1}
    assert pam.put_games([SUN | {"title": "Book of Suns", "rtp": 95}]).status_code == 200

    game = Game.objects.get()
    assert (game.title, game.category, game.rtp) == ("Book of Suns", Category.SLOTS, Decimal(95))


@pytest.mark.parametrize(
    ("change", "attr"),
    [
        ({"category": "fruit"}, "1.category"),
        ({"category": "none"}, "1.category"),
        ({"rtp": 101}, "1.rtp"),
        ({"rtp": "96.215"}, "1.rtp"),
        ({"rtp": True}, "1.rtp"),
        ({"rtp": "²"}, "1.rtp"),
        ({"rtp": "."}, "1.rtp"),
        ({"rtp": ""}, "1.rtp"),
        ({"rtp": float("nan")}, "1.rtp"),
        ({"title": ""}, "1.title"),
        ({"title": 5}, "1.title"),
        ({"owner": 5}, "1.game"),
        ({"game_id": "sun"}, "1.game_id"),
    ],
)
def test_one_wrong_game_refuses_them_all_and_is_named(pam, change, attr):
    response = pam.put_games([SUN, SUN | {"game_id": "moon"} | change])

    assert response.status_code == 400
    assert [error["attr"] for error in response.json()["errors"]] == [attr]
    assert not Game.objects.exists()


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"5", b"[5]", b"[[]]", b'[{"game_id": "\\u0000"}]', b'[{"a": 1, "a": 2}]', b"[" * 9999]
)
def test_what_is_no_catalogue_is_refused(pam, body):
    assert pam.put_games(body).status_code == 400


def test_a_catalogue_needs_a_key(pam):
    pam.key = "nonsense"
    assert pam.put_games([SUN]).status_code == 401
