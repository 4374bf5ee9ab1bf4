"""How the player page finds the panels of other apps without importing them.

`config/panels.py` is the table (settings.PANELS names it); this module resolves it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Panel:
    key: str
    label: str
    url: str  # URL name, takes the player's pk
    permission: str = "players.view"


def panels_for(request: HttpRequest, pk: int) -> list[tuple[Panel, str]]:
    """Panels this operator may open and somebody serves, each with its address."""
    table: Sequence[Panel] = import_string(f"{settings.PANELS}.PANELS")
    shown = []
    for panel in table:
        if not request.user.may(panel.permission):  # type: ignore[union-attr]
            continue
        try:
            shown.append((panel, reverse(panel.url, args=[pk])))
        except NoReverseMatch:
            continue
    return shown


def of_verdict(players: Any, verdict: str) -> Any:
    """The players of a queryset who are 'allowed', 'protected' or 'waiting': the class, never the reason."""
    narrow: Callable[..., Any] = import_string(f"{settings.PANELS}.of_verdict")
    return narrow(players, verdict)


@dataclass(frozen=True)
class Unseen:
    """Of upper apps, by id: what tells of protection, or of values this operator may not see of a single player."""

    segments: Sequence[int]
    campaigns: Sequence[int]


def unseen(request: HttpRequest, player: Any) -> Unseen:
    """Segments and campaigns the player has been in that are not named on his page to this operator."""
    find: Callable[..., Unseen] = import_string(f"{settings.PANELS}.unseen")
    return find(request, player)


def header_of(request: HttpRequest, player: Any, *, now: datetime) -> dict[str, Any]:
    """What upper apps say in the header of the player page: the verdict, where he may be reached."""
    header: Callable[..., dict[str, Any]] = import_string(f"{settings.PANELS}.header")
    return header(request, player, now=now)
