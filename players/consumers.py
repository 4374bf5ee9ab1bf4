"""The open page of a player: hears that something is new, and nothing else.

What happened never travels here: the page asks for it over HTTP, where role, brand and masks are looked at.
The session is looked at when the page connects and again while it stays open; a page may not say anything.
"""

import asyncio
import time
from collections import Counter
from contextlib import suppress
from importlib import import_module
from typing import Any

import redis
from channels.auth import get_user
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.conf import settings

from players import watching
from players.models import Player

REFUSED, LOGGED_OUT, TOO_MANY, TALKS = 4403, 4401, 4429, 4400
MOST_PAGES = 20  # of one operator, per web process
PAUSE = 0.3  # seconds between two words: a player who plays fast must not make the page flicker
RECHECK = 15.0  # seconds

_open: Counter[int] = Counter()


class PlayerConsumer(AsyncJsonWebsocketConsumer):
    player_id: int | None = None
    operator_id: int = 0
    keeper: asyncio.Task[None] | None = None
    waiting: asyncio.Task[None] | None = None
    told_at = 0.0

    async def connect(self) -> None:
        user, player_id = self.scope["user"], int(self.scope["url_route"]["kwargs"]["pk"])
        if not await _may_watch(user, player_id):
            await self.close(code=REFUSED)  # before accepting: the browser sees a 403
            return
        await self.accept()
        if _open[user.pk] >= MOST_PAGES:
            await self.close(code=TOO_MANY)
            return
        self.player_id, self.operator_id = player_id, user.pk
        _open[user.pk] += 1
        await self.channel_layer.group_add(watching.group(player_id), self.channel_name)
        self.keeper = asyncio.create_task(self._keep())

    async def disconnect(self, code: int) -> None:
        for task in (self.keeper, self.waiting):
            if task:
                task.cancel()
        if self.player_id is not None:
            _open[self.operator_id] -= 1
            if not _open[self.operator_id]:
                del _open[self.operator_id]
            await self.channel_layer.group_discard(watching.group(self.player_id), self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any) -> None:
        await self.close(code=TALKS)

    async def player_changed(self, message: dict[str, Any]) -> None:
        """Ten changes in a moment are one word."""
        if self.waiting is None or self.waiting.done():
            self.waiting = asyncio.create_task(self._tell(max(0.0, self.told_at + PAUSE - time.monotonic())))

    async def _tell(self, after: float) -> None:
        await asyncio.sleep(after)
        self.told_at = time.monotonic()
        await self.send_json({"new": True})

    async def _keep(self) -> None:
        """Says that the page is open, and closes it when its session is over or its reader lost the right."""
        assert self.player_id is not None
        while True:
            with suppress(redis.RedisError, OSError):
                await asyncio.to_thread(watching.watch, self.player_id)
            await asyncio.sleep(RECHECK)
            user = await get_user({"session": await _session(self.scope["session"].session_key)})
            if not await _may_watch(user, self.player_id):
                await self.close(code=LOGGED_OUT)
                return


@database_sync_to_async
def _session(key: str) -> Any:
    """The session as it is kept now, not as it was when the page connected."""
    session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    session.load()
    return session


@database_sync_to_async
def _may_watch(user: Any, player_id: int) -> bool:
    if not user.is_authenticated or not user.may("players.view"):
        return False
    brands = user.brand_ids("players.view")
    players = Player.objects.filter(pk=player_id)
    return bool((players if brands is None else players.filter(brand__in=brands)).exists())
