"""What arrived, per family of events: when, how far back, and whether a number is missing.

Called in the transaction that answers the request, after everything else: one small statement, and a second
one only for feeds that number their events. How to number: `sequence` in the envelope counts up by one, over
the whole feed; or per family, when the heartbeats carry `families`.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from django.db.models import Q

from config.lib import prepared
from players.families import FAMILIES, family_of
from players.intake import Item
from players.models import Feed, FeedFamily, FeedGap
from players.pam.conformance import is_example
from players.watermarks import Stream

log = structlog.get_logger(__name__)

# A heartbeat alone makes a row too: the family is spoken of, although nothing of it has come yet.
_NOTE = """
    INSERT INTO players_feedfamily AS f (feed_id, family, first_event_at, last_event_at, first_occurred_at,
        last_occurred_at, heartbeat_at, is_numbered, high, watermark, freshness, because)
    SELECT %(feed)s::bigint, family, CASE WHEN oldest IS NOT NULL THEN %(now)s::timestamptz END,
           CASE WHEN oldest IS NOT NULL THEN %(now)s::timestamptz END, oldest, newest,
           CASE WHEN beat THEN %(now)s::timestamptz END, false, 0, 0,
           -- As good as the feed it came by: the first event of a family is no alarm.
           (SELECT freshness FROM players_feed WHERE id = %(feed)s::bigint), ''
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(family text, oldest timestamptz, newest timestamptz, beat boolean)
    ORDER BY family
    ON CONFLICT (feed_id, family) DO UPDATE SET
        first_event_at = coalesce(f.first_event_at, excluded.first_event_at),
        last_event_at = GREATEST(f.last_event_at, excluded.last_event_at),
        first_occurred_at = LEAST(f.first_occurred_at, excluded.first_occurred_at),
        last_occurred_at = GREATEST(f.last_occurred_at, excluded.last_occurred_at),
        heartbeat_at = GREATEST(f.heartbeat_at, excluded.heartbeat_at)
"""
WHOLE = ""  # the stream of a feed that numbers all its events with one counter


@dataclass(slots=True)
class _Family:
    oldest: datetime | None = None
    newest: datetime | None = None
    numbers: list[int] = field(default_factory=list)
    announced: int | None = None


def note(feed: Feed, received: Iterable[Item], *, now: datetime) -> None:
    """Inside the transaction of the intake."""
    families: dict[str, _Family] = {}
    by_family = _gather(received, families)
    if not families:
        return
    rows = [
        {
            "family": key, "beat": one.announced is not None,
            "oldest": one.oldest.isoformat() if one.oldest else None,
            "newest": one.newest.isoformat() if one.newest else None,
        }
        for key, one in families.items()
    ]  # fmt: skip
    prepared.run(_NOTE, {"feed": feed.id, "now": now, "rows": json.dumps(rows)})
    if any(one.numbers or one.announced is not None for one in families.values()):
        _follow(feed, families, by_family, now)


def _gather(received: Iterable[Item], families: dict[str, _Family]) -> bool:
    """Fills `families`; True when a heartbeat says that each family has numbers of its own."""
    by_family = False
    for item in received:
        reading = item.reading
        if is_example(item.event_id):
            continue
        number = item.value.get("sequence") if type(item.value) is dict else None
        if reading is not None and not reading.kind.has_player:
            told = reading.body.get("families")
            by_family = by_family or bool(told)
            announced = {name: high for name, high in (told or {}).items() if name in FAMILIES}
            for key, high in (announced | {WHOLE: reading.body["sequence"]}).items():
                one = families.setdefault(key, _Family())
                one.announced = max(high, one.announced or 0)
            continue
        key = family_of(reading.kind.name if reading is not None else item.claimed_kind)
        one = families.setdefault(key, _Family())
        if type(number) is int and 0 < number < 2**63:
            one.numbers.append(number)  # refused or not, it is here
        if reading is not None and item.refused is None:
            at = reading.occurred_at
            one.oldest = at if one.oldest is None or at < one.oldest else one.oldest
            one.newest = at if one.newest is None or at > one.newest else one.newest
    return by_family


def _follow(feed: Feed, families: dict[str, _Family], by_family: bool, now: datetime) -> None:
    if by_family and not feed.by_family:
        Feed.objects.filter(id=feed.id).update(by_family=True)
        feed.by_family = True
        _close(Q(feed=feed, family=WHOLE), "restarted", now)
    if not feed.by_family:
        whole = families.get(WHOLE, _Family())
        numbers = [number for one in families.values() for number in one.numbers]
        _move(feed, WHOLE, numbers, whole.announced, now)
        return
    for key, one in sorted(families.items()):
        if key and (one.numbers or one.announced is not None):
            _move(feed, key, one.numbers, one.announced, now)


def _move(feed: Feed, family: str, numbers: list[int], announced: int | None, now: datetime) -> None:
    """Brings one stream forward: its row is locked, so that of two requests each sees the other's holes."""
    row = FeedFamily.objects.select_for_update(no_key=True).filter(feed=feed, family=family).first()
    if row is None:  # numbers came before anything named the whole feed
        row, _ = FeedFamily.objects.get_or_create(feed=feed, family=family)
    known = list(FeedGap.objects.filter(feed=feed, family=family, closed_at=None).order_by("first"))
    stream = Stream(row.high, row.is_numbered, [(gap.first, gap.last) for gap in known])
    stream.arrived(numbers)
    if announced is not None:
        stream.announced(announced)
    _save_gaps(feed, family, known, stream, now)
    changed: dict[str, Any] = {
        "high": stream.high, "is_numbered": stream.is_numbered, "watermark": stream.watermark,
    }  # fmt: skip
    if any(getattr(row, name) != value for name, value in changed.items()):
        FeedFamily.objects.filter(id=row.pk).update(**changed)


def _save_gaps(feed: Feed, family: str, known: list[FeedGap], stream: Stream, now: datetime) -> None:
    """Of a gap filled in part the rest keeps its age."""
    ranges = {(gap.first, gap.last) for gap in known}
    if ranges == set(stream.gaps):
        return
    if stream.restarted:
        log.warning("feed_counts_anew", feed=feed.id, family=family, high=stream.high)
    gone = [gap for gap in known if (gap.first, gap.last) not in set(stream.gaps)]
    _close(Q(id__in=[gap.pk for gap in gone]), "restarted" if stream.restarted else "filled", now)
    new = []
    for first, last in stream.gaps:
        if (first, last) not in ranges:
            older = [gap.opened_at for gap in gone if gap.first <= last and first <= gap.last]
            new.append(FeedGap(feed=feed, family=family, first=first, last=last, opened_at=min(older, default=now)))
    FeedGap.objects.bulk_create(new)


def _close(which: Q, how: str, now: datetime) -> None:
    FeedGap.objects.filter(which, closed_at=None).update(closed_at=now, closed_by=how)
