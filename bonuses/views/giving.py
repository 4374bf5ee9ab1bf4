"""A bonus given, or ended, by hand: through the gate and with a reason."""

import uuid
from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from bonuses import gifts
from bonuses.closing import end_early
from bonuses.forms import GoodwillForm
from bonuses.grants import GrantResult
from bonuses.models import Gift, Grant
from compliance import audit, reasons
from config.lib.clock import utcnow
from config.lib.forms import ReasonForm
from config.lib.http import requires
from config.lib.pages import page
from players.access import player_for
from players.models import Player

LATELY = timedelta(days=7)


@requires("bonuses.grant")
@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, pk: int) -> HttpResponse:
    player = player_for(request, pk)
    if not request.user.may("bonuses.grant", player.brand_id):  # type: ignore[union-attr]
        raise PermissionDenied("bonuses.grant")
    form = GoodwillForm(request.POST or None, brand=player.brand, initial={"once": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        given = _give(request, player, form)
        if given.grant is not None:
            messages.success(request, f"Given. It is bonus {given.grant.pk}.")
            return redirect("bonuses:grant", given.grant.pk)
        if given.gift is not None:
            messages.success(
                request, f"Waits for {gifts.waits_for(player)}'s answer. It is given or refused when it comes."
            )
            return redirect("bonuses:give", player.pk)
        form.add_error(None, _why_not(given.result, request, player))
    context = {"player": player, "form": form, "gifts": gifts_of(request, player),
               "offers": form.fields["template"].queryset.exists()}  # type: ignore[attr-defined]  # fmt: skip
    return page(request, "bonuses/give.html", context, status=422 if form.errors else 200)


@requires("bonuses.grant")
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    grant = get_object_or_404(Grant.objects.select_related("player"), pk=pk, status__in=Grant.OPEN)
    player = player_for(request, grant.player_id)
    if not request.user.may("bonuses.grant", player.brand_id):  # type: ignore[union-attr]
        raise PermissionDenied("bonuses.grant")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        end_early([pk], "cancelled", reason, at={}, now=utcnow(), actor_id=request.user.pk)
        audit.record(request.user, "bonus.cancelled", f"grant:{pk}", brand=player.brand_id, reason=reason)  # type: ignore[arg-type]
        messages.success(request, "Ended. What was left of it went back to the house.")
        return redirect("bonuses:grant", pk)
    context = {
        "form": form, "heading": f"End bonus {pk}", "submit": "End this bonus", "cancel": f"/bonuses/grants/{pk}/",
        "consequence": "Bonus money still on it goes back to the house and its wagering is void. This cannot be undone.",
    }  # fmt: skip
    return page(request, "ui/reason.html", context, status=422 if form.errors else 200)


@requires("bonuses.grant")
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """A gift that waits for a register is not given after all."""
    gift = get_object_or_404(Gift.objects.select_related("player"), pk=pk)
    player = player_for(request, gift.player_id)
    if not request.user.may("bonuses.grant", player.brand_id):  # type: ignore[union-attr]
        raise PermissionDenied("bonuses.grant")
    if gifts.withdraw(gift, request.user, now=utcnow()):  # type: ignore[arg-type]
        messages.success(request, "Taken back. Nothing is given.")
    else:
        messages.error(request, "It does not wait any more.")
    return redirect("bonuses:give", player.pk)


def _give(request: HttpRequest, player: Player, form: GoodwillForm) -> gifts.Given:
    data = form.cleaned_data
    return gifts.give(
        player, data["template"].current, data["amount"], request.user, data["reason"],  # type: ignore[arg-type]
        once=str(data["once"]), now=utcnow(),
    )  # fmt: skip


def _why_not(result: GrantResult | None, request: HttpRequest, player: Player) -> str:
    if result is None or result.refusal or result.answer is None:
        return result.refusal if result else ""
    return f"Not given. {_sentence(result.answer.code, request, player)}."


def _sentence(code: str, request: HttpRequest, player: Player) -> str:
    sees = request.user.may("compliance.reasons", player.brand_id)  # type: ignore[union-attr]
    return reasons.sentence(code, "compliance" if sees else "support")


def gifts_of(request: HttpRequest, player: Player) -> list[tuple[Gift, str]]:
    """(gift, what it waits for or why not) of those that wait, and those refused or taken back within the last week."""
    rows = Gift.objects.filter(player=player).exclude(state=Gift.State.GIVEN).select_related("terms__template", "actor")
    found = rows.filter(Q(state=Gift.State.WAITING) | Q(settled_at__gt=utcnow() - LATELY)).order_by("-asked_at")[:10]
    return [(row, _about(row, request, player)) for row in found]


def _about(gift: Gift, request: HttpRequest, player: Player) -> str:
    if gift.state == Gift.State.WAITING:
        return gifts.waits_for(player)
    refused = gift.state == Gift.State.REFUSED
    return (gift.refusal or _sentence(gift.code, request, player)) if refused else ""
