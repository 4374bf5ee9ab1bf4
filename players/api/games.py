"""PUT /api/v1/games: the catalogue, as far as we need it. All or nothing."""

import math
from decimal import Decimal
from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from players.api import schema
from players.api.bodies import BadBody, body_of
from players.models import Game
from players.pam.generic.fields import CATEGORY, text
from players.pam.generic.kinds import Refused, checked
from players.pam.generic.reading import MAX_ITEMS, Malformed, Repeated, is_storable, parse


def _rtp(value: Any) -> Decimal | None:
    """Percent, 0 to 100, at most two decimals; a text or a number."""
    if value is None:
        return None
    if type(value) is str and not value.replace(".", "", 1).isdecimal():
        raise Refused("wrong_type", 'Return to player is a percentage like "96.21".')
    if (
        type(value) not in (str, int, float)
        or (type(value) is float and not math.isfinite(value))
        or len(str(value)) > 9
    ):
        raise Refused("wrong_type", 'Return to player is a percentage like "96.21".')
    percent = Decimal(str(value))
    if not 0 <= percent <= 100 or percent != round(percent, 2):
        raise Refused("out_of_range", "Return to player lies between 0 and 100, with at most two decimals.")
    return percent


_CHECKS = {
    "game_id": text(64).check,
    "title": text(120).check,
    "category": CATEGORY.check,
    "provider": text(60, empty=True).check,
    "type": text(40, empty=True).check,
    "rtp": _rtp,
}


class GamesView(APIView):
    @extend_schema(**schema.GAMES)
    def put(self, request: Request) -> Response:
        try:
            given = parse(body_of(request))
        except Malformed as error:
            raise BadBody(str(error)) from None
        games = _games(given)
        with transaction.atomic():
            Game.objects.bulk_create(
                games,
                update_conflicts=True,
                unique_fields=["external_id"],
                update_fields=["title", "category", "provider", "type", "rtp"],
            )
        return Response({"saved": len(games)})


def _games(given: Any) -> list[Game]:
    """Raises ValidationError naming each wrong value: `3.category`."""
    if type(given) is not list:
        raise BadBody("The body is an array of games.")
    if len(given) > MAX_ITEMS:
        raise BadBody(f"One request carries at most {MAX_ITEMS} games.", code="too_many")
    if not is_storable(given):
        raise BadBody("A text holds the character U+0000 or half of a surrogate pair.", code="unstorable")
    errors: dict[str, Any] = {}
    games: dict[str, Game] = {}
    for index, item in enumerate(given):
        try:
            game = _game(item)
        except Refused as refused:
            errors[str(index)] = {refused.pointer or "game": [refused.detail]}
            continue
        if game.external_id in games:
            errors[str(index)] = {"game_id": ["This game is there twice."]}
        games[game.external_id] = game
    if errors:
        raise ValidationError(errors)
    return [games[external_id] for external_id in sorted(games)]


def _game(item: Any) -> Game:
    if isinstance(item, Repeated) or not isinstance(item, dict):
        raise Refused("not_an_object", "A game is an object in which each member appears once.")
    kept: dict[str, Any] = {}
    for name, value in item.items():
        if name not in _CHECKS:
            raise Refused("unknown_property", f"A game has: {', '.join(_CHECKS)}.", "game")
        kept[name] = checked(name, _CHECKS[name], value)
    for name in ("game_id", "title", "category"):
        if name not in kept:
            raise Refused("missing", "This is missing.", name)
    return Game(
        external_id=kept["game_id"], title=kept["title"], category=kept["category"],
        provider=kept.get("provider", ""), type=kept.get("type", ""), rtp=kept.get("rtp"),
    )  # fmt: skip
