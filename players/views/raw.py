"""What was received, readable: pretty-printed, the offending value marked, personal data masked."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from players.pam.generic.reading import Malformed, parse
from players.views.masks import without_addresses

PERSONAL = frozenset(
    [
        "email",
        "phone",
        "first_name",
        "last_name",
        "birth_date",
        "address",
        "street",
        "city",
        "postcode",
        "zip",
        "iban",
        "national_id",
        "birth_name",
        "birth_place",
        "person_ref",
        "devices",
        "instruments",
        "name",
        "surname",
        "mobile",
        "firstname",
        "lastname",
        "dateofbirth",
        "birthdate",
    ]
)
# Shown to nobody, whatever they may see: it is asked of registers with, and read by no human.
NEVER = frozenset({"national_id"})
LONGEST = 20_000  # characters shown
MASK = "•••"
_LOOSE = re.compile(r"[^\s\"',;<>]+@[^\s\"',;<>]+|\+?\d[\d ()-]{6,}\d")
_NEVER = re.compile(r'("(?:' + "|".join(sorted(NEVER)) + r')"\s*:\s*")(?:[^"\\]|\\.)*', re.IGNORECASE)
_MEMBER = re.compile(r'("(?:' + "|".join(sorted(PERSONAL)) + r')"\s*:\s*")(?:[^"\\]|\\.)*', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    marked: bool = False


def lines(raw: bytes, pointer: str = "", *, revealed: bool = False) -> list[Line]:
    try:
        value = parse(raw)
    except Malformed:
        text = raw.decode("utf-8", "replace")[:LONGEST]
        return [Line(line) for line in (never_shown(text) if revealed else masked_text(text)).splitlines()]
    target = _reachable(value, pointer)
    drawn, size = [], 0
    for line in _draw(value, (), target, revealed, "", ""):
        size += len(line.text)
        if size > LONGEST:
            drawn.append(Line("…"))
            break
        drawn.append(line)
    return drawn


def masked_text(text: str) -> str:
    """Of what is no JSON: addresses, long numbers and the members that hold names are masked."""
    return _LOOSE.sub(MASK, _MEMBER.sub(rf"\g<1>{MASK}", text))


def never_shown(text: str) -> str:
    return _NEVER.sub(rf"\g<1>{MASK}", text)


def _reachable(value: Any, pointer: str) -> tuple[str, ...] | None:
    """The path the pointer names, or as much of it as exists; None when it points at the whole.

    Within a batch the pointer begins with the number of the event, which is not part of what is kept.
    """
    parts = tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])
    if parts and parts[0].isdecimal() and not isinstance(value, list):
        parts = parts[1:]
    path: tuple[str, ...] = ()
    for part in parts:
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            break
        path = (*path, part)
    return path or None


def _draw(
    value: Any, path: tuple[str, ...], target: tuple[str, ...] | None, revealed: bool, indent: str, head: str
) -> Iterator[Line]:
    marked = path == target
    if isinstance(value, dict | list) and value:
        opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
        yield Line(f"{indent}{head}{opening}", marked)
        members = value.items() if isinstance(value, dict) else ((str(n), one) for n, one in enumerate(value))
        for name, one in members:
            label = f"{json.dumps(name, ensure_ascii=False)}: " if isinstance(value, dict) else ""
            yield from _draw(one, (*path, name), target, revealed, indent + "  ", label)
        yield Line(f"{indent}{closing}", marked)
        return
    names = {part.lower().replace("-", "_") for part in path}
    hidden = value not in (None, "") and bool(names & (NEVER if revealed else PERSONAL))
    if isinstance(value, str) and not revealed:
        value = without_addresses(value)
    shown = f'"{MASK}"' if hidden else json.dumps(value, ensure_ascii=False, default=str)
    yield Line(f"{indent}{head}{shown}", marked)
