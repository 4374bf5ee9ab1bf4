"""A worker in a process of its own: it can be killed, and it does not share the interpreter with who watches it."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from django.db import connections


@dataclass
class Process:
    pid: int
    told: int  # a pipe: a byte for every time it told of something
    was_killed: bool = False

    def times_told(self) -> int:
        os.set_blocking(self.told, False)
        with suppress(BlockingIOError):
            return len(os.read(self.told, 1 << 16))
        return 0

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        _, status = os.waitpid(self.pid, 0)
        self.was_killed = os.WIFSIGNALED(status)  # it may have come to its end before


Tell = Callable[[], object]
_theirs: list[Any] = []  # connections of the process this one was forked from: neither used here nor closed


@contextmanager
def another_process(act: Callable[[Tell], object]) -> Iterator[Process]:
    """Does `act`, which may tell of something; killed when the block is left, if it lives so long."""
    told, tell = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            for alias in connections:
                _theirs.append(connections[alias].connection)
                connections[alias].connection = None
            act(lambda: os.write(tell, b"."))
            os._exit(0)
        finally:
            os._exit(1)  # whatever happened: the tests are not run a second time here
    os.close(tell)
    one = Process(pid, told)
    try:
        yield one
    finally:
        one.kill()
        os.close(told)


def over_and_over(work: Callable[[], object]) -> Callable[[Tell], None]:
    """What a queue's worker does: again when there was something to do, else a moment later. Tells of every failure.
    Ends with the tests, however they end."""
    tests = os.getpid()

    def act(tell: Tell) -> None:
        while os.getppid() == tests:
            try:
                if not work():
                    time.sleep(0.02)
            except Exception as error:  # noqa: BLE001 - Celery would go on with the next one
                print(f"{type(error).__name__}: {error}")  # noqa: T201
                tell()

    return act
