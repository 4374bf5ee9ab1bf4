"""Which events restrict somebody. One of these that cannot be read denies: nobody knows what it said, or of whom."""

import re

from django.db.models import Q

BEGINNINGS = ("rg.", "player.blocked", "player.closed")
UNREADABLE = "rg.?"  # the kind of what seems to be one of them
_MENTIONED = re.compile(rb"\b(?:rg\.|player\.(?:blocked|closed))", re.IGNORECASE)


def is_kind(name: str) -> bool:
    return name.startswith(BEGINNINGS)


def in_bytes(raw: bytes) -> bool:
    """Whether bytes nobody could read, of JSON or of columns, speak of one; when in doubt, yes."""
    return _MENTIONED.search(raw.replace(b"\0", b"")) is not None  # in UTF-16 every other byte is 0


def rows() -> Q:
    """Those of the quarantine."""
    found = Q()
    for beginning in BEGINNINGS:
        found |= Q(kind__startswith=beginning)
    return found
