"""Benches: measured figures beside a peer measured in the same run.

A bench is a function in a module of this package:

    @bench("segments.scan.s1")
    def scan(run: Run) -> Iterator[Figure]:
        with run.measure(items=run.players) as meter: ...
        yield Figure(1 / meter.seconds, "scans/s", peer="the same SQL by hand", ratio=ours / by_hand, meter=meter)

`manage.py bench [NAME …] [--scale 100k|1m|3m]` gives every bench a migrated database and a process of
its own. Benches that name the same ground (`bench(name, on=casino)`) share both, and `run.ground`, in the order they
are written in: twenty million sessions are loaded once. One bench may yield several figures; `Figure.name` then
tells them apart.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import psutil

from config.embedded import children
from config.embedded import processes as commands
from config.lib.garbage import leave_what_is_loaded

SCALES = {"100k": 100_000, "1m": 1_000_000, "3m": 3_000_000}


class Meter:
    """Wall and CPU time of this process, its children and the database between start and stop.

    `only` names the processes of Pitboss that count, by name: CPU is then theirs and the database's
    without ours, who played the PAM, and memory is theirs alone.
    """

    def __init__(self, items: int, only: dict[str, int] | None = None) -> None:
        self.items, self.seconds, self.cpu_seconds, self.rss_mb = items, 0.0, 0.0, 0.0
        self.rss_of: dict[str, float] = {}
        self._only = {name: psutil.Process(pid) for name, pid in (only or {}).items()}
        self._done = threading.Event()

    @property
    def cpu_ms_per_item(self) -> float:
        return self.cpu_seconds * 1000 / max(self.items, 1)

    def _watch(self) -> None:
        while True:
            for name, process in self._only.items():
                self.rss_of[name] = max(self.rss_of.get(name, 0.0), memory_mb([process]))
            self.rss_mb = sum(self.rss_of.values()) if self._only else max(self.rss_mb, memory_mb(tree()))
            if self._done.wait(0.5):
                return

    def _cpu(self) -> float:
        return cpu_seconds([*self._only.values(), *database()] if self._only else tree())

    @contextmanager
    def running(self) -> Iterator["Meter"]:
        watcher = threading.Thread(target=self._watch, daemon=True)
        watcher.start()
        cpu, wall = self._cpu(), time.perf_counter()
        try:
            yield self
        finally:
            self.seconds, self.cpu_seconds = time.perf_counter() - wall, self._cpu() - cpu
            self._done.set()
            watcher.join()


@dataclass(frozen=True)
class Figure:
    figure: float
    unit: str
    peer: str = ""  # what it was measured against, in words
    ratio: float | None = None  # ours to the peer's, same run; for scans our time ÷ the peer's
    meter: Meter | None = None
    name: str = ""  # empty: the bench's own name


@dataclass
class Run:
    """What a bench is handed: the scale, a meter, and a running Pitboss if it asks for one."""

    scale: str
    stack: ExitStack = field(default_factory=ExitStack)
    pids: dict[str, int] = field(default_factory=dict)  # of the processes started, by name
    ground: Any = None  # what the function named by `on` has made

    @property
    def players(self) -> int:
        return SCALES[self.scale]

    @contextmanager
    def measure(self, items: int, of: Iterable[str] = ()) -> Iterator[Meter]:
        """`of` names processes of this run that alone shall count, beside the database."""
        with Meter(items, {name: self.pids[name] for name in of}).running() as meter:
            yield meter

    def web(self) -> str:
        """Starts a web process on a free port; returns its base URL once it answers."""
        port = commands.free_port()
        self._start(commands.web(port), "web", PITBOSS_POOL="1", PITBOSS_DEMO="1", SECRET_KEY="scratch")
        wait_for_port(port)
        return f"http://127.0.0.1:{port}"

    def workers(self, *queues: str, beat: bool = False) -> None:
        """One worker per queue (all of them when none is named)."""
        for queue in queues or commands.QUEUES:
            self._start(commands.worker(queue), queue, SECRET_KEY="scratch")
        if beat:
            self._start(commands.beat(), "beat", SECRET_KEY="scratch")

    def _start(self, command: list[str], name: str, **more: str) -> None:
        log = Path(os.environ["PITBOSS_DATA"]) / f"{name}.log"
        child = children.start(command, log=log, environment={**os.environ, **more})
        self.pids[name] = child.pid
        self.stack.callback(children.stop, child, signal.SIGTERM, 10)


def wait_for_port(port: int, patience: float = 60) -> None:
    import socket

    deadline = time.monotonic() + patience
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def tree() -> list[psutil.Process]:
    """This process, its children and the database server's processes."""
    mine = psutil.Process()
    return [mine, *mine.children(recursive=True), *database()]


