"""The check before publication: what no player could get, and what its words do, with the rule that says so."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from compliance.asking import Incentive, Request
from compliance.ideal import ZONES, ideal
from compliance.judging import judge
from compliance.jurisdictions import PACKS
from compliance.lint import words
from compliance.lint.checking import Finding, Subject, check
from compliance.models.decision import Purpose
from compliance.vocabulary import CONTENT

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
_CURRENCY = {"GB": "GBP", "SE": "SEK", "DK": "DKK", "ON": "CAD"}


def message(text: str = "See what is new", **changes: object) -> Subject:
    asked = Request(
        0, Purpose.PROMOTIONAL, "email", frozenset({"casino"}), frozenset({"all"}), "check", audience=10_000
    )
    outside = {name: changes.pop(name) for name in ("trigger", "can_stop") if name in changes}
    return Subject("1", replace(asked, **changes), text, **outside)  # type: ignore[arg-type]


def found(subject: Subject, jurisdiction: str = "GB") -> list[Finding]:
    return check([subject], jurisdiction, _CURRENCY.get(jurisdiction, "EUR"), now=NOW)


def red(subject: Subject, jurisdiction: str = "GB") -> dict[str, bool]:
    """rule -> may be overruled"""
    return {one.rule: one.may_be_overruled for one in found(subject, jurisdiction) if one.level == "red"}


def offer(**changes: object) -> Incentive:
    plain = Incentive("no_deposit", 5_00, "GBP", wagering=Decimal(10), days=60, products=frozenset({"casino"}),
                      on_winnings=False)  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("jurisdiction", sorted(PACKS))
def test_the_ideal_player_may_get_a_plain_message_under_every_licence(jurisdiction: str) -> None:
    assert jurisdiction in ZONES
    assert not red(message(), jurisdiction)
    dossier = ideal(jurisdiction, _CURRENCY.get(jurisdiction, "EUR"), NOW)
    assert judge(dossier, message().request, NOW.replace(hour=15)).code == "ALLOW"  # day everywhere


@pytest.mark.parametrize(
    ("text", "rule", "jurisdiction", "law"),
    [
        ("Hurry, it ends soon!", "NL-05u", "NL", True),
        ("Win back your losses tonight", "GB-19", "GB", True),
        ("Win <b>back</b> your money", "MT-06", "MT", True),
        ("Win back your losses tonight", "POL-L2", "SE", False),
        ("Play now, pay later", "SE-09", "SE", True),
        ("Play now, pay later", "POL-L5", "GB", False),
        ("Cancel your withdrawal and keep playing", "GB-19", "GB", True),
        ("A guaranteed win for everybody", "POL-L6", "GB", False),
    ],
)
def test_words_that_may_not_be_said_name_the_law_of_the_licence_or_the_operators_policy(
    text: str, rule: str, jurisdiction: str, law: bool
) -> None:
    assert red(message(text), jurisdiction)[rule] is not law


def test_a_law_is_not_told_a_second_time_as_a_policy() -> None:
    assert set(red(message("Win back your losses"), "GB")) == {"GB-19"}


def test_pressing_words_are_for_the_approvers_eyes_where_no_law_forbids_them() -> None:
    [one] = found(message("Last chance!"))
    assert (one.level, one.rule, one.may_be_overruled) == ("amber", "POL-L1", False)
    assert "“Last chance” presses the player" in one.sentence


@pytest.mark.parametrize("text", ["Your limit is active", "We are closed on Monday", "Borrowdale races at noon"])
def test_plain_words_do_nothing(text: str) -> None:
    assert not words.found(text)


def test_every_tag_is_one_the_gate_knows() -> None:
    assert words.tags(words.found("hurry, win back your money, bet more, cancel your withdrawal, on credit")) <= CONTENT


def test_a_service_message_that_sells_is_a_promotion() -> None:
    assert red(message("Your statement. By the way: a bonus waits", purpose=Purpose.TRANSACTIONAL)) == {"PD-04": False}
    assert not red(message("Your limit is active", purpose=Purpose.TRANSACTIONAL))


def test_an_offer_inside_a_service_message_is_refused_whatever_its_words() -> None:
    assert "X-06" in red(message("Your statement", purpose=Purpose.TRANSACTIONAL, incentive=offer()))


def test_wagering_above_the_cap_names_the_rule_on_both_sides_of_it() -> None:
    assert not red(message(incentive=offer(wagering=Decimal(10))))
    assert red(message(incentive=offer(wagering=Decimal("10.01")))) == {"GB-12": False}


def test_mixed_products_are_found() -> None:
    mixed = frozenset({"casino", "betting"})
    assert "GB-13" in red(message(incentive=offer(products=mixed), products=mixed))


def test_an_offer_to_whom_stayed_away_is_found_in_denmark_and_a_newsletter_is_not() -> None:
    away = frozenset({"inactivity"})
    match = offer(currency="DKK", value=100_00)
    assert "DK-07" in red(message(criteria=away, incentive=match), "DK")
    assert not red(message(criteria=away), "DK")


def test_a_promotion_to_losers_or_after_a_declined_deposit_is_found() -> None:
    assert red(message(criteria=frozenset({"loss"}))) == {"POL-L7": True}
    assert red(message(trigger="deposit.rejected")) == {"POL-L8": True}


def test_an_audience_chosen_by_protection_gets_no_promotion() -> None:
    assert red(message(criteria=frozenset({"rg_need"}))) == {"PD-07": False}


def test_a_message_nobody_can_stop_is_found() -> None:
    assert red(message(can_stop=False)) == {"PD-03": False}


def test_who_would_be_left_out_is_told_to_the_approver() -> None:
    said = {one.sentence: one.level for one in found(message(), "NL")}
    assert said["players under 24 will not get it"] == "amber"
    swedish = {one.sentence for one in found(message(incentive=offer(currency="SEK")), "SE")}
    assert "players who have played before will not get it" in swedish


def test_an_unknown_licence_publishes_nothing() -> None:
    assert "X-04" in red(message(), "XX")


def test_the_hour_of_the_check_finds_nothing() -> None:
    night = NOW.replace(hour=2)
    assert check([message()], "GB", "GBP", now=night) == []


def test_another_word_is_another_thing() -> None:
    assert message("a").fingerprint == replace(message("a"), where="2").fingerprint
    assert message("a").fingerprint != message("b").fingerprint
    assert message("a").fingerprint != message("a", criteria=frozenset({"loss"})).fingerprint
