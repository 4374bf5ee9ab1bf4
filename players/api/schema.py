"""What the OpenAPI document says, written from the same list the checks use."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiResponse

from players.models import Category
from players.pam.generic import KINDS
from players.pam.generic.kinds import Kind


def _event(kind: Kind) -> dict[str, Any]:
    members: dict[str, Any] = {
        "event": {"type": "string", "enum": [kind.name]},
        "event_id": {"type": "string", "minLength": 1, "maxLength": 100, "description": "Unique per feed."},
        "occurred_at": {"type": "string", "format": "date-time", "description": "With its zone."},
        "replay": {"type": "boolean", "default": False, "description": "History: updates state, sends nothing."},
        "sequence": {
            "type": "integer",
            "minimum": 0,
            "maximum": 2**63 - 1,
            "description": "Counts up by one, so that a missing event is noticed: over the feed, or over each family "
            "of events when the heartbeats carry `families`. Leave it out for history.",
        },
        "properties": {
            "type": "object",
            "properties": {name: field.schema for name, field in kind.fields.items()},
            "additionalProperties": False,
        }
        | ({"required": sorted(kind.required)} if kind.required else {}),
    }
    required = ["event", "event_id", "occurred_at"] + (["properties"] if kind.required else [])
    if kind.has_player:
        members["player"] = {"type": "string", "minLength": 1, "maxLength": 64, "description": "Your id of the player."}
        required.append("player")
    return {
        "type": "object",
        "title": kind.name,
        "description": kind.summary,
        "properties": members,
        "required": required,
        "additionalProperties": False,
    }


def _example(kind: Kind) -> dict[str, Any]:
    player = {"player": "p-1"} if kind.has_player else {}
    when = {"occurred_at": "2026-03-03T12:00:00Z"}
    return {"event": kind.name, "event_id": f"ev-{kind.name}-1"} | player | when | {"properties": kind.example}


_ANY_EVENT = {"oneOf": [_event(kind) for kind in KINDS.values()]}
_RECEIPT = {
    "type": "object",
    "required": ["received", "accepted", "duplicate", "quarantined", "results"],
    "properties": {
        **{name: {"type": "integer"} for name in ("received", "accepted", "duplicate", "quarantined")},
        "results": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["index", "status"],
                "properties": {
                    "index": {"type": "integer"},
                    "event_id": {"type": "string", "nullable": True},
                    "status": {"type": "string", "enum": ["accepted", "duplicate", "quarantined"]},
                    "reason": {"type": "string", "description": "Code, when quarantined."},
                    "pointer": {"type": "string", "description": "JSON pointer to the offending value."},
                    "detail": {"type": "string", "description": "What is wrong and what would be right."},
                },
            },
        },
    },
}
_ERROR = {
    "type": "object",
    "required": ["type", "errors"],
    "properties": {
        "type": {"type": "string", "enum": ["client_error", "validation_error", "server_error"]},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "detail", "attr"],
                "properties": {
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                    "attr": {"type": "string", "nullable": True},
                },
            },
        },
    },
}


def _refusals(*statuses: int) -> dict[int, OpenApiResponse]:
    words = {
        400: "Not JSON, or too many.", 401: "No key, or a wrong one.", 405: "No such method.", 413: "Over 4 MB.",
        415: "Packed.",
    }  # fmt: skip
    return {status: OpenApiResponse(_ERROR, description=words[status]) for status in statuses}


EVENTS: dict[str, Any] = {
    "operation_id": "post_events",
    "summary": "Send events",
    "description": "One event, an array of up to 1 000, or one event per line (`application/x-ndjson`). 200 means that "
    "everything counted as accepted is kept for good; restrictions, consents and registrations are in force by then. "
    "Sending the same event again is safe: it is answered as a duplicate. What cannot be applied is kept in "
    "quarantine with a reason, and the rest of the request goes through.",
    "tags": ["events"],
    "request": {
        "application/json": {"oneOf": [_ANY_EVENT, {"type": "array", "maxItems": 1000, "items": _ANY_EVENT}]},
        "application/x-ndjson": {"type": "string"},
    },
    "responses": {200: OpenApiResponse(_RECEIPT, description="What became of each."), **_refusals(400, 401, 413, 415)},
    "examples": [
        *(OpenApiExample(kind.name, _example(kind), request_only=True) for kind in KINDS.values()),
        OpenApiExample(
            "one of two quarantined",
            {
                "received": 2, "accepted": 1, "duplicate": 0, "quarantined": 1,
                "results": [
                    {"index": 0, "event_id": "ev-1", "status": "accepted"},
                    {
                        "index": 1, "event_id": "ev-2", "status": "quarantined", "reason": "wrong_type",
                        "pointer": "/1/properties/amount",
                        "detail": "An amount in minor units is a whole number from 1 to 1000000000000000, "
                        "without point or quotes.",
                    },
                ],
            },
            response_only=True,
            status_codes=["200"],
        ),
    ],
}  # fmt: skip

_GAME = {
    "type": "object",
    "required": ["game_id", "title", "category"],
    "additionalProperties": False,
    "properties": {
        "game_id": {"type": "string", "minLength": 1, "maxLength": 64},
        "title": {"type": "string", "minLength": 1, "maxLength": 120},
        "category": {"type": "string", "enum": [one.key for one in Category if one != Category.NONE]},
        "provider": {"type": "string", "maxLength": 60},
        "rtp": {
            "oneOf": [{"type": "string"}, {"type": "number"}],
            "nullable": True,
            "description": "Return to player in percent.",
        },
    },
}
GAMES: dict[str, Any] = {
    "operation_id": "put_games",
    "summary": "Save games",
    "description": "Creates or replaces the named games; others stay. One wrong game refuses the whole request.",
    "tags": ["games"],
    "request": {"application/json": {"type": "array", "maxItems": 1000, "items": _GAME}},
    "responses": {
        200: OpenApiResponse({"type": "object", "properties": {"saved": {"type": "integer"}}}, description="Saved."),
        **_refusals(400, 401, 413, 415),
    },
    "examples": [
        OpenApiExample(
            "one game",
            [
                {
                    "game_id": "book-of-sun",
                    "title": "Book of Sun",
                    "category": "slots",
                    "provider": "Helio",
                    "rtp": "96.21",
                }
            ],
            request_only=True,
        )
    ],
}
