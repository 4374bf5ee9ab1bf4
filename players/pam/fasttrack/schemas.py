"""What a schema is made of: its members, and what a payload of it says in our own words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from players.pam.fasttrack.members import ORIGIN, TIME, USER, minor_units
from players.pam.generic.kinds import Field, Refused, checked, pointer_to

Payload = dict[str, Any]  # checked: ids as text, numbers as Decimal, times aware


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one payload says.

    envelope   an event of our own format, or None when it says nothing that happened to a player
    asks       what must be fetched from the operator before we know what changed
    game       a row for the catalogue
    currency   what its amounts are in
    note       why there is nothing to apply
    """

    envelope: dict[str, Any] | None = None
    asks: tuple[str, ...] = ()
    game: dict[str, Any] | None = None
    currency: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Schema:
    """`routes`: method and path under which the vendor's senders post it; none where it only travels by queue.

    `closes`: what a payload of this schema that cannot be read leaves behind, as kind of our own format; `asks`: what
    is fetched all the same.
    """

    name: str
    summary: str
    required: Mapping[str, Field]
    optional: Mapping[str, Field]
    says: Callable[[Payload], Meaning]
    example: dict[str, Any]
    routes: tuple[tuple[str, str], ...] = ()
    closes: str = ""
    asks: tuple[str, ...] = ()
    checks: dict[str, Callable[[Any], Any]] = field(init=False)

    def __post_init__(self) -> None:
        members = {**self.required, **self.optional}
        object.__setattr__(self, "checks", {name: one.check for name, one in members.items()})

    def document(self) -> dict[str, Any]:
        """JSON Schema of the payload. Members not named here are let pass."""
        members = {**self.required, **self.optional}
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": self.name,
            "description": self.summary,
            "type": "object",
            "required": list(self.required),
            "properties": {name: _plain(one.schema) for name, one in members.items()},
            "examples": [self.example],
        }


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """`nullable` is OpenAPI's word; JSON Schema says it with the type."""
    known = {name: value for name, value in schema.items() if name != "nullable"}
    if schema.get("nullable") and "type" in known:
        known["type"] = [known["type"], "null"]
    return known


def event(name: str, summary: str, required: dict[str, Field], optional: dict[str, Field] | None = None, /, **rest: Any) -> Schema:  # fmt: skip
    """A schema about a user: who, when and from which brand go without saying."""
    who = {"user_id": USER, "timestamp": TIME, "origin": ORIGIN}
    return Schema(name, summary, who | required, optional or {}, **rest)


def check(schema: Schema, given: Any) -> Payload:
    """Raises Refused, its pointer relative to the payload."""
    if type(given) is not dict:
        repeated = getattr(given, "repeated", "")
        if repeated:
            raise Refused("repeated_key", f'The member "{repeated}" is there twice.', pointer_to(repeated))
        raise Refused("not_an_object", f"A {schema.name} is a JSON object.")
    payload: Payload = {}
    name = ""
    try:
        for name in schema.required:
            payload[name] = schema.checks[name](given[name])
        for name in schema.optional:
            if name in given:
                payload[name] = schema.checks[name](given[name])
    except KeyError:
        raise Refused("missing", f"{schema.name} needs {name}.", pointer_to(name)) from None
    except Refused as refused:
        raise refused.under(pointer_to(name)) from None
    return payload


def key_of(*parts: str) -> str:
    """The event_id a payload always gets, at most 100 characters: ft.casino:a-1:Bet"""
    key = "ft." + ":".join(parts)
    return key if len(key) <= 100 else f"{key[:67]}:{blake2b(key.encode(), digest_size=16).hexdigest()}"


def minor(payload: Payload, name: str) -> int:
    """Minor units of an amount of the payload. Raises Refused with the amount's place."""
    return checked(pointer_to(name), minor_units, payload[name], payload["currency"])


def envelope(kind: str, key: str, payload: Payload, /, **properties: Any) -> dict[str, Any]:
    """An event of our own format; properties that are None are left out. `key`: see `key_of`."""
    return {
        "event": kind,
        "event_id": key,
        "player": payload["user_id"],
        "occurred_at": payload["timestamp"].isoformat(),
        "properties": {name: value for name, value in properties.items() if value is not None},
    }


def unsupported(schema: str, detail: str, member: str = "") -> Refused:
    return Refused("not_supported", f"{schema}: {detail}", pointer_to(member) if member else "")
