"""Forms of national id numbers. A register asked with a number of the wrong form answers "not found", and excluded
players came in that way (Genesis Global, Sweden, 2019): the form is checked before anything rests on it."""

import re
from collections.abc import Callable
from datetime import date

_DNI = "TRWAGMYFPDXBNJZSQVHLCKE"


class WrongForm(ValueError):
    """Says what is wrong with it, without the number."""


def normal(country: str, number: str, born: date | None) -> str:
    """The one way it is written. Raises WrongForm, also where the country's form is not known here."""
    reader = _READERS.get(country)
    if reader is None:
        raise WrongForm("no form of numbers is known for this country")
    found = reader(re.sub(r"[\s.\-+/]", "", number.upper()))
    if born is not None and country in _BIRTH and not _BIRTH[country](found, born):
        raise WrongForm("it belongs to another birth date")
    return found


def _personnummer(text: str) -> str:
    """Twelve digits, as Spelpaus takes them: the century is part of it. Coordination numbers have 60 added to the day."""
    if not re.fullmatch(r"(19|20)\d{10}", text, re.ASCII):
        raise WrongForm("a Swedish personal number has twelve digits and begins with its century")
    _day(int(text[:4]), int(text[4:6]), int(text[6:8]) - (60 if int(text[6:8]) > 60 else 0))
    digits = [int(digit) * (2 - place % 2) for place, digit in enumerate(text[2:])]
    if sum(digit // 10 + digit % 10 for digit in digits) % 10:
        raise WrongForm("the check digit is wrong")
    return text


def _bsn(text: str) -> str:
    if not re.fullmatch(r"\d{8,9}", text, re.ASCII):
        raise WrongForm("a Dutch service number has nine digits")
    text = text.zfill(9)
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    if int(text) == 0 or sum(int(digit) * weight for digit, weight in zip(text, weights, strict=True)) % 11:
        raise WrongForm("the check digit is wrong")
    return text


def _cpr(text: str) -> str:
    """Ten digits that begin with a day. Since 2007 numbers without a valid check digit are given out."""
    if not re.fullmatch(r"\d{10}", text, re.ASCII):
        raise WrongForm("a Danish personal number has ten digits")
    day, month, year = int(text[:2]), int(text[2:4]), int(text[4:6])
    _day(2000 + year if int(text[6]) >= 4 and year <= 36 else 1900 + year, month, day)
    return text


def _dni(text: str) -> str:
    """Eight digits or X, Y, Z and seven (foreigners), then the letter that checks them."""
    if not re.fullmatch(r"[XYZ\d]\d{7}[A-Z]", text, re.ASCII):
        raise WrongForm("a Spanish DNI has eight digits and a letter, an NIE a letter more in front")
    if _DNI[int(text[:-1].translate(str.maketrans("XYZ", "012"))) % 23] != text[-1]:
        raise WrongForm("the check letter is wrong")
    return text


def _day(year: int, month: int, day: int) -> None:
    try:
        date(year, month, day)
    except ValueError:
        raise WrongForm("it begins with a day that does not exist") from None


_READERS: dict[str, Callable[[str], str]] = {"SE": _personnummer, "NL": _bsn, "DK": _cpr, "ES": _dni}
_BIRTH: dict[str, Callable[[str, date], bool]] = {
    "SE": lambda text, born: text[:6] == f"{born:%Y%m}" and int(text[6:8]) % 60 == born.day % 60,
    "DK": lambda text, born: text[:6] == f"{born:%d%m%y}",
}
