"""What the OpenAPI document says of segments."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from players.api.schema import refusals
from segments.api.pages import MOST, USUAL
from segments.language.parse import MAX_DEPTH, MAX_LEAVES

_TEXT: dict[str, Any] = {"type": "string"}
_FLAG: dict[str, Any] = {"type": "boolean"}
_INSTANT: dict[str, Any] = {"type": "string", "format": "date-time"}
_ERROR: Any = refusals(400)[400].response


def _or_null(kind: dict[str, Any]) -> dict[str, Any]:
    return {**kind, "nullable": True}


def _object(properties: dict[str, Any], *, required: bool = True) -> dict[str, Any]:
    return {"type": "object", "properties": properties} | ({"required": list(properties)} if required else {})


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_RULE: dict[str, Any] = {
    "type": "object",
    "description": f"A group: `all`, `any`, `none`, or `at_least` with `of`; at most {MAX_DEPTH} deep and {MAX_LEAVES} "
    "conditions. A condition has `attribute`, `op`, `value` (or `than`, another attribute) and, where the attribute "
    "has them, `params`. See GET /api/v1/segments/attributes.",
}
_SIZE = _object(
    {
        "count": {"type": "integer", "nullable": True, "description": "Null: fewer than ten, or not told exactly."},
        "text": {**_TEXT, "description": "“1,204”, “< 10”, “about 120”."},
        "is_exact": _FLAG,
    }
)
_SEGMENT_FIELDS: dict[str, Any] = {
    "id": {"type": "integer"}, "name": _TEXT, "status": {"type": "string", "enum": ["draft", "live", "archived"]},
    "rule": _or_null({**_RULE, "description": "In force."}), "sentence": _or_null(_TEXT),
    "version": _or_null({"type": "integer"}), "criteria": _list(_TEXT),
    "draft": _or_null({**_RULE, "description": "Being worked on."}), "draft_sentence": _or_null(_TEXT),
    "is_building": {**_FLAG, "description": "Members are still being found."}, "created_at": _INSTANT,
    "changed_at": _INSTANT, "live_at": _or_null(_INSTANT), "address": {**_TEXT, "description": "Its page."},
}  # fmt: skip
_SEGMENT = _object(_SEGMENT_FIELDS)
_PLAYER = _object({"player": {"type": "string", "minLength": 1, "maxLength": 64, "description": "Id in the PAM."}})
_ASKED = {"application/json": _PLAYER | {"additionalProperties": False}}
_FINDING: dict[str, Any] = {
    "type": "object",
    "required": ["holds", "words"],
    "properties": {
        "holds": _FLAG, "words": _TEXT, "attribute": _TEXT, "value": {**_TEXT, "description": "The player's own."},
        "of": {"type": "array", "items": {"type": "object"}, "description": "Of a group: its conditions."},
    },
}  # fmt: skip


def _page(items: dict[str, Any]) -> dict[str, Any]:
    return _object({"results": _list(items), "next": _or_null({**_TEXT, "description": "For `after`; null: the end."})})


_AFTER = OpenApiParameter("after", str, description="What `next` said; to go on after the last row.")
_LIMIT = OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL})
_STATUS = OpenApiParameter("status", {"type": "string", "enum": ["draft", "live", "archived"]})
_REPEAT = OpenApiParameter(
    "Idempotency-Key", {"type": "string", "minLength": 1, "maxLength": 255}, OpenApiParameter.HEADER,
    description="The same key with the same body within 24 hours is answered the same, and done once.",
)  # fmt: skip
_MORE = {
    403: OpenApiResponse(_ERROR, description="The key lacks a scope."),
    404: OpenApiResponse(_ERROR, description="No such segment, or no such player, at this brand."),
    409: OpenApiResponse(_ERROR, description="It does not go with the state the segment is in."),
    422: OpenApiResponse(_ERROR, description="Understood and not done: too expensive, or a key used for another body."),
    429: OpenApiResponse(_ERROR, description="Too many requests; Retry-After says when."),
}
_EXAMPLE_RULE: dict[str, Any] = {
    "all": [
        {"attribute": "top_category", "op": "is", "value": "slots"},
        {"attribute": "days_since_play", "op": "at_least", "value": 14},
        {"attribute": "last5_average", "op": "more_than", "value": 45},
    ]
}


def _says(
    name: str, summary: str, description: str, done: tuple[int, dict[str, Any]], *refused: int, **more: Any
) -> dict[str, Any]:
    answers = {done[0]: OpenApiResponse(done[1], description="Done."), 403: _MORE[403], 429: _MORE[429]}
    answers |= {status: _MORE[status] for status in refused if status in _MORE}
    bodies = (400, 401, 413, 415) if "request" in more else (400, 401)
    return {
        "operation_id": name, "summary": summary, "description": description, "tags": ["segments"],
        "responses": answers | refusals(*bodies), **more,
    }  # fmt: skip


def _body(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    plain: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    return {"application/json": plain | ({"required": required} if required else {})}


_NAME = {"type": "string", "minLength": 1, "maxLength": 120}
LIST = _says(
    "list_segments", "Segments of the brand", "Oldest first. Scope `segments:read`.", (200, _page(_SEGMENT)),
    parameters=[_AFTER, _LIMIT, _STATUS],
)  # fmt: skip
CREATE = _says(
    "create_segment", "Save a new segment as a draft",
    "Nobody enters before it is live. Each problem of the rule is told with its pointer into the body. "
    "Scope `segments:write`.",
    (201, _SEGMENT), 422, parameters=[_REPEAT],
    request=_body({"name": _NAME, "rule": _RULE}, ["name", "rule"]),
    examples=[
        OpenApiExample("slots, silent for 14 days", {"name": "Slots, silent", "rule": _EXAMPLE_RULE}, request_only=True)
    ],
)  # fmt: skip
READ = _says(
    "read_segment", "One segment, with its size", "Scope `segments:read`.",
    (200, _object({**_SEGMENT_FIELDS, "members": _SIZE})), 404,
)  # fmt: skip
CHANGE = _says(
    "change_segment", "Change the name or the draft",
    "What is live stays as it is until the draft is made live. Scope `segments:write`.",
    (200, _SEGMENT), 404, 409, request=_body({"name": _NAME, "rule": _RULE}, []),
)  # fmt: skip
LIVE = _says(
    "start_segment", "Make the draft live",
    "The draft becomes the next version; members are found in the background. `acts_on_existing`: whether journeys "
    "hear of players who match already. A rule that matches every player of the brand is refused with 409 `everybody` "
    "unless `everybody_is_meant`. Scope `segments:write`.",
    (202, _SEGMENT), 404, 409, 422, parameters=[_REPEAT],
    request=_body({"acts_on_existing": _FLAG, "everybody_is_meant": _FLAG}, ["acts_on_existing"]),
)  # fmt: skip
ARCHIVE = _says(
    "archive_segment", "Archive",
    "All members leave without triggering a journey. Refused while something uses it. Scope `segments:write`.",
    (200, _SEGMENT), 404, 409, request=_body({"reason": {"type": "string", "minLength": 8, "maxLength": 300}}, ["reason"]),
)  # fmt: skip
PREVIEW = _says(
    "preview_segment", "Count who matches a rule",
    "Nothing is saved. Counts below ten are told as such to a key that may not see players. With `sample` up to ten "
    "players with the values that decided. Scope `segments:read`; for a sample also `segments:members`.",
    (200, _object({
        "sentence": _TEXT, "criteria": _list(_TEXT), "feeds": _list(_TEXT), "size": _SIZE,
        "everybody": {"type": "integer"},
    }) | {"additionalProperties": True}), 422,
    request=_body({"rule": _RULE, "sample": _FLAG}, ["rule"]),
    examples=[OpenApiExample("how many", {"rule": _EXAMPLE_RULE}, request_only=True)],
)  # fmt: skip
MEMBERS = _says(
    "list_members", "Players who are in a segment",
    "By when they entered. Ids only: addresses leave through an export, which asks the gate for each player. "
    "Scope `segments:members`.",
    (200, _page(_object({"player": _TEXT, "entered_at": _INSTANT, "cause": _TEXT}))), 404, parameters=[_AFTER, _LIMIT],
)  # fmt: skip
EXPLAIN = _says(
    "explain_player", "Why a player is in, or not",
    "Condition by condition, with the player's own values. A POST, so that no address carries a player. "
    "Scope `segments:members`.",
    (200, _object({
        "player": _TEXT, "is_member": _FLAG, "matches": _FLAG, "finding": _or_null(_FINDING), "note": _TEXT,
    })), 404, request=_ASKED,
)  # fmt: skip
CHECK = _says(
    "check_player", "Is this player in it now?", "For a page the player has just opened. Scope `segments:members`.",
    (200, _object({"player": _TEXT, "is_member": _FLAG, "since": _or_null(_INSTANT)})), 404, request=_ASKED,
)  # fmt: skip
ATTRIBUTES = _says(
    "list_attributes", "What a rule can ask",
    "As far as the key may know: signs of harm and restrictions take `segments:protection`. Scope `segments:read`.",
    (200, _object({
        "attributes": _list(_object({
            "key": _TEXT, "label": _TEXT, "group": _TEXT, "unit": _TEXT, "help": _TEXT, "note": _TEXT,
            "operators": {"type": "object"}, "params": {"type": "object"}, "criterion": _or_null(_TEXT),
            "feeds": _list(_TEXT), "sensitivity": _TEXT,
        })),
    })),
)  # fmt: skip
