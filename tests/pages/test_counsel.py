"""What the sources leave open is marked until two people have written down and signed what counsel says, per licence."""

from datetime import timedelta
from html import unescape

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from compliance import counsel, gate
from compliance.models import CounselAnswer, Measure, Operator
from config.lib.clock import utcnow
from players.models import Brand
from tests import cast
from tests.rules.test_lint import offer
from tests.spec.test_4_eight_licences import house, player_of
from tests.spec.test_4_the_gate import promo

pytestmark = pytest.mark.django_db


@pytest.fixture
def otto(db: None) -> Operator:
    return cast.make_operator("Otto", cast.Role.COMPLIANCE_OFFICER)


def shown(client: Client, licence: str, rule: str) -> str:
    """The row of one rule."""
    client.force_login(cast.olivia())
    text = unescape(client.get(reverse("compliance:rules"), {"licence": licence}).content.decode())
    return text.partition(f'<td class="text-nowrap">{rule}</td>')[2].partition("</tr>")[0]


def answered(brand: Brand, rule: str, otto: Operator, **figures: int) -> CounselAnswer:
    row = counsel.ask(brand.licence, rule, cast.olivia(), "letter of 3 May", now=utcnow(), **figures)
    return counsel.sign(row, otto, now=utcnow())


@pytest.mark.parametrize(("licence", "rule"), [("NL", "NL-11"), ("ES", "ES-07"), ("DE", "DE-11"), ("DE", "DE-12")])
def test_a_question_is_marked_until_each_licence_has_its_answer(
    client: Client, otto: Operator, licence: str, rule: str
) -> None:
    assert "confirm with counsel" in shown(client, licence, rule)
    row = counsel.ask(house(licence).licence, rule, cast.olivia(), "letter of 3 May", now=utcnow())
    assert "confirm with counsel" in shown(client, licence, rule), "asked is not signed"
    counsel.sign(row, otto, now=utcnow())
    said = shown(client, licence, rule)
    assert "confirm with counsel" not in said
    assert "letter of 3 May" in said


@pytest.mark.parametrize(("licence", "rule"), [("NL", "NL-11"), ("ES", "ES-07")])
def test_how_long_a_raised_limit_waits_is_marked_above_too_and_no_answer_makes_it_shorter(
    client: Client, otto: Operator, licence: str, rule: str
) -> None:
    def marked() -> bool:
        client.force_login(cast.olivia())
        return bool(client.get(reverse("compliance:rules"), {"licence": licence}).context["wait_is_open"])

    player = player_of(licence)
    assert marked()
    answered(player.brand, rule, otto)
    assert not marked()
    cast.set_limit(player, 50_00, at=utcnow() - timedelta(days=30))
    asked_at = utcnow() - timedelta(days=1)
    cast.set_limit(player, 500_00, at=asked_at, sequence=2)
    limit = Measure.objects.get(player=player)
    assert (limit.amount, limit.pending_from - asked_at) == (50_00, timedelta(days=7))


def test_two_people_write_down_and_sign_on_the_pages(client: Client, otto: Operator) -> None:
    licence = house("DE").licence
    client.force_login(cast.olivia())
    address = reverse("compliance:counsel", args=[licence.pk, "DE-11"])
    assert client.get(address).status_code == 200
    assert client.post(address, {"most": "100", "times": "", "reason": "conditions of 3 May"}).status_code == 302
    row = CounselAnswer.objects.get()
    assert (row.most, row.times) == (100_00, None)
    assert client.post(address, {"most": "1", "reason": "again"}).status_code == 422
    sign = reverse("compliance:counsel-sign", args=[row.pk])
    assert "somebody else signs" in client.get(sign).content.decode()
    client.post(sign)
    assert counsel.signed([licence]) == {}

    client.force_login(otto)
    for page in ("compliance:home", "today"):
        assert sign in client.get(reverse(page)).content.decode()
    client.post(sign)
    assert counsel.signed([licence])[licence.pk, "DE-11"] == row
    assert "100.00" in shown(client, "DE", "DE-11")
    assert (
        client.post(reverse("compliance:counsel-decline", args=[row.pk]), {"reason": "came too late"}).status_code
        == 302
    )
    row.refresh_from_db()
    assert row.declined_by is None


def test_what_is_declined_leaves_the_question_open(client: Client, otto: Operator) -> None:
    row = counsel.ask(house("DE").licence, "DE-11", cast.olivia(), "hearsay", now=utcnow())
    client.force_login(otto)
    assert (
        client.post(reverse("compliance:counsel-decline", args=[row.pk]), {"reason": "not written"}).status_code == 302
    )
    assert "confirm with counsel" in shown(client, "DE", "DE-11")


@pytest.mark.parametrize("rule", ["DE-01", "POL-02", "GB-16c", "nonsense"])
def test_what_is_no_open_question_of_the_licence_has_no_answer(client: Client, rule: str) -> None:
    client.force_login(cast.olivia())
    assert client.get(reverse("compliance:counsel", args=[house("DE").licence.pk, rule])).status_code == 404
    with pytest.raises(counsel.CannotAnswer):
        counsel.ask(house("DE").licence, rule, cast.olivia(), "x", now=utcnow())


def test_who_may_not_edit_writes_nothing_down(client: Client) -> None:
    client.force_login(cast.carla())
    assert client.get(reverse("compliance:counsel", args=[house("DE").licence.pk, "DE-11"])).status_code == 403


def test_what_was_entered_holds_at_the_gate_for_that_licence_and_from_the_signature_on(otto: Operator) -> None:
    def code(worth: int) -> str:
        bonus = offer(value=worth, currency="EUR")
        with transaction.atomic():
            return gate.clear_many([promo(player, channel="bonus", incentive=bonus)], now=cast.noon())[0].code

    player = player_of("DE")
    assert code(200_00) == "ALLOW"
    row = counsel.ask(player.brand.licence, "DE-11", cast.olivia(), "conditions", most=100_00, now=utcnow())
    assert code(200_00) == "ALLOW"
    counsel.sign(row, otto, now=utcnow())
    assert (code(100_00), code(100_01)) == ("ALLOW", "DENY_BONUS_VALUE_CAP")
    answered(player.brand, "DE-11", otto, times=100)
    assert code(200_00) == "ALLOW", "the newest answer counts"
