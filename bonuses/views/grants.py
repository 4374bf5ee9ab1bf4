from collections.abc import Sequence

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from bonuses import ledger
from bonuses.books import LABELS
from bonuses.closing import money, wagering
from bonuses.forms import GrantFilter
from bonuses.models import Grant, Template
from bonuses.views import giving
from bonuses.words import origin, terms_in_words
from config.lib.http import requires
from config.lib.pages import page
from players.access import SEES_PROTECTION, may, may_everywhere, player_for, visible

PAGE = 50
TONES = {
    "claimed": "blue", "active": "green", "stopped": "yellow", "completed": "blue", "lost": "muted",
    "forfeited": "muted", "expired": "muted", "cancelled": "red",
}  # fmt: skip


@requires("bonuses.view")
@require_safe
def grants(request: HttpRequest) -> HttpResponse:
    form = _filter(request)
    chosen = form.chosen()
    rows = Grant.objects.filter(player__in=visible(request)).select_related("player__brand", "terms__template")
    if q := chosen.get("q"):
        rows = rows.filter(Q(player__external_id__istartswith=q) | Q(reference__istartswith=q))
    sees = may_everywhere(request, SEES_PROTECTION)
    if status := chosen.get("status"):
        rows = rows.filter(status__in=_states(status, sees))
    if template := chosen.get("template"):
        rows = rows.filter(terms__template=template)
    if before := chosen.get("before"):
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    shown = [as_told(one, request) for one in found[:PAGE]]
    context = {
        "form": form, "chosen": chosen, "grants": shown, "tones": TONES,
        "older": shown[-1].pk if len(found) > PAGE else None,
    }  # fmt: skip
    return page(request, "bonuses/grants.html", context, partials={"rows"})


def _states(chosen: str, sees: bool) -> Sequence[str]:
    if chosen == "open":
        return Grant.OPEN
    return [chosen] if sees or chosen != Grant.Status.ACTIVE else [Grant.Status.ACTIVE, Grant.Status.STOPPED]


def as_told(one: Grant, request: HttpRequest) -> Grant:
    """Stopped is the bonus of somebody who excluded themselves or takes a break, and of nobody else: to whoever may not
    know of that it is one that is open, which it is. For the page only; never saved."""
    if one.status == Grant.Status.STOPPED and not _sees(one, request):
        one.status = Grant.Status.ACTIVE
    return one


def _sees(one: Grant, request: HttpRequest) -> bool:
    return may(request, SEES_PROTECTION, one.player.brand)


@requires("bonuses.view")
@require_safe
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    known = Grant.objects.select_related("player__brand", "terms__template", "decision")
    found = get_object_or_404(known, pk=pk)
    player_for(request, found.player_id)  # a grant of a brand one may not see does not exist either
    held = ledger.balances([money(found), wagering(found)])
    changes = found.changes.select_related("actor").order_by("pk")
    if not _sees(found, request):
        changes = changes.exclude(after=Grant.Status.STOPPED).exclude(before=Grant.Status.STOPPED, after="active")
    context = {
        "grant": as_told(found, request),
        "words": terms_in_words(found.terms),
        "reference": origin(found.reference),
        "tones": TONES,
        "labels": LABELS,
        "balance": held[money(found)],
        "open_wagering": held[wagering(found)],
        "wagers": found.wagers.select_related("round__game").order_by("-occurred_at", "-pk")[:100],
        "entries": [(e, origin(e.source)) for e in found.transfers.order_by("effective_at", "pk")[:200]],
        "changes": changes,
    }
    return page(request, "bonuses/grant.html", context)


@requires("bonuses.view")
@require_safe
def player_panel(request: HttpRequest, pk: int) -> HttpResponse:
    player = player_for(request, pk)
    newest = Grant.objects.filter(player=player).select_related("terms__template", "player__brand").order_by("-pk")
    rows = [as_told(one, request) for one in newest[:30]]
    pots = {g.pk: money(g) for g in rows}
    held = ledger.balances(list(pots.values()))
    context = {
        "player": player,
        "open": [(g, held[pots[g.pk]]) for g in rows if g.status in Grant.OPEN],
        "past": [g for g in rows if g.status not in Grant.OPEN],
        "gifts": giving.gifts_of(request, player),
        "tones": TONES,
        "can_give": request.user.may("bonuses.grant", player.brand_id),  # type: ignore[union-attr]
    }
    return page(request, "bonuses/player_panel.html", context)


def _filter(request: HttpRequest) -> GrantFilter:
    form = GrantFilter(request.GET)
    sees = may_everywhere(request, SEES_PROTECTION)
    told = [one for one in Grant.Status.choices if sees or one[0] != Grant.Status.STOPPED]
    states = [("", "Every state"), ("open", "Open"), *told]
    form.fields["status"].choices = states  # type: ignore[attr-defined]
    form.fields["template"].queryset = Template.objects.filter(  # type: ignore[attr-defined]
        brand__in=visible(request).order_by().values("brand").distinct()
    )
    return form
