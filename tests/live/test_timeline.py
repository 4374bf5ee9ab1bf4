"""The open page of a player over a real WebSocket: what happens is told within a second, to whoever may know."""

import contextlib
import json
import time

import pytest
from django.test import Client
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from compliance.models import Operator, Seat
from compliance.roles import Role
from players import consumers, watching
from players.models import Brand, Player
from tests import cast
from tests.served import server

__all__ = ["server"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nobody_watched() -> None:
    watching._redis().delete(watching._KEY)
    watching._known, watching._until = frozenset(), 0.0


def log_in(role: Role = Role.CRM_MANAGER, brand: Brand | None = None) -> tuple[Operator, str]:
    operator = cast.make_operator(f"{role}{brand.pk if brand else ''}", role, brand)
    client = Client()
    client.force_login(operator)
    return operator, client.cookies["session"].value


def listen(server: str, player: Player, session: str = "", origin: str = "") -> ClientConnection:
    headers = {"Cookie": f"session={session}"} if session else {}
    return connect(
        f"ws://{server}/ws/players/{player.pk}/", origin=origin or f"http://{server}", additional_headers=headers
    )


def wait_until_watched(player: Player) -> None:
    deadline = time.monotonic() + 5
    while player.pk not in watching.watched():
        assert time.monotonic() < deadline
        watching._until = 0.0
        time.sleep(0.02)


def test_what_happens_is_told_within_a_second_and_says_nothing_but_that(server: str, anna: Player, bo: Player) -> None:
    _, session = log_in()
    with listen(server, anna, session) as page:
        wait_until_watched(anna)
        began = time.monotonic()
        cast.tell(anna, "player.login", device="mobile")
        assert json.loads(page.recv(timeout=5)) == {"new": True}
        assert time.monotonic() - began < 1

        cast.tell(bo, "player.login", device="mobile")  # somebody else's business
        with pytest.raises(TimeoutError):
            page.recv(timeout=0.5)


def test_ten_changes_in_a_moment_are_told_in_one_or_two_words(server: str, anna: Player) -> None:
    _, session = log_in()
    with listen(server, anna, session) as page:
        wait_until_watched(anna)
        begun = time.monotonic()
        watching.tell([anna.pk] * 10)
        moments = 1 + (time.monotonic() - begun) // consumers.PAUSE  # a busy machine takes more than one
        words = 0
        with contextlib.suppress(TimeoutError):
            while True:
                page.recv(timeout=2 * consumers.PAUSE)
                words += 1
        assert 1 <= words <= 1 + moments < 10


def test_what_is_rolled_back_is_never_told(server: str, anna: Player) -> None:
    from django.db import transaction

    _, session = log_in()
    with listen(server, anna, session) as page:
        wait_until_watched(anna)
        with transaction.atomic():
            watching.tell_on_commit([anna.pk])
            transaction.set_rollback(True)
        with pytest.raises(TimeoutError):
            page.recv(timeout=0.5)


@pytest.mark.parametrize("case", ["nobody", "forged", "other_brand", "role", "foreign"])
def test_who_may_not_see_the_player_may_not_listen(server: str, anna: Player, case: str) -> None:
    session, origin = "", ""
    if case == "forged":
        session = "x" * 32
    elif case == "other_brand":
        _, session = log_in(brand=cast.bjork())
    elif case == "role":
        _, session = log_in(Role.API_DEVELOPER)
    elif case == "foreign":
        _, session = log_in()
        origin = "https://evil.example"
    with pytest.raises(InvalidStatus) as refused:
        listen(server, anna, session, origin)
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("said", ["hello", "x" * 1_000_000, b"\x00\xff"])
def test_a_page_that_talks_is_hung_up_on(server: str, anna: Player, said: str | bytes) -> None:
    _, session = log_in()
    with listen(server, anna, session) as page:
        page.send(said)
        with pytest.raises(ConnectionClosed) as closed:
            page.recv(timeout=5)
        assert closed.value.rcvd
        assert closed.value.rcvd.code == consumers.TALKS


@pytest.mark.parametrize("why", ["logout", "seat", "disabled"])
def test_a_page_of_an_ended_session_is_closed(
    server: str, anna: Player, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumers, "RECHECK", 0.2)
    operator, session = log_in()
    with listen(server, anna, session) as page:
        if why == "logout":
            client = Client()
            client.cookies["session"] = session
            client.post("/logout/")
        elif why == "seat":
            Seat.objects.filter(operator=operator).delete()
        else:
            Operator.objects.update(is_active=False)
        with pytest.raises(ConnectionClosed) as closed:
            page.recv(timeout=5)
        assert closed.value.rcvd
        assert closed.value.rcvd.code == consumers.LOGGED_OUT


def test_one_operator_opens_so_many_pages_and_no_more(
    server: str, anna: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumers, "MOST_PAGES", 1)
    _, session = log_in()
    with listen(server, anna, session):
        time.sleep(0.1)
        with listen(server, anna, session) as second, pytest.raises(ConnectionClosed) as closed:
            second.recv(timeout=5)
        assert closed.value.rcvd
        assert closed.value.rcvd.code == consumers.TOO_MANY


def test_with_redis_away_facts_are_written_all_the_same(anna: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    import redis

    monkeypatch.setattr(watching, "_client", redis.Redis(unix_socket_path="/nowhere", socket_timeout=0.1))
    assert watching.watched() == frozenset()
    assert cast.tell(anna, "player.login", device="mobile")
    monkeypatch.setattr(watching, "_client", None)


def test_no_group_is_named_after_a_person(anna: Player) -> None:
    assert watching.group(anna.pk) == f"player.{anna.pk}"
