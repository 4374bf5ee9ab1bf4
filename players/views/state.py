"""State: what is known of a player, each value with unit, window, since when it is known and what it is told from."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Min
from django.http import HttpRequest, HttpResponse

from config.lib.clock import utcnow
from config.lib.http import typed
from config.lib.pages import page
from players import as_of
from players.families import FAMILIES
from players.models import FeedFamily, Player, PlayerHabits, PlayerMoney, PlayerState
from players.views.panels import fragment
from players.views.reasons import why
from players.views.state_rows import Row, groups_of


@dataclass(frozen=True)
class Sees:
    money: bool
    protection: bool


@fragment("state")
def panel(request: HttpRequest, player: Player) -> HttpResponse:
    now, words = utcnow(), typed(request, longest=60)
    sees = Sees(
        money=request.user.may("players.money", player.brand_id),  # type: ignore[union-attr]
        protection=request.user.may("compliance.reasons", player.brand_id),  # type: ignore[union-attr]
    )
    state = PlayerState.objects.select_related("player__brand", "habits", "money").filter(player=player).first()
    habits: PlayerHabits | None = getattr(state, "habits", None)
    money: PlayerMoney | None = getattr(state, "money", None)
    groups = groups_of(state, habits, money, sees) if state else {}
    context = {
        "player": player, "state": state, "words": words,
        "groups": _known(_matching(groups, words), player),
        "why": why(state, habits, money if sees.money else None, now=now) if state and not words else None,
        "as_of": as_of.of_brand(player.brand_id, now=now),
    }  # fmt: skip
    return page(request, "players/state.html", context, partials={"state-rows"})


def _matching(groups: dict[str, list[Row]], words: str) -> dict[str, list[Row]]:
    wanted = words.lower().split()
    found = {
        title: [row for row in rows if all(word in f"{title} {row.label} {row.window}".lower() for word in wanted)]
        for title, rows in groups.items()
    }
    return {title: rows for title, rows in found.items() if rows}


def _known(groups: dict[str, list[Row]], player: Player) -> dict[str, list[Row]]:
    """Since when each value is known: the account's age, or how far back its events reach, whichever is later."""
    reaches: dict[str, datetime] = dict(
        FeedFamily.objects.filter(feed__brand=player.brand_id, first_occurred_at__isnull=False)
        .values_list("family")
        .annotate(at=Min("first_occurred_at"))
    )

    def since(row: Row) -> datetime | None:
        starts = [reaches[family] for family in row.families if family in reaches]
        floor = player.known_since if player.known_since and row.is_windowed else player.registered_at
        return max(max(starts), floor) if starts else None

    return {
        title: [
            replace(row, since=since(row), told_from=", ".join(FAMILIES[name].label.lower() for name in row.families))
            for row in rows
        ]
        for title, rows in groups.items()
    }
