"""POST /api/v1/conformance: a run of the examples tells what came of it."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.lib.clock import utcnow
from players.api import schema
from players.api.baseline import json_of
from players.api.bodies import at_pointer
from players.models import ConformanceRun, Feed, Quarantine
from players.pam.conformance import NOBODY, PLAYER, PREFIX, REPORT
from players.pam.generic.kinds import Refused

# Examples older than this are not of the run that reports itself.
LONGEST_RUN = timedelta(hours=1)


class ConformanceView(APIView):
    """Keeps the result for the feed, and takes the examples that had to be refused out of the quarantine."""

    feed: Feed  # set by HasFeedKey

    @extend_schema(**schema.CONFORMANCE)
    def post(self, request: Request) -> Response:
        now = utcnow()
        try:
            told = REPORT.check(json_of(request))
            if told["passed"] > told["total"]:
                raise Refused("out_of_range", "At most as many pass as there are.", "/passed")
        except Refused as refused:
            raise at_pointer(refused) from None
        examples = Quarantine.objects.filter(
            Q(external_id__in=(PLAYER, NOBODY)) | Q(event_id__startswith=PREFIX),
            feed=self.feed, resolved_at=None, received_at__gte=now - LONGEST_RUN,
        )  # fmt: skip
        with transaction.atomic():
            run = ConformanceRun.objects.create(feed=self.feed, at=now, **told)
            cleared = examples.update(resolved_at=now, resolution="An example of the conformance run.")
        return Response({"id": run.pk, "cleared": cleared}, status=201)
