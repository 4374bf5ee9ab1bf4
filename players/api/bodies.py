"""Request bodies, bounded before they are read, and the refusals that concern a body as a whole."""

from django.http.request import UnreadablePostError
from rest_framework.exceptions import APIException, ErrorDetail, ValidationError
from rest_framework.request import Request

from players.pam.generic.kinds import Refused

MAX_BODY = 4 * 1024 * 1024


class TooLarge(APIException):
    status_code = 413
    default_code = "too_large"
    default_detail = "A request carries at most 4 MB; send the events in smaller pieces."


class BadBody(APIException):
    status_code = 400
    default_code = "malformed"


class Clash(APIException):
    """It does not go with what was said before."""

    status_code = 409
    default_code = "conflict"


class Packed(APIException):
    status_code = 415
    default_code = "packed"
    default_detail = "Send the body as it is, without Content-Encoding."


def body_of(request: Request) -> bytes:
    """The raw bytes; never more than MAX_BODY of them in memory."""
    meta = request.META
    if meta.get("HTTP_CONTENT_ENCODING", "identity").lower() not in ("", "identity"):
        raise Packed
    length = meta.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > MAX_BODY:
        raise TooLarge
    try:
        raw: bytes = request._request.read(MAX_BODY + 1)
    except UnreadablePostError:
        raise BadBody("The connection ended before the body did.") from None
    if len(raw) > MAX_BODY:
        raise TooLarge
    return raw


def at_pointer(refused: Refused) -> ValidationError:
    """400 with the JSON pointer to the offending value as `attr`."""
    return ValidationError({refused.pointer or "/": [ErrorDetail(refused.detail, code=refused.reason)]})
