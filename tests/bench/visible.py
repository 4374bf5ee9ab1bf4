"""From the answer to a PAM's event until the player's state shows it, while the PAM sends two thousand others a second."""

import json
import statistics
import threading
import time
from collections.abc import Iterator

from django.db import connection

from config.lib.clock import utcnow
from tests.bench import Figure, Run, bench
from tests.bench.ingest import Ground, Pam, post, ready

RATE, BATCH, SECONDS = 2_000, 100, 20
LOOK_EVERY = 0.003
_LOGINS = "SELECT last_login_at FROM players_playerstate s JOIN players_player p ON p.id = s.player_id WHERE p.external_id = %s"


@bench("latency.event_to_state")
def event_to_state(run: Run) -> Iterator[Figure]:
    """A login now and then, timed from its acknowledgement to the moment a reader of the state sees it."""
    ground, sent, over = ready(run), [0], threading.Event()
    background = threading.Thread(target=_keep_sending, args=(ground, sent, over))
    waits: list[float] = []
    with run.measure(items=0, of=("web", "ingest")) as meter, ground.client() as pam:
        background.start()
        until, number = time.monotonic() + SECONDS, 0
        while time.monotonic() < until:
            number += 1
            waits.append(_seen_after(ground, pam, number))
            time.sleep(0.05)
        over.set()
        background.join()
        meter.items = sent[0]
    waits.sort()
    beside = f"{sent[0] / meter.seconds:,.0f} other events/s"
    yield Figure(statistics.median(waits) * 1000, "ms", beside, None, meter, "latency.event_to_state.p50")
    yield Figure(waits[int(len(waits) * 0.95)] * 1000, "ms", beside, None, meter, "latency.event_to_state.p95")


def _keep_sending(ground: Ground, sent: list[int], over: threading.Event) -> None:
    maker, began = Pam("crowd", ground.people), time.monotonic()
    with ground.client() as pam:
        while not over.is_set():
            sent[0] += post(pam, maker.body(BATCH))
            time.sleep(max(0.0, began + sent[0] / RATE - time.monotonic()))


def _seen_after(ground: Ground, pam: object, number: int) -> float:
    """Seconds from the answer until the state row says what the event said."""
    at, player = utcnow(), ground.people[number]
    body = {"event": "player.login", "event_id": f"probe-{number}", "player": player,
            "occurred_at": at.isoformat(), "properties": {"device": "mobile"}}  # fmt: skip
    post(pam, json.dumps(body).encode())  # type: ignore[arg-type]
    answered = time.perf_counter()
    with connection.cursor() as db:
        while True:
            db.execute(_LOGINS, [player])
            if db.fetchone()[0] >= at:
                return time.perf_counter() - answered
            if time.perf_counter() > answered + 30:
                raise TimeoutError("a login was acknowledged and is not in the state after 30 s")
            time.sleep(LOOK_EVERY)
