"""How far each feed can be trusted: fresh, late or stale, with hysteresis.

Going down is immediate, coming back takes `PAUSE` of arrivals without a gap: a feed that flickers must not
start and stop campaigns. Whoever acts on `stale` reads the column; a feed never heard of is stale.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from players.models import Feed, Quarantine

log = structlog.get_logger(__name__)

PAUSE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Limits:
    """Without an event or heartbeat for this long."""

    late: timedelta
    stale: timedelta


USUAL = Limits(late=timedelta(seconds=60), stale=timedelta(seconds=300))
# Feeds that carry one kind of thing only, by name (reference: reliability §3f).
BY_NAME: Mapping[str, Limits] = {
    "rg": Limits(late=timedelta(seconds=30), stale=timedelta(seconds=120)),
    "gameplay": Limits(late=timedelta(minutes=5), stale=timedelta(minutes=15)),
}


def judge(*, now: datetime) -> list[Feed]:
    """Brings every feed's freshness up to `now`; returns those that changed."""
    with transaction.atomic():
        feeds = list(Feed.objects.select_for_update(no_key=True).select_related(None).order_by("id"))
        unread = _with_unread_restrictions()
        changed = []
        for feed in feeds:
            before = (feed.freshness, feed.arriving_since)
            _judge(feed, unread=feed.pk in unread, now=now)
            if (feed.freshness, feed.arriving_since) != before:
                feed.save(update_fields=["freshness", "freshness_since", "arriving_since"])
            if feed.freshness != before[0]:
                changed.append(feed)
                log.warning(
                    "feed_freshness_changed", feed=feed.pk, name=feed.name, before=before[0], after=feed.freshness
                )
    return changed


def is_stale(brand_id: int) -> bool:
    """True when a feed of the brand cannot be trusted, or when there is none: unknown is no."""
    states = list(Feed.objects.filter(brand_id=brand_id).values_list("freshness", flat=True))
    return not states or Feed.Freshness.STALE in states


def heard_at(feed: Feed) -> datetime | None:
    """The newest sign of life, event or heartbeat."""
    return max((at for at in (feed.last_event_at, feed.heartbeat_at) if at), default=None)


def _judge(feed: Feed, *, unread: bool, now: datetime) -> None:
    limits, heard = BY_NAME.get(feed.name, USUAL), heard_at(feed)
    silence = now - heard if heard else timedelta.max
    if silence > PAUSE or unread:
        feed.arriving_since = None
    elif feed.arriving_since is None:
        feed.arriving_since = now
    verdict = _verdict(feed, limits, silence, now)
    if unread:
        verdict = Feed.Freshness.STALE
    if verdict != feed.freshness:
        feed.freshness, feed.freshness_since = verdict, now


def _verdict(feed: Feed, limits: Limits, silence: timedelta, now: datetime) -> Feed.Freshness:
    before = Feed.Freshness(feed.freshness)
    if silence > limits.stale:
        return Feed.Freshness.STALE
    if silence > limits.late:
        return Feed.Freshness.STALE if before == Feed.Freshness.STALE else Feed.Freshness.LATE
    if before != Feed.Freshness.FRESH and feed.arriving_since and now - feed.arriving_since >= PAUSE:
        return Feed.Freshness.FRESH
    return before


def _with_unread_restrictions() -> set[int]:
    """Feeds with a restriction we could not read and cannot pin on a player: until somebody has looked at
    it, nobody knows whom it protects."""
    waiting = Quarantine.objects.filter(player=None, resolved_at=None, kind__startswith="rg.", external_id="")
    return set(waiting.values_list("feed_id", flat=True).distinct())
