"""Messages whose end nobody knows, and those being handed over at this moment: for “Does protection hold?”."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Min, QuerySet

from campaigns import provider_log
from campaigns.models import Attempt
from compliance.wall import Handing
from config.lib.clock import utcnow
from players.models import Brand

SINCE = timedelta(days=30)


def told(brands: QuerySet[Brand]) -> Iterator[Handing]:
    mine = Attempt.objects.filter(player__brand__in=brands, player__is_test=False)
    lost = mine.filter(status=Attempt.Status.UNKNOWN, created_at__gte=utcnow() - SINCE)
    going = mine.filter(status=Attempt.Status.SENDING).aggregate(oldest=Min("created_at"))
    found = lost.aggregate(n=Count("pk"), since=Min("created_at"))
    strange = provider_log.strangers(brands, since=utcnow() - SINCE)
    yield Handing("message", found["n"], found["since"], going["oldest"], strange)
