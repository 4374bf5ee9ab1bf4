"""Checks of single values. Hand-written and strict: `type(value) is int`, because True is an int too."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from config.lib.money import is_known
from players.models import Category
from players.pam.generic.kinds import Field, Refused

MAX_AMOUNT = 10**15  # minor units; the sum of a hundred players' lifetimes still fits a bigint
MAX_SEQUENCE = 2**63 - 1
EARLIEST = datetime(2000, 1, 2, tzinfo=UTC)
# Whoever writes "until 9999-12-31" means for good.
FOR_GOOD = datetime(2200, 1, 1, tzinfo=UTC)

_WHEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,4})?", re.ASCII)


def instant(value: Any) -> datetime:
    """Aware UTC. Refuses what has no zone, 24:00, second 60, and years nobody gambled online in."""
    if type(value) is not str:
        raise Refused("wrong_type", 'A time is a text like "2026-03-03T12:00:00Z".')
    if _WHEN.fullmatch(value) is None:
        if re.fullmatch(r"[\d:.T -]+", value):
            raise Refused("no_zone", 'A time needs its zone: end it with "Z" or an offset like "+02:00".')
        raise Refused("bad_time", 'A time looks like "2026-03-03T12:00:00Z" or "2026-03-03T13:00:00+01:00".')
    if value[11:13] == "24" or value[17:19] == "60":
        raise Refused("bad_time", "Hours go from 00 to 23 and seconds from 00 to 59; leap seconds are not used.")
    try:
        when = datetime.fromisoformat(value)
        if when < EARLIEST:
            raise Refused("too_old", "Times before the year 2000 are taken for a broken clock.")
        return when.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refused("bad_time", "No such date or time.") from None


def _until(value: Any) -> str | None:
    if value is None:
        return None
    when = instant(value)
    return None if when >= FOR_GOOD else when.isoformat()


def _day(value: Any) -> str:
    if type(value) is not str or not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        raise Refused("bad_date", 'A date looks like "1990-12-31".')
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise Refused("bad_date", "No such date.") from None
    if day.year < 1900 or day.year > 2100:
        raise Refused("bad_date", "A birth date lies between 1900 and today.")
    return value


def _whole(low: int, high: int, what: str) -> Callable[[Any], int]:
    def check(value: Any) -> int:
        if type(value) is not int:
            raise Refused("wrong_type", f"{what} is a whole number from {low} to {high}, without point or quotes.")
        if not low <= value <= high:
            raise Refused("out_of_range", f"{what} lies between {low} and {high}.")
        return value

    return check


def _text(longest: int, *, empty: bool = False) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if type(value) is not str:
            raise Refused("wrong_type", f"A text of at most {longest} characters is expected here.")
        if not value.strip() and not empty:
            raise Refused("empty", "This may not be empty; leave it out if there is nothing to say.")
        if len(value) > longest:
            raise Refused("too_long", f"At most {longest} characters fit here; there are {len(value)}.")
        return value

    return check


def _flag(value: Any) -> bool:
    if type(value) is not bool:
        raise Refused("wrong_type", "Either true or false, without quotes.")
    return value


def _one_of(words: Iterable[str]) -> Callable[[Any], str]:
    known = frozenset(words)
    sentence = f"One of: {', '.join(sorted(known))}."

    def check(value: Any) -> str:
        if type(value) is not str or value not in known:
            raise Refused("unknown_value", sentence)
        return value

    return check


@cache
def _countries() -> frozenset[str]:
    return frozenset(code for code in map(str, Locale("en").territories) if len(code) == 2 and code.isalpha())


def _country(value: Any) -> str:
    if type(value) is not str or value not in _countries():
        raise Refused("unknown_country", 'A country is its ISO code in capitals, like "GB".')
    return value


def _currency(value: Any) -> str:
    if type(value) is not str or not is_known(value):
        raise Refused("unknown_currency", 'A currency is its ISO code in capitals, like "EUR".')
    return value


def _language(value: Any) -> str:
    if type(value) is not str or not _LANGUAGE.fullmatch(value):
        raise Refused("unknown_language", 'A language is a code like "sv" or "pt-BR".')
    return value


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _timezone(value: Any) -> str:
    if type(value) is not str or value not in _zones():
        raise Refused("unknown_timezone", 'A time zone is its IANA name, like "Europe/Stockholm".')
    return value


def _email(value: Any) -> str:
    text = _text(254)(value)
    try:
        validate_email(text)
    except ValidationError:
        raise Refused("bad_email", 'An e-mail address looks like "anna@example.com".') from None
    return text


def _category(value: Any) -> int:
    found = _CATEGORIES.get(value) if type(value) is str else None
    if found is None:
        raise Refused("unknown_category", f"One of: {', '.join(_CATEGORIES)}.")
    return found


_CATEGORIES = {category.key: int(category) for category in Category if category != Category.NONE}
_NOT_WHOLE: tuple[tuple[Any, str], ...] = (
    ("5000", "wrong_type"), (50.5, "wrong_type"), (True, "wrong_type"), (None, "wrong_type"),
)  # fmt: skip
_TOO_MUCH = (MAX_AMOUNT + 1, "out_of_range")
_NO_ZONE = ("2026-03-03T12:00:00", "no_zone")

_minor = {"type": "integer", "description": "Minor units of the player's currency (cents)."}

AMOUNT = Field(
    _whole(0, MAX_AMOUNT, "An amount in minor units"), _minor | {"minimum": 0, "maximum": MAX_AMOUNT},
    (*_NOT_WHOLE, (-1, "out_of_range"), _TOO_MUCH),
)  # fmt: skip
POSITIVE = Field(
    _whole(1, MAX_AMOUNT, "An amount in minor units"), _minor | {"minimum": 1, "maximum": MAX_AMOUNT},
    (*_NOT_WHOLE, (0, "out_of_range"), _TOO_MUCH),
)  # fmt: skip
SIGNED = Field(
    _whole(-MAX_AMOUNT, MAX_AMOUNT, "A balance in minor units"),
    _minor | {"minimum": -MAX_AMOUNT, "maximum": MAX_AMOUNT}, (*_NOT_WHOLE, _TOO_MUCH),
)  # fmt: skip
SEQUENCE = Field(
    _whole(0, MAX_SEQUENCE, "A sequence number"), {"type": "integer", "minimum": 0, "maximum": MAX_SEQUENCE},
    (*_NOT_WHOLE, (-1, "out_of_range")),
)  # fmt: skip
INSTANT = Field(
    lambda value: instant(value).isoformat(), {"type": "string", "format": "date-time"},
    (_NO_ZONE, ("yesterday", "bad_time"), (1772539200, "wrong_type")),
)  # fmt: skip
UNTIL = Field(
    _until,
    {
        "type": "string", "nullable": True, "format": "date-time",
        "description": "null (or the year 2200 on) = for good.",
    },
    (_NO_ZONE, (0, "wrong_type")),
)  # fmt: skip
DAY = Field(_day, {"type": "string", "format": "date"}, (("12/04/1988", "bad_date"), ("1988-02-30", "bad_date")))
FLAG = Field(_flag, {"type": "boolean"}, (("true", "wrong_type"), (1, "wrong_type")))
COUNTRY = Field(_country, {"type": "string", "pattern": "^[A-Z]{2}$"}, (("uk", "unknown_country"),))
CURRENCY = Field(_currency, {"type": "string", "minLength": 3, "maxLength": 5}, (("£", "unknown_currency"),))
LANGUAGE = Field(_language, {"type": "string", "pattern": f"^{_LANGUAGE.pattern}$"}, (("Swedish", "unknown_language"),))
TIMEZONE = Field(_timezone, {"type": "string", "description": "IANA name."}, (("CET+1", "unknown_timezone"),))
EMAIL = Field(_email, {"type": "string", "format": "email", "maxLength": 254}, (("anna at example", "bad_email"),))
CATEGORY = Field(_category, {"type": "string", "enum": list(_CATEGORIES)}, (("Slots!", "unknown_category"),))


def count(most: int, what: str) -> Field:
    """A whole number from 0 to `most`."""
    schema = {"type": "integer", "minimum": 0, "maximum": most}
    return Field(_whole(0, most, what), schema, (*_NOT_WHOLE, (-1, "out_of_range"), (most + 1, "out_of_range")))


def text(longest: int, *, empty: bool = False) -> Field:
    wrong: tuple[tuple[Any, str], ...] = ((7, "wrong_type"), ("x" * (longest + 1), "too_long"))
    return Field(
        _text(longest, empty=empty),
        {"type": "string", "maxLength": longest} | ({} if empty else {"minLength": 1}),
        wrong if empty else (*wrong, (" ", "empty")),
    )


def one_of(*words: str) -> Field:
    return Field(_one_of(words), {"type": "string", "enum": list(words)}, (("something else", "unknown_value"),))
