"""Showing a player's name and addresses to somebody who may see them: a POST, and an audit entry."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from compliance import audit
from config.lib.clock import utcnow
from config.lib.http import requires
from config.lib.pages import page
from config.lib.panels import panels_for
from players import access
from players.views.detail import head


@requires("players.reveal")
@require_POST
@never_cache
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    player = access.player_for(request, pk)
    with transaction.atomic():
        audit.record(request.user, "player.revealed", f"player:{player.pk}")  # type: ignore[arg-type]
    context = {"player": player, "contacts": list(player.contacts.order_by("channel")), "revealed": True}
    if request.htmx:  # type: ignore[attr-defined]
        return page(request, "players/identity.html", context)
    panels = panels_for(request, pk)
    context |= head(request, player, utcnow()) | {"panels": panels, "tab": panels[0][0], "panel_href": panels[0][1]}
    return page(request, "players/detail.html", context)
