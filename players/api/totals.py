"""PUT /api/v1/totals/<day>: what a gaming day adds up to at the PAM. …/ids: the ids behind it. GET: how it compares."""

import re
from datetime import date
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.lib.clock import utcnow
from players import totals
from players.api import golive_schema as schema
from players.api.baseline import json_of
from players.api.bodies import BadBody, at_pointer, body_of
from players.models import Category, Feed, TotalsDay, TotalsLine
from players.pam.generic.kinds import Refused
from players.totals.comparing import differs
from players.totals.ids import listed, read_ids
from players.totals.reading import Line

EARLIEST = date(2000, 1, 2)


class TotalsView(APIView):
    feed: Feed  # set by HasFeedKey

    @extend_schema(**schema.GET_TOTALS)
    def get(self, request: Request, day: str) -> Response:
        return Response(told(_totals(self.feed, day)))

    @extend_schema(**schema.PUT_TOTALS)
    def put(self, request: Request, day: str) -> Response:
        try:
            lines = self._lines(request)
            found = totals.put(self.feed.brand, day_of(day), lines, source="api", now=utcnow())
        except Refused as refused:
            raise at_pointer(refused) from None
        except totals.Unfinished as unfinished:
            raise at_pointer(Refused("unfinished", str(unfinished), "/day")) from None
        return Response(told(found), status=202)

    def _lines(self, request: Request) -> list[Line]:
        if request.content_type.partition(";")[0].strip().lower() == "text/csv":
            try:
                text = body_of(request).decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise BadBody(f"Byte {error.start} is not valid UTF-8.") from None
            if "\0" in text:
                raise BadBody("A text holds the character U+0000.", code="unstorable")
            return totals.read_csv(text)
        return totals.read_totals(json_of(request), self.feed.brand)


class TotalsIdsView(APIView):
    feed: Feed

    @extend_schema(**schema.PUT_TOTALS_IDS)
    def put(self, request: Request, day: str) -> Response:
        found = _totals(self.feed, day)
        raw = body_of(request)
        if b"\\u0000" in raw or re.search(rb"\\u[dD][89a-fA-F]", raw):
            raise BadBody("A text holds the character U+0000 or half of a surrogate pair.", code="unstorable")
        try:
            now_listed = totals.list_ids(found, read_ids(raw), now=utcnow())
        except Refused as refused:
            raise at_pointer(refused) from None
        return Response({"day": day, "listed": now_listed}, status=202)


def _totals(feed: Feed, day: str) -> TotalsDay:
    try:
        return get_object_or_404(TotalsDay, brand=feed.brand_id, day=day_of(day))
    except Refused as refused:
        raise at_pointer(refused) from None


def day_of(given: str) -> date:
    """Raises Refused."""
    try:
        day = date.fromisoformat(given) if re.fullmatch(r"\d{4}-\d\d-\d\d", given, re.ASCII) else None
    except ValueError:
        day = None
    if day is None or day < EARLIEST:
        raise Refused("bad_date", 'A day looks like "2026-11-21".', "/day")
    return day


def told(found: TotalsDay) -> dict[str, Any]:
    lines = found.lines.order_by("kind", "currency", "category")
    return {
        "day": found.day.isoformat(),
        "zone": found.brand.timezone,
        "day_start_hour": found.brand.day_start_hour,
        "status": found.status,
        "compared_at": found.compared_at.isoformat() if found.compared_at else None,
        "lines": [_line(line) for line in lines],
        "listed": listed(found),
        "differences": found.differences.count(),
    }


def _line(line: TotalsLine) -> dict[str, Any]:
    return {
        "kind": line.kind,
        "currency": line.currency,
        "category": Category(line.category).key if line.category else None,
        "theirs": {"count": line.their_count, "amount": line.their_amount},
        "ours": {"count": line.our_count, "amount": line.our_amount},
        "differs": differs(line) if line.totals.compared_at else None,
    }
