"""Quarantine: what could not be applied, why, and what to do about it: try again, or set aside with a reason."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from compliance import audit
from config.lib.clock import utcnow
from config.lib.forms import ReasonForm
from config.lib.http import requires
from config.lib.keyset import take
from config.lib.pages import page
from config.views.integration import visible_feeds
from players import inbox, replaying, restricting
from players.models import Quarantine, ReplayRun
from players.views.raw import lines

REASONS = {
    "malformed": "Not JSON",
    "unknown_player": "Unknown player",
    "unknown_event": "Unknown event",
    "unknown_property": "Unknown property",
    "unknown_game": "Unknown game",
    "conflict": "Same id, other body",
    "missing": "Value missing",
    "too_old": "Too old",
    "unfoldable": "Does not fit",
    "unknown_origin": "Unknown origin (brand)",
    "wrong_currency": "Not the account’s currency",
    "too_precise": "Finer than the smallest coin",
    "sum_differs": "Parts do not add up",
    "not_supported": "Not applied by us",
}
SINCE = {"hour": ("Last hour", timedelta(hours=1)), "day": ("Last 24 hours", timedelta(days=1)),
         "week": ("Last 7 days", timedelta(days=7))}  # fmt: skip
MOST_COUNTED = 10_000


def _asked(request: HttpRequest, given: Any, permission: str = "integration.view") -> dict[str, Any]:
    """The filters as chosen; what makes no sense is left out."""
    feeds = list(visible_feeds(request, permission))
    feed = next((one for one in feeds if str(one.pk) == given.get("feed")), None)
    since = given.get("since", "")
    return {
        "feeds": feeds,
        "feed": feed,
        "feed_ids": [feed.pk] if feed else [one.pk for one in feeds],
        "kind": str(given.get("kind", ""))[:40].replace("\0", ""),
        "reason": str(given.get("reason", ""))[:40].replace("\0", ""),
        "since": since if since in SINCE else "",
    }


def _waiting(asked: dict[str, Any]) -> QuerySet[Quarantine]:
    return replaying.waiting(
        asked["feed_ids"], kind=asked["kind"], reason=asked["reason"], since=_since(asked["since"])
    )


def _brand_of(asked: dict[str, Any]) -> int | None:
    return audit.only(feed.brand_id for feed in asked["feeds"] if feed.pk in asked["feed_ids"])


def _since(key: str) -> datetime | None:
    return utcnow() - SINCE[key][1] if key else None


@requires("integration.view")
@require_safe
def quarantine(request: HttpRequest) -> HttpResponse:
    show, asked = request.GET.get("show", "open"), _asked(request, request.GET)
    waiting = rows = known(request, _waiting(asked))
    if show == "done":
        rows = Quarantine.objects.filter(feed_id__in=asked["feed_ids"]).exclude(resolved_at=None)
        chosen = {"kind": asked["kind"], "reason": asked["reason"], "received_at__gte": _since(asked["since"])}
        rows = known(request, rows.filter(**{name: value for name, value in chosen.items() if value}))
    found = take(rows.select_related("feed__brand"), sort="-id", token=request.GET.get("after", ""))
    everything = known(request, replaying.waiting([feed.pk for feed in asked["feeds"]]))
    context = asked | {
        "found": found,
        "show": show,
        "count": waiting[:MOST_COUNTED].count(),
        "most": MOST_COUNTED,
        "since_choices": [(key, label) for key, (label, _) in SINCE.items()],
        "reasons": [(row["reason"], words(row["reason"]), row["n"]) for row in _top(everything, "reason")],
        "kinds": [(row["kind"], row["n"]) for row in _top(everything.exclude(kind=""), "kind")],
        "runs": ReplayRun.objects.filter(finished_at=None, feeds__overlap=asked["feed_ids"]).order_by("-id")[:3],
        "announce": f"{len(found.rows)} events shown",
    }
    for row in found.rows:
        row.words, row.may_settle = words(row.reason), may_settle(request, row)
        row.lines = lines(bytes(row.raw), row.pointer) if sees_raw(request, row) else []
    return page(request, "integration/quarantine.html", context, partials={"rows"})


def known(request: HttpRequest, rows: QuerySet[Quarantine]) -> QuerySet[Quarantine]:
    """Without events that restrict somebody, at brands where this operator neither mends feeds nor knows of protection:
    the kind beside the player's id says it all."""
    blind = [feed.pk for feed in visible_feeds(request) if not _sees(request, feed.brand_id)]
    return rows.exclude(restricting.rows(), feed__in=blind) if blind else rows


def _top(rows: QuerySet[Quarantine], name: str) -> Any:
    return rows.order_by().values(name).annotate(n=Count("id")).order_by("-n", name)[:50]


def words(reason: str) -> str:
    return REASONS.get(reason, reason.replace("_", " ").capitalize())


def sees_raw(request: HttpRequest, row: Quarantine) -> bool:
    return _sees(request, row.feed.brand_id)


def _sees(request: HttpRequest, brand_id: int) -> bool:
    """A role at another brand shows nothing of this one."""
    return any(request.user.may(one, brand_id) for one in ("integration.edit", "compliance.view"))  # type: ignore[union-attr]


def may_settle(request: HttpRequest, row: Quarantine) -> bool:
    """Of a restriction only compliance may say that it need not be applied."""
    needed = "compliance.edit" if restricting.is_kind(row.kind) else "integration.edit"
    return bool(request.user.may(needed, row.feed.brand_id))  # type: ignore[union-attr]


