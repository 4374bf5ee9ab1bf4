"""Where events come in: checked, matched to their player, kept once, and only then acknowledged.

    accept   what the API received -> Receipt: accepted, duplicate or quarantined, each with its reason
    replay   quarantined events again, after whatever was wrong with them has been put right

What must be in force before the answer (see `players.at_once`) is applied before the inbox row is
written: a crash in between costs a repetition, which changes nothing, and never an exclusion.
Everything else waits in the inbox for the fold.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import repeat
from typing import Any

from django.db import connection, transaction

from config.lib.wake import each_once, wake_on_commit
from players import at_once, inbox_rows, quarantine, registration, restricting
from players.at_once import Matched
from players.intake import (
    ACCEPTED,
    DUPLICATE,
    OURS,
    QUARANTINED,
    Aside,
    Item,
    match_brand,
    match_games,
    match_players,
    pair_twins,
    read_all,
)  # fmt: skip
from players.models import Feed, Quarantine
from players.pam.generic.envelope import FUTURE
from players.registration import Known, NewPlayer, known_players


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of each event, in the order received."""

    received: int
    accepted: int
    duplicate: int
    quarantined: int
    results: list[dict[str, Any]]

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def accept(
    feed: Feed,
    raw_items: Sequence[Any],
    *,
    now: datetime,
    raw_of: Callable[[int], bytes] | None = None,
    is_single: bool = False,
    asides: Sequence[Aside] | None = None,
) -> Receipt:
    """Takes parsed events of one feed. `raw_of(index)` gives the bytes as received, for the quarantine;
    `asides`, one per event, what an adapter knows besides."""
    raw = raw_of or (lambda index: json.dumps(raw_items[index]).encode())
    items = [
        Item(value, partial(raw, index), feed.id, "" if is_single else f"/{index}", aside=aside)
        for index, (value, aside) in enumerate(zip(raw_items, asides or repeat(OURS), strict=False))
    ]
    with each_once():
        _take(feed, items, now)
    return _receipt(items)


def refuse_body(feed: Feed, raw: bytes, detail: str, *, now: datetime) -> None:
    """A body that is not JSON: kept and counted as one."""
    with transaction.atomic():
        quarantine.keep_malformed(feed, raw, detail, now=now)
        inbox_rows.count(feed, {ACCEPTED: 0, DUPLICATE: 0, QUARANTINED: 1}, [], now)
        if restricting.in_bytes(raw):
            _distrust(feed.id, now)


def replay(quarantine_ids: Iterable[int], *, now: datetime) -> int:
    """Tries quarantined events again; returns how many are resolved now. The others keep today's reason."""
    rows = Quarantine.objects.filter(id__in=list(quarantine_ids), resolved_at=None).select_related("feed__brand")
    by_feed: dict[Feed, list[Quarantine]] = {}
    for row in rows.order_by("id"):
        by_feed.setdefault(row.feed, []).append(row)
    resolved = 0
    for feed, parked in by_feed.items():
        items = quarantine.items_of(parked)
        _take(feed, items, now)
        resolved += sum(item.outcome != QUARANTINED for item in items)
    return resolved


def replay_parked(*, now: datetime, limit: int = 500) -> int:
    """Events whose player has come since; the sweeper behind what registration does at once."""
    with connection.cursor() as db:
        db.execute(
            "SELECT q.id FROM players_quarantine q JOIN players_feed f ON f.id = q.feed_id"
            " JOIN players_player p ON p.brand_id = f.brand_id AND p.external_id = q.external_id"
            " WHERE q.reason = 'unknown_player' AND q.resolved_at IS NULL ORDER BY q.id LIMIT %s",
            [limit],
        )
        ids = [row[0] for row in db.fetchall()]
    return replay(ids, now=now)


def _take(feed: Feed, items: list[Item], now: datetime) -> None:
    """Decides every item. `items` may come with others that were parked; those are settled as well."""
    read_all(items, now + FUTURE)
    match_brand(items, feed)
    pair_twins(items)
    inbox_rows.find_seen(items)
    known = known_players(feed.brand_id, {item.claimed_player for item in items})
    parked = _register(feed, items, known, now)
    read_all(parked, now + FUTURE)
    everything = [*items, *parked]
    pair_twins(everything)
    inbox_rows.find_seen(parked)
    match_players(everything, known)
    match_games(everything)
    at_once.apply(_matched(everything), now=now)
    _fail_closed(everything, known, now)
    waiting = _store(feed, everything, now)
    if waiting:  # somebody may have registered while we were at it
        found = known_players(feed.brand_id, {item.claimed_player for item in items})
        if found.keys() - known.keys():
            replay(waiting, now=now)


