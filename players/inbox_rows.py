"""The inbox as a table: duplicates found over its retention, one statement to write, one to count."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from config.lib import prepared
from config.lib.prepared import bigints
from players import arrivals
from players.intake import ACCEPTED, CONFLICT, DUPLICATE, Item
from players.models import Event, Feed
from players.pam.conformance import is_example
from players.partitions import ensure_inbox

_KEEP = """
    WITH new AS (
        SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(f bigint, e text, k text, p bigint,
            o timestamptz, d text, b jsonb, r boolean)
    ), old AS (
        SELECT f, e, event.digest FROM new JOIN players_event event ON event.feed_id = f AND event.event_id = e
    ), kept AS (
        INSERT INTO players_event (feed_id, event_id, kind, player_id, occurred_at, received_at, digest, body,
            is_replay)
        SELECT f, e, k, p, o, %(now)s, decode(d, 'hex'), b, r FROM new
        WHERE (f, e) NOT IN (SELECT f, e FROM old)
        ORDER BY f, e  -- one order for everybody: two requests with the same events wait, not deadlock
        ON CONFLICT DO NOTHING
        RETURNING id, received_at, feed_id, event_id, player_id
    ), waiting AS (
        INSERT INTO players_waiting (id, received_at, feed_id, player_id)
        SELECT id, received_at, feed_id, player_id FROM kept
    )
    SELECT feed_id, event_id, NULL::bytea FROM kept UNION ALL SELECT f, e, digest FROM old
"""
_COUNT = """
    WITH counted AS (
        INSERT INTO players_feedtally AS tally (feed_id, minute, accepted, duplicate, quarantined)
        VALUES (%(feed)s::bigint, date_trunc('minute', %(now)s::timestamptz), %(accepted)s::int, %(duplicate)s::int,
                %(quarantined)s::int)
        ON CONFLICT (feed_id, minute) DO UPDATE SET accepted = tally.accepted + excluded.accepted,
            duplicate = tally.duplicate + excluded.duplicate, quarantined = tally.quarantined + excluded.quarantined
    )
    UPDATE players_feed SET
        last_event_at = GREATEST(last_event_at, LEAST(%(now)s::timestamptz, clock_timestamp())),
        last_occurred_at = GREATEST(last_occurred_at, %(newest)s::timestamptz),
        heartbeat_at = CASE WHEN %(sequence)s::bigint IS NULL THEN heartbeat_at ELSE GREATEST(heartbeat_at, LEAST(%(now)s::timestamptz, clock_timestamp())) END,
        heartbeat_sequence = GREATEST(heartbeat_sequence, %(sequence)s::bigint)
    WHERE id = %(feed)s::bigint
"""
_SEEN = """
    SELECT feed_id, event_id, digest FROM unnest(%(feeds)s::bigint[], %(events)s::text[]) AS asked (f, e)
    JOIN players_event ON feed_id = f AND event_id = e
"""
_as_json = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode  # what was read as JSON has no circles
_CHECK_VIOLATION = "23514"  # what PostgreSQL says when the day has no partition yet


def keep(items: list[Item], now: datetime) -> None:
    """The inbox insert: one statement, one parameter. Sets each item's status, or refuses it as a conflict."""
    if not items:
        return
    by_key = {(item.feed_id, item.reading.event_id): item for item in items if item.reading is not None}
    rows = _as_json([_row(item) for item in items])
    try:
        with transaction.atomic():
            found = _insert(rows, now)
    except IntegrityError as error:
        if getattr(error.__cause__, "sqlstate", "") != _CHECK_VIOLATION:
            raise
        ensure_inbox(now.date())
        found = _insert(rows, now)
    for feed_id, event_id, digest in found:
        item = by_key.pop((feed_id, event_id), None)
        if item is None:
            continue
        if digest is None:
            item.status = ACCEPTED
        else:
            _seen_before(item, bytes(digest))
    if by_key:  # written by another request since our statement began
        _find_raced(by_key)


def _find_raced(by_key: dict[tuple[int, str], Item]) -> None:
    events = Event.objects.filter(feed_id__in={f for f, _ in by_key}, event_id__in=[e for _, e in by_key])
    for feed_id, event_id, digest in events.values_list("feed_id", "event_id", "digest"):
        if (feed_id, event_id) in by_key:
            _seen_before(by_key[feed_id, event_id], bytes(digest))


def _insert(rows: str, now: datetime) -> list[prepared.Row]:
    return prepared.run(_KEEP, {"rows": rows, "now": now})


def _row(item: Item) -> dict[str, Any]:
    reading, player = item.reading, item.player
    assert reading is not None
    assert player is not None
    return {
        "f": item.feed_id, "e": reading.event_id, "k": reading.kind.stored, "p": player.id,
        "o": reading.occurred_at.isoformat(), "d": reading.digest.hex(), "b": reading.kept, "r": reading.is_replay,
    }  # fmt: skip


def count(feed: Feed, counts: dict[str, int], received: list[Item], now: datetime) -> None:
    fine = [item.reading for item in received if item.reading is not None and item.refused is None]
    beats = [
        reading.body["sequence"] for reading in fine if not reading.kind.has_player and not is_example(reading.event_id)
    ]
    newest = max((reading.occurred_at for reading in fine), default=None)
    sequence = max(beats, default=None)
    prepared.run(_COUNT, {"feed": feed.id, "now": now, "newest": newest, "sequence": sequence, **counts})
    arrivals.note(feed, received, now=now)


def find_seen(items: Iterable[Item]) -> None:
    """Of what is applied before the answer, marks what the inbox has already."""
    asked = {
        (item.feed_id, item.reading.event_id): item
        for item in items
        if item.is_live and item.reading is not None and item.reading.kind.at_once
    }
    if not asked:
        return
    feeds, events = zip(*asked, strict=True)
    for feed_id, event_id, digest in prepared.run(_SEEN, {"feeds": bigints(feeds), "events": list(events)}):
        _seen_before(asked[feed_id, event_id], digest)


def _seen_before(item: Item, digest: bytes) -> None:
    assert item.reading is not None
    if digest == item.reading.digest:
        item.status = DUPLICATE
    else:
        item.refuse(*CONFLICT)
