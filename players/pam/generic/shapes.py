"""Values made of values: lists, objects, and flat objects whose names the sender chooses. All bounded."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from players.pam.generic.kinds import Field, Refused, checked, pointer_to

_ODDS = re.compile(r"\d{1,9}(\.\d{1,4})?", re.ASCII)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
LONGEST_VALUE = 200
# A whole number beyond this is rounded by every JSON reader that knows doubles only.
SAFE = 2**53 - 1


def _odds(value: Any) -> str:
    if type(value) is not str or _ODDS.fullmatch(value) is None:
        raise Refused("wrong_type", 'Decimal odds are a text like "1.85", with at most four decimals.')
    if float(value) < 1:
        raise Refused("out_of_range", "Decimal odds are at least 1.")
    return value


ODDS = Field(
    _odds,
    {"type": "string", "pattern": r"^\d{1,9}(\.\d{1,4})?$", "description": 'Decimal odds as a text: "1.85".'},
    ((1.85, "wrong_type"), ("11/8", "wrong_type"), ("0.5", "out_of_range")),
)


def list_of(item: Field, most: int, *, least: int = 1) -> Field:
    def check(value: Any) -> list[Any]:
        if type(value) is not list:
            raise Refused("wrong_type", f"A list of {least} to {most} is expected here.")
        if not least <= len(value) <= most:
            raise Refused("out_of_range", f"The list holds {least} to {most}; there are {len(value)}.")
        return [checked(pointer_to(str(place)), item.check, one) for place, one in enumerate(value)]

    schema = {"type": "array", "minItems": least, "maxItems": most, "items": item.schema}
    return Field(check, schema, (("one", "wrong_type"), ([], "out_of_range")) if least else (("one", "wrong_type"),))


def object_of(required: Mapping[str, Field], optional: Mapping[str, Field]) -> Field:
    fields = {**required, **optional}

    def check(value: Any) -> dict[str, Any]:
        if type(value) is not dict:
            raise Refused("not_an_object", "An object is expected here, each member in it once.")
        for name in value:
            if name not in fields:
                raise Refused("unknown_property", f"It knows: {', '.join(sorted(fields))}.", pointer_to(name))
        for name in required:
            if name not in value:
                raise Refused("missing", f"{name} is missing.", pointer_to(name))
        return {name: checked(pointer_to(name), fields[name].check, one) for name, one in value.items()}

    schema = {
        "type": "object", "additionalProperties": False, "required": sorted(required),
        "properties": {name: one.schema for name, one in fields.items()},
    }  # fmt: skip
    return Field(check, schema, (("one", "not_an_object"),))


def map_of(names: tuple[str, ...], item: Field) -> Field:
    """An object from some of `names` to values of one kind."""
    field = object_of({}, dict.fromkeys(names, item))
    return Field(field.check, {key: one for key, one in field.schema.items() if key != "required"}, field.wrong)


def flat(value: Any) -> str | int | bool | None:
    """Text, whole number, true, false or null; an address of a person has its place in the profile."""
    if value is None or type(value) is bool:
        return value
    if type(value) is int:
        if not -SAFE <= value <= SAFE:
            raise Refused("out_of_range", f"A whole number lies between {-SAFE} and {SAFE}.")
        return value
    if type(value) is not str:
        raise Refused("wrong_type", "Text, whole number, true, false or null; nothing nested, no fractions.")
    if len(value) > LONGEST_VALUE:
        raise Refused("too_long", f"At most {LONGEST_VALUE} characters fit here; there are {len(value)}.")
    if _MAIL.search(value):
        raise Refused("personal_data", "This looks like an e-mail address; those belong to player.updated.")
    return value


class AnyName(dict[str, Callable[[Any], Any]]):
    """Checks for properties the sender names: every well-formed name has the check of a flat value."""

    def __missing__(self, name: str) -> Callable[[Any], Any]:
        if _NAME.fullmatch(name) is None:
            raise KeyError(name)
        return flat


FLAT_SCHEMA: dict[str, Any] = {
    "oneOf": [
        {"type": "string", "maxLength": LONGEST_VALUE},
        {"type": "integer", "minimum": -SAFE, "maximum": SAFE},
        {"type": "boolean"},
    ],
    "nullable": True,
}
NAME_PATTERN = "^[a-z][a-z0-9_]{0,39}$"
