"""Linked persons: what was joined, and what somebody has to decide. For compliance only."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from compliance import verdict
from compliance.forms import LinkFilter
from compliance.models import AuditEntry, Measure, PersonLink
from compliance.persons import comparing, joining
from compliance.views.home import brands_of
from config.lib.clock import utcnow
from config.lib.forms import ReasonForm
from config.lib.http import requires
from config.lib.pages import page
from players.access import brands_for
from players.models import Player
from players.views.masks import masked_name

_TOLD = ("player.joined", "player.kept_apart", "player.link_proposed")


@requires("compliance.view")
@require_safe
def persons(request: HttpRequest) -> HttpResponse:
    form = LinkFilter(request.GET)
    chosen = form.chosen()
    mine = _mine(request)
    found = mine.filter(status=chosen.get("status", PersonLink.Status.OPEN))
    if text := chosen.get("q", "").strip():
        found = found.filter(Q(low__external_id=text) | Q(high__external_id=text))
    rows = Paginator(found.order_by("-opened_at", "-pk"), 50).get_page(request.GET.get("page"))
    context = {
        "form": form, "rows": rows, "status": chosen.get("status", "open"),
        "counts": {status.value: mine.filter(status=status).count() for status in PersonLink.Status},
    }  # fmt: skip
    return page(request, "compliance/persons.html", context, partials={"rows"})


def _mine(request: HttpRequest) -> QuerySet[PersonLink]:
    """Of which the operator may see both sides: half a link would tell of an account they may not know of."""
    brands = brands_of(request)
    either = Q(low__brand__in=brands) | Q(high__brand__in=brands)
    known = brands_for(request)
    found = PersonLink.objects.filter(either, low__brand__in=known, high__brand__in=known)
    return found.select_related("low__brand__licence", "high__brand__licence", "decided_by")


@requires("compliance.view")
@require_safe
def link(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(_mine(request), pk=pk)
    subjects = [f"player:{row.low_id}", f"player:{row.high_id}"]
    history = AuditEntry.objects.filter(subject__in=subjects, kind__in=_TOLD).select_related("actor")
    context = {
        "link": row, "points": comparing.compare(row), "history": history.order_by("-at", "-pk")[:20],
        "sides": [_side(player) for player in (row.low, row.high)],
        "may_decide": _may_decide(request, row),
    }  # fmt: skip
    return page(request, "compliance/link.html", context)


def _side(player: Player) -> dict[str, object]:
    return {
        "player": player,
        "name": masked_name(player),
        "verdict": verdict.for_player(player, now=utcnow()),
        "own": Measure.objects.filter(player=player).exclude(status=Measure.Status.ENDED).order_by("-received_at"),
        "others": [other for other in joining.accounts(player.person_id) if other.pk != player.pk],
    }


def _may_decide(request: HttpRequest, row: PersonLink) -> bool:
    may = request.user.may  # type: ignore[union-attr]
    return may("compliance.edit", row.low.brand_id) and may("compliance.edit", row.high.brand_id)


@requires("compliance.edit")
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """`what`: join or separate."""
    row = get_object_or_404(_mine(request), pk=pk)
    if not _may_decide(request, row):
        return HttpResponse(status=403)
    form = ReasonForm(request.POST or None)
    here = reverse("compliance:link", args=[pk])
    if request.method == "POST" and form.is_valid():
        reason, now = form.cleaned_data["reason"], utcnow()
        if what == "join":
            joining.join(row.low, row.high, now=now, actor=request.user, reason=reason)  # type: ignore[arg-type]
        else:
            joining.separate(row.high, _others(row), request.user, reason, now=now)  # type: ignore[arg-type]
        messages.success(request, _DONE[what])
        return redirect(here)
    context = {"form": form, "cancel": here, **_ASK[what]}
    return page(request, "compliance/reason.html", context, status=422 if form.errors else 200)


def _others(row: PersonLink) -> list[Player]:
    """Every account of the other side's person."""
    return [player for player in joining.accounts(row.low.person_id) if player.pk != row.high_id]


_DONE = {
    "join": "One person from now on: the restrictions of each hold for all their accounts.",
    "separate": "Different people from now on: each keeps the restrictions told of their own account.",
}
_ASK = {
    "join": {
        "heading": "These accounts are one person's",
        "submit": "One person",
        "consequence": "Every restriction of one account holds for all of them, at once and at every brand. Messages "
        "and bonuses on their way to any of them are checked anew.",
    },
    "separate": {
        "heading": "These accounts are different people's",
        "submit": "Different people",
        "consequence": "Each account keeps the restrictions told of it, and no longer the other's. If one of them is "
        "excluded, the other may be written to again as far as their own restrictions and consents allow. "
        "They are proposed again only when new evidence comes up.",
    },
}
