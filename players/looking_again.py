"""Players whose segments have to be looked at again although no event of theirs was folded: a restriction whose time
is over, a journey entered or left. Owed with the change itself, so that no wake-up can be lost."""

from collections.abc import Iterable
from datetime import datetime
from importlib import import_module

from django.conf import settings

from players.batches import Batch, owe

CHUNK = 1000


def soon(player_ids: Iterable[int], *, now: datetime) -> None:
    """Inside the transaction that changed them. Nothing is locked here: it happens in a transaction of its own."""
    ids = sorted(set(player_ids))
    path: str = getattr(import_module(settings.FLOW), "LOOK_AGAIN", "")
    for start in range(0, len(ids) if path else 0, CHUNK):
        owe(path, Batch(ids[start : start + CHUNK], [], [], now))
