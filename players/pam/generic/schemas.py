"""The kinds as schemas: what the checks do in Python, said in JSON Schema and in the OpenAPI document.

One source: both are written from `KINDS`, so none can promise what the other refuses. What only a check of the
whole can see (an end before its start, two words that contradict each other) is said in the description.
"""

from typing import Any

from players.pam.generic import VERSION
from players.pam.generic.custom import CUSTOM, MOST_PROPERTIES, NAME_PATTERN
from players.pam.generic.fields import MAX_SEQUENCE
from players.pam.generic.kinds import Kind, Schema
from players.pam.generic.shapes import FLAT_SCHEMA
from players.pam.generic.shapes import NAME_PATTERN as PROPERTY_PATTERN

DIALECT = "https://json-schema.org/draft/2020-12/schema"
EXAMPLE_AT = "2026-03-03T12:00:00Z"


def name_of(kind: Kind) -> str:
    """What its schema is filed under: the kind's name, 'custom' for all custom events."""
    return "custom" if kind is CUSTOM else kind.name


def example(kind: Kind) -> dict[str, Any]:
    """An event of this kind that is accepted."""
    player = {"player": "p-1"} if kind.has_player else {}
    head = {"event": kind.name, "event_id": f"ev-{kind.name}-1"}
    return head | player | {"occurred_at": EXAMPLE_AT, "properties": kind.example}


def openapi(kind: Kind) -> Schema:
    """One kind of event in the dialect of OpenAPI 3.0."""
    members: dict[str, Any] = {
        "event": {"type": "string", "pattern": NAME_PATTERN} if kind.is_open else {"type": "string", "enum": [kind.name]},
        "event_id": {
            "type": "string", "minLength": 1, "maxLength": 100,
            "description": "Unique per feed: the same id with the same content is a duplicate, with other content a conflict.",
        },
        "occurred_at": {"type": "string", "format": "date-time", "description": "When it happened, with its zone."},
        "brand": {"type": "string", "description": "May be left out; otherwise the brand the key belongs to."},
        "version": {"type": "integer", "enum": [VERSION], "description": "Of these schemas; may be left out."},
        "sequence": {
            "type": "integer", "minimum": 0, "maximum": MAX_SEQUENCE,
            "description": "Counts up by one, so that a missing event is noticed: over the feed, or over each family "
            "of events when the heartbeats carry `families`. Leave it out for history.",
        },
        "replay": {"type": "boolean", "default": False, "description": "History: updates state, sends nothing."},
        "properties": properties(kind),
    }  # fmt: skip
    required = ["event", "event_id", "occurred_at"]
    if kind.required or kind.any_of:
        required.append("properties")
    if kind.has_player:
        members["player"] = {"type": "string", "minLength": 1, "maxLength": 64, "description": "Your id of the player."}
        required.append("player")
    return {
        "type": "object", "title": "custom.*" if kind.is_open else kind.name, "description": kind.summary,
        "properties": members, "required": required, "additionalProperties": False,
    }  # fmt: skip


def properties(kind: Kind) -> Schema:
    schema: Schema = {
        "type": "object",
        "properties": {name: field.schema for name, field in kind.fields.items()},
        "additionalProperties": False,
    }
    if kind.is_open:
        names = f"Names of your choice: {PROPERTY_PATTERN}. No addresses of people."
        schema |= {"additionalProperties": FLAT_SCHEMA, "maxProperties": MOST_PROPERTIES, "description": names}
    if kind.required:
        schema["required"] = sorted(kind.required)
    if kind.any_of:
        schema["anyOf"] = [{"required": [name]} for name in kind.any_of]
    return schema


def json_schema(kind: Kind, address: str) -> Schema:
    """The same as JSON Schema of the 2020-12 draft. `address`: where it is served, which is its `$id`."""
    schema = _translated(openapi(kind))
    if kind.is_open:
        schema["properties"]["properties"]["propertyNames"] = {"pattern": PROPERTY_PATTERN}
    return {"$schema": DIALECT, "$id": address, "version": VERSION, **schema, "examples": [example(kind)]}


def _translated(schema: Any) -> Any:
    """OpenAPI 3.0 says nullable; JSON Schema says that null is one of the types."""
    if isinstance(schema, list):
        return [_translated(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    known = {name: _translated(one) for name, one in schema.items() if name != "nullable"}
    if schema.get("nullable") is True:
        if "oneOf" in known:
            known["oneOf"] = [*known["oneOf"], {"type": "null"}]
        else:
            known["type"] = [known["type"], "null"]
    return known
