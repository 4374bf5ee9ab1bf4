"""Amounts in different currencies, compared exactly. A rate that is missing or old is no rate."""

from collections.abc import Callable
from datetime import datetime, timedelta
from fractions import Fraction

from compliance.dossier import Dossier
from config.lib.money import exponent

BASE = "EUR"  # rates say how many of these one unit is worth
OLDEST = timedelta(days=7)  # central banks keep holidays


def worth(amount: int, currency: str, into: str, dossier: Dossier, now: datetime) -> Fraction | None:
    """Minor units of `into`, unrounded; None when nobody has told a rate of these days."""
    return converted(amount, currency, into, lambda name: _rate(name, dossier, now))


def converted(amount: int, currency: str, into: str, rate: Callable[[str], Fraction | None]) -> Fraction | None:
    """The same by whatever knows a rate; it is asked about no currency that needs none."""
    if currency == into:
        return Fraction(amount)
    one, other = (Fraction(1) if name == BASE else rate(name) for name in (currency, into))
    if one is None or other is None:
        return None
    return Fraction(amount) * one / other * Fraction(10) ** (exponent(into) - exponent(currency))


def _rate(currency: str, dossier: Dossier, now: datetime) -> Fraction | None:
    known = (dossier.rates or {}).get(currency)
    if known is None or known.day < (now - OLDEST).date() or known.value <= 0:
        return None
    return Fraction(known.value)
