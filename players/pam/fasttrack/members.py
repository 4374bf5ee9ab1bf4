"""Checks of single members of a payload, each with the JSON Schema of what it takes.

Looser than our own format where the shape is (members we do not know are let pass, numbers have a point),
as strict where a mistake would count: money is never rounded, a time has its zone.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from config.lib.money import exponent
from players.pam.generic import fields
from players.pam.generic.fields import CURRENCY, MAX_AMOUNT, instant
from players.pam.generic.kinds import Field, Refused, Schema
from players.pam.generic.reading import is_storable

_MOST_DIGITS = 24  # before and after the point, as written


def _number(value: Any) -> Decimal:
    """Exact, as written. An amount in quotes is refused: nobody knows whose decimal comma it has."""
    if type(value) is int:
        value = Decimal(value)
    if type(value) is not Decimal or not value.is_finite():
        raise Refused("wrong_type", "A number like 12.5 is expected here, without quotes.")
    _, digits, places = value.as_tuple()
    if len(digits) > _MOST_DIGITS or not isinstance(places, int) or abs(places) > _MOST_DIGITS:
        raise Refused("out_of_range", f"A number has at most {_MOST_DIGITS} digits.")
    return value


def _amount(value: Any) -> Decimal:
    number = _number(value)
    if number < 0:
        raise Refused("out_of_range", "An amount is not negative; its type says which way the money goes.")
    return number


def minor_units(amount: Decimal, currency: str) -> int:
    """12.34 EUR -> 1234, 12.345 KWD -> 12345, 12 JPY -> 12. Raises Refused for what no coin could pay: 0.005 EUR."""
    sign, digits, places = amount.as_tuple()
    assert isinstance(places, int)
    units, shift = int("".join(map(str, digits))), places + exponent(currency)
    if shift >= 0:
        units *= 10**shift
    else:
        units, rest = divmod(units, 10**-shift)
        if rest:
            detail = f"{currency} has {exponent(currency)} digits after the point; we do not round."
            raise Refused("too_precise", detail)
    if units > MAX_AMOUNT:
        raise Refused("out_of_range", f"An amount is at most {MAX_AMOUNT} minor units.")
    return -units if sign else units


def _text(longest: int) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if type(value) is not str:
            raise Refused("wrong_type", f"A text of at most {longest} characters is expected here.")
        if len(value) > longest:
            raise Refused("too_long", f"At most {longest} characters fit here; there are {len(value)}.")
        if not is_storable(value):
            raise Refused("unstorable", "A text holds the character U+0000 or half of a surrogate pair.")
        return value

    return check


def _identifier(longest: int) -> Callable[[Any], str]:
    """A text or a whole number; kept as text."""
    as_text = _text(longest)

    def check(value: Any) -> str:
        word = as_text(str(value) if type(value) is int else value).strip()
        if not word:
            raise Refused("empty", "An id is not empty.")
        return word

    return check


def _user(value: Any) -> str:
    """It becomes part of an address we call, where dots alone would mean another place."""
    word = _identifier(64)(value)
    if set(word) <= {"."} or not word.isprintable():
        raise Refused("bad_id", "A user_id is not made of dots alone and has no control characters.")
    return word


def _code(value: Any) -> str:
    return str(CURRENCY.check(value))


def _list(value: Any) -> list[Any]:
    if type(value) is not list:
        raise Refused("wrong_type", "A list is expected here.")
    return value


def _object(value: Any) -> dict[str, Any]:
    if type(value) is not dict:
        raise Refused("wrong_type", "An object is expected here, in which each member appears once.")
    return value


def nullable(field: Field) -> Field:
    """The vendor's senders write null for what they do not have."""
    return Field(lambda value: None if value is None else field.check(value), field.schema | {"nullable": True})


def identifier(longest: int) -> Field:
    schema = {"oneOf": [{"type": "string", "minLength": 1, "maxLength": longest}, {"type": "integer"}]}
    return Field(_identifier(longest), schema)


def text(longest: int) -> Field:
    return Field(_text(longest), {"type": "string", "maxLength": longest})


def one_of(*words: str) -> Field:
    def check(value: Any) -> str:
        if type(value) is not str or value not in words:
            raise Refused("unknown_value", f"One of: {', '.join(words)}.")
        return value

    return Field(check, {"type": "string", "enum": list(words)})


def _exactly_as_written(value: Any) -> Any:
    return value


_money: Schema = {"type": "number", "minimum": 0, "description": "Major units with a decimal point; never rounded."}

USER = Field(_user, {"oneOf": [{"type": "string", "minLength": 1, "maxLength": 64}, {"type": "integer"}]})
ORIGIN = text(200)
TIME = Field(instant, {"type": "string", "format": "date-time", "description": "RFC 3339, with its zone."})
CODE = Field(_code, CURRENCY.schema)
AMOUNT = Field(_amount, _money)
SIGNED = Field(_number, {"type": "number", "description": "Major units; a balance may be negative."})
RATE = Field(_amount, {"type": "number", "minimum": 0, "description": "To the operator's own currency."})
FLAG = nullable(fields.FLAG)
LIST = Field(_list, {"type": "array"})
OBJECT = Field(_object, {"type": "object"})
ANYTHING = Field(_exactly_as_written, {})
