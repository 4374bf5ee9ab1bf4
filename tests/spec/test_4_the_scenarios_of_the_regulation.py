"""The scenarios of regulation §4 that need the database. The others are pure (tests/rules); none is left out.

A test's name begins with the number of its scenario; the last test counts them.
"""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from bonuses.grants import GrantRequest, grant_many
from bonuses.models import Grant, Transfer
from campaigns.models import Delivery, Enrolment
from compliance import contacting, gate, switches
from compliance.gate import Incentive, Request
from compliance.jurisdictions import PACKS
from compliance.models import AuditEntry
from compliance.models.decision import Purpose
from compliance.registers import contract, spelpaus
from config.lib.clock import utcnow
from players.models import Player
from tests import cast
from tests.journey import build
from tests.journey.conftest import Sink, post, work
from tests.ledger.conftest import make_terms

__all__ = ["post"]
pytestmark = pytest.mark.django_db
NUMBERS = (1, 2, 3, 4, 6, 7, 8, 10, 11, 13, 14, 16, 18, 19, 20, 21, 23, 24, 25, 27, 29, 30, 31, 32, 35, 36, 38, 40)
DAY = timedelta(days=1)


def promo(player: Player, reference: str = "c1", **changes: object) -> Request:
    fields = {
        "player_id": player.pk, "purpose": Purpose.PROMOTIONAL, "channel": "email", "products": frozenset({"casino"}),
        "criteria": frozenset({"all"}), "reference": reference,
    } | changes  # fmt: skip
    return Request(**fields)  # type: ignore[arg-type]


def clear(*requests: Request) -> list[gate.Answer]:
    with transaction.atomic():
        return gate.clear_many(requests, now=cast.noon())


def test_03_who_excludes_herself_while_a_batch_is_running_is_left_out_and_the_others_go_on() -> None:
    crowd = [cast.make_player(cast.northlight()) for _ in range(20)]
    first = clear(*(promo(player) for player in crowd[:10]))
    cast.exclude(crowd[14])
    second = clear(*(promo(player) for player in crowd[10:]))
    codes = [answer.code for answer in (*first, *second)]
    assert codes == ["ALLOW"] * 14 + ["DENY_SELF_EXCLUDED"] + ["ALLOW"] * 5


def test_04_an_allow_from_before_the_exclusion_is_refused_at_the_moment_of_sending(anna: Player) -> None:
    [answer] = clear(promo(anna))
    assert answer.allowed
    cast.exclude(anna)
    with transaction.atomic():
        assert gate.still_allowed([answer.decision_id], now=utcnow()) == set()  # type: ignore[list-item]
    assert clear(promo(anna))[0].code == "DENY_SELF_EXCLUDED"


def test_06_an_exclusion_during_the_wait_ends_the_journey_and_her_return_does_not_resume_it(
    post: Sink, anna: Player
) -> None:
    now = cast.noon()
    build.simple(anna.brand, now, wait_minutes=3 * 24 * 60)
    cast.tell(anna, "player.login", now=now, at=now)
    work(now)
    cast.exclude(anna, at=now, ends_at=now + timedelta(days=200))
    work(now + timedelta(days=3, hours=1))
    cast.lift(anna, "excl", 2)
    work(now + timedelta(days=30))
    assert Enrolment.objects.get().state == "exited"
    assert set(Delivery.objects.values_list("status", flat=True)) == {"refused"}
    assert post.mails == []


def test_07_during_an_exclusion_nothing_new_is_given_and_the_service_mail_goes_out_without_an_offer(
    anna: Player,
) -> None:
    terms = make_terms(anna.brand)
    [given] = grant_many([GrantRequest(anna.pk, terms.pk, "before")], now=cast.noon())
    assert given.grant is not None
    cast.exclude(anna)
    [more] = grant_many([GrantRequest(anna.pk, terms.pk, "after")], now=cast.noon())
    assert more.grant is None
    assert more.answer is not None
    assert more.answer.code == "DENY_SELF_EXCLUDED"
    service = promo(anna, purpose=Purpose.TRANSACTIONAL)
    assert clear(service)[0].code == "ALLOW_NOTICE"
    offering = promo(anna, purpose=Purpose.TRANSACTIONAL, incentive=Incentive("free_cash", 100, "GBP"))
    assert clear(offering)[0].code == "DENY_PURPOSE_MISMATCH"


