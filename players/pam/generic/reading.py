"""Bytes to JSON values, strictly. One bad event must not take its neighbours with it.

So what json would let through, or lose without a word, stays visible to the checks: a repeated member
is marked, NaN and 1e400 stay floats (no property is a float), digits without end become one too.
"""

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from json.scanner import make_scanner
from typing import Any

MAX_ITEMS = 1000
_WORTH_A_LOOK = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_BLANK = re.compile(r"[ \t\r\n]*")


class Malformed(Exception):
    """The body is not JSON at all."""


class TooMany(Exception):
    """More events than one request may carry."""


class Repeated(dict[str, Any]):
    """An object in which a member occurs twice; the plain dict has lost one of them already."""

    repeated = ""  # the first of those
    twice: frozenset[str] = frozenset()


class Unreadable(str):
    """One NDJSON line that is not JSON; says why."""


@dataclass
class Body:
    values: list[Any]
    is_single: bool
    raw: bytes
    lines: list[bytes] | None = None

    def raw_of(self, index: int) -> bytes:
        """The event as received, byte for byte."""
        if self.is_single:
            return self.raw
        if self.lines is not None:
            return self.lines[index]
        start, end = self._spans[index]
        return self._text[start:end].encode()

    @cached_property
    def _text(self) -> str:
        return self.raw.decode()

    @cached_property
    def _spans(self) -> list[tuple[int, int]]:
        """Where in the text each event stands. Read a second time, as it had to be only if one is refused."""
        text, found = self._text, []
        at = text.index("[") + 1
        for _ in self.values:
            at = _after_blank(text, at)
            _, end = _skip(text, at)
            found.append((at, end))
            at = _after_blank(text, end) + 1
        return found


def read_body(raw: bytes, *, is_ndjson: bool = False, is_exact: bool = False) -> Body:
    """Raises Malformed or TooMany. `is_exact`: see `parse`."""
    if is_ndjson:
        lines = [line for line in raw.split(b"\n") if line.strip()]
        body = Body([_line(line, is_exact) for line in lines[: MAX_ITEMS + 1]], False, raw, lines)
    else:
        value = parse(raw, is_exact=is_exact)
        if not isinstance(value, (dict, list)):
            raise Malformed("The body is one event (an object) or an array of events.")
        body = Body(value, False, raw) if isinstance(value, list) else Body([value], True, raw)
    if len(body.values) > MAX_ITEMS:
        raise TooMany(f"One request carries at most {MAX_ITEMS} events.")
    if _WORTH_A_LOOK.search(raw):
        body.values = [value if is_storable(value) else Unreadable(_UNSTORABLE) for value in body.values]
    return body


def parse(raw: bytes, *, is_exact: bool = False) -> Any:
    """One JSON value. Raises Malformed with a sentence for the sender. `is_exact`: numbers with a point or an
    exponent become Decimal, digit for digit as written."""
    if b"\x00" in raw[:4]:
        raise Malformed("This looks like UTF-16 or UTF-32; send UTF-8.")
    try:
        return (_EXACT if is_exact else _DECODER).decode(raw.decode())
    except UnicodeDecodeError as error:
        raise Malformed(f"Byte {error.start} is not valid UTF-8.") from None
    except json.JSONDecodeError as error:
        raise Malformed(f"Not JSON: {error.msg} (line {error.lineno}, column {error.colno}).") from None
    except RecursionError:
        raise Malformed("Nested too deeply.") from None


_UNSTORABLE = "A text holds the character U+0000 or half of a surrogate pair; neither can be stored."


def is_storable(value: Any) -> bool:
    """False if some text in it cannot be stored as UTF-8 text without U+0000."""
    waiting: list[Any] = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            if "\0" in one or not _encodes(one):
                return False
        elif isinstance(one, dict):
            waiting += one.keys()
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
    return True


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _line(raw: bytes, is_exact: bool) -> Any:
    try:
        return parse(raw, is_exact=is_exact)
    except Malformed as error:
        return Unreadable(error)


def _after_blank(text: str, at: int) -> int:
    if text[at] not in " \t\r\n":
        return at
    match = _BLANK.match(text, at)
    return match.end() if match else at


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    seen: set[str] = set()
    twice: list[str] = []
    for key, _ in pairs:
        (twice.append if key in seen else seen.add)(key)
    marked = Repeated(members)
    marked.repeated, marked.twice = twice[0], frozenset(twice)
    return marked


def _int(digits: str) -> int | float:
    return int(digits) if len(digits) < 25 else math.inf


def _decimal(digits: str) -> Decimal | float:
    return Decimal(digits) if len(digits) < 50 else math.inf


_constant: Callable[[str], float] = float  # NaN, Infinity, -Infinity
_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_int=_int, parse_constant=_constant)
_EXACT = json.JSONDecoder(object_pairs_hook=_object, parse_int=_int, parse_constant=_constant, parse_float=_decimal)
# Only to find where an event ends that has been read already: nothing is looked at, so nothing can fail.
_skip = make_scanner(json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str))  # type: ignore[arg-type]
