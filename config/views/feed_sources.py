"""What a feed fetches by itself and what it gets as files: how far behind, and what went wrong last."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Window
from django.db.models.functions import RowNumber

from players.models import DropFile, Feed, Fetch, OperatorApi
from players.pam.fasttrack import asking

FILES = 5


def sources(feeds: Sequence[Feed], *, now: datetime) -> dict[int, dict[str, Any]]:
    """feed id -> {"asked": players.pam.fasttrack.asking.Lag, "files": newest first}; only feeds that have either."""
    asking_feeds = set(OperatorApi.objects.filter(feed__in=feeds).values_list("feed_id", flat=True))
    asking_feeds |= set(Fetch.objects.filter(feed__in=feeds, due_at__isnull=False).values_list("feed_id", flat=True))
    files: dict[int, list[DropFile]] = {}
    number = Window(RowNumber(), partition_by="feed_id", order_by="-id")
    newest = DropFile.objects.filter(feed__in=feeds).annotate(number=number).filter(number__lte=FILES)
    for row in newest.order_by("-id"):
        files.setdefault(row.feed_id, []).append(row)
    return {
        feed.pk: {
            "asked": asking.lag(feed, now=now) if feed.pk in asking_feeds else None,
            "files": files.get(feed.pk, []),
        }
        for feed in feeds
        if feed.pk in asking_feeds or feed.pk in files
    }
