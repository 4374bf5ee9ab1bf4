"""Reading the lines of an uploaded file from any byte on, one at a time: a million cost no more memory than one."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MAX_LINE = 65_536  # characters; also what a quoted cell over several lines may hold
csv.field_size_limit(MAX_LINE)


class Broken(Exception):
    """The text cannot be taken apart into cells any more; says where."""


@dataclass(frozen=True, slots=True)
class Line:
    number: int  # of the data, from 1
    cells: list[str]
    end: int  # byte behind it


@dataclass(frozen=True, slots=True)
class Sheet:
    path: Path
    delimiter: str

    def rows(self, start: int = 0, number: int = 0) -> Iterator[Line]:
        """Lines from byte `start` on; empty ones are skipped. Raises Broken."""
        with open(self.path, "rb") as file:
            file.seek(start)
            end = start

            def lines() -> Iterator[str]:
                nonlocal end
                for line in file:
                    end += len(line)
                    yield line.decode()

            reader = csv.reader(lines(), delimiter=self.delimiter, strict=True)
            try:
                for cells in reader:
                    if not any(cell.strip() for cell in cells) or _is_hint(cells, start, number):
                        continue
                    number += 1
                    yield Line(number, [cell.strip() for cell in cells], end)
            except csv.Error as error:
                raise Broken(
                    f"From line {number + 1} on the cells cannot be told apart: {_words(str(error))}"
                ) from None

    def count(self, start: int) -> int:
        """How many lines of data there are; raises Broken when one of them cannot be read."""
        return sum(1 for _ in self.rows(start))


def _is_hint(cells: list[str], start: int, number: int) -> bool:
    """`sep=;` in the first line is a word to Excel."""
    return start == 0 and number == 0 and cells[0][:4] == "sep=" and len(cells) <= 2


def _words(error: str) -> str:
    if "field larger" in error:
        return f"a cell is longer than {MAX_LINE:,} characters, so a closing quote is probably missing."
    if "unexpected end" in error:
        return "a quote is opened and never closed."
    if "expected after" in error:
        return "something follows a closing quote; a quote inside a cell is written twice."
    return f"{error}."
