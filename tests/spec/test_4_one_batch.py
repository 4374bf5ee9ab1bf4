"""Several things for one person in one batch: the later ones know of the earlier ones."""

import pytest

from compliance import gate
from compliance.models import Decision
from compliance.models.decision import Purpose
from players.models import Player
from tests import cast
from tests.spec.test_4_the_gate import clear, promo

pytestmark = pytest.mark.django_db
WELCOME = gate.Incentive("deposit_match", 100_00, "SEK", products=frozenset({"casino"}), days=60)


def grant(player: Player, reference: str) -> gate.Request:
    return promo(player, channel="bonus", incentive=WELCOME, reference=reference)


def test_in_sweden_the_second_grant_of_one_batch_is_refused() -> None:
    nils = cast.make_player(cast.bjork())
    answers = clear(grant(nils, "one"), grant(nils, "two"))
    assert [answer.code for answer in answers] == ["ALLOW", "DENY_BONUS_NOT_FIRST"]


def test_so_is_the_offer_that_follows_the_grant_and_the_grant_at_a_sister_brand() -> None:
    nils = cast.make_player(cast.bjork())
    sister = cast.make_brand("polar", "Polar", "SE", "SEK", "Europe/Stockholm")  # same licence, same licensee
    twin = cast.make_player(sister, person=nils.person)
    answers = clear(grant(nils, "one"), promo(nils, incentive=WELCOME, reference="offer"), grant(twin, "two"))
    assert [answer.code for answer in answers] == ["ALLOW", "DENY_BONUS_NOT_FIRST", "DENY_BONUS_NOT_FIRST"]


def test_the_same_grant_asked_twice_is_one_grant() -> None:
    nils = cast.make_player(cast.bjork())
    assert [answer.code for answer in clear(grant(nils, "one"), grant(nils, "one"))] == ["ALLOW", "ALLOW"]


def test_a_refused_grant_takes_nothing_from_the_next() -> None:
    nils = cast.make_player(cast.bjork())
    rushed = gate.Incentive("deposit_match", 100_00, "SEK", wagering=1, products=frozenset({"casino"}), days=2)
    answers = clear(promo(nils, channel="bonus", incentive=rushed, reference="one"), grant(nils, "two"))
    assert [answer.code for answer in answers] == ["DENY_TERM_WINDOW", "ALLOW"]


def test_the_fourth_message_of_one_batch_is_one_too_many_over_all_brands(anna: Player) -> None:
    twin = cast.make_player(cast.azura(), person=anna.person)
    asked = [promo(anna, reference=f"c{number}") for number in range(3)]
    answers = clear(*asked, promo(twin, reference="c3"), promo(anna, reference="c4", channel="onsite"))
    assert [answer.code for answer in answers] == ["ALLOW", "ALLOW", "ALLOW", "DENY_FREQUENCY", "ALLOW"]


def test_what_the_batch_itself_gave_is_in_the_stored_inputs_so_that_it_replays(anna: Player) -> None:
    nils = cast.make_player(cast.bjork())
    clear(grant(nils, "one"), grant(nils, "two"), *[promo(anna, reference=f"c{number}") for number in range(4)])
    stored = Decision.objects.order_by("pk")
    assert {row.code for row in stored} == {"ALLOW", "DENY_BONUS_NOT_FIRST", "DENY_FREQUENCY"}
    for row in stored:
        again = gate.replay(row)
        assert (again.outcome, again.code, [str(r) for r in again.reasons]) == (row.outcome, row.code, row.reasons)


def test_a_service_message_is_nobodys_fourth(anna: Player) -> None:
    service = [promo(anna, purpose=Purpose.TRANSACTIONAL, reference=f"s{number}") for number in range(4)]
    assert {answer.code for answer in clear(*service, promo(anna))} == {"ALLOW_NOTICE", "ALLOW"}
