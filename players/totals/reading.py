"""The totals of a day as they are sent: an object in JSON, or a CSV file with one line per figure."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from players.models import Brand, Category
from players.pam.generic.fields import CATEGORY, CURRENCY, MAX_AMOUNT, instant
from players.pam.generic.kinds import Refused, checked, pointer_to
from players.pam.generic.reading import Repeated
from players.totals.kinds import KINDS

MOST_LINES = 2000
MAX_COUNT = 10**12
_COLUMNS = ("kind", "currency", "category", "count", "amount")
Hour = list[Any]  # [start as ISO text, count or None, amount or None]


@dataclass(frozen=True, slots=True)
class Line:
    kind: str
    currency: str
    category: int
    count: int | None
    amount: int | None
    hours: list[Hour] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str, int]:
        return self.kind, self.currency, self.category


def read_totals(given: Any, brand: Brand) -> list[Line]:
    """Raises Refused with a pointer. `zone` and `day_start_hour`, when sent, must be the brand's own."""
    if isinstance(given, Repeated) or not isinstance(given, dict):
        raise Refused("not_an_object", "The body is an object in which each member appears once.")
    for name in given:
        if name not in ("lines", "zone", "day_start_hour"):
            raise Refused("unknown_field", "It has: lines, zone, day_start_hour.", pointer_to(name))
    ours = {"zone": brand.timezone, "day_start_hour": brand.day_start_hour}
    for name, value in ours.items():
        if name in given and (type(given[name]) is not type(value) or given[name] != value):
            detail = f"The gaming day of {brand.name} is {brand.timezone} from {brand.day_start_hour}:00 on."
            raise Refused("another_day", detail, f"/{name}")
    lines = given.get("lines")
    if type(lines) is not list or not lines:
        raise Refused("missing", "lines is an array with at least one figure.", "/lines")
    if len(lines) > MOST_LINES:
        raise Refused("too_many", f"A day has at most {MOST_LINES} lines.", "/lines")
    return _consistent((f"/lines/{index}", _line(line, f"/lines/{index}")) for index, line in enumerate(lines))


def read_csv(text: str) -> list[Line]:
    """Columns: kind, currency, category, count, amount. Raises Refused; its pointer names line and column."""
    reader = csv.DictReader(text.splitlines(), strict=True)
    names = reader.fieldnames or []
    if set(names) - set(_COLUMNS) or len(set(names)) != len(names) or not {"kind", "currency"} <= set(names):
        raise Refused("wrong_columns", f"The first line names the columns: {', '.join(_COLUMNS)}.", "/1")
    return _consistent(_csv_lines(reader, len(names)))


def _csv_lines(reader: "csv.DictReader[str]", width: int) -> Iterator[tuple[str, Line]]:
    try:
        for row in reader:
            at = f"/{reader.line_num}"
            if reader.line_num > MOST_LINES + 1:
                raise Refused("too_many", f"A day has at most {MOST_LINES} lines.", at)
            if None in row or None in row.values():
                raise Refused("wrong_columns", f"{width} cells are expected.", at)
            given = {name: _cell(name, cell, at) for name, cell in row.items() if cell != ""}
            yield at, _line(given, at)
    except csv.Error as error:
        raise Refused("malformed", f"Not CSV: {error}.", f"/{reader.line_num}") from None


def _cell(name: str, cell: str, at: str) -> Any:
    if name not in ("count", "amount"):
        return cell
    digits = cell.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 20):
        raise Refused("wrong_type", "A whole number, amounts in minor units.", f"{at}/{name}")
    return int(cell)


def _consistent(lines: Iterable[tuple[str, Line]]) -> list[Line]:
    """No figure twice; play either per category or as a whole."""
    found: dict[tuple[str, str, int], Line] = {}
    split: dict[tuple[str, str], bool] = {}
    for at, line in lines:
        if line.key in found:
            raise Refused("repeated", "This figure is there twice.", at)
        if KINDS[line.kind].is_play and split.setdefault(line.key[:2], bool(line.category)) != bool(line.category):
            raise Refused("ambiguous", "State play per category or as a whole, not both.", f"{at}/category")
        found[line.key] = line
    if not found:
        raise Refused("missing", "There is not a single figure.", "/lines")
    return list(found.values())


def _line(given: Any, at: str) -> Line:
    if isinstance(given, Repeated) or not isinstance(given, dict):
        raise Refused("not_an_object", "A line is an object in which each member appears once.", at)
    for name in given:
        if name not in (*_COLUMNS, "hours"):
            raise Refused("unknown_property", f"A line has: {', '.join(_COLUMNS)}, hours.", at + pointer_to(name))
    kind = KINDS.get(given["kind"]) if type(given.get("kind")) is str else None
    if kind is None:
        raise Refused("unknown_value", f"One of: {', '.join(KINDS)}.", f"{at}/kind")
    category = checked(f"{at}/category", CATEGORY.check, given["category"]) if given.get("category") else Category.NONE
    if category and not kind.is_play:
        raise Refused("unknown_value", "Payments have no category.", f"{at}/category")
    if "currency" not in given:
        raise Refused("missing", "A figure names its currency.", f"{at}/currency")
    count, amount = _figures(given, kind.count, kind.amount, at)
    return Line(
        kind.key, checked(f"{at}/currency", CURRENCY.check, given["currency"]), int(category), count, amount,
        _hours(given.get("hours", []), kind.count, kind.amount, f"{at}/hours"),
    )  # fmt: skip


def _figures(given: dict[str, Any], has_count: str, has_amount: str, at: str) -> tuple[int | None, int | None]:
    values = []
    for name, column, least, most in (
        ("count", has_count, 0, MAX_COUNT), ("amount", has_amount, -MAX_AMOUNT, MAX_AMOUNT)
    ):  # fmt: skip
        value = given.get(name)
        if value is not None and not column:
            raise Refused("unknown_property", f"This kind has no {name}.", f"{at}/{name}")
        if value is not None and (type(value) is not int or not least <= value <= most):
            raise Refused("wrong_type", f"A whole number from {least} to {most}.", f"{at}/{name}")
        values.append(value)
    if values == [None, None]:
        name = "count" if has_count else "amount"
        raise Refused("missing", f"State the {name}.", f"{at}/{name}")
    return values[0], values[1]


def _hours(given: Any, has_count: str, has_amount: str, at: str) -> list[Hour]:
    if type(given) is not list or len(given) > 25:
        raise Refused("wrong_type", "hours is an array of at most 25.", at)
    found: list[Hour] = []
    for index, one in enumerate(given):
        place = f"{at}/{index}"
        if not isinstance(one, dict) or not one.keys() <= {"from", "count", "amount"} or "from" not in one:
            raise Refused("unknown_property", "An hour has: from, count, amount.", place)
        start: datetime = checked(f"{place}/from", instant, one["from"])
        if start.minute or start.second or start.microsecond or any(start.isoformat() == hour[0] for hour in found):
            raise Refused("bad_time", "Each full hour (UTC) once.", f"{place}/from")
        found.append([start.isoformat(), *_figures(one, has_count, has_amount, place)])
    return found
