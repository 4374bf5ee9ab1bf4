"""Values of the attributes a brand has declared under Settings · Your own attributes."""

import re
from typing import Any

from players.pam.generic.kinds import Field, Refused, Wrong, kind, pointer_to
from players.pam.generic.shapes import SAFE

MOST = 20
LONGEST = 80
KEY_PATTERN = r"^[a-z][a-z0-9_]{0,31}$"
_KEY = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)


def _value(value: Any) -> Any:
    if value is None or type(value) is bool:
        return value
    if type(value) is int:
        if abs(value) > SAFE:
            raise Refused("out_of_range", f"A number lies between -{SAFE} and {SAFE}.")
        return value
    if type(value) is not str:
        raise Refused("wrong_type", "A value is a text, a whole number, true, false, or null to take it away.")
    if not value.strip():
        raise Refused("empty", "A text may not be empty; null takes the value away.")
    if len(value) > LONGEST:
        raise Refused("too_long", f"At most {LONGEST} characters fit here; there are {len(value)}.")
    return value


def _values(given: Any) -> dict[str, Any]:
    if type(given) is not dict:
        raise Refused(
            "not_an_object", "An object is expected here: the attributes by the keys they were declared with."
        )
    if not given or len(given) > MOST:
        raise Refused("out_of_range", f"One event carries 1 to {MOST} attributes; there are {len(given)}.")
    kept = {}
    for key, value in given.items():
        if _KEY.fullmatch(key) is None:
            raise Refused("bad_name", "A key is small letters, digits and _, at most 32.", pointer_to(key))
        try:
            kept[key] = _value(value)
        except Refused as refused:
            raise refused.under(pointer_to(key)) from None
    return kept


_WORTH = {"oneOf": [{"type": "string", "minLength": 1, "maxLength": LONGEST}, {"type": "integer"}, {"type": "boolean"}],
          "nullable": True}  # fmt: skip
VALUES = Field(
    _values,
    {"type": "object", "minProperties": 1, "maxProperties": MOST, "propertyNames": {"pattern": KEY_PATTERN},
     "additionalProperties": _WORTH},
    (("shoe_size", "not_an_object"), ({}, "out_of_range")),
)  # fmt: skip
_WRONG: tuple[tuple[str, Any, str], ...] = (
    ("Shoe size", 42, "bad_name"), ("shoe_size", 42.5, "wrong_type"), ("shoe_size", " ", "empty"),
    ("shoe_size", [42], "wrong_type"), ("shoe_size", "x" * (LONGEST + 1), "too_long"),
    ("shoe_size", SAFE + 1, "out_of_range"),
)  # fmt: skip

KINDS = [
    kind(
        "player.attributes", "Values of attributes the brand has declared (Settings · Your own attributes), by their "
        "keys. Per attribute the newest word counts, by occurred_at; null takes a value away. Dates are texts like "
        "2026-03-03. A key nobody declared, or a value of another kind than declared, is left out and shown under "
        "Settings; the other values of the event count.",
        {"values": VALUES}, example={"values": {"shoe_size": 42, "newsletter": True, "club_since": "2024-05-01"}},
        wrong=tuple(Wrong({"values": {key: value}}, why, f"/values/{key}") for key, value, why in _WRONG),
    ),
]  # fmt: skip
