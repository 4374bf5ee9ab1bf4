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
from players.access import player_for, visible

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
    if status := chosen.get("status"):
        rows = rows.filter(status__in=Grant.OPEN) if status == "open" else rows.filter(status=status)
    if template := chosen.get("template"):
        rows = rows.filter(terms__template=template)
    if before := chosen.get("before"):
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    shown = found[:PAGE]
    context = {
        "form": form, "chosen": chosen, "grants": shown, "tones": TONES,
        "older": shown[-1].pk if len(found) > PAGE else None,
    }  # fmt: skip
    return page(request, "bonuses/grants.html", context, partials={"rows"})


@requires("bonuses.view")
@require_safe
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    known = Grant.objects.select_related("player__brand", "terms__template", "decision")
    found = get_object_or_404(known, pk=pk)
    player_for(request, found.player_id)  # a grant of a brand one may not see does not exist either
    held = ledger.balances([money(found), wagering(found)])
    context = {
        "grant": found,
        "words": terms_in_words(found.terms),
        "reference": origin(found.reference),
        "tones": TONES,
        "labels": LABELS,
        "balance": held[money(found)],
        "open_wagering": held[wagering(found)],
        "wagers": found.wagers.select_related("round__game").order_by("-occurred_at", "-pk")[:100],
        "entries": [(e, origin(e.source)) for e in found.transfers.order_by("effective_at", "pk")[:200]],
        "changes": found.changes.select_related("actor").order_by("pk"),
    }
    return page(request, "bonuses/grant.html", context)


@requires("bonuses.view")
@require_safe
def player_panel(request: HttpRequest, pk: int) -> HttpResponse:
    player = player_for(request, pk)
    rows = Grant.objects.filter(player=player).select_related("terms__template").order_by("-pk")[:30]
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
    states = [("", "Every state"), ("open", "Open"), *Grant.Status.choices]
    form.fields["status"].choices = states  # type: ignore[attr-defined]
    form.fields["template"].queryset = Template.objects.filter(  # type: ignore[attr-defined]
        brand__in=visible(request).order_by().values("brand").distinct()
    )
    return form
