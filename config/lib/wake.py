"""Wake-up calls to the workers. PostgreSQL holds the work; losing a call costs one beat interval.

So a call never fails and never delays its caller: with the broker away it is dropped, and for a
second nobody tries again.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

_PAUSE = 1.0  # seconds without attempts after the broker was found to be away
_away_until = 0.0
_gathered: ContextVar[set[str] | None] = ContextVar("gathered", default=None)


def wake(task: str) -> None:
    """Asks a worker to run `task` (dotted name, no arguments) now."""
    global _away_until
    if (gathered := _gathered.get()) is not None:
        gathered.add(task)
        return
    if time.monotonic() < _away_until:
        return
    try:
        current_app.send_task(task, retry=False, ignore_result=True, expires=5)
    except (OperationalError, OSError):
        _away_until = time.monotonic() + _PAUSE


@contextmanager
def each_once() -> Iterator[None]:
    """What is asked for in here is asked of the workers once, at the end: a file of five hundred people in as many
    transactions is one call, not five hundred."""
    gathered: set[str] = set()
    token = _gathered.set(gathered)
    try:
        yield
    finally:
        _gathered.reset(token)
        for task in sorted(gathered):
            wake(task)


def wake_on_commit(task: str) -> None:
    """`wake` after the present transaction commits, however often it is asked for within it."""
    waiting = transaction.get_connection().run_on_commit
    if not any(isinstance(call, partial) and call.func is wake and call.args == (task,) for _, call, _ in waiting):
        transaction.on_commit(partial(wake, task), robust=True)
