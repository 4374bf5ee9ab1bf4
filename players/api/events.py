"""POST /api/v1/events: one event, an array of them, or one per line."""

import json

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from config.lib.clock import utcnow
from players import inbox
from players.api import schema
from players.api.bodies import BadBody, body_of
from players.models import Feed
from players.pam.generic.reading import Malformed, TooMany, read_body

NDJSON = ("application/x-ndjson", "application/ndjson", "application/jsonl")


class EventsView(APIView):
    """Answers after what was accepted has been committed; the answer says what became of each event."""

    feed: Feed  # set by HasFeedKey

    @extend_schema(**schema.EVENTS)
    def post(self, request: Request) -> HttpResponse:
        now = utcnow()
        raw = body_of(request)
        media_type = request.content_type.partition(";")[0].strip().lower()
        try:
            body = read_body(raw, is_ndjson=media_type in NDJSON)
        except Malformed as error:
            inbox.refuse_body(self.feed, raw, str(error), now=now)
            raise BadBody(str(error)) from None
        except TooMany as error:
            raise BadBody(str(error), code="too_many") from None
        receipt = inbox.accept(self.feed, body.values, now=now, raw_of=body.raw_of, is_single=body.is_single)
        return HttpResponse(json.dumps(receipt.as_dict()), content_type="application/json")
