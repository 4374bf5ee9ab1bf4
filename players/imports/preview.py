"""The first lines as they would be kept, and what an upload needs to know about itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from django.utils import timezone

from config.lib.money import Money
from players.imports import guess, upload
from players.imports.fields import BY_KIND, read
from players.imports.into import minor
from players.imports.running import reading
from players.imports.sheet import Broken, Line, Sheet
from players.imports.values import Reading, Wrong
from players.models import Brand, Category
from players.models.imports import Import

SHOWN = 20
LOOKED_AT = 200  # lines from which the meaning of columns is guessed


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of the preview: cells in the order of the fields, or why it would be refused."""

    number: int
    cells: list[str]
    wrong: str


def begin(
    kind: str, brand: Brand, name: str, chunks: Iterable[bytes], actor: Any, *, now: datetime, list_name: str = ""
) -> Import:
    """Takes the file in and guesses what its columns are. Raises upload.Refused."""
    taken = upload.take(chunks)
    try:
        one = Import(
            brand=brand, kind=kind, name=_printable(name), list_name=list_name, token=taken.token, size=taken.size,
            encoding=taken.encoding, delimiter=taken.delimiter, rows=0, created_by=actor, created_at=now,
        )  # fmt: skip
        learn(one)
        one.save()
    except BaseException:
        upload.discard(taken.token)
        raise
    return one


def _printable(name: str) -> str:
    return "".join(char for char in name.rpartition("/")[2].rpartition("\\")[2] if char.isprintable())[:120] or "upload"


def learn(one: Import, header: bool | None = None) -> None:
    """Fills in what the file says about itself: header, number of lines, columns. Raises upload.Refused."""
    sheet, kind = Sheet(upload.path_of(one.token), one.delimiter), BY_KIND[one.kind]
    try:
        lines = list(islice(sheet.rows(), LOOKED_AT))
        is_header = guess.has_header(kind, lines[0].cells) if header is None else header
        start = lines[0].end if is_header else 0
        count = sheet.count(start)
    except Broken as broken:
        raise upload.Refused(str(broken)) from None
    if not count:
        raise upload.Refused("There is a header but no line of data under it. Nothing was changed.")
    one.start, one.rows = start, count
    data = lines[1:] if is_header else lines
    one.header, _ = guess.columns(lines[0].cells, is_header)
    one.options = {"dates": guess.dates(data), "amounts": "major", "header": is_header}
    how = Reading(one.options["dates"], one.brand.timezone)
    one.mapping = guess.mapping(kind, one.header, data, how, last_names(one))


def last_names(one: Import) -> dict[str, str]:
    """field -> name of its column in the newest file of this kind that was imported for the brand."""
    last = Import.objects.filter(brand=one.brand, kind=one.kind, status=Import.Status.DONE).order_by("-id").first()
    if last is None:
        return {}
    return {key: last.header[number] for key, number in last.mapping.items() if number < len(last.header)}


def odd(one: Import) -> list[str]:
    """What an operator should know about the header before trusting the guesses."""
    first = next(iter(Sheet(upload.path_of(one.token), one.delimiter).rows()))
    _, found = guess.columns(first.cells, bool(one.options.get("header")))
    names = guess.gone(last_names(one), one.header)
    if names:
        quoted = ", ".join(f"“{name}”" for name in names)
        found.append(f"Last time there was a column {quoted}; it has gone or has another name now.")
    return found


def shown(one: Import, *, now: datetime) -> tuple[list[str], list[Shown]]:
    """(labels of the fields, the first lines under today's mapping)."""
    kind, how = BY_KIND[one.kind], reading(one, now)
    keys = [column.key for column in kind.columns if column.key in one.mapping]
    lines = islice(Sheet(upload.path_of(one.token), one.delimiter).rows(one.start), SHOWN)
    is_minor = one.options.get("amounts") == "minor"
    found = [_shown(one, line, keys, how, is_minor) for line in lines]
    return [kind.by_key[key].label for key in keys], found


def _shown(one: Import, line: Line, keys: Sequence[str], how: Reading, is_minor: bool) -> Shown:
    kind = BY_KIND[one.kind]
    try:
        row = read(kind, one.mapping, line, len(one.header), how)
        return Shown(
            line.number,
            [_words(row.values.get(key), one.brand.currency, kind.by_key[key].money, is_minor) for key in keys],
            "",
        )
    except Wrong as wrong:
        cells = [line.cells[one.mapping[key]] if one.mapping[key] < len(line.cells) else "" for key in keys]
        return Shown(line.number, cells, str(wrong))


def _words(value: Any, currency: str, money: bool, is_minor: bool) -> str:
    if value is None:
        return ""
    if money and isinstance(value, Decimal):
        return str(Money(minor(value, currency, is_minor=is_minor), currency))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Category):
        return str(value.label)
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%-d %b %Y %H:%M}"
    return f"{value:%-d %b %Y}" if isinstance(value, date) else str(value)
