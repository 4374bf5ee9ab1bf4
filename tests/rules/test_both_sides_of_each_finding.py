"""Every finding of the check before publication, with a message that earns it and one beside it that does not."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from compliance.asking import Ask, Incentive
from compliance.lint import words
from compliance.lint.checking import check
from tests.rules.test_lint import found, message, offer, red

LOW = {"wagering": None, "value": 5_00}


@dataclass(frozen=True)
class Pair:
    rule: str
    level: str
    bad: dict[str, Any]
    good: dict[str, Any]
    licence: str = "GB"

    def __str__(self) -> str:
        return f"{self.rule} {self.licence}"


def _offer(**changes: Any) -> dict[str, Any]:
    return {"text": "A bonus for you", "incentive": offer(**changes)}


_DANISH = {"currency": "DKK", "value": 100_00}
PAIRS = (
    # what pushes
    Pair("POL-L1", "amber", {"text": "Only today"}, {"text": "All week"}),
    Pair("NL-05u", "red", {"text": "Only today"}, {"text": "All week"}, "NL"),
    Pair("GB-19", "red", {"text": "Win back your losses"}, {"text": "Back from the winter break"}),
    Pair("POL-L2", "red", {"text": "Win back your losses"}, {"text": "Back from the winter break"}, "SE"),
    Pair("POL-L3", "red", {"text": "Bet bigger"}, {"text": "A bigger choice"}, "SE"),
    Pair("POL-L12", "red", {"text": "Keep playing"}, {"text": "Play on your mobile"}),
    Pair("MT-06", "red", {"text": "Put your winnings back into play"}, {"text": "Your winnings are yours"}, "MT"),
    Pair("MT-06", "red", {"text": "Play now, pay later"}, {"text": "Pay by credit card"}, "MT"),
    Pair("GB-19", "red", {"text": "Get even tonight"}, {"text": "Get even closer to the action"}),
    Pair("POL-L4", "red", {"text": "Cancel your withdrawal"}, {"text": "Cancel your account"}, "SE"),
    Pair("POL-L5", "red", {"text": "Play on credit"}, {"text": "Pay by credit card"}),
    Pair("SE-09", "red", {"text": "Play on credit"}, {"text": "Pay by credit card"}, "SE"),
    Pair("POL-L6", "red", {"text": "A sure win"}, {"text": "Wins are rare"}),
    # what nobody has read
    Pair("POL-L13", "red", {"text": "Talleta tänään ja saat ilmaiskierroksia"}, {"text": "Sätt in i dag och få gratissnurr"}, "SE"),
    Pair("POL-L13", "red", {"text": "Hello Anna.\nZagraj teraz"}, {"text": "Hello Anna.\nSpela på ett ansvarsfullt sätt"}),
    Pair("POL-L13", "red", {"text": "Добро пожаловать"}, {"text": "Willkommen zurück"}),
    Pair("POL-L14", "red", {"unreadable": "{% for n in (1..3) %}"}, {"unreadable": ""}),
    # why it is said
    Pair("POL-L7", "red", {"criteria": frozenset({"loss"})}, {"criteria": frozenset({"product_affinity"})}),
    Pair("POL-L8", "red", {"trigger": "deposit.rejected"}, {"trigger": "deposit.approved"}),
    Pair("PD-07", "red", {"criteria": frozenset({"rg_need"})}, {"criteria": frozenset({"lifecycle"})}),
    Pair("DK-07", "red", {"criteria": frozenset({"inactivity"}), **_offer(**_DANISH)},
         {"criteria": frozenset({"lifecycle"}), **_offer(**_DANISH)}, "DK"),
    Pair("GB-14", "amber", {"criteria": frozenset({"vip"}), **_offer()}, {"criteria": frozenset({"lifecycle"}), **_offer()}),
    # what it offers
    Pair("POL-L9", "red", {"text": "A bonus for you"}, _offer()),
    Pair("SE-04", "red", {"text": "Din välkomstbonus väntar"}, {"text": "Din insättning är bokförd"}, "SE"),
    Pair("DK-06", "red", {"text": "Din velkomstbonus venter"}, {"text": "Din indbetaling er modtaget"}, "DK"),
    Pair("POL-L10", "red", _offer() | {"text": "Free money"}, {"text": "Free money", "incentive": offer(wagering=None)}),
    Pair("POL-L11", "amber", _offer() | {"has_link": False}, _offer()),
    Pair("GB-12", "red", _offer(wagering=Decimal("10.1")), _offer(wagering=Decimal(10))),
    Pair("DK-04", "red", _offer(**_DANISH, wagering=Decimal("10.1")), _offer(**_DANISH), "DK"),
    Pair("DK-04w", "red", _offer(**_DANISH, on_winnings=True), _offer(**_DANISH), "DK"),
    Pair("DK-03", "red", _offer(currency="DKK", value=1_000_01), _offer(currency="DKK", value=1_000_00), "DK"),
    Pair("DK-05", "red", _offer(**_DANISH, days=59), _offer(**_DANISH), "DK"),
    Pair("DK-05d", "red", _offer(**_DANISH, needs=200_00), _offer(**_DANISH, needs=100_00), "DK"),
    Pair("DK-06", "red", {**_offer(**_DANISH), "audience": 99}, {**_offer(**_DANISH), "audience": 100}, "DK"),
    Pair("SE-05t", "red", _offer(currency="SEK") | {"has_link": False}, _offer(currency="SEK"), "SE"),
    Pair("SE-05n", "red", _offer(currency="SEK"), _offer(currency="SEK") | {"text": "Bonus, endast för nya spelare"}, "SE"),
    Pair("SE-05", "red", _offer(currency="SEK", days=59), _offer(currency="SEK"), "SE"),
    Pair("NL-04", "red", _offer(currency="EUR", type="cashback_loss"), _offer(currency="EUR"), "NL"),
    Pair("GB-13", "red", _offer(products=frozenset({"casino", "betting"})), _offer(products=frozenset({"any"}))),
    Pair("GB-18", "red", _offer(type="free_spins", stake=5_01), _offer(type="free_spins", stake=5_00)),
    Pair("DE-07", "red", {"ask": Ask("stake", 1_01, "EUR"), "products": frozenset({"slots"})},
         {"ask": Ask("stake", 1_00, "EUR"), "products": frozenset({"slots"})}, "DE"),
    # who would be left out
    Pair("GB-18", "amber", _offer(type="free_spins", stake=2_01), _offer(type="free_spins", stake=2_00)),
    Pair("NL-02", "amber", {}, {"text": "See what is new", "_elsewhere": "MT"}, "NL"),
    Pair("SE-04", "amber", _offer(currency="SEK"), {}, "SE"),
    Pair("NL-05", "amber", _offer(currency="EUR"), {}, "NL"),
    # what has to stand in it
    Pair("PD-03", "red", {"can_stop": False}, {"can_stop": True}),
    Pair("DK-10", "red", {"content": frozenset({"missing_notice"})}, {}, "DK"),
)  # fmt: skip


def rules(given: dict[str, Any], licence: str) -> dict[str, str]:
    changes = dict(given)
    licence = changes.pop("_elsewhere", licence)
    text = changes.pop("text", "See what is new")
    outside = {"has_link": changes.pop("has_link", True), "unreadable": changes.pop("unreadable", "")}
    subject = replace(message(text, **changes), **outside)
    return {one.rule: one.level for one in found(subject, licence)}


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_a_finding_is_made_on_one_side_and_not_on_the_other(pair: Pair) -> None:
    assert rules(pair.bad, pair.licence).get(pair.rule) == pair.level
    assert rules(pair.good, pair.licence).get(pair.rule) != pair.level


def test_every_policy_of_words_has_a_pair() -> None:
    assert {policy.rule for policy in words.POLICIES.values()} <= {pair.rule for pair in PAIRS}


@pytest.mark.parametrize("said", ["free spins", "Free bets", "a bonus", "bonuses", "cashback", "no-deposit"])
def test_an_offer_is_known_by_its_words(said: str) -> None:
    assert words.offer(f"Tonight: {said} for everybody")
    assert not words.offer("Free of charge, free entry, depositors, bonbons")


def test_a_law_is_overruled_by_nobody_and_a_policy_may_be() -> None:
    made = found(message("A bonus for you: win back your losses"))
    assert {one.rule: one.may_be_overruled for one in made if one.level == "red"} == {"GB-19": False, "POL-L9": True}


def test_an_offer_nobody_declared_is_overruled_by_nobody_where_the_law_is_about_offering() -> None:
    for licence, rule in {"SE": "SE-04", "DK": "DK-06", "NL": "NL-06", "ON": "ON-02"}.items():
        assert red(message("A bonus for you"), licence) == {rule: False}
    for licence in ("GB", "DE", "ES", "MT"):
        assert red(message("A bonus for you"), licence) == {"POL-L9": True}


def test_what_a_swedish_offer_has_to_say_is_asked_from_1_september_2025() -> None:
    bare = replace(message("A bonus for you", incentive=offer(currency="SEK", wagering=None)), has_link=False)
    for day, said in ((date(2025, 8, 31), set()), (date(2025, 9, 1), {"SE-05t", "SE-05n"})):
        made = check([bare], "SE", "SEK", now=datetime.combine(day, time(12), UTC))
        assert {one.rule for one in made if one.level == "red"} == said
        assert not any(one.may_be_overruled for one in made)


def test_an_offer_that_costs_nothing_may_be_called_free() -> None:
    gift = Incentive("free_bet", 5_00, "GBP", days=7, products=frozenset({"betting"}), on_winnings=False)
    assert "POL-L10" not in rules({"text": "A free bet", "incentive": gift}, "GB")
    assert "POL-L10" in rules({"text": "A free bet", "incentive": replace(gift, needs=10_00)}, "GB")
