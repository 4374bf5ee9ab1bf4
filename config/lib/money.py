"""Money is an integer of minor units plus a currency; the exponent says where the point goes."""

from dataclasses import dataclass
from functools import cache

from babel.numbers import get_currency_precision, list_currencies
from django.conf import settings

from config.lib.words import number


@cache
def exponent(currency: str) -> int:
    """Digits after the point: EUR 2, JPY 0, KWD 3; an operator's own units come from settings.

    Raises KeyError for a code nobody has defined: an unknown currency is never guessed.
    """
    own: dict[str, int] = settings.EXTRA_CURRENCIES
    if currency in own:
        return own[currency]
    if currency not in list_currencies():
        raise KeyError(currency)
    return get_currency_precision(currency)


def is_known(currency: str) -> bool:
    try:
        exponent(currency)
    except KeyError:
        return False
    return True


@dataclass(frozen=True, order=True)
class Money:
    minor: int
    currency: str

    def __str__(self) -> str:
        """'1 234.50 EUR': narrow no-break space between thousands, the code always printed."""
        digits = exponent(self.currency)
        sign, units = "−" if self.minor < 0 else "", abs(self.minor)
        whole, rest = divmod(units, 10**digits)
        return f"{sign}{number(whole)}{f'.{rest:0{digits}d}' if digits else ''}\u00a0{self.currency}"
