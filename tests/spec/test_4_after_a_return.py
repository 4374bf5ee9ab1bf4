"""What ends does not begin again by itself: registers that let go, Swedish pauses and closed accounts, products."""

from datetime import timedelta

import pytest

from compliance import turning
from compliance.models import Standing
from config.lib.clock import utcnow
from players.models import Player
from tests import cast
from tests.spec.test_4_the_gate import clear, promo

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def code(player: Player) -> str:
    return clear(promo(player))[0].code


def verdict(player: Player) -> str:
    return Standing.objects.get(person_id=player.person_id).verdict


def test_a_day_after_a_register_has_let_go_of_them_they_are_open_and_agree_anew(anna: Player) -> None:
    cast.register_answer(anna, "listed", at=utcnow() - 40 * DAY)
    cast.register_answer(anna, at=utcnow() - 23 * HOUR)
    assert (verdict(anna), code(anna)) == ("excluded", "DENY_NATIONAL_REGISTER")

    turning.turn(now=utcnow() + 2 * HOUR)  # the database's own clock counts as well
    assert verdict(anna) == "excluded"


def test_who_was_listed_once_needs_an_opt_in_from_after_it(anna: Player) -> None:
    cast.register_answer(anna, "listed", at=utcnow() - 40 * DAY)
    cast.register_answer(anna, at=utcnow() - 30 * HOUR)
    cast.register_answer(anna, at=cast.noon() - HOUR)
    assert (verdict(anna), code(anna)) == ("open", "DENY_NO_OPT_IN")

    cast.consent(anna, "casino/email", at=utcnow() - 29 * HOUR)
    assert code(anna) == "ALLOW"


def test_who_was_never_listed_is_asked_for_nothing(anna: Player) -> None:
    cast.register_answer(anna, at=utcnow() - 30 * HOUR)
    assert code(anna) == "ALLOW"


@pytest.mark.parametrize("ends", ["pause", "closure"])
def test_in_sweden_a_pause_and_a_closed_account_end_what_was_agreed_to(ends: str) -> None:
    player = cast.make_player(cast.bjork())
    assert code(player) == "ALLOW"
    if ends == "pause":
        cast.take_time_out(player, utcnow() - 2 * DAY, at=utcnow() - 3 * DAY)
    else:
        cast.tell(player, "player.closed", at=utcnow() - 2 * DAY)  # and opened again: the status is not asked here
    assert code(player) == "DENY_NO_OPT_IN"

    cast.consent(player, "casino/email", at=utcnow() - DAY)
    assert code(player) == "ALLOW"


def test_elsewhere_the_old_consent_holds_after_a_pause(anna: Player) -> None:
    cast.take_time_out(anna, utcnow() - 2 * DAY, at=utcnow() - 3 * DAY)
    assert code(anna) == "ALLOW"


def test_an_exclusion_from_one_product_lets_go_after_the_wait_as_every_exclusion_does(anna: Player) -> None:
    cast.consent(anna, "betting/email", at=utcnow() - 5 * DAY)
    cast.exclude(anna, at=utcnow() - 9 * DAY, ends_at=utcnow() - 2 * DAY, product="casino")
    cast.lift(anna, "excl", 2, at=utcnow() - 23 * HOUR)
    assert code(anna) == "DENY_SELF_EXCLUDED"
    assert clear(promo(anna, products=frozenset({"betting"})))[0].code == "ALLOW"

    other = cast.make_player(cast.northlight())
    cast.exclude(other, at=utcnow() - 9 * DAY, ends_at=utcnow() - 3 * DAY, product="casino")
    cast.lift(other, "excl", 2, at=utcnow() - 2 * DAY)
    assert code(other) == "ALLOW"
