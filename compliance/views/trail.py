from collections.abc import Iterable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from compliance import stops, wall
from compliance.forms import AuditFilter, StopForm
from compliance.models import AuditEntry
from compliance.sealing import state as sealing
from compliance.views.home import brands_of
from compliance.views.people import find
from config.lib.clock import utcnow
from config.lib.forms import ReasonForm
from config.lib.http import requires
from config.lib.pages import page
from players.access import brands_for, current_brand
from players.models import Player

_PAGES = {
    "campaign": "campaigns:detail", "segment": "segments:detail", "player": "players:detail",
    "bonus-template": "bonuses:template", "grant": "bonuses:grant", "import": "players:import",
    "brand": "settings:brand", "decision": "compliance:decision", "case": "compliance:case", "policy": "compliance:sign",
    "retention": "compliance:retention-sign",
}  # fmt: skip


def page_of(subject: str) -> str:
    """Where the thing an entry is about can be seen; '' when it has no page."""
    kind, _, number = subject.partition(":")
    return reverse(_PAGES[kind], args=[int(number)]) if kind in _PAGES and number.isdecimal() else ""


def _about(rows: Iterable[AuditEntry]) -> dict[int, str]:
    """Entry -> what it is about; a player by the id the PAM knows them under."""
    found = list(rows)
    players = {row.subject.partition(":")[2] for row in found if row.subject.startswith("player:")}
    names = Player.objects.in_bulk([int(pk) for pk in players if pk.isdecimal()])
    told = {f"player:{pk}": f"Player {one.external_id}" for pk, one in names.items()}
    return {row.pk: told.get(row.subject, row.about) for row in found}


def _subject(text: str) -> str:
    """'Bonus template 7', as the page writes it, -> 'bonus-template:7', as it is kept."""
    kind, _, number = text.rpartition(" ")
    return f"{kind.strip().replace(' ', '-')}:{number}" if kind and number.isdecimal() else text


def _readable(request: HttpRequest) -> QuerySet[AuditEntry]:
    """Of the brands whose officer one is; what concerns several at once is for who holds a seat at all of them."""
    held = request.user.brand_ids("compliance.view")  # type: ignore[union-attr]
    if held is None and current_brand(request) is None:
        return AuditEntry.objects.all()
    return AuditEntry.objects.filter(brand__in=brands_of(request))


@requires("compliance.view")
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    form = AuditFilter(request.GET)
    chosen = form.chosen()
    found = _readable(request).select_related("actor")
    if text := chosen.get("q", "").strip():
        said = Q(reason__icontains=text) | Q(actor__name__icontains=text)
        if player := find(request, text.removeprefix("Player ").removeprefix("player ")):
            said |= Q(subject=f"player:{player.pk}")
        found = found.filter(said | Q(subject__iexact=_subject(text)))
    if "kind" in chosen:
        found = found.filter(kind__startswith=chosen["kind"])
    if "day" in chosen:
        found = found.filter(at__date=chosen["day"])
    by = chosen.get("by") or ("" if text or "kind" in chosen else "people")
    if by:
        found = found.filter(actor__isnull=by != "people")
    pages = Paginator(found.order_by("-at", "-pk"), 50).get_page(request.GET.get("page"))
    blocks = sealing.blocks_of("audit", list(pages))
    about = _about(pages)
    rows = [(row, about[row.pk], page_of(row.subject), blocks.get(row.pk)) for row in pages]
    context = {"form": form, "rows": rows, "pages": pages, "by": by, "seal": sealing.state(now=utcnow())}
    return page(request, "compliance/audit.html", context, partials={"rows"})


@requires("compliance.view")
@require_safe
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry with what changed, the block it lies in, and that block read again at this moment."""
    row = get_object_or_404(_readable(request).select_related("actor", "brand"), pk=pk)
    about = _about([row])[row.pk]
    context = {"row": row, "about": about, "href": page_of(row.subject), "sealed": sealing.of_row("audit", row)}
    return page(request, "compliance/entry.html", context)


@requires("campaigns.stop_all")
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest) -> HttpResponse:
    """Stops everything promotional of one brand or of all; the moment of the commit is the moment."""
    brands = brands_for(request)
    form = StopForm(request.POST or None, brands=brands)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["brand"]
        for brand in [chosen] if chosen else brands.order_by("pk"):
            stops.stop(brand, request.user, form.cleaned_data["reason"], now=utcnow())  # type: ignore[arg-type]
        messages.success(request, f"Promotions of {chosen.name if chosen else 'all your brands'} are stopped.")
        return redirect("compliance:stop")
    context = {"form": form, "stops": wall.stops(brands_of(request)), "submit": "Stop all promotions"}
    return page(request, "compliance/stop.html", context, status=422 if form.errors else 200)


@requires("campaigns.resume_all")
@require_http_methods(["GET", "POST"])
def resume(request: HttpRequest, brand_id: int) -> HttpResponse:
    brand = get_object_or_404(brands_for(request), pk=brand_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        stops.lift(brand, request.user, form.cleaned_data["reason"], now=utcnow())  # type: ignore[arg-type]
        messages.success(request, f"Promotions of {brand.name} may go out again.")
        return redirect("compliance:stop")
    context = {
        "form": form, "heading": f"Resume promotions of {brand.name}", "submit": "Resume", "cancel": "/compliance/stop/",
        "consequence": "What waited and is still valid goes out at the usual pace; what is out of date is dropped.",
    }  # fmt: skip
    return page(request, "compliance/reason.html", context, status=422 if form.errors else 200)
