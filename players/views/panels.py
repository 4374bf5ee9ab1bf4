"""What the panels of the player page share: permission, the brand's civil time, whole page or fragment."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from config.lib.http import requires
from players import access
from players.models import Player

Panel = Callable[[HttpRequest, Player], HttpResponse]


def fragment(key: str, permission: str = "players.view") -> Callable[[Panel], Callable[..., HttpResponse]]:
    """A fragment of the player page. Opened without htmx it leads to the page that holds it."""

    def decorate(view: Panel) -> Callable[..., HttpResponse]:
        @requires(permission)
        @require_safe
        @wraps(view)
        def shown(request: HttpRequest, pk: int) -> HttpResponse:
            found = access.player_for(request, pk)
            if not request.htmx:  # type: ignore[attr-defined]
                return redirect("players:tab", pk=pk, tab=key)
            with timezone.override(ZoneInfo(found.brand.timezone)):
                return view(request, found)

        return shown

    return decorate


def by_session(player_id: int, sessions: list[Any]) -> dict[int, dict[str, int]]:
    """Rounds and money inside each session, by time and category; the PAM need not tie rounds to sessions."""
    if not sessions:
        return {}
    with connection.cursor() as db:
        db.execute(
            """
            SELECT s.id, sum(r.bets), sum(r.stake_real), sum(r.stake_bonus), sum(r.win_real + r.win_bonus)
            FROM players_session s
            JOIN players_round r ON r.player_id = s.player_id AND r.category = s.category
                AND r.occurred_at BETWEEN s.started_at AND s.ended_at
            WHERE s.player_id = %(player)s AND s.id = ANY(%(ids)s) AND s.started_at BETWEEN %(first)s AND %(last)s
              AND r.player_id = %(player)s AND r.occurred_at BETWEEN %(first)s AND %(end)s
            GROUP BY s.id
            """,
            {
                "player": player_id,
                "ids": [session.id for session in sessions],
                "first": min(session.started_at for session in sessions),
                "last": max(session.started_at for session in sessions),
                "end": max(session.ended_at for session in sessions),
            },
        )
        names = ("rounds", "stake_real", "stake_bonus", "win")
        return {row[0]: dict(zip(names, map(int, row[1:]), strict=True)) for row in db.fetchall()}
