"""A file of exchange rates, read without recording: what each line would do, and why some would do nothing.

Three shapes are understood, told by the first line: the European Central Bank's daily or historical file (a day, then a
column per currency), the download of its data portal (TIME_PERIOD, CURRENCY, OBS_VALUE among the columns), and plain
lines of currency, day, rate. The bank tells how much of a currency one euro buys; what is kept is what one unit is worth.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from compliance import rates
from compliance.models import Rate
from compliance.rules.money import BASE

MOST = 5000
LONGEST = 600_000  # characters; it comes back once in a form
STRANGE = Decimal("0.2")  # a move against the newest rate that is worth a second look
_PORTAL = {"TIME_PERIOD", "CURRENCY", "OBS_VALUE"}

_Told = tuple[int, str, str, str]  # line, currency, day, how much of it one euro buys (or one unit in EUR)


class NotReadable(ValueError):
    """A file that is none of the shapes; the message says what is missing."""


@dataclass(frozen=True)
class Line:
    """One rate of the file. `why` says what is wrong with it; empty = it can be recorded."""

    number: int
    currency: str
    day: str
    told: str
    why: str = ""
    value: Decimal | None = None  # EUR for one unit
    at: date | None = None
    before: Decimal | None = None  # the newest on record

    @property
    def is_known(self) -> bool:
        """On record already, for this day and with this value."""
        return self.why == _SAME

    @property
    def move(self) -> Decimal | None:
        """Against the newest on record: 0.25 = a quarter more."""
        return self.value / self.before - 1 if self.value and self.before else None

    @property
    def is_strange(self) -> bool:
        return self.move is not None and abs(self.move) > STRANGE


_SAME = "on record already"


@dataclass(frozen=True)
class Reading:
    shape: str
    lines: list[Line]

    @property
    def good(self) -> list[Line]:
        return [line for line in self.lines if not line.why]

    @property
    def refused(self) -> list[Line]:
        return [line for line in self.lines if line.why and not line.is_known]

    @property
    def known(self) -> int:
        return sum(line.is_known for line in self.lines)

    @property
    def strange(self) -> int:
        return sum(line.is_strange for line in self.good)

    def rows(self) -> list[tuple[str, date, Decimal]]:
        """What is recorded when somebody says yes."""
        return [(line.currency, line.at, line.value) for line in self.good if line.at and line.value]


def read(text: str, *, now: datetime) -> Reading:
    """Raises NotReadable when no line of it can be understood."""
    if len(text) > LONGEST:
        raise NotReadable("The file is too long; take the last months of it.")
    shape, inverse, told = _shape(text)
    found = []
    for one in told:
        found.append(one)
        if len(found) > MOST:
            raise NotReadable(f"More than {MOST} rates; take a shorter time.")
    if not found:
        raise NotReadable("There is no rate in it.")
    return Reading(shape, _judged(found, inverse, now))


def _shape(text: str) -> tuple[str, bool, Iterator[_Told]]:
    """(what it is, whether it says how much one euro buys, its rates)"""
    lines = text.removeprefix("\ufeff").splitlines()
    start = next((number for number, line in enumerate(lines) if line.strip()), None)
    if start is None:
        raise NotReadable("The file is empty.")
    mark = max(",;\t", key=lines[start].count)
    try:
        table = [[part.strip() for part in row] for row in csv.reader(lines, delimiter=mark)]
    except csv.Error:
        raise NotReadable("This is no CSV.") from None
    if mark != ",":  # then a comma is a point
        table[start + 1 :] = [[part.replace(",", ".") for part in row] for row in table[start + 1 :]]
    head, body = table[start], list(enumerate(table[start + 1 :], start=start + 2))
    if head[0].lower() == "date" and len(head) > 1:
        return "A day in each line, a currency in each column: units for one EUR", True, _columns(head, body)
    if set(head) >= _PORTAL:
        return "The portal of the European Central Bank: units for one EUR", True, _portal(head, body)
    if len(head) == 3:
        rows = body if head[0].lower() == "currency" else list(enumerate(table[start:], start=start + 1))
        return "Currency, day, EUR for one unit", False, _plain(rows)
    raise NotReadable(
        "The first line should begin with Date and name currencies, or name TIME_PERIOD, CURRENCY and OBS_VALUE,"
        " or hold currency, day and rate."
    )


def _columns(head: list[str], body: list[tuple[int, list[str]]]) -> Iterator[_Told]:
    for number, row in body:
        for currency, told in zip(head[1:], row[1:], strict=False):
            if currency and told and told.upper() != "N/A":
                yield number, currency, row[0], told


def _portal(head: list[str], body: list[tuple[int, list[str]]]) -> Iterator[_Told]:
    at = {name: head.index(name) for name in head}
    for number, row in body:
        if len(row) <= max(at[name] for name in _PORTAL):
            if any(row):
                yield number, "", "", ""
            continue
        base = row[at["CURRENCY_DENOM"]] if len(row) > at.get("CURRENCY_DENOM", len(row)) else BASE
        currency = row[at["CURRENCY"]] if base == BASE else f"{row[at['CURRENCY']]} for {base}"
        yield number, currency, row[at["TIME_PERIOD"]], row[at["OBS_VALUE"]]


def _plain(rows: list[tuple[int, list[str]]]) -> Iterator[_Told]:
    for number, row in rows:
        if len(row) == 3:
            yield number, row[0], row[1], row[2]
        elif any(row):
            yield number, "", "", ""


def _judged(found: list[_Told], inverse: bool, now: datetime) -> list[Line]:
    newest = {row.currency: row.value for row in Rate.objects.order_by("currency", "-day", "-pk").distinct("currency")}
    known = _on_record({_day(day) for _, _, day, _ in found})
    seen: set[tuple[str, date]] = set()
    lines = []
    for number, currency, day, told in found:
        try:
            name, at, value = rates.checked(currency, _day(day), _inverted(told) if inverse else told, now=now)
        except rates.WrongRate as wrong:
            lines.append(Line(number, currency, day, told, why=str(wrong) if currency else "parts are missing"))
            continue
        same, again = known.get((name, at)) == value, (name, at) in seen
        why = _SAME if same else "this currency and day stand in the file already" if again else ""
        seen.add((name, at))
        lines.append(Line(number, currency, day, told, why, value, at, newest.get(name)))
    return lines


def _on_record(days: set[str]) -> dict[tuple[str, date], Decimal]:
    """Of each currency and day the word told last."""
    real = [day for day in map(_real, days) if day]
    rows = Rate.objects.filter(day__in=real).order_by("currency", "day", "-pk").distinct("currency", "day")
    return {(row.currency, row.day): row.value for row in rows}


def _real(day: str) -> date | None:
    try:
        return date.fromisoformat(day)
    except ValueError:
        return None


def _day(told: str) -> str:
    """The bank's daily file writes 20 November 2026; the others 2026-11-20."""
    try:
        return datetime.strptime(told, "%d %B %Y").date().isoformat()  # noqa: DTZ007  a day, no moment
    except ValueError:
        return told


def _inverted(told: str) -> str:
    """What one unit is worth, of what one euro buys. What is no number stays as it is and is refused for it."""
    try:
        value = Decimal(told)
        return str(1 / value) if value.is_finite() and value > 0 else told
    except ArithmeticError:
        return told
