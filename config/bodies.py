"""No request body larger than the largest upload: refused by its stated length at once, else where it gets too long.

Django's ASGI handler writes a whole body to disk before anybody looks at it; this stands before that.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
ROOM = 1_048_576  # for the other fields of a form and its boundaries


class _TooLarge(Exception):
    pass


def bounded(app: App, limit: int) -> App:
    """`app` behind a limit of `limit` bytes (and some room) per body."""
    most = limit + ROOM

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        stated = dict(scope.get("headers", ())).get(b"content-length", b"0")
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        if stated.isdigit() and int(stated) > most:
            await _refuse(send, limit)
            return
        seen = 0

        async def counted() -> MutableMapping[str, Any]:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > most:
                raise _TooLarge
            return message

        try:
            await app(scope, counted, send)
        except _TooLarge:
            await _refuse(send, limit)

    return guarded


async def _refuse(send: Send, limit: int) -> None:
    words = f"Too large: at most {limit // ROOM} MB. Nothing was kept; split the file and send the parts.\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": words})
