"""Ask the gate: a player or a made-up one, now or another moment, as it is or what if; nothing is recorded."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from compliance import gate
from compliance.models import AuditEntry, Decision
from config.lib.clock import utcnow
from players.models import Player
from tests import cast
from tests.spec.test_4_the_gate import promo

pytestmark = pytest.mark.django_db
AT = cast.noon().strftime("%Y-%m-%dT%H:%M")
PLAIN: dict[str, Any] = {"purpose": "promotional", "channel": "email", "product": ["casino"], "moment": AT}


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(cast.olivia())
    return client


def ask(client: Client, **changes: Any) -> HttpResponse:
    return client.post(reverse("compliance:ask"), PLAIN | changes)


def code(client: Client, **changes: Any) -> str:
    response = ask(client, **changes)
    assert response.status_code == 200, response.context["form"].errors
    return str(response.context["answer"].code)


def test_about_a_player_it_says_what_the_gate_would_say(officer: Client, anna: Player, bo: Player, dev: Player) -> None:
    before = AuditEntry.objects.count()
    for player in (anna, bo, dev):
        [answer] = gate.preview([promo(player, criteria=frozenset({"manual"}))], now=cast.noon())
        assert code(officer, player=player.external_id) == answer.code
    assert not Decision.objects.exists()
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("licence", ["GB", "SE", "DE", "NL", "DK", "ES", "ON", "MT"])
def test_a_made_up_player_of_every_licence_can_be_asked_about(officer: Client, licence: str) -> None:
    at = cast.noon().replace(hour=16).strftime("%Y-%m-%dT%H:%M")
    assert code(officer, licence=licence, moment=at) == "ALLOW"
    assert code(officer, licence=licence, moment=at, restriction="excluded") == "DENY_SELF_EXCLUDED"


@pytest.mark.parametrize(
    ("supposed", "answer"),
    [
        ({}, "ALLOW"), ({"restriction": "linked"}, "DENY_LINKED_ACCOUNT_EXCLUDED"),
        ({"restriction": "register"}, "DENY_NATIONAL_REGISTER"), ({"restriction": "time_out"}, "DENY_TIME_OUT"),
        ({"restriction": "awaiting_return"}, "DENY_AWAITING_RETURN"), ({"restriction": "blocked"}, "DENY_ACCOUNT_RESTRICTED"),
        ({"restriction": "unknown"}, "DENY_STATE_UNAVAILABLE"), ({"consent": "no"}, "DENY_OPTED_OUT"),
        ({"consent": "never"}, "DENY_NO_OPT_IN"), ({"register": "stale"}, "DENY_REGISTER_STALE"),
        ({"register": "unavailable"}, "DENY_REGISTER_UNAVAILABLE"), ({"age": "17"}, "DENY_UNDERAGE"),
        ({"risk": "strong"}, "REROUTE_RG_STRONG"),
        ({"limit_amount": "20", "limit_lowered": "on"}, "DENY_RECENT_LIMIT_CHANGE"),
        ({"limit_amount": "20", "ask_kind": "deposit", "ask_amount": "15"}, "DENY_HIGH_STAKES_VS_LIMIT"),
        ({"limit_amount": "20", "limit_left": "1", "ask_kind": "deposit", "ask_amount": "1"}, "DENY_LIMIT_EXHAUSTED"),
        ({"bonus_type": "no_deposit", "bonus_value": "10", "wagering": "11"}, "DENY_WAGERING_CAP"),
    ],
)  # fmt: skip
def test_what_if_one_thing_were_otherwise(officer: Client, supposed: dict[str, str], answer: str) -> None:
    assert code(officer, licence="GB", **supposed) == answer


def test_a_danish_offer_is_asked_about_with_everything_its_rules_read(officer: Client) -> None:
    lawful = {"licence": "DK", "criteria": "all", "bonus_type": "no_deposit", "bonus_value": "100", "wagering": "10",
              "days": "60", "on_winnings": "false", "audience": "100", "least_share": "100"}  # fmt: skip
    assert code(officer, **lawful) == "ALLOW"
    assert code(officer, **(lawful | {"on_winnings": ""})) == "DENY_WAGERING_ON_WINNINGS"
    assert code(officer, **(lawful | {"least_share": "10"})) == "DENY_WAGERING_CAP"
    assert code(officer, **(lawful | {"audience": ""})) == "DENY_INDIVIDUAL_TERMS"
    assert code(officer, licence="GB", bonus_type="free_spins", bonus_value="50", stake="5") == "ALLOW"
    assert code(officer, licence="GB", bonus_type="free_spins", bonus_value="50", stake="5.01") == "DENY_STAKE_CAP"


def test_a_real_player_with_one_thing_changed_in_thought(officer: Client, anna: Player, bo: Player) -> None:
    assert code(officer, player="anna") == "ALLOW"
    assert code(officer, player="anna", restriction="time_out") == "DENY_TIME_OUT"
    assert code(officer, player="bo", restriction="none") == "ALLOW"
    assert code(officer, player="bo") == "DENY_SELF_EXCLUDED"  # nothing of it was kept


def test_another_moment_is_another_answer(officer: Client) -> None:
    night = cast.noon().replace(hour=2).strftime("%Y-%m-%dT%H:%M")
    assert code(officer, licence="GB", moment=night) == "DENY_QUIET_HOURS"
    before_the_cap = (utcnow().replace(year=2025, month=6, day=2, hour=12)).strftime("%Y-%m-%dT%H:%M")
    heavy = {"bonus_type": "no_deposit", "bonus_value": "10", "wagering": "11"}
    assert code(officer, licence="GB", moment=before_the_cap, **heavy) == "ALLOW"  # GB-12 is of 19 January 2026


def test_it_names_every_rule_that_refuses_and_those_that_had_nothing_against_it(officer: Client) -> None:
    response = ask(officer, licence="SE", bonus_type="no_deposit", bonus_value="10", played="yes", consent="no")
    refusing = {rule for _, rule, _ in response.context["reasons"]}
    assert "SE-04" in refusing
    assert len(refusing) >= 2
    assert not refusing & {rule.id for rule in response.context["passed"]}
    assert "Only a first bonus" in response.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"player": "nobody"}, {"channel": "pigeon"}, {"ask_kind": "deposit"}, {"bonus_type": "gift"}, {"age": "x"},
     {"moment": "tomorrow"}, {"player": "\0"}, {"limit_amount": "1e30"}],
)  # fmt: skip
def test_what_cannot_be_read_is_said_at_its_field(officer: Client, anna: Player, wrong: dict[str, str]) -> None:
    assert ask(officer, **wrong).status_code == 422


def test_a_player_of_another_brand_does_not_exist(client: Client, bo: Player) -> None:
    client.force_login(cast.make_operator("Signe", cast.Role.COMPLIANCE_OFFICER, cast.bjork()))
    assert ask(client, player="bo").status_code == 422


def test_a_question_of_years_ago_is_answered_with_the_rules_of_then(officer: Client) -> None:
    assert (
        code(officer, licence="GB", moment=f"{(utcnow() - timedelta(days=9000)):%Y-%m-%dT%H:%M}")
        == "DENY_RULESET_MISSING"
    )
