from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from compliance import blocks, countdowns, lifecycle, reasons, verdict, wordings
from compliance.cases import queue
from compliance.forms import RestrictionFilter
from compliance.markers import showing
from compliance.models import AuditEntry, Consent, Decision, Measure, RegisterCheck
from compliance.views.home import brands_of
from config.lib.clock import utcnow
from config.lib.forms import ReasonForm
from config.lib.http import requires, typed
from config.lib.pages import page
from players.access import player_for, visible
from players.models import Player


@requires("compliance.view")
@require_safe
def restrictions(request: HttpRequest) -> HttpResponse:
    form = RestrictionFilter(request.GET)
    chosen = form.chosen()
    found = Measure.objects.filter(person__players__brand__in=brands_of(request)).distinct()
    if text := chosen.get("q", "").strip():
        found = found.filter(Q(player__external_id=text) | Q(ref=text))
    for name in ("kind", "status"):
        if name in chosen:
            found = found.filter(**{name: chosen[name]})
    newest = lifecycle.told(found).select_related("player__brand").order_by("-received_at", "-pk")
    pages = Paginator(newest, 50).get_page(request.GET.get("page"))
    context = {"form": form, "pages": pages, "rows": _phased(pages)}
    return page(request, "compliance/restrictions.html", context, partials={"rows"})


def _phased(rows: Iterable[Any]) -> list[tuple[Measure, lifecycle.Phase, str]]:
    """(restriction, where it stands in its life, for whom it holds) of rows that `lifecycle.told` told of."""
    now = utcnow()
    return [(row, lifecycle.of(row, row.reopens_at, now=now), Measure.Scope(row.holds_for).label) for row in rows]


@requires("compliance.view")
@require_safe
def consents(request: HttpRequest) -> HttpResponse:
    """One player's matrix and its evidence; without a player a box to find one."""
    text = typed(request)
    player = find(request, text)
    history = Consent.objects.filter(player=player).order_by("-occurred_at", "-pk")[:200] if player else []
    words = wordings.of(player.brand, {row.wording for row in history}) if player else {}
    context = {"q": text, "player": player, "matrix": matrix(player) if player else [], "history": history,
               "words": words}  # fmt: skip
    return page(request, "compliance/consents.html", context)


def find(request: HttpRequest, text: str) -> Player | None:
    """By the PAM's id, else by ours, among the players the operator may see."""
    players = visible(request)
    by_pam = players.filter(external_id=text).first() if text else None
    return by_pam or (players.filter(pk=int(text)).first() if text.isdecimal() and len(text) < 18 else None)


def matrix(player: Player) -> list[tuple[str, list[tuple[str, Consent | None]]]]:
    """(product, (channel, newest word) per channel)"""
    newest: dict[tuple[str, str], Consent] = {}
    for row in Consent.objects.filter(player=player).order_by("occurred_at", "-granted", "pk"):
        newest[row.product, row.channel] = row
    channels = Consent.shown({row.channel for row in newest.values() if row.granted is not None})
    return [
        (product.label, [(channel.label, newest.get((product.value, channel.value))) for channel in channels])
        for product in Consent.Product
    ]


@requires("players.view")
@require_safe
def player_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """Protection. Compliance sees everything; everybody else the verdict and the consents. Not the decisions either: to
    whom a message of protection was put, or who was led to one, is told by the row alone."""
    player = player_for(request, pk)
    officer = request.user.may("compliance.reasons", player.brand_id)  # type: ignore[union-attr]
    context: dict[str, Any] = {
        "player": player,
        "officer": officer,
        "verdict": verdict.for_player(player, now=utcnow()),
        "matrix": matrix(player),
        "switches": _switches(request, player),
    }
    if officer:
        now = utcnow()
        recent = Decision.objects.filter(player=player).order_by("-decided_at", "-pk")[:15]
        context |= {
            "decisions": [(row, reasons.sentence(row.code, "compliance")) for row in recent],
            "now": now,
            "picture": showing.of(player, now=now),
            "countdowns": countdowns.of_person(player.person_id, now=now),
            "case": queue.case_of(player.person_id),
            "measures": _phased(
                lifecycle.told(Measure.objects.filter(person_id=player.person_id)).order_by("-received_at")
            ),
            "checks": RegisterCheck.objects.filter(player__person_id=player.person_id).order_by("-asked_at")[:10],
            "linked": Player.objects.filter(person_id=player.person_id).exclude(pk=pk).select_related("brand"),
            "history": AuditEntry.objects.filter(subject=f"player:{pk}").select_related("actor").order_by("-at")[:20],
        }
    return page(request, "compliance/player_panel.html", context)


def _switches(request: HttpRequest, player: Player) -> list[tuple[str, bool]]:
    """(what, whether it is blocked now). Who may block and not lift is not told that it is: the block may be somebody
    else's, of another account of the person, and blocking twice changes nothing."""
    may_lift = request.user.may("compliance.edit", player.brand_id)  # type: ignore[union-attr]
    return [(what, may_lift and blocks.current(player, kind) is not None) for what, kind in _KINDS.items()]


_KINDS = {"promotions": Measure.Kind.MARKETING_BLOCK, "bonuses": Measure.Kind.BONUS_BLOCK}


@requires("players.block")
@require_http_methods(["GET", "POST"])
def block(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    player = player_for(request, pk)
    kind = _KINDS.get(what)
    if kind is None:
        raise Http404
    may_lift = request.user.may("compliance.edit", player.brand_id)  # type: ignore[union-attr]
    running = may_lift and blocks.current(player, kind) is not None
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = blocks.lift if running else blocks.block
        act(player, kind, request.user, form.cleaned_data["reason"], now=utcnow())  # type: ignore[arg-type]
        messages.success(request, f"{what.capitalize()} {'allowed again' if running else 'blocked'}.")
        return redirect(_home_of(player))
    context = {
        "form": form, "heading": f"{'Lift the block of' if running else 'Block'} {what} for {player.external_id}",
        "submit": "Lift the block" if running else f"Block {what}", "cancel": _home_of(player),
        "consequence": _CONSEQUENCE[running],
    }  # fmt: skip
    return page(request, "compliance/reason.html", context, status=422 if form.errors else 200)


_CONSEQUENCE = {
    False: "Takes effect at once, at every brand where this person has an account. It ends only when compliance lifts it.",
    True: "The player may be contacted again as far as restrictions and consents allow.",
}


def _home_of(player: Player) -> str:
    from django.urls import NoReverseMatch

    try:
        return reverse("players:detail", args=[player.pk])
    except NoReverseMatch:
        return reverse("compliance:restrictions")
