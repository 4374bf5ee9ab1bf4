"""Working off what waits: by one applier while little does, by one per shard of players once there is a backlog."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from django.db import connection

from players.folding.claim import ALL
from players.folding.fold import BATCH, fold_pending

LARGE = 4 * BATCH  # events; a batch costs some 15 ms whatever its size, so a larger one costs each event less
_GATHER = 0.1  # seconds; who found a thousand will find more after a moment, at less CPU each. Fewer wait for nobody
_PAUSE = 0.02  # seconds; an applier out of work looks again as long as another one has some

Clock = Callable[[], datetime]


def fold_backlog(*, clock: Clock, seconds: float = 20.0) -> int:
    """Folds until nothing waits, or `seconds` are over; returns how many events."""
    until, folded = time.monotonic() + seconds, 0
    while batch := fold_pending(now=clock(), limit=LARGE):
        folded += batch
        if time.monotonic() > until:
            break
        if batch == LARGE:  # one applier alone does not keep up, or has been away
            folded += _side_by_side(clock, until)
        elif batch >= BATCH:
            time.sleep(_GATHER)
    return folded


def _side_by_side(clock: Clock, until: float) -> int:
    """One thread per shard. Most of a fold is the database's work, so threads of one process are enough."""
    busy = set(ALL)
    with ThreadPoolExecutor(len(ALL) - 1, thread_name_prefix="fold") as appliers:
        others = [appliers.submit(_drain_and_leave, shard, busy, clock, until) for shard in ALL[1:]]
        folded = _drain(ALL[0], busy, clock, until)
        return folded + sum(other.result() for other in others)


def _drain_and_leave(shard: int, busy: set[int], clock: Clock, until: float) -> int:
    try:
        return _drain(shard, busy, clock, until)
    finally:
        connection.close()  # this thread's own


def _drain(shard: int, busy: set[int], clock: Clock, until: float) -> int:
    folded = 0
    try:
        while busy and time.monotonic() < until:
            if batch := fold_pending(now=clock(), limit=LARGE, shards=[shard]):
                busy.add(shard)
                folded += batch
                time.sleep(_GATHER if batch < BATCH else 0)
            else:
                busy.discard(shard)
                time.sleep(_PAUSE if busy else 0)
        return folded
    finally:
        busy.discard(shard)  # an applier that fails has no work either: nobody waits for it
