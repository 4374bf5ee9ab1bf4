"""Several appliers side by side: each shard of players has one, and none waits for another."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from config.lib import locks
from players.folding import backlog, fold_backlog, fold_pending
from players.models import PlayerState, Waiting
from tests.folding.casino import brand, player, receive, round_

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)


@contextmanager
def somebody_applies(shard: int) -> Iterator[None]:
    other = connection.copy()
    try:
        with other.cursor() as db:
            db.execute("SELECT pg_advisory_lock(%s, %s)", [locks.FOLD, shard])
            yield
            db.execute("SELECT pg_advisory_unlock(%s, %s)", [locks.FOLD, shard])
    finally:
        other.close()


@pytest.mark.django_db
def test_a_shard_somebody_works_on_is_left_alone_and_the_other_one_goes_on() -> None:
    azura = brand()
    people = [player(azura, NOW - timedelta(days=9)) for _ in range(4)]
    receive(azura, [round_(one.pk, NOW, "r1") for one in people], NOW)

    with somebody_applies(shard=0):
        assert fold_pending(now=NOW) == 0  # it would need both
        assert fold_pending(now=NOW, shards=[0]) == 0
        assert fold_pending(now=NOW, shards=[1]) == 2
        assert set(Waiting.objects.values_list("player_id", flat=True)) == {one.pk for one in people if one.pk % 2 == 0}

    assert fold_pending(now=NOW) == 2
    assert not Waiting.objects.exists()


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_backlog_is_folded_by_both_appliers_and_nothing_is_left_or_counted_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    azura = brand()
    people = [player(azura, NOW - timedelta(days=9)) for _ in range(6)]
    receive(azura, [round_(people[n % 6].pk, NOW - timedelta(minutes=n), f"r{n}", 100) for n in range(2400)], NOW)
    shards: set[tuple[int, ...]] = set()

    def remember(*, now: datetime, shards_: set[tuple[int, ...]] = shards, **chosen: list[int]) -> int:
        shards_.add(tuple(chosen.get("shards", ())))
        return fold_pending(now=now, **chosen)

    monkeypatch.setattr(backlog, "LARGE", 1000)
    monkeypatch.setattr(backlog, "fold_pending", remember)

    assert fold_backlog(clock=lambda: NOW) == 2400
    assert not Waiting.objects.exists()
    assert set(PlayerState.objects.values_list("rounds", "stake_real")) == {(400, 40_000)}
    assert {(0,), (1,)} <= shards


@pytest.mark.parametrize("failing", [0, 1])
def test_an_applier_that_fails_keeps_no_other_one_waiting(monkeypatch: pytest.MonkeyPatch, failing: int) -> None:
    def fold(*, now: datetime, limit: int = 0, shards: list[int] | None = None) -> int:
        if shards == [failing]:
            raise RuntimeError("a fold that fails")
        return 0 if shards else backlog.LARGE  # a full batch at first: there is a backlog

    monkeypatch.setattr(backlog, "fold_pending", fold)
    begun = time.monotonic()

    with pytest.raises(RuntimeError):
        fold_backlog(clock=lambda: NOW, seconds=3)

    assert time.monotonic() - begun < 2
