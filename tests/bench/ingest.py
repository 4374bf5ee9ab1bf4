"""Taking events in: posted over HTTP to a web process, folded by a worker process, nothing left waiting.

The mix is a casino's day: 80 % rounds, 15 % session ends, 3 % deposits, 1 % rollbacks, 1 % logins.
"""

import json
import random
import statistics
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
from django.db import connections

from config.lib.clock import utcnow
from players.models import Feed, FeedKey, Waiting
from tests.bench import Figure, Meter, Run, bench
from tests.bench.fold import casino

BATCH, SECONDS, SENDERS, SINGLES, _TURNS = 500, 15, 2, 300, 5
# What is sustained: the first change of a page after a checkpoint writes the whole page to the log (see `fold`).
_WARM = 5
_CATEGORIES = ("slots", "slots", "slots", "live_casino", "sports")
_PEER = "bare multi-row INSERT of the same rows"
_COLUMNS = "feed_id, event_id, kind, player_id, occurred_at, received_at, digest, body, is_replay"
_ROW = "(%s, %s, %s, %s, %s, %s, %s, %s, false)"  # not in the queue: nobody shall fold them again


class Pam:
    """Makes bodies, seeded; each sender has one of its own, so that ids never meet."""

    def __init__(self, name: str, people: list[str], poison: int = 0) -> None:
        self.name, self.people, self.dice, self.made = name, people, random.Random(name), 0
        self.poison = poison  # every so manieth event is one nobody can take

    def body(self, size: int) -> bytes:
        return json.dumps([self.event() for _ in range(size)]).encode()

    def event(self) -> dict[str, Any]:
        self.made += 1
        at = utcnow() - timedelta(seconds=self.dice.random() * 72_000)
        kind, properties = self._drawn(self.made % 100, f"{self.name}-{self.made}", at)
        if self.poison and self.made % self.poison == 0:
            properties |= {"stake_real": "a lot", "payment_id": None, "session_id": 7}
        return {"event": kind, "event_id": f"{self.name}-{self.made}", "player": self.dice.choice(self.people),
                "occurred_at": at.isoformat(), "properties": properties}  # fmt: skip

    def _drawn(self, place: int, own: str, at: Any) -> tuple[str, dict[str, Any]]:
        category = self.dice.choice(_CATEGORIES)
        if place < 80:
            return "round.settled", {"round_id": own, "category": category, "stake_real": self.dice.randrange(10, 900),
                                     "stake_bonus": 0, "win_real": self.dice.randrange(700), "win_bonus": 0}  # fmt: skip
        if place < 95:
            started = at - timedelta(minutes=self.dice.randrange(3, 90))
            return "session.ended", {"session_id": own, "started_at": started.isoformat(), "category": category}
        if place < 98:
            return "deposit.approved", {"payment_id": own, "amount": 5000, "method": "card"}
        if place < 99:
            return "round.rolled_back", {"round_id": f"{self.name}-{self.made - 30}"}
        return "player.login", {"device": "mobile"}


@dataclass
class Ground:
    people: list[str]
    feed: Feed
    key: str
    base: str

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.base, headers={"Authorization": f"Api-Key {self.key}"}, timeout=60)


def ready(run: Run) -> Ground:
    first = casino(run.players)
    people = [f"u{number}" for number in range(first, first + run.players)]
    feed = Feed.objects.get(brand__slug="bench")
    _, key = FeedKey.objects.create_key(name="bench", feed=feed)
    base = run.web()
    run.workers("ingest", beat=True)
    ground = Ground(people, feed, key, base)
    with ground.client() as pam:  # processes import, connect and plan before the clock starts
        post(pam, Pam("warm", people).body(BATCH))
    _until_folded(60)
    return ground


def post(pam: httpx.Client, body: bytes) -> int:
    answer = pam.post("/api/v1/events", content=body, headers={"Content-Type": "application/json"})
    answer.raise_for_status()
    return int(answer.json()["received"])


def _until_folded(patience: float) -> None:
    deadline = time.monotonic() + patience
    while Waiting.objects.exists():
        if time.monotonic() > deadline:
            raise TimeoutError("events are still waiting to be folded")
        time.sleep(0.05)


