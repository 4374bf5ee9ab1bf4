"""One process that owns all others: one dies, or we are told to stop, and everything stops."""

import fcntl
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import IO

from config.embedded import children

PATIENCE = 8.0  # seconds a child gets to finish what it has in hand


class ToldToStop(BaseException):
    """SIGINT, SIGTERM or SIGHUP arrived; `.code` is what a shell expects of us."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.code = 128 + number


class ChildDied(RuntimeError):
    """A child ended although nobody asked it to."""


class Supervisor:
    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, name: str, command: Sequence[str], environment: dict[str, str]) -> None:
        """Call from the main thread: a child's death signal follows the thread that started it."""
        log = self.logs / f"{name}.log"
        if log.exists() and log.stat().st_size > 5_000_000:
            log.unlink()
        self.running[name] = children.start(command, log=log, environment=environment)

    def check(self) -> None:
        """Raises ChildDied, with the end of the child's log, when one is gone."""
        for name, child in self.running.items():
            if child.poll() is not None:
                tail = (self.logs / f"{name}.log").read_text(errors="replace")[-1500:]
                raise ChildDied(f"{name} ended with code {child.returncode}; its log ends with:\n{tail}")

    def watch(self, until: Callable[[], bool] = lambda: False) -> None:
        """Returns when `until` says so; otherwise leaves by ChildDied or ToldToStop."""
        while not until():
            self.check()
            time.sleep(0.2)

    def stop(self) -> None:
        """All are asked at once, so the slowest alone decides how long it takes."""
        for child in self.running.values():
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + PATIENCE
        for child in self.running.values():
            children.stop(child, signal.SIGTERM, patience=max(0.1, deadline - time.monotonic()))
        self.running.clear()


def _raise(number: int, frame: FrameType | None) -> None:
    # Once is enough: a second Ctrl-C must not interrupt the stopping of the servers.
    for known in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(known, signal.SIG_IGN)
    raise ToldToStop(number)


@contextmanager
def signals() -> Iterator[None]:
    """Within the block SIGINT, SIGTERM and SIGHUP raise ToldToStop, so `finally` and `with` clean up."""
    before = {number: signal.signal(number, _raise) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def only_one(data: Path) -> Iterator[None]:
    """One supervisor per data folder. The lock dies with its holder, whatever kills it."""
    data.mkdir(parents=True, exist_ok=True)
    file: IO[str]
    with (data / "supervisor.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RuntimeError(f"Pitboss is already running on {data}. Stop it first, or set PITBOSS_DATA.") from None
        yield
