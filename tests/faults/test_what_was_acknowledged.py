"""A 2xx about a restriction means: from here on nothing is handed over. Over HTTP, with a provider that takes its time.

The long form, with senders in other processes and a provider that hangs, prints figures: `manage.py bench gate.acknowledge`.
"""

import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.test import override_settings

from campaigns.dispatch import dispatch
from players.models import Feed, FeedKey, Player
from tests import cast
from tests.bench.gate import crowd
from tests.faults.test_what_comes_in_between import elsewhere
from tests.hammer.acknowledging import Pam, Provider, Told, address_of
from tests.hammer.people import address
from tests.journey import build
from tests.served import server

__all__ = ["server"]
pytestmark = pytest.mark.django_db(transaction=True)
NOW = cast.noon()
EACH = 0.1  # seconds the provider takes for a mail


def pam(server: str, player: Player, told: Told) -> Pam:
    _, key = FeedKey.objects.create_key(name="test", feed=Feed.objects.get(brand=player.brand))
    return Pam(f"http://{server}", key, told)


def test_after_the_answer_no_hand_over_begins_also_of_what_was_claimed_and_of_whom_is_next(server: str) -> None:
    players = crowd(12, first_name="Ella")
    build.simple(players[0].brand, NOW, trigger_fact="custom.f", launch_limit=100)
    for player in players:
        cast.tell(player, "custom.f", now=NOW, at=NOW)
    provider, told = Provider(seconds=EACH), Told()
    now_sent, claimed, later = players[1], players[7], players[11]  # of a group of eight
    threads: list[threading.Thread] = []

    def restrict(address: str) -> None:
        if address == address_of(now_sent):
            for player in (now_sent, claimed, later):
                speaker = pam(server, player, told)
                threads.append(elsewhere(lambda who=player, speaker=speaker: speaker.restrict(who)))

    with provider.listening() as port, override_settings(EMAIL_HOST="127.0.0.1", EMAIL_PORT=port, EMAIL_CONNECTIONS=1):
        _make_ready()
        provider.seen = lambda address: threading.Thread(target=restrict, args=(address,)).start()
        dispatch(now=NOW, limit=8)
        _until(lambda: len(threads) == 3)
        for thread in threads:
            thread.join(20)
        handed = provider.messages
        for _ in range(3):
            dispatch(now=NOW, limit=8)

    assert handed == 8
    assert provider.messages == 11  # everybody but one
    assert set(provider.began) == {address_of(player) for player in players} - {address_of(later)}
    assert told.late(provider) == []
    first, last = min(told.singles), max(told.singles)
    assert last >= EACH * 5  # who was claimed waited for the group, and then nothing more was on its way
    assert first < last / 2  # who was not being written to had the answer at once


def _until(there: Callable[[], object], patience: float = 10) -> None:
    deadline = time.monotonic() + patience
    while not there():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _make_ready() -> None:
    from campaigns.advance import advance
    from players.facts import settle_owed

    settle_owed(now=NOW)
    advance(now=NOW)


def test_of_a_hundred_restrictions_in_one_request_each_is_in_force_by_itself_and_one_that_waits_holds_nobody_else(
    server: str,
) -> None:
    players = crowd(100)
    busy = players[60]  # being written to
    told = Told()
    speaker = pam(server, busy, told)
    with psycopg.connect(address("owner")) as hand_over, psycopg.connect(address("owner"), autocommit=True) as onlooker:
        hand_over.execute("SELECT pg_advisory_xact_lock_shared(7001, compliance_person_key(%s))", [busy.person_id])
        batch = elsewhere(lambda: speaker.restrict(*players))
        waits = (  # for the one being written to: somebody may wait for something else a moment on the way there
            "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND classid = 7001"
            " AND objid = compliance_person_key(%s)"
        )
        _until(lambda: onlooker.execute(waits, [busy.person_id]).fetchone() is not None)

        assert _held(onlooker, [player.person_id for player in players if player != busy]) == []
        assert _excluded(onlooker) == 60  # those before it are closed already
        pam(server, busy, told).restrict(players[80])  # another one's answer does not wait for the batch
        assert told.singles[0] < 0.5
        assert batch.is_alive()
        hand_over.rollback()
        batch.join(20)
        assert _excluded(onlooker) == 100
    assert len(told.batches) == 1


def _held(db: psycopg.Connection[Any], people: list[int]) -> list[int]:
    """Whom somebody holds, by their advisory lock or their row."""
    found = db.execute(
        "SELECT p FROM unnest(%s::bigint[]) AS p WHERE NOT pg_try_advisory_xact_lock(7001, compliance_person_key(p))",
        [people],
    ).fetchall()
    free = db.execute(
        "SELECT person_id FROM compliance_standing WHERE person_id = ANY (%s) FOR NO KEY UPDATE SKIP LOCKED", [people]
    ).fetchall()
    return [row[0] for row in found] + sorted(set(people) - {row[0] for row in free})


def _excluded(db: psycopg.Connection[Any]) -> int:
    row = db.execute("SELECT count(*) FROM compliance_standing WHERE verdict = 'excluded'").fetchone()
    assert row is not None
    return int(row[0])
