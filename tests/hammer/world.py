"""What the checks of the gate's SQL stand on: who is there, and short words for what is done to them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg
from django.db import DatabaseError, connection, transaction

from compliance import stops
from config.lib.clock import utcnow
from players.models import Player
from tests import cast
from tests.hammer.changing import Target
from tests.spec.test_4_nothing_gets_around_the_gate import run

DAY = timedelta(days=1)
ALLOWED = ("allow", "X")


@dataclass
class World:
    """Who is there, committed. `owner` and `other` (the application's role) are sessions of somebody else."""

    anna: Player
    bo: Player  # excluded
    target: Target  # a message on its way to somebody, and terms to give them a bonus under
    owner: psycopg.Connection[Any]
    other: psycopg.Connection[Any]

    @property
    def hit(self) -> Player:
        return Player.objects.get(pk=self.target.player)


CHECKS: dict[str, Callable[[World], None]] = {}


def check(function: Callable[[World], None]) -> Callable[[World], None]:
    CHECKS[function.__name__] = function
    return function


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def standing(w: World, change: str, back: str) -> Iterator[None]:
    """Anna's, as no function of ours leaves it."""
    set_ = "UPDATE compliance_standing SET {} WHERE person_id = %s"
    w.owner.execute(set_.format(change), [w.anna.person_id])
    try:
        with undone():
            yield
    finally:
        w.owner.execute(set_.format(back), [w.anna.person_id])


@contextmanager
def brand_stopped(w: World) -> Iterator[None]:
    with undone():
        stops.stop(w.anna.brand, cast.olivia(), "something is wrong", now=utcnow())
        yield


def refused(state: str, *statements: str) -> None:
    said = ""
    try:
        run(*statements)
    except DatabaseError as error:
        said = getattr(error.__cause__, "sqlstate", "")
    assert said == state, statements[-1]


def still(*decisions: int) -> list[int]:
    with connection.cursor() as db:
        db.execute("SELECT compliance_still_allowed(%s::bigint[])", [list(decisions)])
        return [row[0] for row in db.fetchall()]


def is_free(w: World, key: int, number: int, kind: str = "") -> bool:
    """Could somebody else have this advisory lock now?"""
    row = w.other.execute(f"SELECT pg_try_advisory_xact_lock{kind}(%s, %s)", [key, number]).fetchone()
    return bool(row and row[0])


def row_is_free(w: World) -> bool:
    statement = "SELECT FROM compliance_standing WHERE person_id = %s FOR NO KEY UPDATE SKIP LOCKED"
    return w.owner.execute(statement, [w.anna.person_id]).rowcount == 1


def aged(w: World, decision: int) -> int:
    w.owner.execute(
        "UPDATE compliance_decision SET decided_at = decided_at - interval '61 s' WHERE id = %s", [decision]
    )
    return decision


def put(w: World, **row: object) -> str:
    """A grant to whom the target is, as SQL."""
    now = utcnow().isoformat()
    values: dict[str, object] = {
        "person_id": w.hit.person_id, "player_id": w.hit.pk, "channel": "bonus", "purpose": "promotional",
        "terms_id": w.target.terms, "reference": "t", "amount": 1, "deposit": 0, "currency": "GBP", "status": "active",
        "wagering_required": 0, "wagering_done": 0, "reason": "", "criteria": "[]", "granted_at": now, "expires_at": now,
        "credit": "none", "credit_tries": 0, "credit_detail": "",
    } | row  # fmt: skip
    return f"INSERT INTO bonuses_grant ({', '.join(values)}) VALUES ({', '.join(repr(v) for v in values.values())})"
