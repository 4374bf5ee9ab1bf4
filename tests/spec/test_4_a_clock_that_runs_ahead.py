"""A platform whose clock runs ahead, or who marks local time as UTC: its yes never outranks the player's later no."""

from datetime import timedelta

import pytest

from compliance.models import Consent, RegisterCheck
from config.lib.clock import utcnow
from players.models import Player
from tests import cast
from tests.spec.test_4_the_gate import clear, promo

pytestmark = pytest.mark.django_db
AHEAD = timedelta(hours=2)
MAIL = "casino/email"


def code(player: Player) -> str:
    return clear(promo(player))[0].code


def test_a_yes_from_the_future_is_over_the_moment_the_player_says_no(anna: Player) -> None:
    now = utcnow()
    cast.consent(anna, MAIL, at=now + AHEAD, now=now)
    cast.consent(anna, MAIL, False, at=now + timedelta(seconds=1), now=now + timedelta(seconds=1))

    assert code(anna) == "DENY_OPTED_OUT"
    assert not Consent.objects.filter(player=anna, occurred_at__gt=now + timedelta(seconds=1)).exists()


def test_of_two_words_of_the_same_fast_clock_the_later_one_counts_whichever_comes_first(anna: Player) -> None:
    now = utcnow()
    cast.consent(anna, MAIL, False, at=now + AHEAD, now=now)
    cast.consent(anna, MAIL, at=now + AHEAD - timedelta(minutes=5), now=now + timedelta(minutes=1))
    assert code(anna) == "DENY_OPTED_OUT"

    cast.consent(anna, MAIL, at=now + AHEAD + timedelta(minutes=5), now=now + timedelta(minutes=2))
    assert Consent.objects.filter(player=anna, channel="email").latest("occurred_at").granted is True


def test_another_products_no_takes_nothing_back(anna: Player) -> None:
    now = utcnow()
    cast.consent(anna, "betting/email", False, at=now + AHEAD, now=now)
    cast.consent(anna, MAIL, at=now + timedelta(hours=1), now=now + timedelta(minutes=1))

    assert Consent.objects.filter(player=anna, product="casino").latest("occurred_at").recorded_at > now


def test_an_answer_of_a_register_is_no_younger_than_its_arrival() -> None:
    player, now = cast.make_player(cast.northlight()), utcnow()
    cast.register_answer(player, at=now + timedelta(hours=20), now=now)

    assert RegisterCheck.objects.filter(player=player).latest("asked_at").asked_at == now


def test_a_register_that_lists_them_is_not_overtaken_by_an_older_clear_of_the_same_fast_clock() -> None:
    player, now = cast.make_player(cast.northlight()), utcnow()
    cast.register_answer(player, "listed", at=now + AHEAD, now=now)
    cast.register_answer(player, at=now + AHEAD - timedelta(minutes=5), now=now + timedelta(minutes=1))

    assert code(player) == "DENY_NATIONAL_REGISTER"
