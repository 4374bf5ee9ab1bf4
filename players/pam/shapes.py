"""Who reads again what was quarantined, by the first word of its shape ("fasttrack/CASINO").

Dotted paths: the adapters use the inbox, which uses the quarantine.
"""

from typing import Any

from config.lib import flow
from players.intake import Aside
from players.models import Feed

_READERS = {"fasttrack": "players.pam.fasttrack.arriving.read_again"}


def read_again(feed: Feed, shape: str, raw: bytes) -> tuple[Any, Aside]:
    """The event, and what the adapter knows besides, from the bytes as received."""
    adapter, _, schema = shape.partition("/")
    found: tuple[Any, Aside] = flow.call(_READERS[adapter], feed, schema, raw)
    return found
