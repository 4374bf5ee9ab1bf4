"""A grant reaches the PAM once, or it is said plainly that nobody knows."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from bonuses import crediting, ledger
from bonuses.closing import money
from bonuses.credit import Idempotency
from bonuses.credit.generic import adapter
from bonuses.models import Grant
from bonuses.reactions import follow_pam
from config.lib.clock import utcnow
from tests.cast import exclude, tell
from tests.ledger.conftest import give
from tests.ledger.fake_pam import FakePam

pytestmark = pytest.mark.django_db


@pytest.fixture
def pam(settings) -> Iterator[FakePam]:
    server = FakePam()
    settings.PAM_CREDIT_URL = server.url
    yield server
    server.close()


def run(later: int = 0) -> Grant:
    crediting.run(now=utcnow() + timedelta(seconds=later))
    return Grant.objects.get()


def test_a_grant_waits_for_the_pam_and_is_active_once_credited(pam, anna, terms) -> None:
    grant = give(anna, terms, "welcome:anna").grant
    assert (grant.status, grant.credit) == ("claimed", "pending")

    done = run()

    assert (done.status, done.credit) == ("active", "credited")
    assert pam.credited["welcome:anna"]["amount"] == 50_00
    assert pam.credited["welcome:anna"]["player"] == "anna"
    assert crediting.run(now=utcnow()) == 0


@pytest.mark.parametrize("trick", ["lost", "half", "page", "error", "busy"])
def test_whatever_went_wrong_asking_again_with_the_same_key_credits_once(pam, anna, terms, trick: str) -> None:
    give(anna, terms, "welcome:anna")
    pam.tricks = [trick]

    assert run().credit == "pending"
    assert run(later=10).credit == "credited"
    assert len(pam.credited) == 1
    assert len(pam.calls) == 2


def test_silence_of_a_pam_without_keys_is_never_asked_again_but_shown(pam, anna, terms, monkeypatch) -> None:
    monkeypatch.setattr(adapter, "IDEMPOTENCY", Idempotency.NONE)
    grant = give(anna, terms, "welcome:anna").grant
    pam.tricks = ["lost"]

    assert (run().credit, run(later=600).credit) == ("ambiguous", "ambiguous")
    assert len(pam.calls) == 1

    follow_pam(tell(anna, "bonus.claimed", grant_ref="welcome:anna"), utcnow())
    grant.refresh_from_db()
    assert (grant.status, grant.credit) == ("active", "credited")


def test_a_refusal_of_the_pam_cancels_the_grant_and_empties_its_account(pam, anna, terms) -> None:
    give(anna, terms)
    pam.tricks = ["no"]

    grant = run()

    assert (grant.status, grant.credit) == ("cancelled", "refused")
    assert ledger.balances([money(grant)])[money(grant)] == 0


def test_an_exclusion_between_grant_and_credit_stops_the_credit(pam, anna, terms) -> None:
    give(anna, terms)
    exclude(anna)

    assert run().credit == "pending"
    assert pam.calls == []


def test_a_word_of_the_gate_that_got_old_is_asked_for_again(pam, anna, terms) -> None:
    first = give(anna, terms).grant

    done = run(later=50)

    assert done.credit == "credited"
    assert done.decision_id != first.decision_id


def test_after_an_exclusion_the_new_word_is_no_and_the_grant_ends(pam, anna, terms) -> None:
    give(anna, terms)
    exclude(anna)

    grant = run(later=50)

    assert (grant.status, grant.credit, pam.calls) == ("cancelled", "refused", [])


def test_a_worker_that_died_during_the_call_leaves_a_trace_and_the_next_one_goes_on(pam, anna, terms) -> None:
    grant = give(anna, terms).grant
    Grant.objects.filter(pk=grant.pk).update(credit="sending", credit_tries=1, credit_due_at=utcnow())

    crediting.run(now=utcnow() + timedelta(seconds=1))

    assert run(later=30).credit == "credited"


def test_a_late_answer_of_an_earlier_try_overwrites_nothing(pam, anna, terms) -> None:
    grant = give(anna, terms).grant
    Grant.objects.filter(pk=grant.pk).update(credit="sending", credit_tries=2)
    grant.credit_tries = 1

    crediting._write(grant, adapter._read(_answer(422)), utcnow())

    grant.refresh_from_db()
    assert (grant.status, grant.credit) == ("claimed", "sending")


def test_somebody_elses_reference_in_a_pam_event_changes_nothing(anna, cleo, terms) -> None:
    give(anna, terms, "welcome:anna")
    follow_pam(tell(cleo, "bonus.forfeited", grant_ref="welcome:anna"), utcnow())

    assert Grant.objects.get().status == Grant.Status.ACTIVE


def test_a_forfeit_told_by_the_pam_keeps_the_money_for_the_house(anna, terms) -> None:
    give(anna, terms, "welcome:anna")
    follow_pam(tell(anna, "bonus.forfeited", grant_ref="welcome:anna"), utcnow())

    grant = Grant.objects.get()
    assert grant.status == Grant.Status.FORFEITED
    assert ledger.balances([money(grant)])[money(grant)] == 0


def _answer(status: int) -> httpx.Response:
    return httpx.Response(status, json={})
