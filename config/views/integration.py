"""Integration: how fresh each feed is, what could not be applied, who holds a key."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncHour
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from compliance import audit
from config.lib.clock import utcnow
from config.lib.forms import ReasonForm
from config.lib.http import requires
from config.lib.keyset import take
from config.lib.pages import page
from players import access, inbox
from players.models import Feed, FeedKey, FeedTally, Quarantine, Waiting

COUNTS = ("accepted", "duplicate", "quarantined")
REASONS = {
    "malformed": "Not JSON",
    "unknown_player": "Unknown player",
    "unknown_kind": "Unknown event",
    "unknown_event": "Unknown event",
    "unknown_property": "Unknown property",
    "conflict": "Same id, other body",
    "invalid": "Invalid value",
    "missing": "Value missing",
    "too_old": "Too old",
}


def visible_feeds(request: HttpRequest) -> Any:
    brands = access.shown_brands(request)
    return Feed.objects.filter(brand__in=brands).select_related("brand").order_by("brand__name", "name")


@requires("integration.view")
@require_safe
def feeds(request: HttpRequest) -> HttpResponse:
    now = utcnow()
    rows = [_about(feed, now) for feed in visible_feeds(request)]
    return page(request, "integration/feeds.html", {"feeds": rows}, partials={"feeds"})


def _about(feed: Feed, now: datetime) -> dict[str, Any]:
    """Last 24 hours of one feed: received = accepted + duplicate + quarantined, per hour and in total."""
    since = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=23)
    tallies = FeedTally.objects.filter(feed=feed, minute__gte=since)
    hours = tallies.annotate(hour=TruncHour("minute")).values("hour").order_by("hour")
    sums: Any = hours.annotate(**{name: Sum(name) for name in COUNTS})
    per_hour: dict[datetime, dict[str, int]] = {row["hour"]: row for row in sums}
    total = {name: sum(row[name] for row in per_hour.values()) for name in COUNTS}
    recent = tallies.filter(minute__gte=now - timedelta(minutes=5)).aggregate(n=Sum("accepted"))["n"] or 0
    bars = []
    for number in range(24):
        hour = since + timedelta(hours=number)
        row = per_hour.get(hour, dict.fromkeys(COUNTS, 0))
        bars.append({"at": hour, "value": row["accepted"], "bad": row["quarantined"]})
    return {
        "feed": feed,
        "received": sum(total.values()),
        "per_minute": recent / 5,
        "bars": bars,
        "waiting": Waiting.objects.filter(feed_id=feed.pk).count(),
        "open": Quarantine.objects.filter(feed=feed, resolved_at=None).count(),
        **total,
    }


@requires("integration.view")
@require_safe
def quarantine(request: HttpRequest) -> HttpResponse:
    show, reason = request.GET.get("show", "open"), request.GET.get("reason", "")
    rows = Quarantine.objects.filter(feed__in=visible_feeds(request)).select_related("feed__brand")
    reasons = rows.filter(resolved_at=None).values("reason").annotate(n=Count("id")).order_by("-n")
    rows = rows.filter(resolved_at__isnull=show != "done")
    found = take(rows.filter(reason=reason) if reason else rows, sort="-id", token=request.GET.get("after", ""))
    context = {
        "found": found,
        "show": show,
        "reason": reason,
        "reasons": [row | {"words": words(row["reason"])} for row in reasons],
        "announce": f"{len(found.rows)} events shown",
    }
    for row in found.rows:
        row.words, row.text = words(row.reason), bytes(row.raw).decode("utf-8", "replace")
    return page(request, "integration/quarantine.html", context, partials={"rows"})


def words(reason: str) -> str:
    return REASONS.get(reason, reason.replace("_", " ").capitalize())


@requires("integration.edit")
@require_POST
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    """Tries a quarantined event again, as received, under today's rules and today's players."""
    row = get_object_or_404(Quarantine, pk=pk, feed__in=visible_feeds(request), resolved_at=None)
    applied = inbox.replay([row.pk], now=utcnow())
    with transaction.atomic():
        audit.record(request.user, "event.replayed", f"quarantine:{pk}", after={"applied": bool(applied)})  # type: ignore[arg-type]
    if applied:
        messages.success(request, f"Event {row.event_id or pk} was applied.")
    else:
        messages.warning(request, f"Event {row.event_id or pk} still cannot be applied: {row.detail}")
    return redirect("integration:quarantine")


class KeyForm(forms.Form):
    feed = forms.ModelChoiceField(Feed.objects.none(), label="Feed", help_text="The key may post for this feed only.")
    name = forms.CharField(max_length=50, label="Name", help_text="Who will hold it: 'PAM production', 'Sandbox', …")


@requires("integration.edit")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    form, fresh = KeyForm(request.POST or None), ""
    form.fields["feed"].queryset = visible_feeds(request)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            key, fresh = FeedKey.objects.create_key(**form.cleaned_data)
            feed = str(form.cleaned_data["feed"])
            audit.record(request.user, "key.created", f"feedkey:{key.prefix}", after={"feed": feed})  # type: ignore[arg-type]
        form = KeyForm()
        form.fields["feed"].queryset = visible_feeds(request)  # type: ignore[attr-defined]
    rows = FeedKey.objects.filter(feed__in=visible_feeds(request)).select_related("feed__brand")
    context = {"form": form, "fresh": fresh, "keys": rows.order_by("revoked", "-created")}
    return page(request, "integration/keys.html", context, status=422 if form.errors else 200)


@requires("integration.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, pk: str) -> HttpResponse:
    key = get_object_or_404(FeedKey, Q(pk=pk), feed__in=visible_feeds(request), revoked=False)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            key.revoked = True
            key.save(update_fields=["revoked"])
            reason = form.cleaned_data["reason"]
            audit.record(request.user, "key.revoked", f"feedkey:{key.prefix}", reason=reason)  # type: ignore[arg-type]
        messages.success(request, f"Key “{key.name}” no longer opens anything.")
        return redirect("integration:keys")
    context = {
        "form": form, "heading": f"Revoke key “{key.name}”", "submit": "Revoke key", "cancel": "/integration/keys/",
        "consequence": f"From the next request on, {key.feed} is answered 401 with this key. It cannot be undone.",
    }  # fmt: skip
    return page(request, "ui/reason.html", context, status=422 if form.errors else 200)
