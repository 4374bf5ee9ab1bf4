"""Who is in which segment, kept true set-based: one SELECT with a boolean per segment, one diff, two writes.

A player's state row is locked before their memberships are read, so events, ticks and builds of the
same player come one after the other. `next_check_at` is the earliest instant at which time alone can
change anything; it is only ever lowered, except by the tick that has just looked.
"""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from config.lib import prepared
from config.lib.prepared import bigints
from players.facts import NewFact, record
from players.models import PlayerState
from segments.language import statement
from segments.language.attributes import Wrong
from segments.language.statement import Rules
from segments.language.tree import At, Group
from segments.models import Membership, Segment
from segments.reading import Shelf

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Move:
    """One player crossed the border of one segment."""

    membership_id: int
    segment_id: int
    player_id: int
    kind: str  # segment.entered | segment.left


@dataclass(frozen=True)
class _Live:
    segment: Segment
    rule: Group

    def is_silent_for(self, player_id: int) -> bool:
        """Found by a build that should not act on those already inside, before the build reached them."""
        after = self.segment.build_after
        return after is not None and not self.segment.acts_on_existing and player_id > after


def members(segment: Segment) -> QuerySet[Membership]:
    return Membership.objects.filter(segment=segment, left_at=None)


def is_member(segment_ids: Collection[int], player_ids: Collection[int]) -> set[tuple[int, int]]:
    """The (segment, player) pairs that hold now; one query."""
    open_rows = Membership.objects.filter(left_at=None, segment_id__in=segment_ids, player_id__in=player_ids)
    return set(open_rows.values_list("segment_id", "player_id"))


def live(brand_ids: Iterable[int] | None = None) -> dict[int, list[Segment]]:
    """Live segments by brand, in id order."""
    rows = Segment.objects.filter(status=Segment.Status.LIVE).select_related("current", "brand").order_by("pk")
    if brand_ids is not None:
        rows = rows.filter(brand_id__in=list(brand_ids))
    found: dict[int, list[Segment]] = defaultdict(list)
    for segment in rows:
        found[segment.brand_id].append(segment)
    return found


def refresh(
    player_ids: Sequence[int],
    *,
    now: datetime,
    cause: str,
    is_replay: bool = False,
    rearm: bool = False,
    is_locked: bool = False,
) -> list[Move]:
    """Re-evaluate these players against every live segment of their brand. Inside atomic.

    `rearm` sets next_check_at outright instead of only lowering it: for the tick that popped them. `is_locked`: this
    transaction holds their state rows already, as the fold does.
    """
    brands = _by_brand(player_ids, only_watched=not rearm)
    if not brands:
        return []
    if not is_locked:
        lock([player_id for ids in brands.values() for player_id in ids])
    # Read behind the locks: rules read before them could be those of yesterday by the time a build lets go.
    segments = live(brands)
    moves: list[Move] = []
    for brand_id, ids in brands.items():
        if segments.get(brand_id):
            moves += refresh_brand(
                segments[brand_id], ids, now=now, cause=cause, is_replay=is_replay, rearm=rearm, is_locked=True
            )
        elif rearm:
            PlayerState.objects.filter(player_id__in=ids).update(next_check_at=None)
    return moves


def refresh_brand(
    segments: Sequence[Segment],
    player_ids: Sequence[int],
    *,
    now: datetime,
    cause: str,
    is_replay: bool = False,
    rearm: bool = False,
    untold: Collection[int] = (),
    is_locked: bool = False,
) -> list[Move]:
    """The same for segments and players of one brand. Moves of the `untold` segments are recorded as no facts."""
    rules = _readable(segments)
    if not rules or not player_ids:
        return []
    if not is_locked:
        lock(player_ids)
    changed = _compare(rules, player_ids, now, rearm)
    entering, leaving = [], []
    for player_id, inside, held in changed:
        now_in, was_in = set(inside), set(held)
        entering += [(segment_id, player_id) for segment_id in sorted(now_in - was_in)]
        leaving += [(segment_id, player_id) for segment_id in sorted(was_in - now_in)]
    by_id = {rule.segment.pk: rule for rule in rules}
    silent = {(segment, player) for segment, player in entering if by_id[segment].is_silent_for(player)}
    moves = _enter(entering, now, cause) + _leave(leaving, now, cause)
    heard = [m for m in moves if m.segment_id not in untold and (m.segment_id, m.player_id) not in silent]
    _record(heard, {key: rule.segment.name for key, rule in by_id.items()}, now, is_replay)
    return moves


def lock(player_ids: Sequence[int]) -> None:
    """In id order, like everybody who locks state rows."""
    with connection.cursor() as db:
        db.execute(
            "SELECT 1 FROM players_playerstate WHERE player_id = ANY(%s) ORDER BY player_id FOR NO KEY UPDATE",
            [sorted(player_ids)],
        )


# Which brands have a live segment is asked first: where none has, no player is looked up.
_BY_BRAND = """
    WITH watched AS MATERIALIZED (
        SELECT coalesce(array_agg(DISTINCT brand_id), '{}') AS brands FROM segments_segment WHERE status = 'live'
    )
    SELECT brand_id, id FROM players_player
    WHERE id = ANY(CASE WHEN %(all)s OR (SELECT brands <> '{}' FROM watched) THEN %(players)s::bigint[] END)
      AND (%(all)s OR brand_id = ANY((SELECT brands FROM watched)::bigint[]))
    ORDER BY id
"""


