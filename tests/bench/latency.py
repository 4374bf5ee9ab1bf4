"""From the PAM's event to the hand-over of the message it causes, through every process of a running Pitboss."""

import socket
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Lock
from typing import Any

from tests.bench import Figure, Run, bench

EVENTS, WARM = 60, 4
PAUSE = 0.25  # seconds between events: a player's day, not a burst


class _Arrivals:
    """When each mail reached the post office, by address."""

    def __init__(self) -> None:
        self.at: dict[str, float] = {}
        self._lock = Lock()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        with self._lock:
            self.at.setdefault(envelope.rcpt_tos[0], time.perf_counter())
        return "250 kept"


@bench("latency.event_to_handoff")
def event_to_handoff(run: Run) -> Iterator[Figure]:
    """One login event per player over HTTP; the clock stops when the SMTP server has the mail."""
    yield from handed_over(run, "latency.event_to_handoff")


def handed_over(run: Run, name: str, *more: str, begin: Callable[[], object] = lambda: None) -> Iterator[Figure]:
    """`more`: queues that get a worker besides. `begin` is called once every process is there and warm."""
    import os

    import httpx
    from aiosmtpd.controller import Controller

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    arrivals = _Arrivals()
    office = Controller(arrivals, hostname="127.0.0.1", port=port)
    office.start()
    run.stack.callback(office.stop)
    os.environ["EMAIL_HOST"], os.environ["EMAIL_PORT"] = "127.0.0.1", str(port)
    players, key = _world()
    base = run.web()
    queues = ("ingest", "journeys", "dispatch", *more)
    run.workers(*queues, beat=True)
    _until_they_answer(len(queues))
    posted: dict[str, float] = {}
    pam = httpx.Client(base_url=base, headers={"Authorization": f"Api-Key {key}"}, timeout=10)
    with pam:
        for player in players[:WARM]:  # every process plans its statements once: running ones have done so
            _log_in(pam, player.external_id)
            _until(lambda mail=f"{player.external_id}@example.test": mail in arrivals.at)  # type: ignore[misc]
        begin()
        with run.measure(items=EVENTS) as meter:
            for player in players[WARM:]:
                posted[f"{player.external_id}@example.test"] = time.perf_counter()
                _log_in(pam, player.external_id)
                time.sleep(PAUSE)
            _until(lambda: len(arrivals.at) == EVENTS + WARM)
    waits = sorted((arrivals.at[address] - at) * 1000 for address, at in posted.items() if address in arrivals.at)
    lost = f"{len(waits)} of {EVENTS} arrived"
    yield Figure(statistics.median(waits), "ms", peer=lost, meter=meter, name=f"{name}.p50")
    yield Figure(waits[int(len(waits) * 0.95)], "ms", peer=lost, meter=meter, name=f"{name}.p95")


def _log_in(pam: Any, player: str) -> None:
    event = {"event": "player.login", "event_id": f"login-{player}", "player": player,
             "occurred_at": _now().isoformat(), "properties": {"device": "mobile"}}  # fmt: skip
    pam.post("/api/v1/events", json=event).raise_for_status()


def _until(it_is_so: Callable[[], bool], patience: float = 30) -> None:
    deadline = time.monotonic() + patience
    while not it_is_so() and time.monotonic() < deadline:
        time.sleep(0.02)


def _until_they_answer(workers: int, patience: float = 60) -> None:
    """A worker that is still starting would be measured instead of what it does."""
    from config.celery import app

    deadline = time.monotonic() + patience
    while len(app.control.ping(timeout=1) or ()) < workers:
        assert time.monotonic() < deadline, "not every worker has come up"


def _now() -> Any:
    from config.lib.clock import utcnow

    return utcnow()


def _world() -> tuple[list[Any], str]:
    """Players who may be contacted, in daylight, and a live campaign that starts with a login."""
    from players.models import Feed, FeedKey
    from tests import cast
    from tests.journey import build

    brand = cast.northlight()
    players = [cast.make_player(brand, f"bench{n}", timezone=cast.daylight()) for n in range(EVENTS + WARM)]
    build.simple(brand, _now() - timedelta(seconds=5), launch_limit=100_000)
    _, key = FeedKey.objects.create_key(name="bench", feed=Feed.objects.get(brand=brand))
    return players, key
