"""A PAM that restricts players over HTTP while messages to them are on their way to a slow provider.

One clock: the provider and the PAM are this process, the senders are others. The provider notes when a message begins
to arrive, before it answers; the PAM notes when its answer is there. A message that begins after the answer about its
player is late: it was handed over although the PAM had been told that the gate knows.
"""

import asyncio
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from multiprocessing import get_context
from typing import Any

import httpx
from aiosmtpd.controller import Controller

from config.embedded.processes import free_port
from config.lib.clock import utcnow

_numbers = count(1)
PROVIDER_SECONDS = 0.1
HANGS_EVERY = 40  # and of so many messages one gets no answer at all


class Provider:
    """`began`: address -> when each message to it began to arrive. `seen` is called then, with the address."""

    def __init__(self, seconds: float = PROVIDER_SECONDS, hangs_every: int = 0) -> None:
        self.began: dict[str, list[float]] = {}
        self.seen: Callable[[str], object] = lambda _: None
        self.messages, self._seconds, self._hangs_every = 0, seconds, hangs_every

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        address = envelope.rcpt_tos[0]
        self.began.setdefault(address, []).append(time.monotonic())
        self.messages += 1
        self.seen(address)
        hangs = self._hangs_every and self.messages % self._hangs_every == 0
        await asyncio.sleep(10 if hangs else self._seconds)
        return "250 kept"

    @contextmanager
    def listening(self) -> Iterator[int]:
        port = free_port()
        office = Controller(self, hostname="127.0.0.1", port=port)
        office.start()
        try:
            yield port
        finally:
            office.stop()


@dataclass
class Told:
    """What the PAM did: address -> when its answer was there; how long each single post and each batch took."""

    at: dict[str, float] = field(default_factory=dict)
    singles: list[float] = field(default_factory=list)
    batches: list[float] = field(default_factory=list)

    def late(self, provider: Provider) -> list[tuple[str, float]]:
        """Messages that began to arrive after the answer about their player, and by how much."""
        return [
            (address, began - self.at[address])
            for address, moments in provider.began.items()
            for began in moments
            if address in self.at and began > self.at[address]
        ]


class Pam:
    def __init__(self, base: str, key: str, told: Told) -> None:
        self.told = told
        self._http = httpx.Client(base_url=base, headers={"Authorization": f"Api-Key {key}"}, timeout=60)

    def restrict(self, *players: Any, kind: str = "rg.self_excluded") -> None:
        """One of them: an object. Several: an array, which is one request."""
        events = [self._event(player, kind) for player in players]
        began = time.monotonic()
        answer = self._http.post("/api/v1/events", json=events[0] if len(events) == 1 else events)
        there = time.monotonic()
        assert answer.status_code == 200, answer.text
        assert answer.json()["accepted"] == len(events), answer.text
        (self.told.singles if len(events) == 1 else self.told.batches).append(there - began)
        for player in players:
            self.told.at.setdefault(address_of(player), there)

    def _event(self, player: Any, kind: str) -> dict[str, Any]:
        number = next(_numbers)
        what = (
            {"ends_at": None} if kind == "rg.self_excluded" else
            {"kind": "deposit_limit", "period": "week", "amount": 20_00, "currency": "GBP", "origin": "player"}
        )  # fmt: skip
        return {
            "event": kind, "event_id": f"ack-{number}", "player": player.external_id,
            "occurred_at": utcnow().isoformat(),
            "properties": {"measure_id": f"ack-{kind}", "sequence": 1} | what,
        }  # fmt: skip


def address_of(player: Any) -> str:
    return f"{player.pk}@x.test"  # as tests.bench.gate.crowd has it


def run(
    base: str,
    key: str,
    players: Sequence[Any],
    provider: Provider,
    *,
    senders: int,
    singles: int,
    batches: int,
    seed: int,
) -> Told:
    """Restricts players one by one, and others by the hundred at the same time, until all of it is told."""
    told, dice = Told(), random.Random(seed)
    crowd = list(players[-100 * batches :]) if batches else []
    alone = list(players[: len(players) - len(crowd)])
    with ProcessPoolExecutor(senders, mp_context=get_context("spawn")) as pool:
        working = [pool.submit(send, 3600.0) for _ in range(senders)]
        deadline = time.monotonic() + 60
        while provider.messages < 5 * senders:
            assert time.monotonic() < deadline, "nobody sends"
            time.sleep(0.05)
        beside = threading.Thread(target=_by_the_hundred, args=(Pam(base, key, told), crowd))
        beside.start()
        pam = Pam(base, key, told)
        for number, player in enumerate(_where_it_is_hot(alone, provider, singles, dice)):
            pam.restrict(player, kind="rg.limit_set" if number % 2 else "rg.self_excluded")
            time.sleep(dice.random() * 0.02)
        beside.join()
        time.sleep(1)  # whoever is late has a second to show it
        for process in list(pool._processes.values()):
            process.terminate()
        for future in working:
            future.cancel()
    return told


def _by_the_hundred(pam: Pam, crowd: Sequence[Any]) -> None:
    for start in range(0, len(crowd), 100):
        pam.restrict(*crowd[start : start + 100])
        time.sleep(1)


def _where_it_is_hot(players: list[Any], provider: Provider, count: int, dice: random.Random) -> Iterator[Any]:
    """One in five from among those whose message goes next (people are written to in the order of their ids)."""
    left = sorted(players, key=lambda player: player.person_id)
    for number in range(min(count, len(left))):
        next_ones = [player for player in left if address_of(player) not in provider.began][:60]
        player = dice.choice(next_ones if next_ones and number % 5 == 0 else left)
        left.remove(player)
        yield player


def send(seconds: float) -> None:
    """What a dispatch worker does, in a process of its own or in a thread."""
    import django

    django.setup()
    from campaigns.dispatch import dispatch

    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not dispatch(now=utcnow(), limit=32):
            time.sleep(0.02)