def _by_brand(player_ids: Sequence[int], *, only_watched: bool) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    params = {"players": bigints(player_ids), "all": not only_watched}
    for brand_id, pk in prepared.run(_BY_BRAND, params):
        found[brand_id].append(pk)
    return found


def _readable(segments: Sequence[Segment]) -> list[_Live]:
    """One rule nobody can read any more must not stop the others; its members stay as they are."""
    found, shelves = [], dict[int, Shelf]()
    for segment in segments:
        try:
            if segment.current is not None:
                shelf = shelves.setdefault(segment.brand_id, Shelf(segment.brand_id, known=segments))
                found.append(_Live(segment, shelf.rule(segment.pk)))
        except Wrong as error:
            log.error("Segment %s cannot be evaluated: %s", segment.pk, error)
    return found


def verdicts(
    rules: Rules, player_ids: Sequence[int], at: At
) -> list[tuple[int, list[int], datetime | None, datetime | None]]:
    """player, the ids of the rules that hold (ascending), next flip, what next_check_at is."""
    with connection.cursor() as db:
        db.execute(*statement.verdicts(rules, player_ids, at))
        return list(db.fetchall())


def _compare(
    rules: Sequence[_Live], player_ids: Sequence[int], now: datetime, rearm: bool
) -> list[tuple[int, list[int], list[int]]]:
    """(player, inside, held) where the two differ; arms next_check_at on the way."""
    at = At.brand(rules[0].segment.brand, now)
    keyed = [(rule.segment.pk, rule.rule) for rule in rules]
    sql, params = statement.verdicts(keyed, player_ids, at)
    with connection.cursor() as db:
        db.execute(
            f"""
            WITH ev (player_id, inside, flip, armed) AS MATERIALIZED ({sql}),
            held AS (
                SELECT player_id, array_agg(segment_id ORDER BY segment_id) AS ids FROM segments_membership
                WHERE left_at IS NULL AND player_id = ANY(%s) AND segment_id = ANY(%s) GROUP BY player_id
            ),
            armed AS (
                UPDATE players_playerstate s SET next_check_at = ev.flip FROM ev WHERE s.player_id = ev.player_id
                AND CASE WHEN %s THEN s.next_check_at IS DISTINCT FROM ev.flip
                         ELSE ev.flip < COALESCE(s.next_check_at, 'infinity') END
            )
            SELECT ev.player_id, ev.inside, COALESCE(held.ids, '{{}}') FROM ev LEFT JOIN held USING (player_id)
            WHERE ev.inside <> COALESCE(held.ids, '{{}}')
            """,  # noqa: S608  the SELECT comes from the compiler; values stay parameters
            [*params, list(player_ids), [key for key, _ in keyed], rearm],
        )
        return list(db.fetchall())


def _enter(pairs: Sequence[tuple[int, int]], now: datetime, cause: str) -> list[Move]:
    if not pairs:
        return []
    with connection.cursor() as db:
        db.execute(
            "INSERT INTO segments_membership (segment_id, player_id, entered_at, cause, left_cause)"
            " SELECT s, p, %s, %s, '' FROM unnest(%s::bigint[], %s::bigint[]) AS pair (s, p)"
            " ON CONFLICT DO NOTHING RETURNING id, segment_id, player_id",
            [now, cause, [pair[0] for pair in pairs], [pair[1] for pair in pairs]],
        )
        return [Move(pk, segment, player, "segment.entered") for pk, segment, player in db.fetchall()]


def _leave(pairs: Sequence[tuple[int, int]], now: datetime, cause: str) -> list[Move]:
    if not pairs:
        return []
    with connection.cursor() as db:
        db.execute(
            "UPDATE segments_membership m SET left_at = %s, left_cause = %s"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS pair (s, p)"
            " WHERE m.segment_id = s AND m.player_id = p AND m.left_at IS NULL RETURNING m.id, segment_id, player_id",
            [now, cause, [pair[0] for pair in pairs], [pair[1] for pair in pairs]],
        )
        return [Move(pk, segment, player, "segment.left") for pk, segment, player in db.fetchall()]


def _record(moves: Sequence[Move], names: dict[int, str], now: datetime, is_replay: bool) -> None:
    new = [
        NewFact(
            kind=move.kind,
            player_id=move.player_id,
            occurred_at=now,
            key=f"{move.kind}:{move.membership_id}",
            data={"segment_id": move.segment_id, "name": names[move.segment_id]},
            is_replay=is_replay,
        )
        for move in moves
    ]
    if new:
        record(new, now=now)


def tick(*, now: datetime, limit: int = 2000, rounds: int = 20) -> int:
    """Visit exactly the players whose time has come; returns how many. Each round is its own transaction."""
    visited = 0
    for _ in range(rounds):
        with transaction.atomic():
            with connection.cursor() as db:
                db.execute(
                    "SELECT player_id FROM players_playerstate WHERE next_check_at <= %s"
                    " ORDER BY next_check_at LIMIT %s FOR NO KEY UPDATE SKIP LOCKED",
                    [now, limit],
                )
                due = sorted(row[0] for row in db.fetchall())
            if due:
                refresh(due, now=now, cause="time", rearm=True, is_locked=True)
        visited += len(due)
        if len(due) < limit:
            break
    return visited
