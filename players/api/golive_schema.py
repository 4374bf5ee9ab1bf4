"""What the OpenAPI document says about going live: the baseline and the control totals."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiResponse

from players.api.schema import refusals
from players.baseline.reading import COUNTS, MOST_PLAYERS, STATES
from players.models import Category
from players.totals.ids import LISTED
from players.totals.kinds import KINDS

_TEXT: dict[str, Any] = {"type": "string"}
_COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}
_INSTANT: dict[str, Any] = {"type": "string", "format": "date-time"}
_RESTRICTION: dict[str, Any] = {
    "type": "object",
    "description": "The event that would set it, as in POST /api/v1/events, with the source's own sequence.",
    "required": ["event", "occurred_at", "properties"],
    "properties": {
        "event": {"type": "string", "enum": sorted(STATES)},
        "occurred_at": _INSTANT,
        "properties": {"type": "object"},
    },
    "additionalProperties": False,
}
_CONSENT: dict[str, Any] = {
    "type": "object",
    "required": ["product", "channel", "granted", "wording", "screen", "occurred_at"],
    "properties": {
        "product": _TEXT, "channel": _TEXT, "granted": {"type": "boolean"}, "wording": _TEXT, "screen": _TEXT,
        "occurred_at": _INSTANT,
    },
    "additionalProperties": False,
}  # fmt: skip
_PLAYER: dict[str, Any] = {
    "type": "object",
    "required": ["player", "restrictions"],
    "properties": {
        "player": {"type": "string", "minLength": 1, "maxLength": 64},
        "restrictions": {"type": "array", "items": _RESTRICTION, "description": "[] states that there are none."},
        "consents": {"type": "array", "items": _CONSENT},
    },
    "additionalProperties": False,
}
_COUNTS: dict[str, Any] = {
    "type": "object", "required": list(COUNTS), "properties": dict.fromkeys(COUNTS, _COUNT),
    "additionalProperties": False,
}  # fmt: skip
_BASELINE: dict[str, Any] = {
    "type": "object",
    "required": ["snapshot"],
    "properties": {
        "snapshot": {"type": "string", "minLength": 1, "maxLength": 64, "description": "Your name for it."},
        "as_of": _INSTANT,
        "declared": _COUNTS,
        "chunk": {"type": "integer", "minimum": 1},
        "players": {"type": "array", "maxItems": MOST_PLAYERS, "items": _PLAYER},
        "commit": {"type": "boolean", "description": "All of it has been sent."},
    },
    "additionalProperties": False,
}
_STATE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "snapshot": _TEXT,
        "as_of": _INSTANT,
        "status": {"type": "string", "enum": ["receiving", "applying", "applied", "refused"]},
        "detail": {"type": "string", "description": "Why it was refused."},
        "declared": _COUNTS,
        "received": _COUNTS,
        "chunks": {"type": "array", "items": {"type": "integer"}},
        "applied": {**_COUNT, "description": "Players whose restrictions are known now."},
        "unknown": {**_COUNT, "description": "Named, but no player here: send player.registered, then a new snapshot."},
        "doubtful": {**_COUNT, "description": "Something newer about them could not be read; they stay unknown."},
        "unnamed": {**_COUNT, "description": "Restrictions in force here that it does not name; they stay."},
    },
}
_CLASH = OpenApiResponse(description="It does not go with what was sent before; the detail says what is missing.")
POST_BASELINE: dict[str, Any] = {
    "operation_id": "post_baseline",
    "summary": "Send a part of the baseline, or complete it",
    "description": "A dated full statement of restrictions and consents. The first request names as_of and what is "
    f"declared; chunks of up to {MOST_PLAYERS} players come in any order and may be repeated; `commit: true` ends it. "
    "It is then applied in the background and sends nothing to anybody. Who is absent stays unknown. An empty "
    "snapshot, or one a tenth of the size of the last, is answered 422 and nothing of it is applied.",
    "tags": ["going live"],
    "request": {"application/json": _BASELINE},
    "responses": {
        200: OpenApiResponse(_STATE, description="Kept."),
        202: OpenApiResponse(_STATE, description="Complete; being applied."),
        409: _CLASH,
        422: OpenApiResponse(_STATE, description="Complete, but not to be believed; nothing was applied."),
        **refusals(400, 401, 413, 415),
    },
    "examples": [
        OpenApiExample(
            "a small brand in one request",
            {
                "snapshot": "2026-11-22", "as_of": "2026-11-22T06:00:00Z",
                "declared": {"players": 2, "restrictions": 1, "consents": 1}, "chunk": 1, "commit": True,
                "players": [
                    {
                        "player": "p-1", "restrictions": [],
                        "consents": [
                            {
                                "product": "casino", "channel": "email", "granted": True, "wording": "2026-02",
                                "screen": "registration", "occurred_at": "2026-02-03T10:00:00Z",
                            }
                        ],
                    },
                    {
                        "player": "p-2",
                        "restrictions": [
                            {
                                "event": "rg.self_excluded", "occurred_at": "2026-05-01T09:00:00Z",
                                "properties": {"measure_id": "se-3", "sequence": 1, "ends_at": None},
                            }
                        ],
                    },
                ],
            },
            request_only=True,
        ),
    ],
}  # fmt: skip
GET_BASELINE: dict[str, Any] = {
    "operation_id": "get_baseline",
    "summary": "How far a baseline is",
    "description": "Which chunks are here and what came of them: to go on after an interruption.",
    "tags": ["going live"],
    "responses": {
        200: OpenApiResponse(_STATE, description="As it is."),
        404: OpenApiResponse(description="No such snapshot."),
        **refusals(401),
    },
}

_NUMBER: dict[str, Any] = {"type": "integer", "nullable": True}
_FIGURES: dict[str, Any] = {"count": _NUMBER, "amount": {**_NUMBER, "description": "Minor units."}}
_SIDE: dict[str, Any] = {"type": "object", "properties": _FIGURES}
_HOUR: dict[str, Any] = {
    "type": "object", "required": ["from"], "properties": {"from": _INSTANT, **_FIGURES}, "additionalProperties": False,
}  # fmt: skip
_LINE: dict[str, Any] = {
    "type": "object",
    "required": ["kind", "currency"],
    "properties": {
        "kind": {"type": "string", "enum": list(KINDS)},
        "currency": _TEXT,
        "category": {
            "type": "string", "nullable": True, "enum": [one.key for one in Category if one] + [None],
            "description": "Of play; left out, the line is all categories together.",
        },
        **_FIGURES,
        "hours": {"type": "array", "maxItems": 25, "items": _HOUR, "description": "The same per full hour (UTC)."},
    },
    "additionalProperties": False,
}  # fmt: skip
_TOTALS: dict[str, Any] = {
    "type": "object",
    "required": ["lines"],
    "properties": {
        "zone": {"type": "string", "description": "Of your gaming day; refused unless it is the brand's."},
        "day_start_hour": {"type": "integer", "minimum": 0, "maximum": 23},
        "lines": {"type": "array", "minItems": 1, "maxItems": 2000, "items": _LINE},
    },
    "additionalProperties": False,
}
_COMPARED: dict[str, Any] = {
    "type": "object",
    "properties": {
        "day": {"type": "string", "format": "date"},
        "zone": _TEXT,
        "day_start_hour": {"type": "integer"},
        "status": {"type": "string", "enum": ["waiting", "matched", "differs", "accepted"]},
        "compared_at": {**_INSTANT, "nullable": True},
        "lines": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "kind": _TEXT, "currency": _TEXT, "category": {**_TEXT, "nullable": True}, "theirs": _SIDE,
                    "ours": _SIDE, "differs": {"type": "boolean", "nullable": True},
                },
            },
        },
        "listed": {"type": "object", "additionalProperties": {"type": "integer"}},
        "differences": {"type": "integer"},
    },
}  # fmt: skip
_NO_DAY = OpenApiResponse(description="No totals of this day yet.")
PUT_TOTALS: dict[str, Any] = {
    "operation_id": "put_totals",
    "summary": "Send the totals of a gaming day",
    "description": "What the day adds up to at the PAM: payments approved on it and not taken back, rounds settled on "
    "it and not rolled back. Compared in the background with what the events added up to; GET shows the result. "
    "Sent again it replaces the day. As `text/csv` with the columns kind, currency, category, count, amount.",
    "tags": ["going live"],
    "request": {"application/json": _TOTALS, "text/csv": {"type": "string"}},
    "responses": {202: OpenApiResponse(_COMPARED, description="Kept."), **refusals(400, 401, 413, 415)},
    "examples": [
        OpenApiExample(
            "deposits and slots",
            {
                "zone": "Europe/London", "day_start_hour": 0,
                "lines": [
                    {"kind": "deposits", "currency": "GBP", "count": 812, "amount": 4120500},
                    {"kind": "rounds", "currency": "GBP", "category": "slots", "count": 190233},
                    {"kind": "stakes_real", "currency": "GBP", "category": "slots", "amount": 9120011},
                ],
            },
            request_only=True,
        )
    ],
}  # fmt: skip
GET_TOTALS: dict[str, Any] = {
    "operation_id": "get_totals",
    "summary": "How a day compares",
    "tags": ["going live"],
    "responses": {
        200: OpenApiResponse(_COMPARED, description="Theirs beside ours."),
        404: _NO_DAY,
        **refusals(400, 401),
    },
}
PUT_TOTALS_IDS: dict[str, Any] = {
    "operation_id": "put_totals_ids",
    "summary": "List the ids behind a total",
    "description": f"One object per line: kind ({', '.join(LISTED)}), id, player, amount (of a round: the stake), and "
    "occurred_at if you have it. Requests add up. Once as many are listed as were counted, differences are told by id.",
    "tags": ["going live"],
    "request": {"application/x-ndjson": {"type": "string"}},
    "responses": {
        202: OpenApiResponse(
            {"type": "object", "properties": {"day": _TEXT, "listed": {"type": "object"}}}, description="Kept."
        ),
        404: _NO_DAY,
        **refusals(400, 401, 413, 415),
    },
}
