"""The same from a file: one line per restriction or consent, the lines of one player together.

    player, event, occurred_at, and one column per property that occurs
    (measure_id sequence kind period amount currency origin effective_from ends_at register what
     product channel granted wording screen)

An empty `event` states that this player has nothing more: the way to name a player without any.
"""

import csv
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

_NUMBERS = frozenset({"sequence", "amount"})
_MAY_BE_OPEN = {"rg.self_excluded": "ends_at"}  # an empty cell means "for good"
CONSENT = "consent.changed"


class WrongLine(Exception):
    def __init__(self, line: int, detail: str) -> None:
        super().__init__(f"line {line}: {detail}")


def rows_of(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """One player after the other, as POST /api/v1/baseline takes them. Raises WrongLine."""
    reader = csv.DictReader(lines, strict=True)
    names = reader.fieldnames or []
    for name in ("player", "event", "occurred_at"):
        if names.count(name) != 1:
            raise WrongLine(1, f"the column {name} must be there, once.")
    if len(set(names)) != len(names):
        raise WrongLine(1, "a column is there twice.")
    numbered = ((reader.line_num, line) for line in _lines(reader))
    for player, group in groupby(numbered, key=lambda pair: pair[1]["player"]):
        restrictions, consents = [], []
        for number, line in group:
            if None in line or None in line.values():
                raise WrongLine(number, f"{len(names)} cells are expected.")
            if line["event"] == CONSENT:
                consents.append(_properties(line, number) | {"occurred_at": line["occurred_at"]})
            elif line["event"]:
                said = _properties(line, number)
                restrictions.append({"event": line["event"], "occurred_at": line["occurred_at"], "properties": said})
        yield {"player": player, "restrictions": restrictions, "consents": consents}


def _lines(reader: "csv.DictReader[str]") -> Iterator[dict[Any, Any]]:
    try:
        yield from reader
    except csv.Error as error:
        raise WrongLine(reader.line_num, str(error)) from None


def _properties(line: dict[str, str], number: int) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name, cell in line.items():
        if name in ("player", "event", "occurred_at") or cell == "":
            continue
        said[name] = _value(name, cell, number)
    open_end = _MAY_BE_OPEN.get(line["event"])
    if open_end:
        said.setdefault(open_end, None)
    return said


def _value(name: str, cell: str, number: int) -> Any:
    if name in _NUMBERS:
        if not (cell.isascii() and cell.isdecimal() and len(cell) < 20):
            raise WrongLine(number, f"{name} is a whole number, not {cell[:20]!r}.")
        return int(cell)
    if name == "granted":
        if cell not in ("true", "false"):
            raise WrongLine(number, "granted is true or false.")
        return cell == "true"
    return cell
