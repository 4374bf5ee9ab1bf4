"""Play: where the stakes go, sessions, favourite titles."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse

from config.lib.clock import utcnow
from config.lib.pages import page
from players import as_of
from players.folding.gaming_day import day_of
from players.models import Category, Player, PlayerCategory, Round, Session
from players.views.panels import by_session, fragment


@fragment("play")
def panel(request: HttpRequest, player: Player) -> HttpResponse:
    sessions = list(Session.objects.filter(player=player).select_related("game").order_by("-started_at")[:30])
    context = {
        "player": player,
        "shares": shares(player),
        "sessions": _rows(player, sessions),
        "titles": titles(player),
        "heat": heat(player),
        "as_of": as_of.of_brand(player.brand_id, now=utcnow()),
        "money": request.user.may("players.money", player.brand_id),  # type: ignore[union-attr]
    }
    return page(request, "players/play.html", context)


def shares(player: Player) -> list[dict[str, Any]]:
    """Per category: stake, share of all stakes in %, sessions, hold in %."""
    rows = [row for row in PlayerCategory.objects.filter(player=player).order_by("-stake") if row.stake or row.sessions]
    total = sum(row.stake for row in rows)
    return [
        {
            "row": row,
            "label": Category(row.category).label,
            "share": round(100 * row.stake / total, 1) if total else None,
            "hold": round(100 * (row.stake - row.win) / row.stake, 1) if row.stake else None,
        }
        for row in rows
    ]


_WHEN = f"""
    SELECT extract(isodow FROM {day_of("x.started_at")})::int, extract(hour FROM x.started_at AT TIME ZONE b.timezone)::int,
           count(*)
    FROM players_session x JOIN players_player p ON p.id = x.player_id JOIN players_brand b ON b.id = p.brand_id
    WHERE x.player_id = %s GROUP BY 1, 2
"""  # noqa: S608  our own words
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SHADES = 5


def heat(player: Player) -> list[dict[str, Any]]:
    """Sessions by weekday and hour: seven rows of 24 cells, each with its place and shade (0-5) in the drawing."""
    with connection.cursor() as db:
        db.execute(_WHEN, [player.pk])
        counted = {(weekday, hour): count for weekday, hour, count in db.fetchall()}
    most = max(counted.values(), default=0)
    return [
        {
            "label": label,
            "y": 14 + 20 * place,
            "total": sum(counted.get((place + 1, hour), 0) for hour in range(24)),
            "cells": [
                {
                    "hour": hour,
                    "x": 34 + 20 * hour,
                    "count": count,
                    "shade": -(-_SHADES * count // most) if count else 0,
                }
                for hour in range(24)
                for count in [counted.get((place + 1, hour), 0)]
            ],
        }
        for place, label in enumerate(_WEEKDAYS)
        if most
    ]


def titles(player: Player) -> list[dict[str, Any]]:
    """The eight most staked titles of the last 90 days."""
    since = utcnow() - timedelta(days=90)
    rounds = Round.objects.filter(player=player, occurred_at__gte=since, game__isnull=False)
    found = rounds.values("game__title", "category").annotate(
        rounds=Count("id"), stake=Sum("stake_real") + Sum("stake_bonus"), win=Sum("win_real") + Sum("win_bonus")
    )
    return [row | {"label": Category(row["category"]).label} for row in found.order_by("-stake")[:8]]


def _rows(player: Player, sessions: list[Session]) -> list[dict[str, Any]]:
    played = by_session(player.pk, sessions)
    none = {"rounds": 0, "stake_real": 0, "stake_bonus": 0, "win": 0}
    rows = []
    for session in sessions:
        money = played.get(session.id, none)
        stake = money["stake_real"] + money["stake_bonus"]
        rows.append(
            {"session": session, "label": Category(session.category).label, "stake": stake, "net": money["win"] - stake}
            | money
        )
    return rows
