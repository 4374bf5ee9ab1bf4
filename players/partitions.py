"""Partitions, made before they are needed: days of the inbox, months of sessions, rounds and daily activity.

There is no default partition on purpose: attaching a month fails once the default holds a row of it.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections

from config.lib import prepared

INBOX_DAYS = 14
_ENSURE = """
    SELECT players_ensure_partition(parent, day)
    FROM unnest(%(parents)s::text[], %(days)s::date[]) AS wanted(parent, day)
"""
_MONTHLY = ("players_session", "players_round", "players_dailyactivity")


def ensure(*, now: datetime, using: str = DEFAULT_DB_ALIAS) -> None:
    """Partitions for yesterday's stragglers, today and what comes next."""
    days = [now.date() + timedelta(days=n) for n in range(-1, 4)]
    _ensure((("players_event", day) for day in days), using)
    ensure_for([now.date() + timedelta(days=n) for n in (-31, 0, 31)], using)


def ensure_for(dates: Iterable[date], using: str = DEFAULT_DB_ALIAS) -> None:
    """The months of `dates`, for facts of any age: a backfill reaches back 13 months. Cheap when there."""
    months = {day.replace(day=1) for day in dates}
    _ensure(((parent, month) for month in sorted(months) for parent in _MONTHLY), using)


def ensure_inbox(day: date) -> None:
    """The inbox partition of the (UTC) day something is received on."""
    _ensure([("players_event", day)])


def keep(*, now: datetime) -> None:
    """What the hourly task does: makes the next ones, drops the old ones."""
    ensure(now=now)
    drop_old_inbox(now=now)


def drop_old_inbox(*, now: datetime) -> int:
    """Drops inbox days past the retention; how many."""
    with connection.cursor() as db:
        db.execute("SELECT players_drop_inbox(%s)", [now.date() - timedelta(days=INBOX_DAYS)])
        return int(db.fetchone()[0])


def _ensure(wanted: Iterable[tuple[str, date]], using: str = DEFAULT_DB_ALIAS) -> None:
    pairs = list(wanted)
    params: dict[str, Any] = {"parents": [parent for parent, _ in pairs], "days": [day for _, day in pairs]}
    if using == DEFAULT_DB_ALIAS:  # before every batch of the fold
        prepared.run(_ENSURE, params)
        return
    with connections[using].cursor() as db:
        db.execute(_ENSURE, params)
