"""The player's inbox over a real WebSocket: a real server, a real Valkey, a real database."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from campaigns import inbox, links
from campaigns.models import Card
from config.lib.clock import utcnow
from players.models import Player
from tests import cast
from tests.journey import build
from tests.journey.conftest import work
from tests.served import server

__all__ = ["server"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nothing_left_open() -> Iterator[None]:
    """The server's threads keep connections; the flush after each test must not wait for them."""
    yield
    connections.close_all()


def send(player: Player, **fields) -> None:  # noqa: ANN003
    now = utcnow()
    Player.objects.filter(id=player.id).update(timezone=cast.daylight())
    build.simple(player.brand, now - timedelta(seconds=1), channel="onsite", **fields)
    cast.tell(player, "player.login", now=now, at=now)
    work(now)


def listen(server: str, player: Player) -> ClientConnection:
    return connect(f"ws://{server}/ws/inbox/{links.inbox_token(player.id)}/", origin=f"http://{server}")


def titles(socket_: ClientConnection, timeout: float = 5) -> list[str]:
    return [card["title"] for card in json.loads(socket_.recv(timeout=timeout))["cards"]]


def test_a_card_arrives_on_an_open_page_and_stays_for_the_next_one(server: str, anna: Player) -> None:
    with listen(server, anna) as page:
        assert titles(page) == []
        send(anna)
        assert titles(page) == ["Hello Anna"]
    with listen(server, anna) as page:
        assert titles(page) == ["Hello Anna"]


def test_a_restriction_takes_the_card_from_the_open_page(server: str, anna: Player) -> None:
    send(anna)
    with listen(server, anna) as page:
        assert titles(page) == ["Hello Anna"]
        cast.exclude(anna)
        work(utcnow())
        inbox.tell([anna.id])
        assert titles(page) == []


def test_a_card_is_decided_again_at_every_display(anna: Player, client: Client) -> None:
    send(anna)
    address = f"/inbox/{links.inbox_token(anna.id)}/"
    assert b"Hello Anna" in client.get(address).content

    cast.exclude(anna)  # nobody has recalled anything yet

    assert Card.objects.get().recalled_at is None
    assert b"Hello Anna" not in client.get(address).content


@pytest.mark.slow
def test_an_idle_socket_stays_open(server: str, anna: Player) -> None:
    """redis-py 8 tore idle sockets down after five seconds."""
    with listen(server, anna) as page:
        assert titles(page) == []
        with pytest.raises(TimeoutError):
            page.recv(timeout=6.5)
        send(anna)
        assert titles(page) == ["Hello Anna"]


@pytest.mark.parametrize("token", ["x", "forged:1:2", "WzFd:1vabcd:sig"])
def test_a_forged_token_is_closed_and_sees_nothing(server: str, token: str) -> None:
    with (
        connect(f"ws://{server}/ws/inbox/{token}/", origin=f"http://{server}") as page,
        pytest.raises(ConnectionClosed),
    ):
        page.recv(timeout=5)


def test_a_page_of_another_site_may_not_listen(server: str, anna: Player) -> None:
    with pytest.raises(InvalidStatus):
        connect(f"ws://{server}/ws/inbox/{links.inbox_token(anna.id)}/", origin="https://evil.example")
