"""POST /api/v1/baseline: a part of the baseline, or its end. GET /api/v1/baseline/<snapshot>: how far it is."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.lib.clock import utcnow
from players.api import golive_schema as schema
from players.api.bodies import BadBody, Clash, at_pointer, body_of
from players.baseline import Conflict, commit, read_part, receive
from players.baseline.reading import COUNTS
from players.baseline.receiving import received
from players.models import Baseline, Feed
from players.pam.generic.kinds import Refused
from players.pam.generic.reading import Malformed, is_storable, parse


class BaselineView(APIView):
    feed: Feed  # set by HasFeedKey

    @extend_schema(**schema.POST_BASELINE)
    def post(self, request: Request) -> Response:
        now = utcnow()
        given = json_of(request)
        try:
            part = read_part(given, now=now)
            baseline = receive(self.feed, part, now=now)
            if part.commit:
                baseline = commit(baseline, now=now)
        except Refused as refused:
            raise at_pointer(refused) from None
        except Conflict as conflict:
            raise Clash(conflict.detail, conflict.code) from None
        refused_now = baseline.status == Baseline.Status.REFUSED
        return Response(told(baseline), status=422 if refused_now else 202 if part.commit else 200)


class BaselineStateView(APIView):
    feed: Feed

    @extend_schema(**schema.GET_BASELINE)
    def get(self, request: Request, snapshot: str) -> Response:
        return Response(told(get_object_or_404(Baseline, feed=self.feed, snapshot=snapshot)))


def json_of(request: Request) -> Any:
    """Raises BadBody."""
    try:
        given = parse(body_of(request))
    except Malformed as error:
        raise BadBody(str(error)) from None
    if not is_storable(given):
        raise BadBody("A text holds the character U+0000 or half of a surrogate pair.", code="unstorable")
    return given


def told(baseline: Baseline) -> dict[str, Any]:
    return {
        "snapshot": baseline.snapshot,
        "as_of": baseline.as_of.isoformat(),
        "status": baseline.status,
        "detail": baseline.detail,
        "declared": {name: getattr(baseline, name) for name in COUNTS},
        "received": received(baseline),
        "chunks": sorted(baseline.chunks.values_list("number", flat=True)),
        "applied": baseline.applied,
        "unknown": baseline.unknown,
        "doubtful": baseline.doubtful,
        "unnamed": baseline.unnamed,
    }
