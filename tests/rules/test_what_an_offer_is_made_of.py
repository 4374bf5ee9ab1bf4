"""Regulation §1.3-1.9 without a database: what an offer is about, what it needs, what counts, whom it reaches."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from compliance.asking import Incentive
from compliance.dossier import Limit, Opinion, RegisterAnswer
from compliance.models.decision import Purpose
from tests.rules.people import NOW, ask, open_dossier, promo

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
YES, NO = Opinion(True, NOW - DAY, "v3", "registration", "on.example"), Opinion(False, NOW - DAY, "v3")


def offer(**changes: object) -> Incentive:
    fields = {"type": "free_cash", "value": 100_00, "currency": "GBP", "products": frozenset({"casino"}),
              "on_winnings": False, "least_share": 100} | changes  # fmt: skip
    return Incentive(**fields)  # type: ignore[arg-type]


def some(*words: str) -> frozenset[str]:
    return frozenset(words)


# --- which products (GB-10, GB-13, PD-01, ON-02) -------------------------------------------------


@pytest.mark.parametrize(("about", "reward", "counts", "code"), [
    (some("betting"), some("betting"), some(), "ALLOW"), (some("betting"), some("casino"), some(), "DENY_PRODUCT_MIX"),
    (some("betting", "casino"), some("casino"), some(), "DENY_PRODUCT_MIX"),
    (some("casino"), some("casino"), some("slots", "table"), "ALLOW"),
    (some("casino"), some("casino"), some("slots", "bingo"), "DENY_PRODUCT_MIX"),
    (some("betting"), some("any"), some(), "ALLOW"),
])  # fmt: skip
def test_what_earns_a_british_bonus_what_it_is_spent_on_and_what_counts_are_one_product(
    about: frozenset[str], reward: frozenset[str], counts: frozenset[str], code: str
) -> None:
    asked = promo(products=about, incentive=offer(products=reward, counts=counts))
    assert ask(open_dossier(), asked).code == code


@pytest.mark.parametrize("licence", ["GB", "SE", "DK", "MT"])
def test_a_message_about_one_product_with_a_reward_on_another_needs_both_opt_ins(licence: str) -> None:
    spins = promo(products=some("betting"), incentive=offer(currency="GBP"), audience=100)
    asked = [reason.code for reason in ask(open_dossier(licence, consents={"betting/email": YES}), spins).reasons]
    assert "DENY_NO_OPT_IN" in asked
    both = {"betting/email": YES, "casino/email": YES}
    found = [reason.code for reason in ask(open_dossier(licence, consents=both), spins).reasons]
    assert "DENY_NO_OPT_IN" not in found


def test_an_ontario_inducement_that_names_no_product_has_no_consent() -> None:
    off = open_dossier("ON", switched_off=("ON-02n",))
    nameless = promo(channel="push", products=some(), incentive=offer(products=some(), currency="CAD"))
    assert ask(off, nameless).code == "DENY_CONSENT_ORIGIN"
    assert ask(off, replace(nameless, products=some("casino"))).code == "ALLOW"


# --- objections (PD-03) --------------------------------------------------------------------------


@pytest.mark.parametrize(("said", "code"), [
    ({}, "DENY_NO_OPT_IN"), ({"casino/email": NO}, "DENY_OPTED_OUT"), ({"casino/email": NO, "casino/sms": YES}, "ALLOW"),
    ({"casino/email": NO, "casino/onsite": YES}, "DENY_OPTED_OUT"), ({"betting/email": NO}, "DENY_NO_OPT_IN"),
    ({"casino/email": replace(NO, granted=None)}, "DENY_OPTED_OUT"),
])  # fmt: skip
def test_who_said_no_wherever_they_were_asked_objects_to_letters_too(said: dict[str, Opinion], code: str) -> None:
    letter = promo(channel="post")
    assert ask(open_dossier(consents=said), letter).code == code
    silence = code if code != "DENY_NO_OPT_IN" else "ALLOW"  # that it is no objection two people may settle
    assert ask(open_dossier(consents=said, switched_off=("PD-03p",)), letter).code == silence


# --- deposits (DK-05, POL-02) --------------------------------------------------------------------


def match(**changes: object) -> Incentive:
    return offer(type="deposit_match", **changes)


@pytest.mark.parametrize("kind", ["deposit_match", "reload"])
@pytest.mark.parametrize(
    ("needs", "code"), [(None, "DENY_BONUS_DEPOSIT"), (99_99, "DENY_BONUS_DEPOSIT"), (100_00, "ALLOW")]
)
def test_a_danish_match_of_a_deposit_nobody_tells_is_not_given(kind: str, needs: int | None, code: str) -> None:
    matched = promo(incentive=offer(type=kind, currency="DKK", needs=needs), audience=100)
    assert ask(open_dossier("DK"), matched).code == code


@pytest.mark.parametrize(("limits", "needs", "code"), [
    ((20_00,), None, "DENY_HIGH_STAKES_VS_LIMIT"), ((20_00,), 5_01, "DENY_HIGH_STAKES_VS_LIMIT"), ((20_00,), 5_00, "ALLOW"),
    ((), None, "ALLOW"),
])  # fmt: skip
def test_a_deposit_that_is_needed_is_held_against_the_limit_and_an_untold_one_is_too_much(
    limits: tuple[int, ...], needs: int | None, code: str
) -> None:
    mine = tuple(Limit("deposit_limit", "week", amount, "GBP", "player", left=amount) for amount in limits)
    assert ask(open_dossier(limits=mine), promo(incentive=match(needs=needs))).code == code


def test_a_match_that_is_given_on_a_deposit_asks_for_none_any_more() -> None:
    mine = (Limit("deposit_limit", "week", 20_00, "GBP", "player", left=10_00),)
    given = promo(channel="bonus", incentive=match(value=10_00, deposit=10_00, needs=10_00))
    assert ask(open_dossier(limits=mine), given).code == "ALLOW"
    untold = replace(given, incentive=match(value=10_00))
    assert ask(open_dossier(limits=mine), untold).code == "DENY_HIGH_STAKES_VS_LIMIT"


# --- wagering, losses, stakes ----------------------------------------------------------------------


@pytest.mark.parametrize(("share", "code"), [(100, "ALLOW"), (99, "DENY_WAGERING_CAP"), (None, "DENY_WAGERING_CAP")])
def test_a_danish_game_counts_in_full_or_not_at_all(share: int | None, code: str) -> None:
    played = offer(currency="DKK", days=60, wagering=Decimal(1), least_share=share)
    assert ask(open_dossier("DK"), promo(incentive=played, audience=100)).code == code
    assert ask(open_dossier("DK"), promo(incentive=replace(played, wagering=None), audience=100)).code == "ALLOW"
    assert ask(open_dossier("GB"), promo(incentive=replace(played, currency="GBP"))).code == "ALLOW"


@pytest.mark.parametrize(("kind", "code"), [("cashback_turnover", "DENY_LOSS_LINKED"), ("cashback_loss", "DENY_LOSS_LINKED"),
                                            ("odds_boost", "ALLOW")])  # fmt: skip
def test_cashback_of_any_kind_is_a_dutch_bonus_for_losses(kind: str, code: str) -> None:
    assert ask(open_dossier("NL"), promo(incentive=offer(type=kind, currency="EUR"))).code == code


@pytest.mark.parametrize(("by", "code"), [(some("lifecycle"), "ALLOW"), (some("manual"), "DENY_LOSS_LINKED"),
                                          (some("lifecycle", "manual"), "DENY_LOSS_LINKED"), (some(), "DENY_LOSS_LINKED")])  # fmt: skip
def test_who_was_chosen_by_hand_may_have_been_chosen_by_a_loss(by: frozenset[str], code: str) -> None:
    assert ask(open_dossier("NL"), promo(criteria=by, incentive=offer(currency="EUR"))).code == code
    assert ask(open_dossier("NL"), promo(criteria=by)).code == "ALLOW"  # a newsletter without an offer


@pytest.mark.parametrize(("licence", "currency"), [("GB", "GBP"), ("DE", "EUR")])
@pytest.mark.parametrize(("kind", "on", "code"), [
    ("free_bet", some("betting"), "ALLOW"), ("free_bet", some("sports"), "ALLOW"), ("free_bet", some("casino"), "DENY_STAKE_CAP"),
    ("free_bet", some("slots"), "DENY_STAKE_CAP"), ("free_spins", some("casino"), "DENY_STAKE_CAP"),
])  # fmt: skip
def test_the_stake_of_a_slot_is_capped_and_that_of_a_free_bet_on_sports_is_not(
    licence: str, currency: str, kind: str, on: frozenset[str], code: str
) -> None:
    bet = offer(type=kind, currency=currency, stake=10_00, products=on)
    assert ask(open_dossier(licence), promo(products=on, incentive=bet)).code == code


# --- days and hours ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("zone", "at", "code"), [
    ("Pacific/Honolulu", datetime(2026, 1, 19, 9, tzinfo=UTC), "DENY_WAGERING_CAP"),  # still the 18th over there
    ("Europe/London", datetime(2026, 1, 18, 23, 59, tzinfo=UTC), "ALLOW"),
    ("Pacific/Auckland", datetime(2026, 1, 18, 12, tzinfo=UTC), "ALLOW"),  # the 19th over there already
])  # fmt: skip
def test_a_law_is_in_force_from_its_day_where_the_licence_is(zone: str, at: datetime, code: str) -> None:
    away = open_dossier(timezone=zone, registers={"gamstop/marketing": RegisterAnswer("clear", at - HOUR)},
                        switched_off=("POL-08",))  # fmt: skip
    assert ask(away, promo(incentive=offer(wagering=Decimal(35))), at).code == code


def test_the_german_window_holds_for_what_is_shown_on_the_site() -> None:
    noon, night = NOW.replace(hour=11), NOW.replace(hour=20)  # Berlin is an hour ahead
    for channel, at, code in (
        ("onsite", noon, "DENY_QUIET_HOURS"),
        ("onsite", night, "ALLOW"),
        ("bonus", noon, "ALLOW"),
    ):
        fresh = {f"oasis/{kind}": RegisterAnswer("clear", at - HOUR) for kind in ("marketing", "login")}
        german = open_dossier("DE", registers=fresh, switched_on=("DE-10",))
        gift = offer(currency="EUR") if channel == "bonus" else None
        assert ask(german, promo(channel=channel, incentive=gift), at).code == code
    sports = promo(channel="onsite", products=some("betting"))
    assert ask(open_dossier("DE", switched_on=("DE-10",)), sports, noon).code == "ALLOW"
    assert ask(open_dossier("DE"), promo(purpose=Purpose.TRANSACTIONAL), noon).code == "ALLOW_NOTICE"


@pytest.mark.parametrize(("together", "code"), [
    (None, "ALLOW"), (800_00, "ALLOW"), (1_000_00, "ALLOW"), (1_000_01, "DENY_BONUS_VALUE_CAP"),
])  # fmt: skip
def test_the_parts_of_a_danish_promotion_are_worth_a_thousand_crowns_together(together: int | None, code: str) -> None:
    part = offer(value=800_00, currency="DKK", together=together)
    assert ask(open_dossier("DK"), promo(incentive=part, audience=100)).code == code


# --- high-value customers (GB-14) ------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["gift", "hospitality", "loyalty_points", "goodwill"])
def test_a_designated_customer_is_checked_before_any_benefit_of_the_scheme_however_chosen(kind: str) -> None:
    by_hand = promo(criteria=some("manual"), incentive=offer(type=kind))
    assert ask(open_dossier(vip=True), by_hand).code == "DENY_VIP_NOT_CLEARED"
    assert ask(open_dossier(vip=True, vip_cleared=True), by_hand).code == "ALLOW"
    assert ask(open_dossier(), by_hand).code == "ALLOW"
    assert ask(open_dossier(vip=True), promo(criteria=some("manual"), incentive=offer())).code == "ALLOW"


# --- what is shown on the site (X-01, X-02) ----------------------------------------------------------


@pytest.mark.parametrize(("licence", "register"), [
    ("GB", "gamstop"), ("SE", "spelpaus"), ("DE", "oasis"), ("NL", "cruks"), ("DK", "rofus"), ("ES", "rgiaj"), ("ON", "betguard"),
])  # fmt: skip
@pytest.mark.parametrize(("answer", "allowed"), [
    (None, False), (RegisterAnswer("unavailable", NOW - HOUR), False), (RegisterAnswer("listed", NOW - HOUR), False),
    (RegisterAnswer("clear", NOW - DAY - HOUR), False), (RegisterAnswer("clear", NOW - DAY), True),
])  # fmt: skip
def test_a_card_on_the_site_needs_an_answer_of_the_register_too_and_that_of_a_login_will_do(
    licence: str, register: str, answer: RegisterAnswer | None, allowed: bool
) -> None:
    known = {f"{register}/login": answer} if answer else {}
    card = promo(channel="onsite")
    assert (ask(open_dossier(licence, registers=known), card).outcome == "allow") == allowed
    service = promo(channel="onsite", purpose=Purpose.TRANSACTIONAL)
    assert ask(open_dossier(licence, registers=known), service).code == "ALLOW_NOTICE"


def test_an_answer_for_marketing_does_for_a_card_but_not_where_the_register_answers_logins_only() -> None:
    for licence, register, code in (("GB", "gamstop", "ALLOW"), ("SE", "spelpaus", "ALLOW"),
                                    ("NL", "cruks", "DENY_REGISTER_UNSUPPORTED")):  # fmt: skip
        known = {f"{register}/marketing": RegisterAnswer("clear", NOW - HOUR)}
        assert ask(open_dossier(licence, registers=known), promo(channel="onsite")).code == code
