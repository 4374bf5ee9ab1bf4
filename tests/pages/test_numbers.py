"""Numbers and amounts as people read them."""

from decimal import Decimal

import pytest

from config.lib.money import Money
from config.lib.words import number

THIN = "\u202f"


@pytest.mark.parametrize(
    ("value", "digits", "told"),
    [
        (0, 0, "0"),
        (999, 0, "999"),
        (12480, 0, "12 480"),
        (-1234567, 0, "−1 234 567"),
        (9_007_199_254_740_993, 0, "9 007 199 254 740 993"),  # the first whole number a float cannot hold
        (Decimal("1234.5"), 1, "1 234.5"),
        (12.0, 0, "12"),
    ],
)
def test_a_number_is_grouped_and_exact(value: int | float | Decimal, digits: int, told: str) -> None:
    assert number(value, digits) == told.replace(" ", THIN)


def test_an_amount_has_the_digits_of_its_currency_and_the_sign_in_front() -> None:
    assert str(Money(-123_450, "EUR")) == f"−1{THIN}234.50\u00a0EUR"
    assert str(Money(1234, "JPY")) == f"1{THIN}234\u00a0JPY"
    assert str(Money(9_007_199_254_740_993_01, "EUR")) == "9 007 199 254 740 993.01".replace(" ", THIN) + "\u00a0EUR"
