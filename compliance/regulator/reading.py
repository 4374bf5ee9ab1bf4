"""A table as a person reads it: words for codes, amounts with their currency, what can be opened linked. Files keep the codes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.urls import reverse

from config.lib.money import Money
from config.lib.words import said

_MONEY = frozenset({"value", "worth", "deposits_before", "deposits_after", "net_loss_before", "net_loss_after"})
_PAGES = {"case_id": "compliance:case", "decision": "compliance:decision"}
_AS_GIVEN = frozenset({"player", "reference", "rule", "finding", "officer", "by"})
_SHORT = 24
_CODE = re.compile(r"[a-z]+(_[a-z]+)*")


class Cell(NamedTuple):
    """`kind`: 'moment', 'day', 'number', 'words' or, where they need room, 'text'."""

    name: str
    value: Any
    kind: str
    href: str = ""


def columns(header: Sequence[str]) -> list[str]:
    """Titles of those that are shown: an amount says its currency itself."""
    return [_title(name) for name in _shown(header)]


def cells(header: Sequence[str], row: Sequence[Any], brands: Mapping[str, str]) -> Iterator[Cell]:
    """`brands`: slug -> name."""
    told = dict(zip(header, row, strict=True))
    for name in _shown(header):
        title, value = _title(name), told[name]
        if value is None or value == "":
            yield Cell(title, "–", "words")
        elif name in _MONEY:
            yield Cell(title, Money(int(value), told.get("currency") or ""), "number")
        elif name in _PAGES:
            yield Cell(title, value, "number", reverse(_PAGES[name], args=[value]))
        else:
            yield Cell(title, *_plain(name, value, brands))


def _plain(name: str, value: Any, brands: Mapping[str, str]) -> tuple[Any, str]:
    if isinstance(value, datetime):
        return value, "moment"
    if isinstance(value, date):
        return value, "day"
    if isinstance(value, bool):
        return "yes" if value else "no", "words"
    if isinstance(value, int | Decimal):
        return value, "number"
    if name == "brand":
        return brands.get(value, value), "words"
    told = str(value) if name in _AS_GIVEN else _words(str(value))
    return told, "text" if len(told) > _SHORT else "words"


def _words(text: str) -> str:
    """'no_deposit' -> 'No deposit'; 'approaches: onsite' -> 'Approaches: On site'."""
    head, colon, last = text.partition(": ")
    if colon:
        told = said(last) if _CODE.fullmatch(last) else last
        return f"{head[:1].upper()}{head[1:]}: {told}"
    return ", ".join(said(part) if _CODE.fullmatch(part) else part for part in text.split(", "))


def _title(name: str) -> str:
    return said(name.removesuffix("_id"))


def _shown(header: Sequence[str]) -> list[str]:
    return [name for name in header if name != "currency" or not _MONEY & set(header)]
