"""Words of regulation §2 beside promotion and service: security and legal are service; a survey is asked about like a promotion."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from campaigns import dispatch
from campaigns.forms import MessageForm
from campaigns.lint import findings
from compliance import gate, stops, wall
from compliance.jurisdictions import PACKS
from compliance.models import Decision
from compliance.models.decision import PROMOTIONS, Purpose
from compliance.rules import ALWAYS, PROMOTIONAL
from config.lib.clock import utcnow
from players.models import Player
from tests import cast
from tests.journey import build
from tests.journey.conftest import Sink, post, work
from tests.rules.people import ask, codes, open_dossier
from tests.rules.people import promo as request
from tests.spec.test_4_nothing_gets_around_the_gate import decide, outcome
from tests.spec.test_4_the_gate import clear, promo
from tests.spec.test_4_what_the_gate_is_told import offered, reds

__all__ = ["post"]
pytestmark = pytest.mark.django_db
NOW = cast.noon()
NEUTRAL = ("security", "legal")


def test_the_words_of_the_table_are_ours() -> None:
    assert {*NEUTRAL, "research"} < set(Purpose.values)
    assert {*NEUTRAL, "research"} < {value for value, _ in MessageForm.base_fields["purpose"].choices}


@pytest.mark.parametrize("licence", sorted(PACKS))
def test_every_rule_about_promotions_is_one_about_surveys(licence: str) -> None:
    for rule in PACKS[licence].every:
        assert ("research" in rule.purposes) == ("promotional" in rule.purposes), rule.id
        assert rule.purposes in (PROMOTIONAL, ALWAYS) or rule.id == "PD-07"


@pytest.mark.parametrize("purpose", NEUTRAL)
def test_what_concerns_the_safety_or_the_contract_reaches_whoever_is_excluded_and_carries_no_offer(
    bo: Player, purpose: str
) -> None:
    asked = promo(bo, purpose=Purpose(purpose))
    assert clear(asked)[0].code == "ALLOW_NOTICE"
    for changes in ({"ask": gate.Ask("deposit", 1, "GBP")}, {"content": frozenset({"selling"})}):
        assert clear(replace(asked, **changes))[0].code == "DENY_PURPOSE_MISMATCH"
    assert clear(replace(asked, criteria=frozenset({"rg_need"})))[0].code == "DENY_CHOSEN_BY_PROTECTION"
    assert clear(replace(asked, channel="bonus"))[0].code == "DENY_PURPOSE_MISMATCH"


def test_nobody_excluded_silent_or_unknown_is_asked_in_a_survey(bo: Player, cleo: Player, anna: Player) -> None:
    stranger = cast.make_player(cast.northlight(), restrictions=None)
    said = clear(*(promo(one, purpose=Purpose.RESEARCH) for one in (bo, cleo, stranger, anna)))
    assert [one.code for one in said] == ["DENY_SELF_EXCLUDED", "DENY_NO_OPT_IN", "DENY_STATE_UNAVAILABLE", "ALLOW"]
    assert codes(ask(open_dossier(risk="strong"), request(purpose=Purpose.RESEARCH))) != []
    assert (
        clear(promo(anna, purpose=Purpose.RESEARCH, ask=gate.Ask("deposit", 1, "GBP")))[0].code
        == "DENY_PURPOSE_MISMATCH"
    )


def test_the_database_says_no_to_a_survey_where_it_says_no_to_a_promotion(bo: Player, anna: Player) -> None:
    def answered(player: Player) -> str:
        with transaction.atomic():
            return outcome(decide(player, purpose="research"))[1]

    assert answered(bo) == "DENY_SELF_EXCLUDED"
    cast.consent(anna, "casino/email", granted=False)
    assert answered(anna) == "DENY_NO_OPT_IN"


def test_where_no_rules_are_known_no_survey_goes_out() -> None:
    nowhere = open_dossier(jurisdiction="FR")
    assert ask(nowhere, request(purpose=Purpose.RESEARCH)).code == "DENY_RULESET_MISSING"
    assert ask(nowhere, request(purpose=Purpose.LEGAL)).code == "ALLOW_NOTICE"


def test_a_survey_counts_as_one_of_the_three_of_a_week(anna: Player) -> None:
    for number in range(3):
        purpose = PROMOTIONS[number % 2]
        assert clear(promo(anna, purpose=purpose, reference=f"c{number}"))[0].allowed
    for purpose in PROMOTIONS:
        assert clear(promo(anna, purpose=purpose, reference="c9"))[0].code == "DENY_FREQUENCY"
    assert clear(promo(anna, purpose=Purpose.SECURITY, reference="c9"))[0].allowed


def test_the_stop_of_a_brand_stops_its_surveys_too(anna: Player) -> None:
    [allowed] = clear(promo(anna, purpose=Purpose.RESEARCH))
    [notice] = clear(promo(anna, purpose=Purpose.LEGAL))
    stops.stop(anna.brand, cast.olivia(), "wrong prices", now=utcnow())
    with transaction.atomic():
        assert gate.still_allowed([allowed.decision_id, notice.decision_id], now=utcnow()) == {notice.decision_id}


def test_a_survey_goes_out_with_the_way_to_stop_it_and_is_in_the_figures_of_promotions(
    post: Sink, anna: Player
) -> None:
    build.simple(anna.brand, NOW, purpose="research", subject="What do you think?")
    cast.tell(anna, "player.login", now=NOW, at=NOW)
    work(NOW)
    dispatch.dispatch(now=NOW)

    [mail] = post.mails
    assert mail["List-Unsubscribe"]
    assert wall.standing_wall(type(anna.brand).objects.all(), now=NOW + timedelta(minutes=1)).checks == 1
    assert Decision.objects.get(purpose="research").code == "ALLOW"


@pytest.mark.parametrize(("body", "found"), [("<p>Five questions for you.</p>", set()),
                                             ("<p>Answer and get 10 free spins.</p>", {"PD-04", "X-06"})])  # fmt: skip
def test_a_survey_that_sells_is_found_before_it_is_approved(anna: Player, body: str, found: set[str]) -> None:
    version = offered(anna.brand, purpose="research", words={"subject": "What do you think?", "body": body})
    assert found <= reds(version)
    assert {one.rule for one in findings(version, now=NOW) if one.level == "red"} & {"PD-04", "X-06"} == found
