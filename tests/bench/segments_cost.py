"""What a full evaluation costs as the casino grows: one casino, measured at 100 000 players, at a million and at three,
drawn as var/bench/segments-cost.svg with the slopes named.

What the players did is in their state, which is all that the nine shapes read; the sessions themselves are left out,
or three million players would take an hour and sixty gigabytes.
"""

import statistics
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from config.embedded.processes import ROOT
from config.lib.clock import utcnow
from players.models import Brand
from segments.language.parse import parse
from segments.language.tree import At
from tests.bench import SCALES, Figure, Run, bench, cost_chart, database
from tests.bench.population import populate
from tests.bench.segments import ids, shapes, timed

ROUNDS = 5


@bench("segments.cost")
def cost(run: Run) -> Iterator[Figure]:
    """Milliseconds and megabytes of each shape at every scale up to the run's."""
    curve: dict[str, dict[int, tuple[float, float]]] = {name: {} for name in shapes()}
    made, now = 0, utcnow()
    for players in (scale for scale in SCALES.values() if scale <= run.players):
        brand = populate(players - made, brands=1, facts=False, history=False, now=now, say=_say).brands[0]
        made = players
        for name, spent in _spent(brand, now).items():
            curve[name][players] = spent
        sys.stderr.write(f"{players:,} players measured\n")
    chart = ROOT / "var" / "bench" / "segments-cost.svg"
    chart.parent.mkdir(parents=True, exist_ok=True)
    chart.write_text(cost_chart.draw(curve), encoding="utf-8")
    for name, points in curve.items():
        times, memory = ({n: both[place] for n, both in points.items()} for place in (0, 1))
        yield Figure(
            times[made], f"ms, {memory[made]:.1f} MB", f"time {cost_chart.words(times)}, memory {cost_chart.words(memory)}",
            name=f"segments.cost.{name}",
        )  # fmt: skip


def _spent(brand: Brand, now: datetime) -> dict[str, tuple[float, float]]:
    """shape -> milliseconds, MB."""
    found, at = {}, At.brand(brand, now)
    for name, rule in shapes().items():
        tree = parse(rule)
        with peak_memory() as memory:
            took = statistics.median(timed(lambda t=tree: ids(brand, t, at)) for _ in range(ROUNDS))  # type: ignore[misc]
        found[name] = took * 1000, memory[0]
    return found


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")


class peak_memory:  # noqa: N801  read as a word: `with peak_memory() as memory`
    """The most the database's processes held besides what they held before, shared buffers apart; MB, a list of one."""

    def __enter__(self) -> list[float]:
        self.seen, self.over = [0.0], threading.Event()
        self.before = sum(_own_mb(process.pid) for process in database())
        self.watcher = threading.Thread(target=self._watch, daemon=True)
        self.watcher.start()
        return self.seen

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.watcher.join()

    def _watch(self) -> None:
        while not self.over.is_set():
            held = sum(_own_mb(process.pid) for process in database())
            self.seen[0] = max(self.seen[0], held - self.before)
            self.over.wait(0.02)


def _own_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon")), 0.0)
