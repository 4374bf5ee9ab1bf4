"""Showing a player's name and addresses to somebody who may see them: a reason, a POST, an audit entry, ten minutes."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from compliance import audit
from config.lib.clock import utcnow
from config.lib.forms import ReasonForm
from config.lib.http import requires
from config.lib.pages import page
from players import access
from players.views import reveals
from players.views.detail import identity_of


@requires("players.reveal")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    player = access.player_for(request, pk)
    if not reveals.may(request, player):
        raise PermissionDenied("players.reveal")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            audit.record(request.user, "player.revealed", f"player:{player.pk}",  # type: ignore[arg-type]
                         brand=player.brand_id, reason=form.cleaned_data["reason"])  # fmt: skip
        reveals.reveal(request, player, now=utcnow())
        return redirect("players:detail", pk=pk)
    context = {
        "form": form, "heading": f"Reveal contact details of {player.external_id}", "submit": "Reveal for 10 minutes",
        "cancel": reverse("players:detail", args=[pk]),
        "consequence": "Name, birth date and addresses are shown to you for ten minutes, then masked again.",
    }  # fmt: skip
    return page(request, "ui/reason.html", context, status=422 if form.errors else 200)


@requires("players.view")
@require_safe
@never_cache
def identity(request: HttpRequest, pk: int) -> HttpResponse:
    """The revealed part of the header on its own: asked for when the ten minutes are over."""
    player = access.player_for(request, pk)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("players:detail", pk=pk)
    return page(request, "players/identity.html", {"player": player} | identity_of(request, player, utcnow()))