def test_08_a_deposit_an_exclusion_and_the_grant_a_moment_later_leave_the_ledger_empty(anna: Player) -> None:
    terms = make_terms(anna.brand, "deposit_match", percent=100, cap=100_00, amount=0)
    cast.tell(anna, "deposit.approved", payment_id="d1", amount=50_00)
    cast.exclude(anna)
    [result] = grant_many([GrantRequest(anna.pk, terms.pk, "match", deposit_amount=50_00)], now=cast.noon())
    assert result.answer is not None
    assert result.answer.code == "DENY_SELF_EXCLUDED"
    assert not Grant.objects.exists()
    assert not Transfer.objects.exists()


@pytest.mark.parametrize(("before", "amount", "due"), [
    (None, 10_001_00, True), (None, 10_000_00, False), (2_000_00, 3_000_00, True), (3_000_00, 2_000_00, False),
])  # fmt: skip
def test_16_a_swedish_limit_above_10_000_or_raised_is_a_task_to_contact_the_player(
    before: int | None, amount: int, due: bool
) -> None:
    nils = cast.make_player(cast.bjork())
    if before is not None:
        cast.set_limit(nils, before, "month", at=utcnow() - 9 * DAY)
    cast.set_limit(nils, amount, "month", sequence=2)
    duties = contacting.waiting(type(nils.brand).objects.filter(pk=nils.brand_id))
    assert [duty.player for duty in duties] == ([nils] if due else [])


@pytest.mark.parametrize("number", ["", "850517", "850517-123", "8505171233", "abc"])
def test_21_a_personal_number_of_the_wrong_form_is_refused_before_the_register_is_asked(number: str) -> None:
    with pytest.raises(contract.NotAskable):
        spelpaus.form(contract.Subject("Nils", "Test", None, "SE", national_id=number))


@pytest.mark.parametrize("rule", ["GB-01", "GB-09", "GB-12", "X-01", "SYS-01", "PD-03"])
def test_40_a_law_has_no_override(anna: Player, rule: str) -> None:
    with pytest.raises(switches.CannotSwitch):
        switches.ask(anna.brand, rule, False, cast.olivia(), "just this once", now=utcnow())


def test_40_a_policy_needs_a_second_person_and_a_reason(anna: Player) -> None:
    olivia = cast.olivia()
    row = switches.ask(anna.brand, "POL-09", False, olivia, "agreed with the board", now=utcnow())
    with pytest.raises(switches.CannotSwitch):
        switches.sign(row, olivia, now=utcnow())
    assert switches.is_on(anna.brand, "POL-09")
    switches.sign(row, cast.make_operator("Otto", cast.Role.COMPLIANCE_OFFICER), now=utcnow())
    assert not switches.is_on(anna.brand, "POL-09")
    kinds = AuditEntry.objects.filter(subject=f"policy:{row.pk}").order_by("pk").values_list("kind", "reason")
    assert list(kinds) == [("policy.asked", "agreed with the board"), ("policy.signed", "agreed with the board")]


def test_every_scenario_has_a_test_that_carries_its_number() -> None:
    tests = Path(__file__).parents[1]
    text = "".join(path.read_text(encoding="utf-8") for name in ("rules", "spec", "markers", "registers")
                   for path in (tests / name).glob("test_*.py"))  # fmt: skip
    found = {int(number) for number in re.findall(r"^def test_(\d\d)_", text, re.MULTILINE)}
    assert set(NUMBERS) <= found, sorted(set(NUMBERS) - found)


@pytest.mark.parametrize("licence", sorted(PACKS))
def test_every_date_of_every_licence_has_rules_on_both_sides_that_differ(licence: str) -> None:
    pack = PACKS[licence]
    dates = {rule.effective_from for rule in pack.rules} | {rule.effective_to for rule in pack.rules} - {None}
    for day in sorted(day for day in dates if day is not None and day > pack.since):
        assert pack.on(day - DAY) != pack.on(day)
        ids = [rule.id for rule in pack.on(day)]
        assert len(ids) == len(set(ids))
