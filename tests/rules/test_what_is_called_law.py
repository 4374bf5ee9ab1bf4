"""What the rules page calls law, policy or a question for counsel, as the table of the regulation has it."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from compliance.asking import Ask, Incentive
from compliance.dossier import Limit, Opinion, RegisterAnswer
from compliance.jurisdictions import PACKS
from compliance.rules import Rule
from tests.rules.people import NOW, ask, codes, open_dossier, promo

# Every row of the table and its confidence: A text seen, B secondary, C open, G unverified.
ROWS = {
    "GB-01": "A", "GB-02": "B", "GB-03": "A/B/G", "GB-04": "A", "GB-05": "A", "GB-06": "A", "GB-07": "A", "GB-08": "A",
    "GB-09": "A/B", "GB-10": "B", "GB-11": "B", "GB-12": "A", "GB-13": "A", "GB-14": "A/B", "GB-15": "A/B", "GB-16": "A",
    "GB-17": "B", "GB-18": "A", "GB-19": "B", "GB-20": "G", "GB-21": "B", "GB-22": "B",
    "SE-01": "A/B", "SE-02": "B", "SE-03": "B", "SE-04": "A", "SE-05": "B", "SE-06": "A", "SE-07": "A", "SE-08": "A/B",
    "SE-09": "B", "DE-01": "A/B", "DE-02": "G", "DE-03": "A/B", "DE-04": "A/B", "DE-05": "", "DE-06": "A/B",
    "DE-07": "A/B", "DE-08": "A", "DE-09": "A", "DE-10": "C", "DE-11": "C", "DE-12": "G",
    "NL-01": "B", "NL-02": "A", "NL-03": "A", "NL-04": "A", "NL-05": "A", "NL-06": "B", "NL-07": "A", "NL-08": "B",
    "NL-09": "C", "NL-10": "B", "DK-01": "A", "DK-02": "A/B", "DK-03": "A", "DK-04": "A", "DK-05": "A", "DK-06": "A/B",
    "DK-07": "B", "DK-08": "B", "DK-09": "C", "DK-10": "B", "ES-01": "B/G", "ES-02": "C", "ES-03": "B/C", "ES-04": "B/C",
    "ES-05": "C", "ES-06": "B", "ON-01": "A", "ON-02": "A/B", "ON-03": "B", "ON-04": "A", "ON-05": "B", "ON-06": "A",
    "ON-07": "A", "ON-08": "B", "MT-01": "B", "MT-02": "B", "MT-03": "B", "MT-04": "B/G", "MT-05": "B", "MT-06": "A",
    "X-01": "A", "X-02": "A/B", "X-03": "B", "X-04": "", "X-05": "A/B", "X-06": "B", "X-07": "A",
    "PD-01": "A", "PD-02": "A", "PD-03": "B", "PD-04": "B", "PD-05": "A", "PD-06": "B", "PD-07": "A/G", "PD-08": "B",
}  # fmt: skip
POLICIES = {f"POL-{number:02}" for number in range(1, 11)}
HARM = ("DE", "DK", "NL", "MT", "ON")  # where no text says what is promoted to a player with strong signs
FRESH = ("DE", "DK", "NL", "ES", "ON", "MT")  # where no text says that consent ends with an exclusion


def rule_of(licence: str, name: str) -> Rule:
    return next(rule for rule in PACKS[licence].every if rule.id == name)


def row_of(rule: Rule) -> str:
    return re.sub(r"[a-z]$", "", rule.id)


def by_any(rule: str) -> list[Rule]:
    return [one for pack in PACKS.values() for one in pack.every if row_of(one) == rule]


def test_every_row_of_the_table_stands_on_a_page() -> None:
    assert [row for row in (*ROWS, *sorted(POLICIES)) if not by_any(row)] == []


@pytest.mark.parametrize("row", [row for row, confidence in ROWS.items() if confidence])
def test_nothing_is_surer_than_its_row_and_what_the_row_leaves_open_is_no_law(row: str) -> None:
    for rule in by_any(row):
        assert min(set(rule.confidence) - {"/"}) >= min(set(ROWS[row]) - {"/"}), rule.id
        if not {"A", "B"} & set(ROWS[row]):
            assert not rule.is_law, rule.id


def test_a_consequence_that_we_draw_is_not_asked_as_law() -> None:
    drawn = [rule for pack in PACKS.values() for rule in pack.every if rule.source.startswith("Consequence")]
    assert [rule.id for rule in drawn if rule.is_law and rule.is_asked] == []


@pytest.mark.parametrize("licence", sorted(PACKS))
@pytest.mark.parametrize(("left", "off", "said"), [
    (0, (), ["DENY_LIMIT_EXHAUSTED POL-03"]), (0, ("POL-03",), []), (500_00, (), []),
])  # fmt: skip
def test_no_ask_for_a_deposit_at_an_exhausted_limit_is_the_operators_policy_everywhere(
    licence: str, left: int, off: tuple[str, ...], said: list[str]
) -> None:
    weekly = Limit("deposit_limit", "week", 1_000_00, "EUR", "player", left=left)
    lugas = Limit("cross_operator_limit", "month", 1_000_00, "EUR", "register", left=1_000_00)
    dev = open_dossier(licence, currency="EUR", limits=(weekly, lugas), switched_off=("POL-02", *off))
    found = ask(dev, promo(ask=Ask("deposit", 10_00, "EUR")))
    assert [str(reason) for reason in found.reasons] == said
    assert rule_of(licence, "POL-03").switchable


def test_a_limit_of_nothing_is_exhausted_and_one_that_cannot_be_converted_is_unknown() -> None:
    none = Limit("deposit_limit", "week", 0, "GBP", "player", left=0)
    asked, off = promo(ask=Ask("deposit", 1, "GBP")), ("POL-02",)
    assert codes(ask(open_dossier(limits=(none,), switched_off=off), asked)) == ["DENY_LIMIT_EXHAUSTED"]
    foreign = replace(none, currency="NOK", amount=100_00, left=None, rate_missing=True)
    assert codes(ask(open_dossier(limits=(foreign,), switched_off=off), asked)) == ["DENY_RATE_MISSING"]


def test_what_we_do_because_nobody_may_play_or_pay_in_is_the_operators_policy() -> None:
    asked = promo(ask=Ask("deposit", 10_00, "EUR"))
    unlimited, rich = open_dossier("DE", currency="EUR"), open_dossier("NL", currency="EUR", net_month=700_01)
    for dossier, law, policy in ((unlimited, "DE-04", "POL-15"), (rich, "NL-07", "POL-16")):
        assert [reason.rule for reason in ask(dossier, asked).reasons] == [policy]
        assert codes(ask(dossier)) == codes(ask(replace(dossier, switched_off=(policy,)), asked)) == []
        duty, ours = rule_of(dossier.jurisdiction, law), rule_of(dossier.jurisdiction, policy)
        assert (duty.family, duty.is_asked, ours.family, ours.switchable) == ("law", False, "policy", True)


@pytest.mark.parametrize(("told", "worth", "wagering", "said"), [
    (None, 1_000_00, 99, []), ({}, 1_000_00, 99, []), ({"most": 100_00}, 100_00, 99, []),
    ({"most": 100_00}, 100_01, 0, ["DENY_BONUS_VALUE_CAP DE-11"]), ({"times": 20}, 1_000_00, 20, []),
    ({"times": 20}, 1, 21, ["DENY_WAGERING_CAP DE-11"]),
])  # fmt: skip
def test_german_bonus_terms_follow_what_was_entered_of_the_licences_conditions(
    told: dict[str, int] | None, worth: int, wagering: int, said: list[str]
) -> None:
    bonus = Incentive("free_cash", worth, "EUR", Decimal(wagering), products=frozenset({"casino"}), on_winnings=False)
    player = open_dossier("DE", currency="EUR", conditions=told)
    for asked in (promo(channel="bonus", incentive=bonus), promo(incentive=bonus)):
        assert [str(reason) for reason in ask(player, asked).reasons] == said
        assert codes(ask(replace(player, switched_off=("DE-11",)), asked)) == []
    assert rule_of("DE", "DE-11").family == "counsel"


@pytest.mark.parametrize("licence", HARM)
def test_what_strong_signs_mean_for_promotions_is_a_policy_nobody_switches(licence: str) -> None:
    gift = promo(channel="bonus", audience=100, incentive=Incentive("free_cash", 100, "EUR", on_winnings=False))
    assert "DENY_STRONG_INDICATOR" in codes(ask(open_dossier(licence, currency="EUR", risk="strong"), gift))
    assert "DENY_STRONG_INDICATOR" not in codes(ask(open_dossier(licence, currency="EUR", risk="low"), gift))
    rule = rule_of(licence, "POL-14")
    assert (rule.family, rule.switchable) == ("policy", False)


@pytest.mark.parametrize("licence", sorted(PACKS))
def test_consent_ends_with_an_exclusion_by_law_where_the_text_says_so_and_else_by_policy(licence: str) -> None:
    returned = open_dossier(licence, returned_at=NOW - timedelta(days=40))
    said = ask(returned)
    assert codes(said) == ["DENY_NO_OPT_IN"]
    off = replace(returned, switched_off=(said.reasons[0].rule,))
    assert codes(ask(off)) == ([] if licence in FRESH else ["DENY_NO_OPT_IN"])


def test_consent_for_push_and_on_site_is_a_question_for_counsel_and_for_mail_it_is_none() -> None:
    for channel, rule, switched in (("push", "PD-01s", []), ("email", "GB-09", ["DENY_NO_OPT_IN"])):
        silent = open_dossier(consents={})
        assert [reason.rule for reason in ask(silent, promo(channel=channel)).reasons] == [rule]
        assert codes(ask(replace(silent, switched_off=(rule,)), promo(channel=channel))) == switched


@pytest.mark.parametrize(("hours", "off", "code"), [
    (24, (), "ALLOW"), (25, (), "DENY_REGISTER_STALE"), (25, ("POL-10",), "ALLOW"), (7 * 24, ("POL-10",), "ALLOW"),
    (7 * 24 + 1, ("POL-10", "NL-01"), "DENY_REGISTER_STALE"),
])  # fmt: skip
def test_how_fresh_a_dutch_login_has_to_be_is_the_operators_policy(hours: int, off: tuple[str, ...], code: str) -> None:
    seen = {"cruks/login": RegisterAnswer("clear", NOW - timedelta(hours=hours))}
    for channel in ("email", "onsite"):
        assert ask(open_dossier("NL", registers=seen, switched_off=off), promo(channel=channel)).code == code


@pytest.mark.parametrize(("wording", "screen", "code"), [
    ("v3", "registration", "ALLOW"), ("v3", "", "DENY_NO_OPT_IN"), ("", "registration", "DENY_NO_OPT_IN"),
])  # fmt: skip
def test_a_yes_without_its_words_or_its_screen_is_none(wording: str, screen: str, code: str) -> None:
    for licence in ("DE", "GB"):
        yes = Opinion(True, NOW - timedelta(days=90), wording, screen)
        assert ask(open_dossier(licence, consents={"casino/email": yes})).code == code


def test_what_is_our_own_does_not_claim_that_a_text_was_read() -> None:
    own = {rule.id for pack in PACKS.values() for rule in pack.on(NOW.date()) if not rule.cites}
    assert own >= {"SYS-01", "SYS-06", "OP-01", "POL-02", "POL-15"}
    assert all(re.match("SYS-|OP-|POL-", rule) for rule in own)
    assert not {"POL-01", "POL-12u"} & own  # open: counsel has to settle them
