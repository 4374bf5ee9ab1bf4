"""What the header and the first lines suggest: where the data begin, what each column is, how dates are written."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from players.imports.fields import FileKind, folded, plain
from players.imports.sheet import Line
from players.imports.values import Reading, Wrong

_DAYS = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-]\d{2,4}", re.ASCII)


def has_header(kind: FileKind, first: Sequence[str]) -> bool:
    """A name we know settles it; otherwise words without digits, each once."""
    known = {name for column in kind.columns for name in (folded(column.key), folded(column.label), *column.names)}
    if any(folded(cell) in known for cell in first):
        return True
    return all(cell and not re.search(r"[\d@]", cell) for cell in first) and len(set(first)) == len(first) > 1


def columns(first: Sequence[str], header: bool) -> tuple[list[str], list[str]]:
    """(a name for every column, each once; what was odd about the header, in sentences)."""
    if not header:
        return [f"Column {n}" for n in range(1, len(first) + 1)], [
            "The first line looks like data, so there is no header: say below what each column is."
        ]
    names: list[str] = []
    odd: list[str] = []
    for number, cell in enumerate(first, 1):
        name = cell[:60] or f"Column {number}"
        if not cell:
            odd.append(f"Column {number} has no name in the header.")
        again = sum(1 for other in first[: number - 1] if other.lower() == cell.lower()) if cell else 0
        if again:
            odd.append(f"“{name}” is in the header {again + 1} times; only the column you choose is read.")
            name = f"{name} ({again + 1})"
        names.append(name)
    return names, odd


def mapping(
    kind: FileKind, names: Sequence[str], lines: Sequence[Line], reading: Reading, before: dict[str, str]
) -> dict[str, int]:
    """field -> column. The names of last time come first, then known names, then what the cells look like."""
    found: dict[str, int] = {}
    plainly = [folded(name) for name in names]
    for key, name in before.items():
        if key in kind.by_key and name in names:
            _take(found, key, names.index(name))
    for column in kind.columns:
        for name in (folded(column.key), folded(column.label), *column.names):
            if column.key not in found and name in plainly:
                _take(found, column.key, plainly.index(name))
    for column in kind.columns:
        if column.key in found or column.key not in _TELLING:
            continue
        for number in range(len(names)):
            if number not in found.values() and _fits(column.parse, number, lines, reading):
                _take(found, column.key, number)
                break
    if len(kind.columns) == 1 and len(names) == 1:
        found[kind.columns[0].key] = 0
    return found


# Fields whose cells cannot be mistaken for anything else.
_TELLING = frozenset({"email", "phone", "direction", "currency"})


def _take(found: dict[str, int], key: str, number: int) -> None:
    if number not in found.values():
        found[key] = number


def _fits(parse: Any, number: int, lines: Sequence[Line], reading: Reading) -> bool:
    cells = [plain(line.cells[number]) for line in lines if number < len(line.cells)]
    full = [cell for cell in cells if cell]
    fitting = 0
    for cell in full:
        try:
            parse(cell, reading)
            fitting += 1
        except Wrong:
            continue
    return len(full) > 2 and fitting > 0.9 * len(full)


def dates(lines: Sequence[Line]) -> str:
    """dmy, mdy or ymd, from the first lines: a part above 12 can only be the day; Europe's habit breaks a tie."""
    votes: Counter[str] = Counter()
    for line in lines:
        for cell in line.cells:
            if parts := _DAYS.match(cell):
                first, second = int(parts[1]), int(parts[2])
                if first > 12 >= second:
                    votes["dmy"] += 1
                elif second > 12 >= first:
                    votes["mdy"] += 1
                else:
                    votes["either"] += 1
    if votes["dmy"] or votes["mdy"]:
        return "dmy" if votes["dmy"] >= votes["mdy"] else "mdy"
    return "dmy" if votes["either"] else "ymd"


def missing(kind: FileKind, chosen: dict[str, int]) -> list[str]:
    """Fields without which no line can be imported, by label."""
    needed = [column for column in kind.columns if column.required or column.mapped]
    lacking = [column.label for column in needed if column.key not in chosen]
    if kind.kind in ("contacts", "suppressions") and not {"email", "phone"} & chosen.keys():
        lacking.append("E-mail or Phone")
    return lacking


def gone(before: dict[str, str], names: Sequence[str]) -> list[str]:
    """Columns the last file of this kind had under a name that is not there any more."""
    return [name for name in before.values() if name not in names]
