"""What players answer by SMS, handed in by whoever runs the number."""

import re
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from compliance import inbound
from compliance.api import schema
from compliance.api.access import AskingAPI
from config.lib.clock import utcnow
from players.api.members import Wrong, members, text
from players.models import FeedKey


def _number(value: Any) -> str:
    """As numbers are kept: + and digits."""
    plain = re.sub(r"[\s().-]", "", value) if isinstance(value, str) else ""
    if not re.fullmatch(r"\+[1-9][0-9]{5,14}", plain):
        raise Wrong("A number is international, like +447700900123.")
    return plain


def _said(value: Any) -> str:
    """Whatever somebody typed, also nothing."""
    if not isinstance(value, str) or len(value) > 2000:
        raise Wrong("This is a text of at most 2000 characters.")
    return value


class SmsAnswersView(AskingAPI):
    needs: ClassVar[str] = FeedKey.Scope.ANSWERS
    pace: ClassVar[str] = "clearances"

    @extend_schema(**schema.ANSWERS)
    def post(self, request: Request) -> Response:
        given = members(request, {"message_id": text(80), "from": _number, "text": _said})
        told = inbound.take(self.brand, given["from"], given["text"], given["message_id"], now=utcnow())
        return Response({"understood_as": "stop" if told.understood else None})
