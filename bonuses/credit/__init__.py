"""Handing a bonus to the PAM. One folder per kind of PAM; `adapter.credit(grant)` takes the row and nothing else.

Only `bonuses.crediting` may import this: what was not granted cannot be credited.
"""

from dataclasses import dataclass
from enum import StrEnum


class Idempotency(StrEnum):
    """What the PAM does with the same credit asked twice: an adapter declares it, its tests prove it."""

    KEY = "key"  # the same key gives the same answer and one credit
    NONE = "none"  # asking again may credit again: silence stays ambiguous until the feed tells


class Told(StrEnum):
    CREDITED = "credited"
    REFUSED = "refused"
    BUSY = "busy"  # certainly not credited; ask later
    SILENT = "silent"  # may have been credited


@dataclass(frozen=True)
class Outcome:
    told: Told
    detail: str = ""
