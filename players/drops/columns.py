"""A line of columns to an event of our own format. Cells are text; the kind of event says what they mean."""

import csv
import json
import re
from typing import Any

from players.pam.generic import KINDS, custom
from players.pam.generic.kinds import Field, Kind
from players.pam.generic.reading import Malformed, Unreadable, is_storable, parse

REQUIRED = ("event", "event_id", "occurred_at")
# Members of the event itself that a column may hold; every other column is a property.
_TEXTS = frozenset({"event", "event_id", "player", "occurred_at", "brand"})
_FLAGS, _NUMBERS = frozenset({"replay"}), frozenset({"version", "sequence"})
_MOST = 200
_WHOLE = re.compile(r"-?\d{1,19}", re.ASCII)
_DELIMITERS = (",", ";", "\t", "|")


class NoHeader(Exception):
    """The first line does not name the columns; says what is wrong with it."""


def header(raw: bytes) -> tuple[str, list[str]]:
    """(delimiter, names) of the first line."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NoHeader("The first line is not UTF-8.") from None
    for delimiter in _DELIMITERS:
        names = [name.strip() for name in _cells(text, delimiter) or []]
        if set(REQUIRED) <= set(names):
            break
    else:
        raise NoHeader(f"The first line names the columns, among them {', '.join(REQUIRED)}.")
    if len(names) > _MOST:
        raise NoHeader(f"There are {len(names)} columns; at most {_MOST} are read.")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice or "" in names:
        raise NoHeader("Every column has a name of its own." + (f" Twice: {twice[0][:60]}." if twice else ""))
    return delimiter, names


def event(raw: bytes, delimiter: str, names: list[str]) -> Any:
    """The event, or Unreadable with the reason."""
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        return Unreadable(f"Byte {error.start + 1} of the line is not valid UTF-8.")
    cells = _cells(text, delimiter)
    if cells is None:
        return Unreadable("The cells cannot be told apart: a quote is not closed, or something follows one.")
    if len(cells) != len(names):
        return Unreadable(f"The line has {len(cells)} cells, and there are {len(names)} columns.")
    given = {name: cell for name, cell in zip(names, cells, strict=True) if cell != ""}
    if not is_storable(given):
        return Unreadable("A cell holds the character U+0000, which cannot be stored.")
    return _typed(given)


def _cells(text: str, delimiter: str) -> list[str] | None:
    try:
        found = list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return found[0] if len(found) == 1 else None


def _typed(given: dict[str, str]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    properties: dict[str, Any] = {}
    name = given.get("event", "")
    kind = KINDS.get(name) or custom.named(name)
    for column, cell in given.items():
        if column in _TEXTS:
            made[column] = cell
        elif column in _FLAGS:
            made[column] = _flag(cell)
        elif column in _NUMBERS and not _is_property(kind, column):
            made[column] = _whole(cell)
        else:
            properties[column] = _value(kind.fields.get(column) if kind else None, cell)
    return made | ({"properties": properties} if properties or (kind and kind.required) else {})


def _is_property(kind: Kind | None, column: str) -> bool:
    return kind is not None and column in kind.fields


def _value(field: Field | None, cell: str) -> Any:
    """As the property wants it; what does not fit stays text, and the check of the property says why not."""
    schema = field.schema if field else {}
    if schema.get("nullable") and cell == "null":
        return None
    match schema.get("type"):
        case "integer":
            return _whole(cell)
        case "boolean":
            return _flag(cell)
        case "array" | "object":
            try:
                return parse(cell.encode())
            except Malformed:
                return cell
    return cell


def _whole(cell: str) -> int | str:
    return int(cell) if _WHOLE.fullmatch(cell) else cell


def _flag(cell: str) -> bool | str:
    return {"true": True, "false": False}.get(cell, cell)


def as_json(value: Any) -> bytes:
    """How an event from columns is kept when it is refused: as the event it would have been."""
    return json.dumps(value, ensure_ascii=False).encode()
