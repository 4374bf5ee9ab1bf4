"""The player page: a header that is always there and tabs fetched from whoever owns them."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from config.lib.clock import NEVER, utcnow
from config.lib.http import requires
from config.lib.pages import page
from config.lib.panels import header_of, panels_for
from players import access, as_of
from players.models import Player, PlayerState, Stage, StageChange
from players.views import reveals
from players.views.masks import age, masked_name, without_amount

# Tone of the stage chip; the word carries the meaning.
TONES = {Stage.ACTIVE: "green", Stage.REACTIVATED: "green", Stage.FTD: "blue", Stage.AT_RISK: "yellow"}


@requires("players.view")
@require_safe
def player(request: HttpRequest, pk: int, tab: str = "timeline") -> HttpResponse:
    found = access.player_for(request, pk)
    now = utcnow()
    panels = panels_for(request, pk)
    chosen = next(((panel, href) for panel, href in panels if panel.key == tab), None)
    if chosen is None:
        raise Http404(tab)
    context = head(request, found, now) | {"panels": panels, "tab": chosen[0], "panel_href": chosen[1]}
    with timezone.override(ZoneInfo(found.brand.timezone)):  # as its panels do: one page, one civil time
        return page(request, "players/detail.html", context, partials={"tabs"})


@requires("players.view")
@require_safe
def header(request: HttpRequest, pk: int) -> HttpResponse:
    """The header on its own, when something new was heard."""
    found = access.player_for(request, pk)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("players:detail", pk=pk)
    with timezone.override(ZoneInfo(found.brand.timezone)):
        return page(request, "players/header.html", head(request, found, utcnow()))


def head(request: HttpRequest, found: Player, now: datetime) -> dict[str, Any]:
    """Everything the header shows, in a fixed number of queries."""
    zone = ZoneInfo(found.timezone or found.brand.timezone)
    state = PlayerState.objects.filter(player=found).first()
    change = StageChange.objects.filter(player=found).order_by("-at", "-id").first()
    cause = change.cause if change else "registered"
    sees_money = request.user.may("players.money", found.brand_id)  # type: ignore[union-attr]
    return (
        {
            "player": found,
            "name": masked_name(found),
            "age": age(found.birth_date, timezone.localtime(now, zone).date()),
            "local_time": timezone.localtime(now, zone),
            "state": state,
            "stage_tone": TONES.get(Stage(state.stage), "muted") if state else "muted",
            "stage_since": state.stage_since if state and state.stage_since != NEVER else found.registered_at,
            "stage_cause": cause if sees_money else without_amount(cause),
            "sees_money": sees_money,
            "as_of": as_of.of_brand(found.brand_id, now=now),
        }
        | identity_of(request, found, now)
        | header_of(request, found, now=now)
    )


def identity_of(request: HttpRequest, found: Player, now: datetime) -> dict[str, Any]:
    """Name and addresses while they are revealed to this operator; nothing otherwise."""
    until = reveals.until(request, found, now=now)
    if until is None:
        return {"revealed_until": None}
    left = max(1, int((until - now).total_seconds()))
    return {"revealed_until": until, "seconds_left": left, "contacts": list(found.contacts.order_by("channel"))}
