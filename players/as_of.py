"""How old the state on a page is: up to when it knows, and how far that is behind what the feed has sent."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min, Q

from players.models import Feed, Waiting


@dataclass(frozen=True, slots=True)
class AsOf:
    at: datetime | None  # everything received until then is in the state; None: nothing was ever received
    behind: timedelta = timedelta(0)  # what still waits to be worked in has waited this long


def of_brand(brand_id: int, *, now: datetime) -> AsOf:
    feeds = Feed.objects.filter(brand_id=brand_id)
    heard = [at for feed in feeds for at in (feed.last_event_at, feed.heartbeat_at) if at]
    if not heard:
        return AsOf(None)
    waiting = Waiting.objects.filter(feed__in=[feed.pk for feed in feeds]).aggregate(
        oldest=Min("received_at", filter=Q(received_at__lte=now))
    )["oldest"]
    if waiting is not None:
        return AsOf(waiting, now - waiting)
    newest = max(heard)
    # A feed heard within the second is as good as now.
    return AsOf(now if now - newest < timedelta(seconds=1) else newest)
