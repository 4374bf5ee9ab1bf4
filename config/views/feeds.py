"""Feeds: how far each has got, what arrives per minute, and per family of events what may be missing."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from compliance import audit
from config.lib.clock import utcnow
from config.lib.forms import ReasonForm
from config.lib.http import requires
from config.lib.pages import page
from config.trust import because
from config.views.feed_sources import sources
from config.views.integration import visible_feeds
from config.views.quarantine import known
from players import freshness
from players.families import FAMILIES
from players.models import Feed, FeedFamily, FeedGap, FeedKey, FeedTally, Quarantine, Waiting

COUNTS = ("accepted", "duplicate", "quarantined")
MINUTES = 60


@requires("integration.view")
@require_safe
def feeds(request: HttpRequest) -> HttpResponse:
    now, found = utcnow(), list(visible_feeds(request))
    shared = _shared(request, found, now)
    rows = [_about(feed, shared, now) for feed in found]
    return page(request, "integration/feeds.html", {"feeds": rows}, partials={"feeds"})


def _shared(request: HttpRequest, feeds: list[Feed], now: datetime) -> dict[str, Any]:
    """What is asked once for all feeds."""
    families: dict[int, list[FeedFamily]] = {}
    for row in FeedFamily.objects.filter(feed__in=feeds):
        families.setdefault(row.feed_id, []).append(row)
    gaps: dict[int, list[FeedGap]] = {}
    for gap in FeedGap.objects.filter(feed__in=feeds, closed_at=None).order_by("opened_at", "first"):
        gaps.setdefault(gap.feed_id, []).append(gap)
    keys: dict[int, list[FeedKey]] = {}
    for key in FeedKey.objects.filter(feed__in=feeds, revoked=False).order_by("created"):
        keys.setdefault(key.feed_id, []).append(key)
    count = {"waiting": Waiting.objects.filter(feed__in=feeds),
             "open": known(request, Quarantine.objects.filter(feed__in=feeds, resolved_at=None))}  # fmt: skip
    counted = {
        name: dict(rows.order_by().values_list("feed_id").annotate(n=Count("id"))) for name, rows in count.items()
    }
    return {"families": families, "gaps": gaps, "keys": keys, "sources": sources(feeds, now=now)} | counted


def _about(feed: Feed, shared: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The last hour by minutes, the last 24 hours in total: received = accepted + duplicate + quarantined."""
    tallies = FeedTally.objects.filter(feed=feed, minute__gte=now - timedelta(hours=24))
    total = {name: n or 0 for name, n in tallies.aggregate(**{name: Sum(name) for name in COUNTS}).items()}
    last = now.replace(second=0, microsecond=0)
    since = last - timedelta(minutes=MINUTES - 1)
    by_minute = {row.minute.replace(second=0, microsecond=0): row for row in tallies.filter(minute__gte=since)}
    bars: list[dict[str, Any]] = []
    for number in range(MINUTES):
        row = by_minute.get(since + timedelta(minutes=number))
        at = since + timedelta(minutes=number)
        bars.append({"at": at, "value": row.accepted if row else 0, "bad": row.quarantined if row else 0})
    gaps = shared["gaps"].get(feed.pk, [])
    heard = freshness.heard_at(feed)
    families = _families(feed, shared["families"].get(feed.pk, []), gaps, now)
    return {
        "feed": feed,
        "why": because(feed.because, heard, now),
        "heard_at": heard,
        "lag": max(now - feed.last_occurred_at, timedelta(0)).total_seconds() if feed.last_occurred_at else None,
        "received": sum(total.values()),
        "per_minute": sum(bar["value"] for bar in bars[-6:-1]) / 5,
        "bars": bars,
        "waiting": shared["waiting"].get(feed.pk, 0),
        "open": shared["open"].get(feed.pk, 0),
        "keys": shared["keys"].get(feed.pk, []),
        "gaps": [gap for gap in gaps if now - gap.opened_at > freshness.GRACE],
        "missing": sum(gap.missing for gap in gaps),
        "families": families,
        "absent": [family["label"].lower() for family in families if family["row"] is None],
        "source": shared["sources"].get(feed.pk),
        **total,
    }


def _families(feed: Feed, rows: Iterable[FeedFamily], gaps: list[FeedGap], now: datetime) -> list[dict[str, Any]]:
    """In the order of the table of families; what never came is there too, and says so."""
    known = {row.family: row for row in rows}
    found: list[dict[str, Any]] = []
    for key, family in FAMILIES.items():
        row = known.get(key)
        if row is None or not row.last_event_at:
            found.append({"label": family.label, "row": None})
            continue
        heard = freshness.family_heard_at(feed, row)
        missing = sum(gap.missing for gap in gaps if gap.family == key)
        found.append({"label": family.label, "row": row, "why": because(row.because, heard, now), "missing": missing})
    return found


@requires("integration.view")
@require_http_methods(["GET", "HEAD", "POST"])
def accept_gap(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody has made sure that what is missing will never come. Where it may be a restriction: compliance."""
    gap = get_object_or_404(FeedGap.objects.select_related("feed__brand"), pk=pk, closed_at=None,
                            feed__in=visible_feeds(request))  # fmt: skip
    if not may_accept(request, gap):
        raise PermissionDenied("integration.edit")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        with transaction.atomic():
            FeedGap.objects.filter(pk=pk, closed_at=None).update(closed_at=utcnow(), closed_by="accepted")
            after = {"feed": str(gap.feed), "family": gap.family, "first": gap.first, "last": gap.last}
            audit.record(request.user, "gap.accepted", f"gap:{pk}", brand=gap.feed.brand_id,  # type: ignore[arg-type]
                         reason=reason, after=after)  # fmt: skip
        messages.success(request, "The gap is closed; the feed is watched for half a minute before it counts as fresh.")
        return redirect("integration:feeds")
    context = {
        "form": form, "heading": f"Accept that {gap.missing} events are missing", "submit": "Accept",
        "cancel": reverse("integration:feeds"),
        "consequence": f"Numbers {gap.first} to {gap.last} of {gap.feed} will not be waited for any longer. Whatever "
        "they said is unknown here, a restriction perhaps. If the sender still has them, let it send them again.",
    }  # fmt: skip
    return page(request, "ui/reason.html", context, status=422 if form.errors else 200)


def may_accept(request: HttpRequest, gap: FeedGap) -> bool:
    family = FAMILIES.get(gap.family)
    needed = "compliance.edit" if family is None or family.closes else "integration.edit"
    return bool(request.user.may(needed, gap.feed.brand_id))  # type: ignore[union-attr]
