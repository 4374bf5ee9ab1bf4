"""What the OpenAPI document says, written from the same list the checks use."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiResponse

from players.models import Category
from players.pam.conformance import REPORT
from players.pam.generic import DOCUMENTED, VERSION
from players.pam.generic.schemas import example, openapi

_ANY_EVENT = {"oneOf": [openapi(kind) for kind in DOCUMENTED]}
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


def refusals(*statuses: int) -> dict[int, OpenApiResponse]:
    words = {
        400: "Not JSON, or too many.", 401: "No key, or a wrong one.", 413: "Over 4 MB.",
        415: "Packed.",
    }  # fmt: skip
    return {status: OpenApiResponse(_ERROR, description=words[status]) for status in statuses}


_TABLE = "| event | what it does |\n|---|---|\n" + "\n".join(
    f"| `{'custom.*' if kind.is_open else kind.name}` | {kind.summary} |" for kind in DOCUMENTED
)

EVENTS: dict[str, Any] = {
    "operation_id": "post_events",
    "summary": "Send events",
    "description": "One event, an array of up to 1 000, or one event per line (`application/x-ndjson`). 200 means that "
    "everything counted as accepted is kept for good; restrictions, consents and registrations are in force by then. "
    "Sending the same event again is safe: it is answered as a duplicate. What cannot be applied is kept in "
    "quarantine with a reason, and the rest of the request goes through. What each event does is said in its "
    f"description; as JSON Schema they are at `/api/v1/schemas/`, version {VERSION}. Amounts are whole numbers of minor "
    "units of the player's currency; odds are decimal and travel as text.\n\n" + _TABLE,
    "tags": ["events"],
    "request": {
        "application/json": {"oneOf": [_ANY_EVENT, {"type": "array", "maxItems": 1000, "items": _ANY_EVENT}]},
        "application/x-ndjson": {"type": "string"},
    },
    "responses": {200: OpenApiResponse(_RECEIPT, description="What became of each."), **refusals(400, 401, 413, 415)},
    "examples": [
        *(OpenApiExample(kind.name, example(kind), request_only=True) for kind in DOCUMENTED),
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
        "type": {"type": "string", "maxLength": 40, "description": "Within its category: blackjack, megaways …"},
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
        **refusals(400, 401, 413, 415),
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


SCHEMAS: dict[str, Any] = {
    "operation_id": "list_schemas",
    "summary": "The schemas of all events",
    "description": "Public; may be cached for an hour.",
    "tags": ["schemas"],
    "auth": [],
    "responses": {
        200: OpenApiResponse(
            {
                "type": "object",
                "required": ["version", "schemas"],
                "properties": {
                    "version": {"type": "integer"},
                    "schemas": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["event", "family", "summary", "href"],
                            "properties": {name: {"type": "string"} for name in ("event", "family", "summary", "href")},
                        },
                    },
                },
            },
            description="One line per kind of event, with the address of its schema.",
        )
    },
}
SCHEMA: dict[str, Any] = {
    "operation_id": "get_schema",
    "summary": "The JSON Schema of one event",
    "description": "Draft 2020-12, `$id` is its address. `custom.json` stands for every custom event. Public; may be "
    "cached for an hour.",
    "tags": ["schemas"],
    "auth": [],
    "responses": {
        200: OpenApiResponse({"type": "object"}, description="The schema."),
        404: OpenApiResponse(_ERROR, description="No such kind of event."),
    },
}


CONFORMANCE: dict[str, Any] = {
    "operation_id": "post_conformance",
    "summary": "Report a conformance run",
    "description": "`manage.py pam_conformance` posts every good and every bad example of every event, checks each "
    "answer, and reports here: the result is shown for the feed, and its examples leave the quarantine.",
    "tags": ["schemas"],
    "request": {"application/json": REPORT.schema},
    "responses": {
        201: OpenApiResponse(
            {"type": "object", "properties": {"id": {"type": "integer"}, "cleared": {"type": "integer"}}},
            description="Kept; `cleared` examples left the quarantine.",
        ),
        **refusals(400, 401, 413, 415),
    },
    "examples": [
        OpenApiExample(
            "all passed", {"passed": 1014, "total": 1014, "version": VERSION, "details": []}, request_only=True
        )
    ],
}
