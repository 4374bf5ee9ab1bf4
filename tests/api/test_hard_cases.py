"""Bad input nobody would think of until a platform sends it: volumes, refunds, spellings of one person, sequences."""

from datetime import timedelta

import pytest

from compliance.models import Standing
from config.lib.clock import utcnow
from players.folding import fold_pending
from players.models import Contact, Feed, PlayerState
from tests.api.conftest import bet, deposit, event, registered

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [1_001, 30_000])
def test_more_events_than_one_request_may_carry_are_refused_as_a_whole(pam, anna, count):
    response = pam.post([{"event": "x"}] * count)

    assert response.status_code == 400
    assert response.json()["errors"][0]["code"] == "too_many"


def test_a_request_of_a_hundred_thousand_events_is_too_large_to_be_read(pam, anna):
    assert pam.post([bet()] * 100_001).status_code == 413


def test_a_refunded_withdrawal_that_comes_as_a_deposit_of_the_same_id_is_a_payment_of_its_own(pam, anna):
    """Real platforms do it. Withdrawal and deposit have ids of their own kind: neither swallows the other."""
    withdrawal = {"payment_id": "w-1", "amount": 7000}
    pam.send(event("withdrawal.approved", **withdrawal), event("withdrawal.cancelled", **withdrawal))
    receipt = pam.send(deposit(payment_id="w-1", amount=7000))
    fold_pending(now=utcnow())

    assert receipt["accepted"] == 1
    state = PlayerState.objects.get(player=anna)
    assert (state.deposits, state.deposit_sum) == (1, 7000)


def test_a_lift_without_an_exclusion_opens_nothing(pam, anna):
    before = Standing.objects.get(person=anna.person_id).verdict
    receipt = pam.send(event("rg.lifted", measure_id="never-set", sequence=4))

    assert receipt["accepted"] == 1
    assert Standing.objects.get(person=anna.person_id).verdict == before


@pytest.mark.parametrize(
    "spelling",
    ["KATE@example.test", "\u212aate@example.test", "kate@EXAMPLE.test", "\uff4bate@example.test"],
    ids=["capitals", "kelvin sign", "capital host", "full width"],
)
def test_an_address_on_the_suppression_list_is_known_however_it_is_written(pam, anna, spelling):
    pam.send(registered("kate2", email="somebody@example.test"))
    receipt = pam.send(event("player.updated", "kate2", email=spelling))

    if receipt["accepted"]:  # an address our mail could not even be sent to is refused instead
        assert Contact.objects.get(player__external_id="kate2", channel="email").normal == "kate@example.test"
    else:
        assert receipt["results"][0]["reason"] == "bad_email"


@pytest.mark.parametrize("spelling", [" kate@example.test", "kate@example.test ", "kate@example.test."])
def test_an_address_with_something_around_it_is_refused_or_kept_without_it(pam, anna, spelling):
    receipt = pam.send(registered("kate3", email=spelling))

    if receipt["accepted"]:
        assert Contact.objects.get(player__external_id="kate3", channel="email").normal == "kate@example.test"
    else:
        assert receipt["results"][0]["reason"] == "bad_email"


@pytest.mark.parametrize(
    "spelling", ["+44 7700 900123", "+44(0)7700 900123", "00447700900123", "07700 900123", "+447700900123"]
)
def test_one_telephone_number_in_five_forms_is_one_number(pam, anna, spelling):
    pam.send(registered("phil", phone=spelling))

    assert Contact.objects.get(player__external_id="phil", channel="sms").normal == "+447700900123"


def test_a_sequence_that_jumps_by_a_billion_is_taken_and_one_that_goes_back_changes_nothing(pam, anna):
    until = (utcnow() + timedelta(days=2)).isoformat()
    first = event("rg.time_out", measure_id="t1", sequence=1, ends_at=until)
    far = event("rg.lifted", measure_id="t1", sequence=1_000_000_001)
    late = event("rg.time_out", measure_id="t1", sequence=2, ends_at=until)

    assert pam.send(first, far, late)["accepted"] == 3
    assert Standing.objects.get(person=anna.person_id).verdict != Standing.Verdict.EXCLUDED


def test_a_heartbeat_from_the_future_is_refused_and_the_feed_stays_as_old_as_it_is(pam):
    ahead = (utcnow() + timedelta(days=3)).isoformat()
    receipt = pam.send(event("feed.heartbeat", None, at=ahead, sequence=9))

    assert receipt["results"][0]["reason"] == "in_the_future"
    assert Feed.objects.get(pk=pam.feed.pk).heartbeat_sequence == 0