def _register(feed: Feed, items: list[Item], known: dict[str, Known], now: datetime) -> list[Item]:
    """Creates the players that register here, adds them to `known`; returns what was parked for them."""
    makers: dict[str, Item] = {}
    named: set[str] = set()
    for item in items:
        if item.is_live and item.reading is not None and item.reading.kind.name == "player.registered":
            named.add(item.reading.external_id)
            if item.reading.external_id not in known:
                makers.setdefault(item.reading.external_id, item)
    new = [
        NewPlayer(external_id, item.reading.occurred_at, item.reading.body)
        for external_id, item in makers.items()
        if item.reading is not None
    ]
    created = registration.create(feed.brand, new, now=now) if new else {}
    known.update(created)
    for external_id in created:
        makers[external_id].made_player = True
    if len(created) < len(makers):  # another request was quicker
        known.update(known_players(feed.brand_id, makers.keys() - created.keys()))
    here = {item.parked_id for item in items}
    parked = quarantine.waiting_for(feed.brand_id, named) if named else []
    return [item for item in parked if item.parked_id not in here]


def _matched(items: Iterable[Item]) -> list[Matched]:
    return [
        Matched(item.reading, item.player, item.feed_id, item.made_player)
        for item in items
        if item.is_live and item.reading is not None and item.player is not None and item.reading.kind.at_once
    ]


def _fail_closed(items: Iterable[Item], known: dict[str, Known], now: datetime) -> None:
    """A refused restriction denies its player; if nobody can tell whose it is, the whole feed is not to be trusted."""
    unread = [item for item in items if item.refused and item.refused.reason != "unknown_player" and item.may_restrict]
    players = sorted(
        ((known[item.claimed_player], item) for item in unread if item.claimed_player in known),
        key=lambda pair: pair[0].person_id,
    )
    for player, item in players:
        item.player = player
        reference = item.event_id if 0 < len(item.event_id) <= 100 and "\0" not in item.event_id else "none"
        at_once.fail_closed(player, item.feed_id, reference, item.claimed_kind[:40], now=now)
    for feed_id in {item.feed_id for item in unread if not item.claimed_player}:
        _distrust(feed_id, now)


def _distrust(feed_id: int, now: datetime) -> None:
    stale = Feed.Freshness.STALE
    Feed.objects.filter(id=feed_id).exclude(freshness=stale).update(
        freshness=stale, freshness_since=now, because="unread"
    )


def _store(feed: Feed, items: list[Item], now: datetime) -> list[int]:
    """Inbox, quarantine and counts in one transaction; returns the quarantine rows that wait for a player."""
    with transaction.atomic():
        inbox_rows.keep([item for item in items if item.is_live and item.player is not None], now)
        for item in items:
            if item.is_live:  # a heartbeat: the feed's row is its place
                item.status = ACCEPTED
        waiting = quarantine.keep(items, now=now)
        quarantine.settle(items, now=now)
        received = [item for item in items if item.parked_id is None]
        if received:
            counts = {word: 0 for word in (ACCEPTED, DUPLICATE, QUARANTINED)}
            for item in received:
                counts[item.outcome] += 1
            inbox_rows.count(feed, counts, received, now)
        wake_on_commit("players.tasks.fold")
    return waiting


def _receipt(items: list[Item]) -> Receipt:
    counts = {word: 0 for word in (ACCEPTED, DUPLICATE, QUARANTINED)}
    results = []
    for index, item in enumerate(items):
        counts[item.outcome] += 1
        result: dict[str, Any] = {"index": index, "event_id": item.event_id or None, "status": item.outcome}
        refused = item.refusal
        if refused is not None:
            result |= {"reason": refused.reason, "pointer": item.prefix + refused.pointer, "detail": refused.detail}
        results.append(result)
    return Receipt(len(items), results=results, **counts)
