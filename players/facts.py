"""Telling the apps above what happened: a fact is recorded once, and who must hear of it does.

`record` runs inside the caller's transaction. Reactions of the IN_TRANSACTION kind commit or fail
with the facts; for the others a row in `Owed` is the promise, and `settle_owed` keeps it.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import connection, transaction

from config.lib import flow, prepared
from config.lib.prepared import bigints
from config.lib.redaction import logged
from config.lib.wake import wake_on_commit
from players.models import Fact, Owed
from players.watching import tell_on_commit

log = structlog.get_logger(__name__)

_INSERT = """
    INSERT INTO players_fact (kind, player_id, occurred_at, recorded_at, key, data, is_replay, actor_id)
    SELECT kind, player_id, occurred_at, %(now)s, key, data, is_replay, actor_id
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS new(kind text, player_id bigint, occurred_at timestamptz,
        key text, data jsonb, is_replay boolean, actor_id bigint)
    ON CONFLICT (key) DO NOTHING
    RETURNING id, key
"""
_PROMISE = """
    INSERT INTO players_owed (reaction, fact_id, due_at, tries, error)
    SELECT reaction, fact_id, %(now)s, 0, '' FROM unnest(%(reactions)s::text[], %(facts)s::bigint[]) AS o(reaction, fact_id)
    ON CONFLICT DO NOTHING
"""
LONGEST_BACKOFF = 3600  # seconds; a reaction that keeps failing is tried once an hour, for ever


@dataclass(frozen=True, slots=True)
class NewFact:
    kind: str
    player_id: int
    occurred_at: datetime
    key: str
    data: dict[str, Any] = field(default_factory=dict)
    actor_id: int | None = None
    is_replay: bool = False


@dataclass(frozen=True, slots=True)
class Cause:
    """What moved a stage, in words, and the key of the fact (or 'round:<id>') behind it; no key where time or a person moved it."""

    words: str
    fact_key: str = ""


def record(new: Sequence[NewFact], *, now: datetime) -> list[Fact]:
    """Writes the facts whose key is new and tells those who react. Returns only the new ones, in id order.

    Must be called inside a transaction; raises TransactionManagementError otherwise. Whatever an
    IN_TRANSACTION reaction raises comes through, so that fact and reaction fail together.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("Facts are recorded inside a transaction.")
    # One order for everybody: two batches that share keys wait for each other instead of deadlocking.
    by_key = {fact.key: fact for fact in sorted(new, key=lambda f: (f.player_id, f.occurred_at, f.key))}
    if not by_key:
        return []
    rows = [_columns(fact) | {"occurred_at": fact.occurred_at.isoformat()} for fact in by_key.values()]
    written = sorted(prepared.run(_INSERT, {"now": now, "rows": json.dumps(rows)}))
    facts = [Fact(id=id_, recorded_at=now, **_columns(by_key[key])) for id_, key in written]
    for path, told in _by_reaction("IN_TRANSACTION", facts).items():
        flow.call(path, told, now)
    _owe(facts, now)
    tell_on_commit(fact.player_id for fact in facts)
    return facts


def _columns(fact: NewFact) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in NewFact.__slots__}


def _by_reaction(speed: str, facts: Iterable[Fact]) -> dict[str, list[Fact]]:
    told: dict[str, list[Fact]] = {}
    for fact in facts:
        for path in flow.reactions(speed, fact.kind):
            told.setdefault(path, []).append(fact)
    return told


def _owe(facts: Iterable[Fact], now: datetime) -> None:
    live = [fact for fact in facts if not fact.is_replay]  # the past must not send messages
    owed = [(path, fact.id) for path, told in _by_reaction("AFTER_COMMIT", live).items() for fact in told]
    if owed:
        paths, ids = zip(*owed, strict=True)
        prepared.run(_PROMISE, {"reactions": list(paths), "facts": bigints(ids), "now": now})
        wake_on_commit("players.tasks.settle_owed")


def settle_owed(*, now: datetime, limit: int = 500) -> int:
    """Does up to `limit` owed reactions, each group in a transaction of its own; returns how many got done.

    What failed before is tried alone, so that one bad fact cannot hold up the others of its group.
    """
    done = claimed = 0
    while claimed < limit:
        with transaction.atomic():
            rows = _claim(now, limit - claimed)
            done += _settle(rows, now)
        if not rows:
            break
        claimed += len(rows)
    return done


def _claim(now: datetime, limit: int) -> list[Owed]:
    """Locks the rows of one reaction, oldest first; a row that failed before comes alone."""
    due = (
        Owed.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(due_at__lte=now, fact__isnull=False)
        .order_by("due_at", "id")
    )
    first = due.first()
    if first is None or first.tries:
        return [first] if first else []
    return list(due.filter(reaction=first.reaction, tries=0).order_by("id")[:limit])


def _settle(rows: list[Owed], now: datetime) -> int:
    if not rows:
        return 0
    path = rows[0].reaction
    try:
        with transaction.atomic():
            facts = Fact.objects.filter(id__in=[row.fact_id for row in rows]).order_by("id")
            flow.call(path, list(facts), now)
    except Exception as error:  # noqa: BLE001 - whatever it was, the row stays and says so
        log.exception("owed_reaction_failed", reaction=path, rows=len(rows))
        _postpone(rows, error, now)
        return 0
    Owed.objects.filter(id__in=[row.id for row in rows]).delete()
    return len(rows)


def _postpone(rows: list[Owed], error: Exception, now: datetime) -> None:
    for row in rows:
        row.tries += 1
        row.error = logged(f"{type(error).__name__}: {error}")[:2000]
        row.due_at = now + timedelta(seconds=min(2 ** min(row.tries, 12), LONGEST_BACKOFF))
    Owed.objects.bulk_update(rows, ["tries", "error", "due_at"])
