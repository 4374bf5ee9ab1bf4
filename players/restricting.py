"""Which events restrict somebody. One of these that cannot be read denies: nobody knows what it said, or of whom."""

import re

from django.db.models import Q

BEGINNINGS = ("rg.", "player.blocked", "player.closed")
UNREADABLE = "rg.?"  # the kind of what seems to be one of them
_MENTIONED = re.compile(rb"\b(?:rg\.|player\.(?:blocked|closed))", re.IGNORECASE)
_BEFORE_A_NAME = re.compile(r"^[^a-z]+", re.IGNORECASE)


def is_kind(name: str) -> bool:
    """However it is written: " RG.Self_Excluded" is refused for its spelling, not taken for something harmless."""
    return written(name).casefold().startswith(BEGINNINGS)


def written(name: str) -> str:
    """As it is kept with what waits: without the spaces and control characters that may stand before a name."""
    return _BEFORE_A_NAME.sub("", name.replace("\0", ""))


def in_bytes(raw: bytes) -> bool:
    """Whether bytes nobody could read, of JSON or of columns, speak of one; when in doubt, yes."""
    return _MENTIONED.search(raw.replace(b"\0", b"")) is not None  # in UTF-16 every other byte is 0


def rows() -> Q:
    """Those of the quarantine."""
    found = Q()
    for beginning in BEGINNINGS:
        found |= Q(kind__istartswith=beginning)
    return found
