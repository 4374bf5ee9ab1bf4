"""A feed of Northlight and a PAM that speaks to it."""

import json
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from config.lib.clock import utcnow
from players.models import Brand, Feed, FeedKey

_numbers = count(1)


@dataclass
class Pam:
    feed: Feed
    key: str
    client: Client

    def post(self, body: Any, content_type: str = "application/json", **headers: str) -> HttpResponse:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Authorization": f"Api-Key {self.key}"} | headers
        return self.client.post("/api/v1/events", raw, content_type=content_type, headers=headers)

    def send(self, *events: dict[str, Any]) -> dict[str, Any]:
        """The receipt for an array of events."""
        response = self.post(list(events))
        assert response.status_code == 200, response.content
        return response.json()

    def put_games(self, body: Any) -> HttpResponse:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.put(
            "/api/v1/games", raw, content_type="application/json", headers={"Authorization": f"Api-Key {self.key}"}
        )


def pam_of(brand: Brand) -> Pam:
    feed = Feed.objects.get(brand=brand)
    _, key = FeedKey.objects.create_key(name="test", feed=feed)
    return Pam(feed, key, Client(raise_request_exception=False))


@pytest.fixture
def pam(northlight: Brand) -> Pam:
    return pam_of(northlight)


@cache
def _document() -> bytes:
    """Half a second of work, and the same until the code is another."""
    response = Client().get(reverse("schema"), headers={"Accept": "application/json"})
    assert response.status_code == 200
    return response.content


@pytest.fixture
def document(db: None) -> dict[str, Any]:
    """The OpenAPI document, as a client reads it; each test has a copy of its own."""
    return json.loads(_document())


def event(kind: str, player: str | None = "anna", /, **more: Any) -> dict[str, Any]:
    """An event of now. `at`, `event_id` and `replay` go to the envelope, the rest are its properties."""
    made = {
        "event": kind,
        "event_id": more.pop("event_id", f"e{next(_numbers)}"),
        "occurred_at": more.pop("at", utcnow().isoformat()),
        "properties": more,
    }
    if "replay" in more:
        made["replay"] = more.pop("replay")
    return made | ({"player": player} if player else {})


def deposit(player: str = "anna", amount: Any = 5000, **more: Any) -> dict[str, Any]:
    return event("deposit.approved", player, **({"payment_id": f"p{next(_numbers)}", "amount": amount} | more))


def bet(player: str = "anna", **more: Any) -> dict[str, Any]:
    amounts = {"stake_real": 200, "stake_bonus": 0, "win_real": 0, "win_bonus": 0, "category": "slots"}
    return event("round.settled", player, **({"round_id": f"r{next(_numbers)}"} | amounts | more))


def registered(player: str, **more: Any) -> dict[str, Any]:
    profile = {
        "email": f"{player}@example.test", "first_name": player.capitalize(), "last_name": "Test",
        "birth_date": "1985-05-17", "country": "GB", "language": "en", "currency": "GBP", "restrictions": "none",
    }  # fmt: skip
    return event("player.registered", player, **(profile | more))
