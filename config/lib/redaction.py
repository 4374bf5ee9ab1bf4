"""Addresses and phone numbers taken out of what somebody else's system said, before it is kept or logged.

A mail server repeats the address it refuses, and what is kept of its answer is kept for years: behind an erasure too.
The code and the reason stay.
"""

import logging
import re
from collections.abc import Iterable, MutableMapping
from typing import Any

ADDRESS, NUMBER = "[address]", "[number]"
_END = r"\s<>()\[\]{}\"',;:"
_MAIL = re.compile(
    rf'(?:"[^"@]{{0,128}}"|[^{_END}@]{{1,128}})@[^{_END}@]+|[^{_END}@%=&?/]{{1,128}}%40[^{_END}@&]+', re.IGNORECASE
)
_ABROAD = re.compile(r"(?<![\w.])(?:\+|00(?=\d))[1-9](?:[ ().\-/]{0,2}\d){6,14}(?!\d)")
_DIGITS = re.compile(r"(?<![\w.])(?!\d{4}-\d\d-\d\d)\d(?:[ \-/]?\d){8,14}(?![\w.]*\w)")
_FEWEST = 3  # letters of a name that are looked for by themselves: a shorter one is in every other word


def redacted(said: str, known: Iterable[str] = ()) -> str:
    """`known`: the addresses it is about, whose own names and digits are found without the rest too."""
    said = logged(said)
    for address in filter(None, known):
        name = address.split("@")[0]
        if len(name) >= _FEWEST:
            said = _spelling(name).sub(ADDRESS if "@" in address else NUMBER, said)
    return _DIGITS.sub(NUMBER, said)


def logged(said: str) -> str:
    """What cannot be anything else: long numbers are ids as well, and a log without them is of no use."""
    return _ABROAD.sub(NUMBER, _MAIL.sub(ADDRESS, said))


def redact(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A processor of structlog, the last before the line is written."""
    return {name: logged(value) if isinstance(value, str) else value for name, value in event.items()}


class Formatter(logging.Formatter):
    """The same for what is logged in the usual way, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        return logged(super().format(record))


def _spelling(name: str) -> re.Pattern[str]:
    """In any case; of a number, however its digits are set apart."""
    digits = re.sub(r"\D", "", name)
    inner = r"[ ().\-/]{0,2}".join(digits) if digits and not re.search(r"[^\d\s+().\-/]", name) else re.escape(name)
    return re.compile(rf"(?<![^\W_])\+?{inner}(?![^\W_])", re.IGNORECASE)
