"""The markers of harm: how many players a second they are read of, everything written, and what that costs a walk.

Players with 20 sessions of 10 bets and 7 payments each over three months, in tables as a running casino has them.
"""

from collections.abc import Iterator

from django.db import connection

from compliance.markers import norms, sweeping
from config.lib.clock import utcnow
from tests.bench import Figure, Run, bench
from tests.bench.population import populate

MOST = 20_000
BATCH, BATCHES = 500, 10


@bench("markers.read")
def read(run: Run) -> Iterator[Figure]:
    """All 26 of them, in batches of 500, with hits, levels and stamps written."""
    made = populate(min(run.players, MOST), rounds=10, brands=1)
    brand, now = made.brands[0], utcnow()
    norms.tell_anew(brand, now=now)
    players = list(range(made.first, made.first + BATCH * (BATCHES + 1)))
    sweeping.evaluate(brand, players[:BATCH], now=now)
    with run.measure(BATCH * BATCHES) as meter:
        for start in range(BATCH, len(players), BATCH):
            sweeping.evaluate(brand, players[start : start + BATCH], now=now)
    yield Figure(BATCH * BATCHES / meter.seconds, "players/s", meter=meter)
    with connection.cursor() as db:
        db.execute("SELECT count(*) FROM compliance_markerhit")
        hits = db.fetchone()[0]
    yield Figure(hits / len(players) * 100, "signs per 100 players", name="markers.signs")
