"""The player's open page: sends the cards he may see now, again whenever something changed.

The token names the player, the group name is ours; nothing the page sends is acted upon.
"""

from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from campaigns import inbox, links
from config.lib.clock import utcnow

BAD_TOKEN = 4403


class InboxConsumer(AsyncJsonWebsocketConsumer):
    player_id: int | None = None

    async def connect(self) -> None:
        self.player_id = links.read_inbox(self.scope["url_route"]["kwargs"]["token"])
        await self.accept()
        if self.player_id is None:
            await self.close(code=BAD_TOKEN)
            return
        await self.channel_layer.group_add(inbox.group(self.player_id), self.channel_name)
        await self._show()

    async def disconnect(self, code: int) -> None:
        if self.player_id is not None:
            await self.channel_layer.group_discard(inbox.group(self.player_id), self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any) -> None:
        """A page that asks gets its cards; whatever else it says is ignored."""
        if self.player_id is not None and text_data is not None and len(text_data) < 64:
            await self._show()

    async def inbox_changed(self, message: dict[str, Any]) -> None:
        await self._show()

    async def _show(self) -> None:
        cards = await database_sync_to_async(inbox.cards)(self.player_id, now=utcnow())
        await self.send_json({"type": "cards", "cards": cards})
