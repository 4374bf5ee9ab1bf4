"""From the text of a cell to a value: strict, and every refusal says what would be right."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers

from players.models import Category
from players.pam.generic.fields import COUNTRY, CURRENCY, EARLIEST, EMAIL, LANGUAGE, TIMEZONE
from players.pam.generic.kinds import Field as Checked
from players.pam.generic.kinds import Refused

MAX_AMOUNT = Decimal(10**13)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_DAY = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?:[T ](.+))?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?\s*(Z|[+-]\d\d:?\d\d)?", re.ASCII)
_AMOUNT = re.compile(r"[-+−]?\d{1,3}(?:([ '’\u00a0\u202f.,])\d{3})*(?:[.,]\d+)?|[-+−]?\d+(?:[.,]\d+)?", re.ASCII)
_YES = frozenset(
    ["1", "y", "yes", "true", "t", "ja", "oui", "si", "sí", "on", "granted", "opt-in", "optin", "opted-in"]
)
_NO = frozenset(
    ["0", "n", "no", "false", "f", "nej", "nein", "non", "off", "withdrawn", "opt-out", "optout", "opted-out"]
)


class Wrong(ValueError):
    """What is wrong with a cell, in words an operator can act upon."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How ambiguous cells are meant: the order of a date's parts, the zone of a time without one."""

    dates: str = "ymd"  # ymd, dmy or mdy; four digits first are always a year
    zone: str = "UTC"
    latest: datetime = datetime(2100, 1, 1, tzinfo=UTC)  # nothing that happened lies behind it


Parse = Callable[[str, Reading], Any]


def text(longest: int) -> Parse:
    def parse(cell: str, reading: Reading) -> str:
        if _CONTROL.search(cell):
            raise Wrong("There are characters in it that cannot be printed.")
        if len(cell) > longest:
            raise Wrong(f"At most {longest} characters fit; there are {len(cell)}.")
        return cell

    return parse


def _checked(field: Checked, change: Callable[[str], str], cell: str, reading: Reading) -> Any:
    try:
        return field.check(change(text(254)(cell, reading)))
    except Refused as refused:
        raise Wrong(refused.detail) from None


email: Parse = partial(_checked, EMAIL, str)
country: Parse = partial(_checked, COUNTRY, str.upper)
currency: Parse = partial(_checked, CURRENCY, str.upper)
language: Parse = partial(_checked, LANGUAGE, lambda cell: cell[:2].lower() + cell[2:].replace("_", "-"))
zone: Parse = partial(_checked, TIMEZONE, str)


def phone(cell: str, reading: Reading) -> str:
    """International form; 0046… and spaces are understood, a national number is not guessed at."""
    number = "+" + cell[2:] if cell.startswith("00") else cell
    if number.isdigit() and len(number) > 9 and not number.startswith("0"):
        number = f"+{number}"  # a spreadsheet took the plus away
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        raise Wrong('A phone number is written internationally, like "+447700900123".') from None
    if not phonenumbers.is_possible_number(parsed):
        raise Wrong("No phone number is as long as this.")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def flag(cell: str, reading: Reading) -> bool:
    word = cell.lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Wrong('Write "yes" or "no".')


def choice(words: dict[str, str]) -> Parse:
    """`words`: what may be written, in small letters -> what is kept."""

    def parse(cell: str, reading: Reading) -> str:
        found = words.get(cell.lower().replace("-", "_").replace(" ", "_"))
        if found is None:
            raise Wrong(f"One of: {', '.join(dict.fromkeys(words.values()))}.")
        return found

    return parse


def category(cell: str, reading: Reading) -> Category:
    word = cell.upper().replace(" ", "_").replace("-", "_")
    aliases = {"LIVE": "LIVE_CASINO", "SPORT": "SPORTS", "BETTING": "SPORTS", "SLOT": "SLOTS", "TABLE_GAMES": "TABLE"}
    try:
        found = Category[aliases.get(word, word)]
    except KeyError:
        found = Category.NONE
    if found == Category.NONE:
        raise Wrong(f"One of: {', '.join(one.key for one in Category if one != Category.NONE)}.")
    return found


