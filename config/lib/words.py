"""Codes and numbers as people write them."""

from decimal import Decimal

SAID = {
    "email": "E-mail",
    "sms": "SMS",
    "onsite": "On site",
    "social": "Direct message",
    "ads": "Matched ads",
    "gamstop": "GAMSTOP",
    "oasis": "OASIS",
    "cruks": "CRUKS",
    "rofus": "ROFUS",
    "rgiaj": "RGIAJ",
    "betguard": "BetGuard",
}


def number(value: int | float | Decimal, digits: int = 0) -> str:
    """12480 -> 12 480, with narrow no-break spaces and a true minus. Whole numbers of any length stay exact."""
    plain = f"{value:,}" if isinstance(value, int) and not digits else f"{value:,.{digits}f}"
    return plain.replace(",", "\u202f").replace("-", "−")


def said(code: str) -> str:
    """A channel or a register: onsite -> On site, spelpaus -> Spelpaus."""
    return SAID.get(code, code.replace("_", " ").capitalize())
