"""Keyset pages: a place is a signed word that says after which row to go on, and of which list."""

from typing import Any

from django.core import signing
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

MOST, USUAL = 1000, 100


def read_limit(request: Request) -> int:
    raw = request.query_params.get("limit", str(USUAL))
    if not raw.isascii() or not raw.isdecimal() or len(raw) > 4 or not 1 <= int(raw) <= MOST:
        raise ValidationError({"limit": [ErrorDetail(f"A whole number from 1 to {MOST}.", code="invalid")]})
    return int(raw)


def read_place(request: Request, what: str, of: int) -> int:
    """The id after which to go on; 0 at the beginning."""
    token = request.query_params.get("after", "")
    if not token:
        return 0
    try:
        given: Any = signing.loads(token, salt=_SALT) if len(token) < 200 else None
        if [what, of] == given[:2] and isinstance(given[2], int):
            return given[2]
    except (signing.BadSignature, ValueError, TypeError, IndexError):
        pass
    detail = "This is no place in this list. Use what “next” said, or leave it out to begin."
    raise ValidationError({"after": [ErrorDetail(detail, code="bad_cursor")]})


def write_place(what: str, of: int, pk: int) -> str:
    return signing.dumps([what, of, pk], salt=_SALT)


_SALT = "segments.api"
