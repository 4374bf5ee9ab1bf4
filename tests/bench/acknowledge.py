"""How long the PAM waits for its answer about a restriction, while its players are being written to."""

import os
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta

from tests.bench import Figure, Run, bench

PLAYERS, SINGLES, BATCHES, SENDERS = 4000, 500, 10, 3


@bench("gate.acknowledge")
def acknowledge(run: Run) -> Iterator[Figure]:
    """Single restrictions and batches of a hundred over HTTP, three processes that send, a provider that takes 100 ms
    for a message and for one in forty for ever. Fails when a single message begins after the answer."""
    from tests.hammer import acknowledging

    players, key = _world()
    provider = acknowledging.Provider(hangs_every=acknowledging.HANGS_EVERY)
    with provider.listening() as port:
        os.environ["EMAIL_HOST"], os.environ["EMAIL_PORT"] = "127.0.0.1", str(port)
        base = run.web()
        with run.measure(SINGLES) as meter:
            told = acknowledging.run(
                base, key, players, provider, senders=SENDERS, singles=SINGLES, batches=BATCHES, seed=1
            )
    late = told.late(provider)
    assert not late, f"{len(late)} messages were handed over after the answer: {late[:3]}"
    beside = (
        f"{provider.messages} messages beside, 0 after an answer; {len(told.singles)} posts and {len(told.at)} players"
    )
    for name, share in (("p50", 0.5), ("p99", 0.99), ("max", 1.0)):
        yield Figure(_share(told.singles, share), "ms", beside, meter=meter, name=f"gate.acknowledge.{name}")
    yield Figure(_share(told.batches, 0.5), "ms", "a batch of 100 people", name="gate.acknowledge.batch.p50")


def _share(times: Sequence[float], share: float) -> float:
    ordered = sorted(times)
    return 1000 * ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def _world() -> tuple[list[object], str]:
    """Everybody may be written to now, and a message to each waits to be sent."""
    from django.db import transaction

    from campaigns.advance import advance
    from campaigns.models import Delivery
    from config.lib.clock import utcnow
    from players import facts
    from players.models import Feed, FeedKey
    from tests import cast
    from tests.bench.gate import crowd
    from tests.journey import build

    players, now = crowd(PLAYERS, timezone=cast.daylight(), first_name="Ella"), utcnow()
    brand = players[0].brand
    build.simple(brand, now - timedelta(seconds=5), trigger_fact="custom.ack", launch_limit=10**6)
    for start in range(0, PLAYERS, 500):
        with transaction.atomic():
            facts.record([facts.NewFact("custom.ack", player.pk, now, f"ack:{player.pk}", {})
                          for player in players[start : start + 500]], now=now)  # fmt: skip
    deadline = time.monotonic() + 120
    while Delivery.objects.filter(status="ready").count() < PLAYERS:
        facts.settle_owed(now=utcnow())
        advance(now=utcnow())
        assert time.monotonic() < deadline, "the messages do not get ready"
    _, key = FeedKey.objects.create_key(name="bench", feed=Feed.objects.get(brand=brand))
    return list(players), key