def _pour(ground: Ground, seconds: float, prefix: str = "s", poison: int = 0) -> int:
    """Keeps the web process busy that long from several connections; returns how many events it received."""
    accepted: list[int] = []
    until = time.monotonic() + seconds

    def send(name: str) -> None:
        maker, taken = Pam(name, ground.people, poison), 0
        with ground.client() as pam:
            while time.monotonic() < until:
                taken += post(pam, maker.body(BATCH))
        accepted.append(taken)

    threads = [threading.Thread(target=send, args=(f"{prefix}{number}",)) for number in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(accepted) < SENDERS:
        raise RuntimeError("a sender was refused; see the log of the web process")
    return sum(accepted)


@bench("ingest.http")
def http(run: Run) -> Iterator[Figure]:
    """From the first post until the last event is in the players' state."""
    ground = ready(run)
    _pour(ground, _WARM, "w")
    _until_folded(60)
    with run.measure(items=0, of=("web", "ingest")) as ours:
        ours.items = _pour(ground, SECONDS)
        _until_folded(120)
    bare = _bare(run, ground, ours.items)
    rate = ours.items / ours.seconds
    yield Figure(rate, "events/s", _PEER, bare.seconds / ours.seconds, ours)
    for name, rss in sorted(ours.rss_of.items()):
        yield Figure(rss, "MB", name=f"ingest.http.memory.{'fold' if name == 'ingest' else name}")


def _bare(run: Run, ground: Ground, count: int) -> Meter:
    """The rows just received once more, written by somebody who checks nothing: 500 a statement, each committed."""
    names = _COLUMNS.replace("event_id", "'peer' || event_id").replace("body", "body::text").rsplit(", ", 1)[0]
    with connections["default"].cursor() as db:
        db.execute(f"SELECT {names} FROM players_event ORDER BY id DESC LIMIT %s", [count])  # noqa: S608  our columns
        rows = db.fetchall()
    with run.measure(items=len(rows)) as bare, connections["default"].cursor() as db:
        for start in range(0, len(rows), BATCH):
            part = rows[start : start + BATCH]
            values = ", ".join([_ROW] * len(part))
            flat = [value for row in part for value in row]
            db.execute(f"INSERT INTO players_event ({_COLUMNS}) VALUES {values}", flat)  # noqa: S608  placeholders
    return bare


@bench("ingest.poison")
def poison(run: Run) -> Iterator[Figure]:
    """The same with every hundredth event a bad one, in turns with clean ones so that both see the same machine."""
    ground, rates = ready(run), {0: [], 100: []}  # type: ignore[var-annotated]
    for turn in range(_TURNS):
        for every in (0, 100) if turn % 2 else (100, 0):
            with run.measure(items=0, of=("web", "ingest")) as meter:
                meter.items = _pour(ground, SECONDS / 3, f"t{turn}-{every}-", every)
                _until_folded(120)
            rates[every].append(meter.items / meter.seconds)
    bad, clean = statistics.median(rates[100]), statistics.median(rates[0])
    yield Figure(bad, "events/s", f"no bad event: {clean:,.0f} events/s", bad / clean, meter)


@bench("ingest.single")
def single(run: Run) -> Iterator[Figure]:
    """One event a post over one connection, as a PAM without batches would; the fold works beside it."""
    ground = ready(run)
    maker, waits, alone = Pam("one", ground.people), [], []
    with ground.client() as pam, run.measure(items=SINGLES, of=("web", "ingest")) as meter:
        for _ in range(SINGLES):
            body = json.dumps(maker.event()).encode()
            began = time.perf_counter()
            post(pam, body)
            waits.append((time.perf_counter() - began) * 1000)
    with connections["default"].cursor() as db:
        for number in range(SINGLES):
            now = utcnow()
            row = [ground.feed.pk, f"bare-{number}", "player.login", 1, now, now, b"-", "{}"]
            began = time.perf_counter()
            db.execute(f"INSERT INTO players_event ({_COLUMNS}) VALUES {_ROW}", row)  # noqa: S608  placeholders
            alone.append((time.perf_counter() - began) * 1000)
    for name, ours, theirs in (
        ("p50", statistics.median(waits), statistics.median(alone)),
        ("p95", _p95(waits), _p95(alone)),
    ):
        yield Figure(ours, "ms", f"bare INSERT, {name} {theirs:.2f} ms", ours / theirs, meter, f"ingest.single.{name}")


def _p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]
