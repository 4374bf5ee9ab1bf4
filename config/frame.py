"""What every page needs: the menu this operator may see, brand, feed light, counters.

Everything is lazy: a fragment that draws no frame pays for none of it.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from config.lib.clock import utcnow
from config.menu import menu_for
from config.needs import feeds_for, needs
from config.templatetags.ui import span
from players import access
from players.families import FAMILIES
from players.models import Feed, FeedFamily


def frame(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"demo": settings.DEMO, "theme": "auto"}
    return {
        "demo": settings.DEMO,
        "theme": user.theme,
        "menu": SimpleLazyObject(lambda: menu_for(request)),
        "brands": SimpleLazyObject(lambda: access.brands(request)),
        "brand": SimpleLazyObject(lambda: access.current_brand(request)),
        "shown_brands": SimpleLazyObject(lambda: access.shown_brands(request)),
        "seats": user.held,
        "top_counts": SimpleLazyObject(lambda: counters(request)),
        "light": SimpleLazyObject(lambda: feed_light(request, now=utcnow())),
        "zone_name": timezone.get_current_timezone_name(),
    }


def counters(request: HttpRequest) -> dict[str, int]:
    found = Counter(need.kind for need in needs(request))
    return {"approvals": found["approval"], "alerts": found["alert"]}


@dataclass(frozen=True)
class Light:
    """How old what we know is. Tone and words for the top bar."""

    tone: str
    text: str
    heard_at: datetime | None
    worst: Feed | None


def feed_light(request: HttpRequest, *, now: datetime) -> Light:
    feeds = feeds_for(request)
    if not feeds:
        return Light("muted", "no feed connected", None, None)
    worst = min(feeds, key=lambda feed: (RANK[feed.freshness], _heard(feed) or datetime.min.replace(tzinfo=now.tzinfo)))
    heard = _heard(worst)
    if heard is None:
        return Light("red", "no event received yet", None, worst)
    age = max(now - heard, timedelta(0))
    if worst.freshness != Feed.Freshness.FRESH:
        return Light(TONE[worst.freshness], f"{worst.brand.name} feed {worst.freshness}", heard, worst)
    return _family_light(feeds) or Light("green", f"state {span(age)} old", heard, worst)


def _family_light(feeds: list[Feed]) -> Light | None:
    """Every feed is fresh; is a family of events in one of them not?"""
    wrong = FeedFamily.objects.filter(feed__in=feeds).exclude(family="").exclude(last_event_at=None)
    worst = wrong.exclude(freshness=Feed.Freshness.FRESH).order_by("-freshness").select_related("feed__brand").first()
    if worst is None:
        return None
    label = FAMILIES[worst.family].label if worst.family in FAMILIES else worst.family
    return Light(TONE[worst.freshness], f"{label.lower()} {worst.freshness}", worst.last_event_at, worst.feed)


RANK: dict[str, int] = {Feed.Freshness.STALE: 0, Feed.Freshness.LATE: 1, Feed.Freshness.FRESH: 2}
TONE: dict[str, str] = {Feed.Freshness.STALE: "red", Feed.Freshness.LATE: "yellow", Feed.Freshness.FRESH: "green"}


def _heard(feed: Feed) -> datetime | None:
    return max((at for at in (feed.last_event_at, feed.heartbeat_at) if at), default=None)