def _row(request: HttpRequest, pk: int, permission: str = "integration.view", **more: Any) -> Quarantine:
    rows = known(request, Quarantine.objects.select_related("feed__brand", "player"))
    return get_object_or_404(rows, pk=pk, feed__in=visible_feeds(request, permission), **more)


@requires("integration.view")
@require_safe
def event(request: HttpRequest, pk: int) -> HttpResponse:
    return _event(request, _row(request, pk), revealed=False)


def _event(request: HttpRequest, row: Quarantine, *, revealed: bool) -> HttpResponse:
    sees = sees_raw(request, row)
    context = {
        "row": row, "words": words(row.reason), "revealed": revealed, "sees": sees,
        "lines": lines(bytes(row.raw), row.pointer, revealed=revealed) if sees else [],
        "may_settle": may_settle(request, row),
    }  # fmt: skip
    return page(request, "integration/event.html", context)


@requires("players.reveal")
@require_POST
@never_cache
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """The event as received with the personal data in it; who looked is in the audit trail."""
    row = _row(request, pk)
    if not sees_raw(request, row) or not request.user.may("players.reveal", row.feed.brand_id):  # type: ignore[union-attr]
        raise PermissionDenied("players.reveal")
    with transaction.atomic():
        audit.record(request.user, "event.revealed", f"quarantine:{pk}", brand=row.feed.brand_id)  # type: ignore[arg-type]
    return _event(request, row, revealed=True)


@requires("integration.edit")
@require_POST
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    """Tries a quarantined event again, as received, under today's rules and today's players."""
    row = _row(request, pk, "integration.edit", resolved_at=None)
    applied = inbox.replay([row.pk], now=utcnow())
    with transaction.atomic():
        audit.record(request.user, "event.replayed", f"quarantine:{pk}", brand=row.feed.brand_id,  # type: ignore[arg-type]
                     after={"applied": bool(applied)})  # fmt: skip
    row.refresh_from_db()
    if applied:
        messages.success(request, f"Event {row.event_id or pk} was applied.")
    else:
        messages.warning(request, f"Event {row.event_id or pk} still cannot be applied: {row.detail}")
    return redirect("integration:quarantine")


@requires("integration.edit")
@require_POST
def replay_all(request: HttpRequest) -> HttpResponse:
    """Everything the filters show, in the background; leads to the page that shows how far it is."""
    asked = _asked(request, request.POST, "integration.edit")
    with transaction.atomic():
        run = replaying.ask(
            asked["feed_ids"], by=request.user, kind=asked["kind"], reason=asked["reason"],
            since=_since(asked["since"]), now=utcnow(),
        )  # fmt: skip
        after = {"events": run.total, "kind": run.kind, "reason": run.reason}
        audit.record(request.user, "quarantine.replayed", f"replay:{run.pk}", brand=_brand_of(asked), after=after)  # type: ignore[arg-type]
    return redirect("integration:replay-run", run.pk)


@requires("integration.view")
@require_safe
@never_cache
def run(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(ReplayRun.objects.select_related("asked_by"), pk=pk)
    if not set(found.feeds) <= set(visible_feeds(request).values_list("pk", flat=True)):
        raise Http404
    return page(request, "integration/replay.html", {"run": found, "words": words(found.reason)}, partials={"progress"})


@requires("integration.view")
@require_http_methods(["GET", "HEAD", "POST"])
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    row = _row(request, pk, resolved_at=None)
    if not may_settle(request, row):
        raise PermissionDenied("integration.edit")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        with transaction.atomic():
            _set_aside(Quarantine.objects.filter(pk=pk), reason)
            audit.record(request.user, "event.dismissed", f"quarantine:{pk}", reason=reason,  # type: ignore[arg-type]
                         brand=row.feed.brand_id, after={"kind": row.kind, "event_id": row.event_id})  # fmt: skip
        messages.success(request, f"Event {row.event_id or pk} is set aside.")
        return redirect("integration:quarantine")
    context = {
        "form": form, "heading": f"Set event {row.event_id or pk} aside", "submit": "Set aside",
        "cancel": reverse("integration:quarantine"),
        "consequence": "It stays on record as received, but will not be applied. Whatever it said will be missing.",
    }  # fmt: skip
    return page(request, "ui/reason.html", context, status=422 if form.errors else 200)


@requires("integration.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def dismiss_all(request: HttpRequest) -> HttpResponse:
    """Everything the filters show but restrictions: those are looked at one by one, by compliance."""
    asked = _asked(request, request.GET, "integration.edit")
    rows = _waiting(asked).exclude(restricting.rows())
    form, count = ReasonForm(request.POST or None), rows.count()
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        with transaction.atomic():
            done = _set_aside(rows, reason)
            after = {"events": done, "kind": asked["kind"], "reason": asked["reason"]}
            audit.record(request.user, "quarantine.dismissed", "quarantine", reason=reason,  # type: ignore[arg-type]
                         brand=_brand_of(asked), after=after)  # fmt: skip
        messages.success(request, f"{done} events are set aside.")
        return redirect("integration:quarantine")
    context = {
        "form": form, "heading": f"Set {count} events aside", "submit": "Set aside",
        "cancel": reverse("integration:quarantine"),
        "consequence": "They stay on record as received, but will not be applied. Restrictions are left out: each is "
        "for compliance to decide.",
    }  # fmt: skip
    return page(request, "ui/reason.html", context, status=422 if form.errors else 200)


def _set_aside(rows: QuerySet[Quarantine], reason: str) -> int:
    at = utcnow()
    return rows.filter(resolved_at=None).update(resolved_at=at, resolution=f"Set aside: {reason}"[:200])
