"""Walks over all players and reads the markers of those who moved since they were read last.

It costs the fold nothing: the walk goes along the key of the state table and finds who moved by the instants that
are there anyway (a whole round over a million players is seconds of reading). What moves nothing there (a limit, a
contact, the fading of a marker) has a due time in `Watch`. Stamped as read when everything is in force: a worker that
dies is done over.
"""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction

from compliance.cases import signals
from compliance.markers import levels
from compliance.markers.definitions import of_brand
from compliance.markers.reading import Readings, read
from compliance.models import Sweep
from config.lib.clock import NEVER
from players.models import Brand

BATCH = 500
_REACH = 200_000  # ids walked over in one step: 100 ms at most
_MOVED = """GREATEST(s.last_play_at, s.last_deposit_at, s.last_login_at, m.declined1_at, m.cancelled1_at)"""

_FIND = f"""
SELECT s.player_id, s.brand_id
FROM players_playerstate s
LEFT JOIN players_playermoney m ON m.player_id = s.player_id
LEFT JOIN compliance_watch w ON w.player_id = s.player_id
WHERE s.player_id > %(after)s AND s.player_id <= %(to)s
  AND CASE WHEN w.player_id IS NULL THEN s.rounds > 0 OR s.deposits > 0 OR s.declined_deposits > 0
           ELSE {_MOVED} > w.moved_at AND w.read_at <= %(now)s - interval '60 seconds' END
ORDER BY s.player_id LIMIT %(limit)s
"""  # noqa: S608 - constants only
_DUE = """
UPDATE compliance_watch w SET due_at = %(now)s::timestamptz + interval '5 minutes'
FROM (SELECT player_id FROM compliance_watch WHERE due_at <= %(now)s ORDER BY due_at LIMIT %(limit)s
      FOR UPDATE SKIP LOCKED) AS d, players_player p
WHERE w.player_id = d.player_id AND p.id = d.player_id
RETURNING w.player_id, p.brand_id
"""
_KEEP = """
WITH new AS (
    SELECT * FROM jsonb_to_recordset(%(seen)s::jsonb) AS n (player_id bigint, marker text, version int, at timestamptz, found jsonb, until timestamptz)
    WHERE until > %(now)s
), longer AS (
    UPDATE compliance_markerhit h SET at = n.at, found = n.found, version = n.version, counts_until = n.until, seen_at = %(now)s
    FROM new n WHERE h.player_id = n.player_id AND h.marker = n.marker AND h.counts_until > %(now)s AND n.at > h.at
    RETURNING h.player_id, h.marker, h.at
), begun AS (
INSERT INTO compliance_markerhit (player_id, marker, version, found, first_at, at, seen_at, counts_until)
SELECT player_id, marker, version, found, at, at, %(now)s, until FROM new n
WHERE NOT EXISTS (SELECT FROM compliance_markerhit h WHERE h.player_id = n.player_id AND h.marker = n.marker AND h.counts_until > %(now)s)
ORDER BY player_id, marker
ON CONFLICT DO NOTHING RETURNING player_id, marker, at
)
SELECT player_id, marker, at, true FROM begun UNION ALL SELECT player_id, marker, at, false FROM longer ORDER BY 1, 2
"""
_STAMP = """
INSERT INTO compliance_watch (player_id, read_at, moved_at, unknown, due_at)
SELECT u.player_id, %(now)s, u.moved_at, u.unknown,
       (SELECT min(h.counts_until) FROM compliance_markerhit h WHERE h.player_id = u.player_id AND h.counts_until > %(now)s)
FROM jsonb_to_recordset(%(read)s::jsonb) AS u (player_id bigint, moved_at timestamptz, unknown text[])
ORDER BY u.player_id
ON CONFLICT (player_id) DO UPDATE SET read_at = EXCLUDED.read_at, moved_at = EXCLUDED.moved_at,
    unknown = EXCLUDED.unknown, due_at = EXCLUDED.due_at
"""
_SNAPSHOT = f"""
SELECT s.player_id, {_MOVED} FROM players_playerstate s LEFT JOIN players_playermoney m ON m.player_id = s.player_id
WHERE s.player_id = ANY(%s)
"""  # noqa: S608 - constants only


def sweep(*, now: datetime, limit: int = BATCH) -> int:
    """Reads at most `limit` players and returns how many; 0 when the walk has come to its end and nobody is due."""
    with transaction.atomic():
        found = _due(now, limit)
        found += _next(now, limit - len(found)) if len(found) < limit else []
    by_brand: dict[int, list[int]] = {}
    for player, brand_id in found:
        by_brand.setdefault(brand_id, []).append(player)
    for brand in Brand.objects.filter(pk__in=by_brand).select_related("licence"):
        evaluate(brand, sorted(set(by_brand[brand.pk])), now=now)
    return len(found)


def work(*, clock: Callable[[], datetime], seconds: float) -> int:
    """Sweeps until there is nothing to do or the time is over; returns how many players were read."""
    began, read_ = clock(), 0
    while (now := clock()) < began + timedelta(seconds=seconds):
        if not (found := sweep(now=now)):
            break
        read_ += found
    return read_


def evaluate(brand: Brand, player_ids: Sequence[int], *, now: datetime) -> Readings:
    with connection.cursor() as db:
        db.execute(_SNAPSHOT, [list(player_ids)])
        moved = dict(db.fetchall())  # before they are read: what comes meanwhile moves them again
    readings = read(brand, player_ids, now=now)
    days = timedelta(days=of_brand(brand).scale.days)
    seen = [
        {"player_id": one.player_id, "marker": one.marker, "version": one.version, "at": one.at.isoformat(),
         "found": one.found, "until": (one.at + days).isoformat()}
        for one in readings.seen
    ]  # fmt: skip
    with transaction.atomic():
        with connection.cursor() as db:
            db.execute(_KEEP, {"seen": json.dumps(seen), "now": now})
            found = [signals.Found(*row) for row in db.fetchall()]
        signals.hear(brand, found, now=now)
    known = {readings.person[pk] for pk in readings.long_known}
    levels.put_in_force(set(readings.person.values()), now=now, cause="markers", known=known)
    stamps = [
        {"player_id": pk, "unknown": keys, "moved_at": moved.get(pk, NEVER).isoformat()}
        for pk, keys in readings.unknown.items()
    ]
    with connection.cursor() as db:
        db.execute(_STAMP, {"read": json.dumps(stamps), "now": now})
    return readings


def _due(now: datetime, limit: int) -> list[tuple[int, int]]:
    with connection.cursor() as db:
        db.execute(_DUE, {"now": now, "limit": limit})
        return db.fetchall()


def _next(now: datetime, limit: int) -> list[tuple[int, int]]:
    """Where the walk goes on; one worker at a time moves it, the reading itself may be done by several."""
    walk = Sweep.objects.select_for_update(skip_locked=True).order_by("pk").first()
    if walk is None:
        if Sweep.objects.exists():
            return []
        walk = Sweep.objects.create(began_at=now)
    with connection.cursor() as db:
        to = walk.after + _REACH
        db.execute(_FIND, {"after": walk.after, "to": to, "now": now, "limit": limit})
        found: list[tuple[int, int]] = db.fetchall()
        db.execute("SELECT COALESCE(max(player_id), 0) FROM players_playerstate")
        last = db.fetchone()[0]
    walk.after = found[-1][0] if len(found) == limit else to
    walk.read += len(found)
    if walk.after >= last and len(found) < limit:
        walk.seconds, walk.ended_at = (now - walk.began_at).total_seconds(), now
        walk.after, walk.began_at, walk.read = 0, now, 0
    walk.save()
    return found