def whole(low: int, high: int) -> Parse:
    def parse(cell: str, reading: Reading) -> int:
        amount = number(cell, reading)
        if amount != amount.to_integral_value() or not low <= amount <= high:
            raise Wrong(f"A whole number from {low} to {high}.")
        return int(amount)

    return parse


def number(cell: str, reading: Reading) -> Decimal:
    """1234.5, 1 234,50, 1'234.50, (12.00) and 12.00- ; the last point or comma is the decimal one."""
    plain = cell.strip()
    if plain.startswith("(") and plain.endswith(")"):
        plain = f"-{plain[1:-1]}"
    elif plain.endswith("-"):
        plain = f"-{plain[:-1]}"
    if not _AMOUNT.fullmatch(plain):
        raise Wrong('A number looks like "1234.50" or "1 234,50"; the currency has a column of its own.')
    digits = re.sub(r"[ '’\u00a0\u202f]", "", plain).replace("−", "-")
    last = max(digits.rfind("."), digits.rfind(","))
    if last >= 0:
        mark = digits[last]
        grouped = digits.count(mark) > 1 or (mark == "," and len(digits) - last == 4 and "." not in digits[:last])
        head = digits[:last].replace(".", "").replace(",", "")
        digits = head + ("" if grouped else ".") + digits[last + 1 :]
    try:
        found = Decimal(digits)
    except InvalidOperation:
        raise Wrong("This is not a number.") from None
    if abs(found) > MAX_AMOUNT:
        raise Wrong("No amount is as large as this.")
    return found


def day(cell: str, reading: Reading) -> date:
    found = _moment(cell, reading)[0]
    if not 1900 <= found.year <= 2100:
        raise Wrong("A year lies between 1900 and 2100.")
    return found


def moment(cell: str, reading: Reading) -> datetime:
    """Aware UTC. A time without a zone is the brand's; a day without a time counts as its noon."""
    found, clock, offset = _moment(cell, reading)
    if not 2000 <= found.year <= 2100:
        raise Wrong("Times before the year 2000 are taken for a broken clock.")
    local = datetime.combine(found, clock or time(12))
    if offset:
        try:
            aware = datetime.fromisoformat(f"{local.isoformat()}{'+00:00' if offset == 'Z' else offset}")
        except ValueError:
            raise Wrong("No place is a day or more away from UTC.") from None
    else:
        aware = local.replace(tzinfo=ZoneInfo(reading.zone))
    if aware < EARLIEST:
        raise Wrong("Times before the year 2000 are taken for a broken clock.")
    if aware > reading.latest:
        raise Wrong("This lies in the future.")
    return aware.astimezone(UTC)


def _moment(cell: str, reading: Reading) -> tuple[date, time | None, str]:
    compact = _COMPACT.fullmatch(cell)
    parts = None if compact else _DAY.fullmatch(cell)
    if compact:
        year, month, day_ = (int(part) for part in compact.groups())
    elif parts:
        year, month, day_ = _ordered(parts[1], parts[3], parts[4], reading.dates)
    else:
        raise Wrong('A date looks like "2026-03-31", a time like "2026-03-31 14:05".')
    try:
        clock = _CLOCK.fullmatch(parts[5].strip()) if parts and parts[5] else None
        if parts and parts[5] and clock is None:
            raise Wrong('A time looks like "14:05" or "14:05:30".')
        at = time(int(clock[1]), int(clock[2]), int(clock[3] or 0)) if clock else None
        return date(year, month, day_), at, (clock[4] or "") if clock else ""
    except ValueError as error:
        raise error if isinstance(error, Wrong) else Wrong("No such date or time.") from None


def _ordered(first: str, second: str, third: str, dates: str) -> tuple[int, int, int]:
    a, b, c = int(first), int(second), int(third)
    if len(first) == 4:
        return a, b, c
    if len(third) == 2:
        c += 2000 if c < 70 else 1900
    return (c, a, b) if dates == "mdy" else (c, b, a)
