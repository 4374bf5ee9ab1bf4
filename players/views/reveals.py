"""For how long an operator sees the name and addresses of a player: ten minutes after saying why."""

from datetime import datetime, timedelta

from django.http import HttpRequest

from players.models import Player

LASTS = timedelta(minutes=10)
_KEPT = 50  # players remembered per session; the oldest are masked again first


def may(request: HttpRequest, player: Player) -> bool:
    return bool(request.user.may("players.reveal", player.brand_id))  # type: ignore[union-attr]


def reveal(request: HttpRequest, player: Player, *, now: datetime) -> None:
    """Remembers it in the operator's session; whoever calls this has written it down."""
    known: dict[str, str] = request.session.get("revealed", {})
    fresh = {pk: until for pk, until in known.items() if until > now.isoformat()}
    fresh[str(player.pk)] = (now + LASTS).isoformat()
    request.session["revealed"] = dict(sorted(fresh.items(), key=lambda pair: pair[1])[-_KEPT:])


def until(request: HttpRequest, player: Player, *, now: datetime) -> datetime | None:
    """When it is masked again; None while it is masked. A role that was lost masks at once."""
    told = request.session.get("revealed", {}).get(str(player.pk), "")
    if not told or not may(request, player):
        return None
    end = datetime.fromisoformat(told)
    return end if end > now else None
