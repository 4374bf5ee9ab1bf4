"""Which players somebody has open on a page right now, and telling those pages that something is new.

Only a word travels, never what happened: the page then asks for what its reader may see. Thousands of
players change every second and a few are looked at, so whoever writes facts compares with the few first;
that list is read twice a second at most. With Redis away nobody is told, and nothing waits for it.
"""

import time
from collections.abc import Iterable
from typing import cast

import redis
import structlog
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import transaction

log = structlog.get_logger(__name__)

HOLD = 45.0  # seconds a page counts as open after it last said so; it says so every 15
_KEY = "players.watched"
_FRESH = 0.5  # seconds the list is believed without asking again
_PAUSE = 2.0  # seconds without attempts after Redis was found to be away

_client: redis.Redis | None = None
_known: frozenset[int] = frozenset()
_until = 0.0


def group(player_id: int) -> str:
    return f"player.{player_id}"


def watch(player_id: int) -> None:
    """A page of this player is open. Raises redis.RedisError."""
    now = time.time()
    pipe = _redis().pipeline(transaction=False)
    pipe.zadd(_KEY, {str(player_id): now + HOLD})
    pipe.zremrangebyscore(_KEY, "-inf", now)
    pipe.execute()


def watched() -> frozenset[int]:
    """Ids of the players being looked at; empty when nobody can say."""
    global _known, _until
    now = time.monotonic()
    if now < _until:
        return _known
    try:
        ids = cast("list[bytes]", _redis().zrangebyscore(_KEY, time.time(), "+inf"))
        _known = frozenset(map(int, ids))
        _until = now + _FRESH
    except (redis.RedisError, OSError):
        _known, _until = frozenset(), now + _PAUSE
    return _known


def tell_on_commit(player_ids: Iterable[int]) -> None:
    """After commit, every open page of these players hears that there is something new."""
    seen = watched()
    ids = sorted(seen.intersection(player_ids)) if seen else []
    if ids:
        transaction.on_commit(lambda: tell(ids), robust=True)


def tell(player_ids: Iterable[int]) -> None:
    """A lost word costs a delay: the next one brings the page up to date, and so does a reload."""
    layer = get_channel_layer()
    for player_id in player_ids:
        try:
            async_to_sync(layer.group_send)(group(player_id), {"type": "player.changed"})
        except (OSError, redis.RedisError) as error:
            log.warning("page_not_told", player=player_id, error=type(error).__name__)
            return


def _redis() -> redis.Redis:
    global _client
    if _client is None:
        address = settings.CACHES["default"]["LOCATION"]
        _client = redis.Redis.from_url(address, socket_timeout=0.5, socket_connect_timeout=0.5)
    return _client
