"""The NGR statement by the worked examples: amounts in cents, every line to the cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.definitions import deductions, digest
from reporting.figures import BonusMoney, Inputs, Paid, Played
from reporting.models import NgrDefinition
from reporting.waterfall import Line, Method, amount, cost_of, in_words, lines, lines_for_base, provision

RATE = Decimal("0.35")
SLOTS = 1


def definition(method: str = Method.WAGERING, taken: list | None = None) -> NgrDefinition:
    swedish = {
        "key": "duty", "label": "Gaming duty", "level": 2, "base": "cash_ggr", "rate": "0.22", "floor": True
    }  # fmt: skip
    steps = deductions(swedish) if taken is None else taken
    return NgrDefinition(name="Worked", version=1, method=method, provision_rate=RATE, deductions=steps)


def euro(text: str) -> int:
    return int(Decimal(text.replace(" ", "")) * 100)


W05 = Inputs(
    played={SLOTS: Played(9, euro("2400000"), euro("310000"), euro("2268000"), euro("297600"))},
    paid=Paid(0, euro("640000"), 3850, 0, 34, euro("1870")),
    bonus=BonusMoney(released=euro("21400")),
)


def test_w05_the_waterfall_to_the_last_line() -> None:
    ngr2 = amount(lines(W05, definition()), "level2")
    found = lines_for_base(W05, definition(), Decimal(ngr2) * Decimal("0.40"))

    expected = {
        "cash_ggr": "132 000.00", "bonus_ggr": "12 400.00", "total_ggr": "144 400.00", "bonus_cost": "33 800.00",
        "jackpots": "12 000.00", "level1": "98 600.00", "duty": "29 040.00", "providers": "12 166.00",
        "platform": "5 916.00", "payments": "14 402.50", "chargebacks": "2 380.00", "level2": "34 695.50",
        "affiliates": "4 163.46", "level3": "30 532.04",
    }  # fmt: skip
    assert {key: amount(found, key) for key in expected} == {key: euro(text) for key, text in expected.items()}
    shares = {line.key: line.share for line in found}
    assert (shares["bonus_cost"], shares["level2"]) == (Decimal("23.41"), Decimal("24.03"))


def test_every_total_is_the_one_before_less_its_costs() -> None:
    found = lines(W05, definition(), W05)
    left = amount(found, "total_ggr")
    for line in found[[x.key for x in found].index("total_ggr") + 1 :]:
        left -= line.amount if line.kind == "cost" else 0
        assert line.kind == "cost" or line.amount == left


MONTHS = [
    (Played(1, 1800_00, 400_00, 1628_00, 372_00), BonusMoney(0, issued=50_00, net_play=28_00)),
    (Played(1, 300_00, 150_00, 290_00, 141_00), BonusMoney(22_00, net_play=9_00, released=8_00, forfeited=5_00)),
]


@pytest.mark.parametrize(
    ("method", "months", "total"),
    [
        (Method.ISSUE, ["150", "19"], "169"),
        (Method.ISSUE_NET, ["150", "24"], "174"),
        (Method.RELEASE, ["172", "2"], "174"),
        (Method.WAGERING, ["172", "2"], "174"),
        (Method.PROVISION, ["164.30", "9.70"], "174.00"),
    ],
)
def test_w04_one_bonus_two_months_by_each_method(method: str, months: list[str], total: str) -> None:
    ngr = [played.total_ggr - cost_of(method, played, bonus, RATE) for played, bonus in MONTHS]

    assert ngr == [euro(text) for text in months]
    assert sum(ngr) == euro(total)


def test_w17_release_taken_off_total_ggr_would_overpay_an_affiliate() -> None:
    played = Played(1, 78_000_00, 22_000_00)
    bonus = BonusMoney(issued=38_000_00, net_play=22_000_00, released=14_000_00)

    correct = played.total_ggr - cost_of(Method.WAGERING, played, bonus, RATE)
    tempting = played.total_ggr - bonus.released

    assert (correct, tempting) == (64_000_00, 86_000_00)
    assert int((tempting - correct) * Decimal("0.35")) == 7_700_00
    assert played.total_ggr - cost_of(Method.ISSUE, played, bonus, RATE) == 62_000_00


def test_w19_the_liability_rolls_forward_and_closes() -> None:
    bonus = BonusMoney(42_000_00, 118_500_00, 61_300_00, 24_700_00, 19_900_00, 9_100_00, 2_500_00)

    assert bonus.closing == 43_000_00
    assert round(100 * bonus.kept / bonus.issued, 2) == 26.58
    assert round(100 * bonus.released / bonus.issued, 2) == 20.84
    assert (provision(bonus.opening, RATE), provision(bonus.closing, RATE)) == (14_700_00, 15_050_00)
    played = Played(0, 0, bonus.net_play, 0, 0)
    off_cash = cost_of(Method.PROVISION, played, bonus, RATE) - played.bonus_ggr
    assert off_cash == 25_050_00
    assert cost_of(Method.WAGERING, played, bonus, RATE) == 86_000_00


def test_a_losing_house_prints_no_percentages_and_pays_no_duty() -> None:
    found = lines(Inputs(played={8: Played(1, 100_00, 0, 1_110_00, 0)}), definition())

    assert amount(found, "total_ggr") == -1_010_00
    assert {line.share for line in found} == {None}
    assert amount(found, "duty") == 0


amounts = st.integers(0, 10**7)


@given(real=st.tuples(amounts, amounts), bonus=st.tuples(amounts, amounts), flow=st.tuples(*[amounts] * 6))
def test_for_any_history_both_ways_to_the_economic_ngr_agree(real, bonus, flow) -> None:
    opening, issued, *rest = flow
    played = Played(1, real[0], bonus[0], real[1], bonus[1])
    money = BonusMoney(opening, issued, played.bonus_ggr, *rest)

    off_total = played.total_ggr - (money.issued - money.kept - (money.closing - money.opening))

    assert off_total == played.cash_ggr - money.released
    assert off_total == played.total_ggr - cost_of(Method.WAGERING, played, money, RATE)


def test_two_definitions_that_mean_the_same_have_one_digest() -> None:
    assert digest(definition()) == digest(definition())
    assert digest(definition()) != digest(definition(Method.ISSUE))


def test_a_deduction_says_in_words_what_it_takes() -> None:
    duty, payments = definition().deductions[1], definition().deductions[4]

    assert in_words(duty) == "22 % of cash GGR, never below zero"
    assert in_words(payments) == "2.1 % of deposits + 0.25 per payout"
    assert isinstance(lines(W05, definition())[0], Line)
