"""The error file: every refused line as it was, its number and why, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from config.lib.spreadsheet import safe


def header(columns: Iterable[str]) -> bytes:
    return _lines([["line", "why it was refused", *columns]])


def lines(refused: Iterable[tuple[int, str, list[str]]]) -> bytes:
    """`refused`: number of the line, why, its cells."""
    return _lines([[str(number), why, *cells] for number, why, cells in refused])


def _lines(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode()


def append(path: Path, size: int, more: bytes) -> int:
    """Writes behind the first `size` bytes, which are all that was committed; returns the new size."""
    with open(path, "r+b" if path.exists() else "w+b") as file:
        file.truncate(size)
        file.seek(size)
        file.write(more)
    return size + len(more)
