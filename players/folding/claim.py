"""Taking the oldest waiting events, and making sure that all they need is there."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from itertools import takewhile
from typing import Any, NamedTuple

from config.lib import locks, prepared
from config.lib.prepared import bigints
from players import partitions
from players.models import Player, PlayerState, Stage

SHARDS = 2  # appliers that may work side by side, each on players of its own: player_id % SHARDS
ALL = tuple(range(SHARDS))

_WAIT = "SELECT pg_advisory_xact_lock(%(lock)s::int, shard) FROM unnest(%(shards)s::int[]) AS shard"
_LOCK = """
    SELECT bool_and(pg_try_advisory_xact_lock(%(lock)s::int, shard)) FROM unnest(%(shards)s::int[]) AS shard
"""

# The same without waiting, and for the rest of the transaction: a thousand look-ups by key, never a scan of all
# players. The planner cannot know how few rows the inserts of a statement return, and picks the scan. One plan
# for any batch.
_START = """
    SELECT (SELECT bool_and(pg_try_advisory_xact_lock(%(lock)s::int, shard))
            FROM unnest(%(shards)s::int[]) AS shard), set_config('enable_seqscan', 'off', true),
           set_config('jit', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true)
"""

# Rounds and sessions are read again where they are folded: their bodies need not travel.
_OLDEST = f"""
    SELECT e.id, e.received_at, e.kind, e.player_id, e.occurred_at, e.is_replay, e.feed_id, e.event_id,
           CASE WHEN e.kind NOT IN ('round.settled', 'round.rolled_back', 'session.ended')
                THEN e.body::text END,
           CASE e.kind WHEN 'session.ended' THEN
                e.body ->> 'started_at' END
    FROM (SELECT id, received_at FROM players_waiting WHERE player_id %% {SHARDS} = ANY(%(shards)s::int[])
          ORDER BY id LIMIT %(limit)s::bigint) AS waiting
         JOIN players_event e ON e.id = waiting.id AND e.received_at = waiting.received_at
    ORDER BY waiting.id
"""

_LOCK_STATES = """
    SELECT player_id, stage = %(active)s::smallint AND coalesce(next_stage_at > %(now)s::timestamptz, false)
    FROM players_playerstate WHERE player_id = ANY(%(players)s::bigint[])
    ORDER BY player_id FOR NO KEY UPDATE
"""

_FOLDED = "DELETE FROM players_waiting WHERE id = ANY(%(ids)s::bigint[])"


class Claimed(NamedTuple):
    id: int
    received_at: datetime
    kind: str
    player_id: int
    occurred_at: datetime
    is_replay: bool
    feed_id: int
    event_id: str
    body: str | None  # JSON; only of kinds folded one by one
    started_at: str | None

    @property
    def properties(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body or "{}")
        return found


def lock_shards(*, wait: bool = False) -> bool:
    """True when this transaction is now the only one that writes state, of any player."""
    rows = prepared.run(_WAIT if wait else _LOCK, {"lock": locks.FOLD, "shards": list(ALL)})
    return wait or bool(rows[0][0])


def start(shards: Sequence[int] = ALL) -> bool:
    """False when another applier is at work on one of them. Otherwise this transaction is theirs, and set up
    for look-ups."""
    ((is_mine, *_),) = prepared.run(_START, {"lock": locks.FOLD, "shards": list(shards)})
    return bool(is_mine)


def oldest(limit: int, shards: Sequence[int] = ALL) -> list[Claimed]:
    """The oldest waiting events, of one kind of time: history filled in or life, never mixed."""
    rows = prepared.run(_OLDEST, {"limit": limit, "shards": list(shards)})
    waiting = [Claimed._make(row) for row in rows]
    return list(takewhile(lambda event: event.is_replay == waiting[0].is_replay, waiting))


def prepare(events: Sequence[Claimed], now: datetime) -> tuple[list[int], set[int]]:
    """Partitions for the months of `events`, a state row for each player, rows locked in id order.

    Returns the player ids, ascending, and those among them whom more play of today leaves in their stage: active,
    and not due to be looked at.
    """
    partitions.ensure_for(_dates(events))
    player_ids = sorted({event.player_id for event in events})
    values = {"players": bigints(player_ids), "active": Stage.ACTIVE.value, "now": now}
    known: dict[int, bool] = dict(prepared.run(_LOCK_STATES, values))
    if missing := [id_ for id_ in player_ids if id_ not in known]:
        born(missing)
    ahead = {event.player_id for event in events if event.occurred_at > now}
    return player_ids, {id_ for id_, is_settled in known.items() if is_settled} - ahead


def born(player_ids: Sequence[int]) -> None:
    """Empty state for players that have none. Due for a segment check at once: nobody has looked yet."""
    players = Player.objects.filter(id__in=player_ids).order_by("id").values_list("id", "brand_id", "registered_at")
    PlayerState.objects.bulk_create(
        [
            PlayerState(player_id=id_, brand_id=brand_id, registered_at=at, stage_since=at, next_check_at=at)
            for id_, brand_id, at in players.iterator(chunk_size=1000)
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )


def mark_folded(events: Sequence[Claimed]) -> None:
    prepared.run(_FOLDED, {"ids": bigints(event.id for event in events)})


def reach(events: Sequence[Claimed]) -> dict[str, Any]:
    """Parameters that name exactly these events and open only their partitions: ids, first, last."""
    return {
        "ids": bigints(event.id for event in events),
        "first": min(event.received_at for event in events),
        "last": max(event.received_at for event in events),
    }


def _dates(events: Sequence[Claimed]) -> set[date]:
    """Days whose months must exist. The gaming day may lie in the month before or after the UTC one."""
    moments = {event.occurred_at.date() for event in events}
    moments |= {date.fromisoformat(event.started_at[:10]) for event in events if event.started_at}
    edges = {date.fromordinal(day.toordinal() + shift) for day in moments for shift in (-1, 1)}
    return edges | moments
