"""What has to be fetched from the operator, one row per player and thing, kept up to date by announcements."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Min, Q

from config.lib.clock import NEVER
from config.lib.wake import wake_on_commit
from players.models import Feed, Fetch, OperatorApi

# An announcement counts from its own time, never from one ahead of our clock: a refusal of a moment later must
# not lose against it. Said again after it was answered, it is a new announcement and counts from a moment later:
# what was fetched before cannot answer it.
_NOTE = """
    INSERT INTO players_fetch AS old (feed_id, external_id, what, told_at, notices, owed_since, due_at, tries,
        answered_at, trouble)
    SELECT %(feed)s, external_id, what, LEAST(at, %(now)s), 1, %(now)s, %(now)s, 0, %(never)s, ''
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS new(external_id text, what text, at timestamptz)
    ORDER BY external_id, what
    ON CONFLICT (feed_id, external_id, what) DO UPDATE SET
        told_at = GREATEST(excluded.told_at,
            CASE WHEN old.due_at IS NULL THEN old.told_at + interval '1 microsecond' ELSE old.told_at END),
        notices = old.notices + 1, owed_since = COALESCE(old.owed_since, excluded.owed_since),
        due_at = excluded.due_at, tries = 0
    RETURNING external_id, what, told_at
"""
Asked = tuple[str, str]  # player, what


def note(feed: Feed, announced: Iterable[tuple[str, str, datetime]], *, now: datetime) -> dict[Asked, datetime]:
    """(player, what, moment) announced by a feed -> the moment each now counts from. In a transaction of its own:
    a fetch that is on its way must know before anybody relies on it."""
    newest: dict[Asked, datetime] = {}
    for player, what, at in announced:
        newest[player, what] = max(at, newest.get((player, what), at))
    if not newest:
        return {}
    rows = [
        {"external_id": player, "what": what, "at": at.isoformat()} for (player, what), at in sorted(newest.items())
    ]
    with transaction.atomic(), connection.cursor() as db:
        db.execute(_NOTE, {"feed": feed.pk, "now": now, "never": NEVER, "rows": json.dumps(rows)})
        counted = {(player, what): at for player, what, at in db.fetchall()}
        wake_on_commit("players.tasks.fetch_details")
    return counted


@dataclass(frozen=True, slots=True)
class Lag:
    """How far behind the operator's answers we are. `oldest`: since when the oldest of them is owed."""

    waiting: int
    failing: int
    blocks: int
    oldest: datetime | None
    answered_at: datetime | None
    paused_until: datetime | None
    trouble: str
    is_configured: bool


def lag(feed: Feed, *, now: datetime) -> Lag:
    owed = Fetch.objects.filter(feed=feed, due_at__isnull=False)
    sums: dict[str, Any] = owed.aggregate(
        waiting=Count("id"), failing=Count("id", filter=Q(tries__gt=0)),
        blocks=Count("id", filter=Q(what=Fetch.What.BLOCKS)), oldest=Min("owed_since"),
    )  # fmt: skip
    api = OperatorApi.objects.filter(feed=feed).first()
    return Lag(
        **sums,
        answered_at=api.answered_at if api and api.answered_at != NEVER else None,
        paused_until=api.paused_until if api and api.paused_until > now else None,
        trouble=api.trouble if api else "",
        is_configured=api is not None,
    )
