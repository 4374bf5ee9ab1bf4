"""A small casino for folding tests: events written straight into the inbox, as the intake leaves them."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from players import partitions
from players.folding import fold_pending
from players.models import Brand, Event, Feed, Licence, Person, Player, Waiting

SLOTS, LIVE, SPORTS = 1, 2, 4
NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Sent:
    """One event as the intake leaves it: kind, player, event time, checked properties."""

    kind: str
    player_id: int
    at: datetime
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        text = json.dumps([self.kind, self.player_id, self.at.isoformat(), self.body], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def brand(**values: Any) -> Brand:
    licence, _ = Licence.objects.get_or_create(jurisdiction="MT", number="1", defaults={"licensee": "Azura Ltd"})
    values = {"name": "Azura", "currency": "EUR", "timezone": "Europe/Malta"} | values
    return Brand.objects.create(slug=f"brand-{Brand.objects.count()}", licence=licence, **values)


def player(at: Brand, registered_at: datetime) -> Player:
    return Player.objects.create(
        brand=at,
        person=Person.objects.create(),
        external_id=f"p{Player.objects.count()}",
        currency=at.currency,
        registered_at=registered_at,
    )


def receive(at: Brand, events: Iterable[Sent], now: datetime, *, is_replay: bool = False) -> None:
    """Into the inbox, in this order. The same event twice comes under two event ids, as from a second path."""
    feed, _ = Feed.objects.get_or_create(brand=at)
    partitions.ensure_inbox(now.date())
    start = Event.objects.count()
    events_kept = Event.objects.bulk_create(
        Event(
            feed=feed,
            event_id=f"{start + n}:{event.key}"[:100],
            kind=event.kind,
            player_id=event.player_id,
            occurred_at=event.at,
            received_at=now + timedelta(microseconds=start + n),
            digest=b"-",
            body=event.body,
            is_replay=is_replay,
        )
        for n, event in enumerate(events)
    )
    Waiting.objects.bulk_create(
        Waiting(id=kept.pk, received_at=kept.received_at, feed_id=kept.feed_id, player_id=kept.player_id)
        for kept in events_kept
    )


def fold_all(now: datetime) -> None:
    while fold_pending(now=now):
        pass


def round_(player_id: int, at: datetime, round_id: str, stake: int = 100, *, bonus: int = 0, win: int = 0,
           category: int = SLOTS) -> Sent:  # fmt: skip
    body = {
        "round_id": round_id, "category": category, "stake_real": stake, "stake_bonus": bonus,
        "win_real": win, "win_bonus": 0,
    }  # fmt: skip
    return Sent("round.settled", player_id, at, body)


def rollback(player_id: int, at: datetime, round_id: str) -> Sent:
    return Sent("round.rolled_back", player_id, at, {"round_id": round_id})


def session(player_id: int, start: datetime, minutes: float, session_id: str, category: int = SLOTS, *,
            device: str = "mobile", game: int | None = None) -> Sent:  # fmt: skip
    body = {"session_id": session_id, "started_at": start.isoformat(), "category": category, "device": device}
    if game:
        body["game"] = game
    return Sent("session.ended", player_id, start + timedelta(minutes=minutes), body)


def payment(player_id: int, at: datetime, payment_id: str, amount: int, status: str = "approved",
            direction: str = "deposit", *, method: str = "card", **more: str) -> Sent:  # fmt: skip
    told = {"payment_id": payment_id, "amount": amount, "method": method} | more
    return Sent(f"{direction}.{status}", player_id, at, told)
