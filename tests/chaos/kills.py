"""A PAM that repeats what was not acknowledged, and a hand that kills what stands behind it."""

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
from django.db import OperationalError, connection

from config.lib.clock import utcnow
from players import partitions, rebuild
from players.folding import born
from players.models import Brand, Feed, FeedKey, Licence, Payment, Person, Player, PlayerState, Round, Waiting
from tests.chaos.world import World

PEOPLE, BATCH, PATIENCE = 500, 500, 300


@dataclass(frozen=True)
class Outcome:
    events: int
    kills: Counter[str]
    lost: int
    twice: int
    wrong_players: int
    differences: int

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.twice or self.wrong_players or self.differences)

    @property
    def sentence(self) -> str:
        return (
            f"lost {self.lost}, applied twice {self.twice}, players with a wrong sum {self.wrong_players}, rebuild differences"
            f" {self.differences}, after {self.events} events with the folding worker killed {self.kills['worker']} times"
            f" and PostgreSQL {self.kills['database']} times"
        )


def run(world: World, events: int, seed: int) -> Outcome:
    key, people = _casino()
    told = _events(people, events, random.Random(seed), utcnow())
    sender = threading.Thread(target=_send, args=(world.url, key, told))
    sender.start()
    kills = _kill_while(world, sender, random.Random(seed))
    sender.join()
    _until(lambda: not Waiting.objects.exists())
    return _judge(told, people, kills)


def _casino() -> tuple[str, list[Player]]:
    now = utcnow()
    licence = Licence.objects.create(jurisdiction="MT", number="chaos", licensee="Chaos")
    brand = Brand.objects.create(slug="chaos", name="Chaos", licence=licence, currency="EUR", timezone="Europe/Malta")
    feed = Feed.objects.create(brand=brand)
    partitions.ensure(now=now)
    people = Person.objects.bulk_create([Person() for _ in range(PEOPLE)])
    players = Player.objects.bulk_create(
        [
            Player(
                brand=brand,
                person=one,
                external_id=f"c{one.pk}",
                currency="EUR",
                registered_at=now - timedelta(days=40),
            )
            for one in people
        ]
    )
    born([one.pk for one in players])
    _, key = FeedKey.objects.create_key(name="chaos", feed=feed)
    return key, players


def _events(people: list[Player], count: int, dice: random.Random, now: datetime) -> list[dict[str, Any]]:
    """Nine rounds to one deposit; amounts and players drawn, ids of their own."""
    told: list[dict[str, Any]] = []
    for number in range(count):
        kind, properties = "round.settled", {
            "round_id": f"r{number}", "category": "slots", "stake_real": dice.randrange(10, 900), "stake_bonus": 0,
            "win_real": dice.randrange(700), "win_bonus": 0,
        }  # fmt: skip
        if number % 10 == 0:
            kind, properties = "deposit.approved", {"payment_id": f"p{number}", "amount": dice.randrange(500, 9000)}
        at = now - timedelta(seconds=dice.random() * 70_000)
        told.append(
            {"event": kind, "event_id": f"e{number}", "player": dice.choice(people).external_id,
             "occurred_at": at.isoformat(), "properties": properties}
        )  # fmt: skip
    return told


def _send(url: str, key: str, told: list[dict[str, Any]]) -> None:
    """Each batch until it is acknowledged, however often that takes."""
    with httpx.Client(base_url=url, headers={"Authorization": f"Api-Key {key}"}, timeout=30) as pam:
        for start in range(0, len(told), BATCH):
            deadline = time.monotonic() + PATIENCE
            while True:
                try:
                    answer = pam.post("/api/v1/events", json=told[start : start + BATCH])
                    if answer.status_code == 200 and answer.json()["quarantined"] == 0:
                        break
                except httpx.HTTPError:
                    pass
                if time.monotonic() > deadline:
                    raise TimeoutError("a batch is not acknowledged")
                time.sleep(0.2)


def _kill_while(world: World, sender: threading.Thread, dice: random.Random) -> Counter[str]:
    """While anything is sent or folded, at random moments: the worker, the server, the worker …"""
    kills: Counter[str] = Counter()
    while sender.is_alive() or _busy():
        time.sleep(0.3 + dice.random())
        if kills["worker"] > kills["database"]:
            world.kill_database()
            kills["database"] += 1
        else:
            before = _oldest()
            world.kill_worker()
            kills["worker"] += 1
            _until_folding(before)
        world.keep_beat()
        connection.close()
    return kills


def _until_folding(before: int) -> None:
    """Until the new worker has folded something: on a busy machine it starts so slowly that none ever would."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and before and 0 < _oldest() <= before:
        time.sleep(0.1)


def _oldest() -> int:
    """Id of the event that waits longest; 0 when none does, or nobody can say."""
    try:
        return Waiting.objects.order_by("id").values_list("id", flat=True).first() or 0
    except OperationalError:
        connection.close()
        return 0


def _busy() -> bool:
    try:
        return Waiting.objects.exists()
    except OperationalError:
        connection.close()
        return True


def _until(true: Any) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError("events are still waiting to be folded")
        time.sleep(0.2)


def _judge(told: list[dict[str, Any]], people: list[Player], kills: Counter[str]) -> Outcome:
    stakes: Counter[str] = Counter()
    deposits: Counter[str] = Counter()
    for event in told:
        stakes[event["player"]] += event["properties"].get("stake_real", 0)
        deposits[event["player"]] += event["properties"].get("amount", 0)
    facts = Round.objects.count() + Payment.objects.count()
    distinct = (
        Round.objects.values("player_id", "round_id").distinct().count()
        + Payment.objects.values("player_id", "payment_id").distinct().count()
    )
    state = {
        external_id: (stake, deposit)
        for external_id, stake, deposit in PlayerState.objects.values_list(
            "player__external_id", "stake_real", "deposit_sum"
        )
    }
    wrong = sum(state.get(one.external_id) != (stakes[one.external_id], deposits[one.external_id]) for one in people)
    return Outcome(len(told), kills, len(told) - distinct, facts - distinct, wrong, len(rebuild.verify(now=utcnow())))
