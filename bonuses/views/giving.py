"""A bonus given, or ended, by hand: through the gate and with a reason."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from bonuses.closing import end_early
from bonuses.forms import GoodwillForm
from bonuses.grants import GrantRequest, GrantResult, grant_many
from bonuses.models import Grant
from compliance import audit, reasons
from config.lib.clock import utcnow
from config.lib.forms import ReasonForm
from config.lib.http import requires
from config.lib.pages import page
from players.access import player_for
from players.models import Player


@requires("bonuses.grant")
@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, pk: int) -> HttpResponse:
    player = player_for(request, pk)
    if not request.user.may("bonuses.grant", player.brand_id):  # type: ignore[union-attr]
        raise PermissionDenied("bonuses.grant")
    form = GoodwillForm(request.POST or None, brand=player.brand, initial={"once": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        result = _give(request, player, form)
        if result.grant is not None:
            messages.success(request, f"Given. It is bonus {result.grant.pk}.")
            return redirect("bonuses:grant", result.grant.pk)
        form.add_error(None, _why_not(result, request, player))
    context = {"player": player, "form": form, "offers": form.fields["template"].queryset.exists()}  # type: ignore[attr-defined]
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


def _give(request: HttpRequest, player: Player, form: GoodwillForm) -> GrantResult:
    data, now = form.cleaned_data, utcnow()
    asked = GrantRequest(
        player_id=player.pk,
        terms_id=data["template"].current_id,
        reference=f"goodwill:{data['once']}",
        criteria=frozenset({"manual"}),
        audience=1,  # chosen by a person, for this one player
        amount=data["amount"],
        actor_id=request.user.pk,
        reason=data["reason"],
    )
    result = grant_many([asked], now=now)[0]
    outcome = "given" if result.grant else "refused"
    audit.record(
        request.user, f"goodwill.{outcome}", f"player:{player.pk}", reason=data["reason"],  # type: ignore[arg-type]
        brand=player.brand_id,
        after={"amount": data["amount"], "grant": result.grant.pk if result.grant else None},
    )  # fmt: skip
    return result


def _why_not(result: GrantResult, request: HttpRequest, player: Player) -> str:
    if result.refusal or result.answer is None:
        return result.refusal
    sees = request.user.may("compliance.reasons", player.brand_id)  # type: ignore[union-attr]
    return f"Not given. {reasons.sentence(result.answer.code, 'compliance' if sees else 'support')}."