def database() -> list[psutil.Process]:
    pid_file = Path(os.environ.get("PITBOSS_DATA", "")) / "postgres" / "postmaster.pid"
    if not pid_file.is_file():
        return []
    server = psutil.Process(int(pid_file.read_text().split()[0]))
    return [server, *server.children(recursive=True)]


def cpu_seconds(processes: Iterable[psutil.Process]) -> float:
    """CPU used so far by them; a child that ended is counted in its parent's children_* times."""
    total = 0.0
    for process in processes:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def memory_mb(processes: Iterable[psutil.Process]) -> float:
    """Resident memory of them; pages shared by several processes are counted once (PSS)."""
    total = 0
    for process in processes:
        try:
            memory = process.memory_full_info()
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
        total += getattr(memory, "pss", memory.rss)
    return total / 1_048_576


Bench = Callable[[Run], Iterable[Figure]]
_benches: dict[str, Bench] = {}
_grounds: dict[str, Callable[[Run], Any]] = {}


def bench(name: str, on: Callable[[Run], Any] | None = None) -> Callable[[Bench], Bench]:
    def remember(function: Bench) -> Bench:
        if name in _benches:
            raise ValueError(f"Two benches are called {name}.")
        _benches[name] = function
        if on is not None:
            _grounds[name] = on
        return function

    return remember


def all_benches() -> dict[str, Bench]:
    for module in iter_modules([str(Path(__file__).parent)]):
        import_module(f"{__name__}.{module.name}")
    return dict(sorted(_benches.items()))


def together(names: Iterable[str]) -> list[list[str]]:
    """Those of one ground in one list, as they are written; the others alone."""
    found: dict[object, list[str]] = {}
    for name in sorted(names):
        found.setdefault(_grounds.get(name, name), []).append(name)
    return [[name for name in _benches if name in group] for group in found.values()]


def measure(names: list[str], scale: str) -> dict[str, list[Any]]:
    """Runs them here: rows {name, figure, unit, peer, ratio, cpu_ms_per_item, rss_mb, scale}, and who failed."""
    run, rows, failed = Run(scale), list[Any](), list[Any]()
    leave_what_is_loaded()  # as the web and the workers do
    if on := _grounds.get(names[0]):
        run.ground = on(run)
    for name in names:
        with run.stack:
            try:
                for figure in all_benches()[name](run):
                    rows.append(_row(name, scale, figure))
            except Exception:
                sys.stderr.write(f"{name}: {traceback.format_exc()}")
                failed.append(name)
        run.pids.clear()
    return {"rows": rows, "failed": failed}


def _row(name: str, scale: str, figure: Figure) -> dict[str, object]:
    meter = figure.meter
    return {
        "name": figure.name or name,
        "figure": round(figure.figure, 4),
        "unit": figure.unit,
        "peer": figure.peer,
        "ratio": None if figure.ratio is None else round(figure.ratio, 4),
        "cpu_ms_per_item": round(meter.cpu_ms_per_item, 4) if meter else None,
        "rss_mb": round(meter.rss_mb, 1) if meter else None,
        "scale": scale,
    }


def markdown(rows: list[dict[str, Any]]) -> str:
    lines = [
        "| bench | players | figure | against | ratio | CPU ms per item | MB |",
        "|---|---:|---:|---|---:|---:|---:|",
    ]
    for row in rows:
        cells = [f"`{row['name']}`", row["scale"], f"{_short(row['figure'])} {row['unit']}", row["peer"] or "–"]
        cells += [_short(row[key]) for key in ("ratio", "cpu_ms_per_item", "rss_mb")]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _short(number: float | None) -> str:
    """Three figures say as much as a machine like this one lets anybody know."""
    if number is None:
        return "–"
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"


def run_in_own_process(names: list[str], scale: str, environment: dict[str, str], result: Path) -> dict[str, list[Any]]:
    """A process of their own: memory and connections of those before do not colour it."""
    result.unlink(missing_ok=True)
    command = commands.manage("bench", *names, "--scale", scale, "--inside", "--json", str(result))
    done = subprocess.run(command, env=environment, check=False).returncode == 0 and result.is_file()
    told: dict[str, list[Any]] = json.loads(result.read_text()) if done else {"rows": [], "failed": names}
    return told
