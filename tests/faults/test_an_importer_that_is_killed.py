"""kill -9, for real, of a process that brings consents in, while somebody in the file is excluded.

Wherever it dies: no line is lost and none comes in twice, it goes on by itself, and whoever is excluded stays shut.
"""

import os
import random
import threading
import time
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest

from compliance.models import Consent
from config.lib.clock import utcnow
from players.imports import running
from players.imports.into import consents
from players.models import Fact
from tests import cast
from tests.faults.another_process import Process, Tell, another_process
from tests.faults.importing import CHUNK, LINES, MANY, Importing, importing
from tests.faults.test_during_an_import import somebody_waits
from tests.faults.test_what_comes_in_between import elsewhere

__all__ = ["importing"]
pytestmark = pytest.mark.django_db(transaction=True)
LATER = running.LEASE + timedelta(seconds=1)


def importer(now: datetime, stop_at: str = "", breath: float = 0.0) -> AbstractContextManager[Process]:
    """Imports as a worker does."""

    def act(tell: Tell) -> None:
        if stop_at:
            _stopping(stop_at, tell)
        running.BREATH = breath
        while running.work(clock=lambda: now):
            pass

    return another_process(act)


def _stopping(point: str, tell: Tell) -> None:
    """Makes this process stop for good at a point of its second chunk."""
    step, record, chunks = running.step, consents.record, list[int]()

    def here(name: str) -> None:
        if name == point and len(chunks) == 2:
            tell()
            time.sleep(60)

    def stepping(pk: int, *, now: datetime) -> int:
        chunks.append(pk)
        here("before")
        done = step(pk, now=now)
        here("after")
        return done

    def recording(facts: Any, now: datetime) -> Any:
        written = record(facts, now=now)
        here("in the middle of")
        return written

    running.step, consents.record = stepping, recording


@pytest.mark.parametrize("point", ["before", "in the middle of", "after"])
def test_an_importer_killed_around_a_chunk_while_its_people_are_excluded_loses_nothing_and_opens_nobody(
    importing: Importing, point: str
) -> None:
    began, threads = utcnow(), list[threading.Thread]()
    with importer(began, point) as process:
        assert os.read(process.told, 1) == b"."
        for number in (1, 3, 9):  # whose lines are in, whose are coming in, and whose come later
            player = importing.players[number]
            threads.append(elsewhere(lambda player=player: cast.exclude(player)))
        if point == "in the middle of":
            somebody_waits()  # for a process that will never commit
    for thread in threads:
        thread.join(20)

    importing.one.refresh_from_db()
    lines = 2 * CHUNK if point == "after" else CHUNK
    assert process.was_killed
    assert (importing.one.status, importing.one.line, importing.one.new) == ("importing", lines, lines)
    assert running.work(clock=lambda: began) == 0  # for all anybody knows it is alive
    assert running.work(clock=lambda: began + LATER) == LINES - lines
    _everything_is_there_once_and_they_are_shut(importing, {1, 3, 9})


def _everything_is_there_once_and_they_are_shut(importing: Importing, shut: set[int]) -> None:
    importing.one.refresh_from_db()
    assert importing.came_in_once()
    said = Consent.objects.filter(player__in=importing.players, wording__in=["v1", ""])
    assert len(said) == len({(one.player_id, one.channel) for one in said}) == LINES
    assert Fact.objects.filter(key__startswith="consent.imported:").count() == LINES
    codes = importing.codes()
    assert {codes[number] for number in shut} == {"DENY_SELF_EXCLUDED"}
    assert {code for number, code in enumerate(codes) if number not in shut} == {"ALLOW"}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(60))
def test_an_importer_killed_again_and_again_at_any_moment_beside_exclusions(importing: Importing, seed: int) -> None:
    dice, now, kills, patience = random.Random(seed), utcnow(), 0, 0.05
    shut = dice.sample(range(MANY), 4)
    waiting = list(shut)
    while importing.one.status == "importing":
        assert kills < 200
        before = importing.one.line
        with importer(now, breath=0.005) as process:
            time.sleep(dice.random() * patience)
            player = importing.players[waiting.pop()] if waiting else None
            thread = elsewhere(lambda player=player: player and cast.exclude(player))
            time.sleep(dice.random() * patience)
        thread.join(20)
        kills += process.was_killed
        now += LATER
        importing.one.refresh_from_db()
        patience *= 1 if importing.one.line > before else 1.2  # on a busy machine it had not even begun
    for number in waiting:
        cast.exclude(importing.players[number])
    assert kills
    _everything_is_there_once_and_they_are_shut(importing, set(shut))
