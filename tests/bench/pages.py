"""How long an operator waits: pages over a real connection, logged in, on a casino of the scale's size."""

import sys
from collections.abc import Iterator

from tests.bench import Figure, Run, bench
from tests.bench.population import populate


@bench("pages.population")
def population(run: Run) -> Iterator[Figure]:
    """How fast the casino itself is made."""
    with run.measure(items=run.players) as meter:
        made = populate(run.players, say=lambda words: sys.stderr.write(f"{words}\n"))
    yield Figure(made.players / meter.seconds, "players/s", meter=meter)
    yield Figure(made.sessions / meter.seconds, "sessions/s", meter=meter, name="pages.population.sessions")
