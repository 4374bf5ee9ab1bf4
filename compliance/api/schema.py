"""What the OpenAPI document says of asking the gate."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from compliance.api.reading import CHANNELS, CONTENT, CRITERIA, GAMES, INCENTIVES, MOST, PRODUCTS, USES
from compliance.models.decision import Purpose
from compliance.probing import MOST as MOST_AMOUNTS
from compliance.probing import WITHIN
from players.api.schema import refusals

_TEXT: dict[str, Any] = {"type": "string"}
_INSTANT: dict[str, Any] = {"type": "string", "format": "date-time"}
_AMOUNT: dict[str, Any] = {"type": "integer", "minimum": 0, "description": "Minor units."}
_CURRENCY: dict[str, Any] = {"type": "string", "description": "ISO code."}
_ERROR: Any = refusals(400)[400].response


def _words(choices: Any, **more: Any) -> dict[str, Any]:
    return {"type": "string", "enum": list(choices), **more}


def _list(items: dict[str, Any], most: int, **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": 1, "maxItems": most, "uniqueItems": True, **more}


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


_BODY = _object(
    {
        "purpose": _words(Purpose.values),
        "channel": _words(
            CHANNELS,
            description="“bonus”: something is given; say which incentive. “phone”: a call list. “affiliate”: somebody who "
            "writes in your stead. “ads”: a paid audience, an address given to an ad network to be matched. Each needs a "
            "consent of its own, where the licence asks for one; a yes to e-mail is none to the others.",
        ),
        "reference": {
            "type": "string", "minLength": 1, "maxLength": 80,
            "description": "What it is for, in your own words. The same again is a retry, not a second message.",
        },
        "players": _list({"type": "string", "minLength": 1, "maxLength": 64}, MOST, description="Ids in the PAM."),
        "products": _list(_words(PRODUCTS), len(PRODUCTS), description="What it is about; consent is per product."),
        "criteria": _list(
            _words(CRITERIA), len(CRITERIA), description="By what they were chosen. Left out: manual, nobody said."
        ),
        "content": _list(_words(CONTENT), len(CONTENT), description="What its words do, if any of these."),
        "audience": {
            "type": "integer", "minimum": 1, "maximum": 10**9,
            "description": "How many players are offered the same terms; left out: nobody counted.",
        },
        "ask": _object(
            {"kind": _words(("deposit", "stake")), "amount": _AMOUNT, "currency": _CURRENCY},
            ["kind", "amount", "currency"],
        ),
        "incentive": _object(
            {
                "type": _words(INCENTIVES), "value": _AMOUNT, "currency": _CURRENCY,
                "wagering": {"type": "number", "minimum": 0, "maximum": 1000},
                "wagering_base": _words(("bonus", "deposit_bonus")),
                "days": {"type": "integer", "minimum": 1, "maximum": 3650},
                "stake": {"type": "integer", "minimum": 1, "description": "Of one free spin or bet, minor units."},
                "on_winnings": {"type": "boolean", "description": "Winnings must be played through as well. Left out: nobody said."},
                "products": _list(_words(("any", *PRODUCTS)), len(PRODUCTS) + 1),
                "needs": {**_AMOUNT, "description": "The smallest deposit that earns all of it. Left out: nobody said."},
                "deposit": {**_AMOUNT, "description": "What was paid in for it, or is to be for all of it."},
                "together": {**_AMOUNT, "description": "Worth of all parts of the promotion. Left out: this is all of it."},
                "counts": _list(_words(GAMES), len(GAMES), description="Games that count towards the wagering."),
                "least_share": {
                    "type": "integer", "minimum": 1, "maximum": 100,
                    "description": "Per cent of a stake that counts, at the game that counts least. Left out: nobody said.",
                },
            },
            ["type", "value", "currency"],
        ),
    },
    ["purpose", "channel", "reference", "players"],
)  # fmt: skip
_RESULT: dict[str, Any] = {
    "type": "object",
    "required": ["player", "outcome", "decision", "class", "reason", "retry_at"],
    "properties": {
        "player": _TEXT,
        "outcome": _words(("allow", "deny", "defer")),
        "decision": {
            "type": "integer",
            "nullable": True,
            "description": "Its number; null: nobody knows this player, or it was not decided.",
        },
        "class": {**_words(("consent", "protected", "caps", "other", "unknown")), "nullable": True},
        "reason": {**_TEXT, "description": "As a CRM manager reads it."},
        "retry_at": {**_INSTANT, "nullable": True, "description": "Of quiet hours: when they are over."},
    },
}
_RECEIPT: dict[str, Any] = {
    "type": "object",
    "required": ["asked", "allowed", "refused", "expires_at", "results"],
    "properties": {
        "asked": {"type": "integer"}, "allowed": {"type": "integer"},
        "refused": {"type": "object", "additionalProperties": {"type": "integer"}, "description": "Class: how many."},
        "expires_at": {**_INSTANT, "description": "Use no yes after it; ask again."},
        "results": {"type": "array", "items": _RESULT, "description": "In the order asked."},
    },
}  # fmt: skip
_MORE = {
    403: OpenApiResponse(_ERROR, description="The key lacks the scope."),
    429: OpenApiResponse(_ERROR, description="Too many requests; Retry-After says when."),
}
CLEARANCES: dict[str, Any] = {
    "operation_id": "ask_clearances", "tags": ["gate"], "summary": "May this be sent to, or given to, these players?",
    "description": "For messages, calls and gifts that do not leave through Pitboss. The same rules as for our own, "
    f"decided and recorded now; up to {MOST} players at once. A yes holds for 60 seconds: ask right before you send, "
    "and again for a retry. A no tells its class, never which restriction a player has. Of one player "
    f"{MOST_AMOUNTS} different amounts may be asked in {WITHIN.days} days; one more is refused undecided, whatever limits "
    "there are, and compliance is told. Scope `clearances`.",
    "request": {"application/json": _BODY},
    "responses": {200: OpenApiResponse(_RECEIPT, description="Decided."), **_MORE, **refusals(400, 401, 413, 415)},
    "examples": [
        OpenApiExample(
            "a call list",
            {"purpose": "promotional", "channel": "phone", "products": ["casino"], "criteria": ["lifecycle"],
             "reference": "Tuesday calls", "players": ["anna", "bo"]},
            request_only=True,
        ),
        OpenApiExample(
            "the PAM's own mail",
            {"purpose": "transactional", "channel": "email", "reference": "statement of October", "players": ["anna"]},
            request_only=True,
        ),
    ],
}  # fmt: skip
_PAGE: dict[str, Any] = {
    "type": "object",
    "required": ["channel", "product", "hashing", "expires_at", "results", "next"],
    "properties": {
        "channel": _TEXT, "product": _TEXT,
        "hashing": {"type": "object", "description": "How to hash an address: the 32 bytes of its SHA-256 (which "
                    "most systems keep anyway) are the message of an HMAC-SHA-256 under `key` (hex). `key` belongs to "
                    "this API key alone and is of no use for a list that another was told."},
        "expires_at": {**_INSTANT, "description": "Use the list no longer; read it again."},
        "results": {"type": "array", "items": _TEXT, "description": "Hashes in hex. One may appear twice."},
        "next": {**_TEXT, "nullable": True, "description": "For `after`; null: the end."},
    },
}  # fmt: skip
SUPPRESSIONS: dict[str, Any] = {
    "operation_id": "list_suppressions", "tags": ["gate"], "summary": "Whom nobody may write to, as hashes",
    "description": "Every address at which nothing about the product may be said on the channel: no consent, "
    "unsubscribed, bounced, protected; nobody can tell which. Compare it with your own addresses, hashed as `hashing` says; hashes are of one API key and differ for each. "
    "That an address is not on it permits nothing: ask for a clearance. Scope `suppressions`.",
    "parameters": [
        OpenApiParameter("channel", _words(("email", "sms")), required=True),
        OpenApiParameter("product", _words(PRODUCTS), required=True),
        OpenApiParameter(
            "use", _words(USES), description="What the addresses would be used for, if not to write to them: a call, an "
            "affiliate, a paid audience. The list is of those of whom that may not be done."
        ),
        OpenApiParameter("after", str, description="What `next` said."),
    ],
    "responses": {200: OpenApiResponse(_PAGE, description="A part of the list."), **_MORE, **refusals(400, 401)},
}  # fmt: skip
ANSWERS: dict[str, Any] = {
    "operation_id": "post_sms_answer", "tags": ["gate"], "summary": "A player answered by SMS",
    "description": "Hand in every message that arrives at your sender number. One that begins with STOP (or its word in "
    "the languages of our licences) withdraws everything promotional by SMS at the brand, in force with this answer; a "
    "number nobody here has goes on the list of those not to be written to. Anything else changes nothing. The same "
    "`message_id` again is safe. Scope `answers`.",
    "request": {
        "application/json": _object(
            {
                "message_id": {"type": "string", "minLength": 1, "maxLength": 80},
                "from": {"type": "string", "description": "International, like +447700900123."},
                "text": {"type": "string", "maxLength": 2000},
            },
            ["message_id", "from", "text"],
        )
    },
    "responses": {
        200: OpenApiResponse(
            {"type": "object", "required": ["understood_as"],
             "properties": {"understood_as": {"type": "string", "enum": ["stop"], "nullable": True}}},
            description="Taken.",
        ),
        **_MORE, **refusals(400, 401, 413, 415),
    },
    "examples": [
        OpenApiExample(
            "stop", {"message_id": "SM900f", "from": "+447700900123", "text": "Stop please"}, request_only=True
        )
    ],
}  # fmt: skip
