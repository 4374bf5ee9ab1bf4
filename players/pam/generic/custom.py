"""Events the operator names: `custom.<name>` with flat properties. Recorded, shown, and heard by journeys.

Bounded in number and length, and without addresses of people: facts are kept for years.
"""

import re
from datetime import datetime
from functools import lru_cache
from typing import Any

from players.pam.generic.kinds import Kind, Refused, pointer_to
from players.pam.generic.shapes import LONGEST_VALUE, AnyName

PREFIX = "custom."
MOST_PROPERTIES = 20
NAME_PATTERN = r"^custom\.[a-z][a-z0-9_]{0,31}$"
_NAME = re.compile(r"custom\.[a-z][a-z0-9_]{0,31}", re.ASCII)


def _bounded(properties: dict[str, Any], occurred_at: datetime) -> None:
    if len(properties) > MOST_PROPERTIES:
        raise Refused("too_many", f"A custom event has at most {MOST_PROPERTIES} properties.", pointer_to("properties"))


def _kind(name: str) -> Kind:
    made = Kind(
        name,
        "An event of your own naming: custom.<name>. Recorded, shown on the player's timeline, "
        "and journeys may start with it or wait for it. "
        f"At most {MOST_PROPERTIES} flat properties: text of up to {LONGEST_VALUE} characters, whole numbers, true, "
        "false or null.",
        {}, frozenset(), {"level": 12, "mission": "spring", "finished": True}, whole=_bounded, is_open=True,
    )  # fmt: skip
    object.__setattr__(made, "checks", AnyName())
    return made


# What documents and the conformance run show of them all.
CUSTOM = _kind("custom.level_up")


@lru_cache(maxsize=256)
def named(name: str) -> Kind | None:
    """The kind of a custom event; None for a name that is not well formed."""
    return _kind(name) if _NAME.fullmatch(name) else None
