"""Sessions cut from rounds, for brands whose PAM says nothing of sessions: a pause of `session_gap_minutes` ends one.

Per player and category; it is there from its first round on and grows with each. Cut anew around whatever
changed: every session that comes near a new round, or near one taken back, is forgotten, and the rounds of
that stretch are cut again. So it is the same whatever order they came in.

Sports bets are left out: they settle when the match ends, which says nothing of when somebody sat there.
What such a brand's PAM sends of sessions all the same is not counted: it would be counted twice.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from config.lib import prepared
from config.lib.prepared import bigints
from players.folding.claim import Claimed
from players.folding.gaming_day import day_of
from players.folding.habits import Sat
from players.folding.play import Played
from players.folding.reread import LAST_FIVE
from players.folding.taken_back import stands
from players.models import Category

# Which brands cut is asked first: where none does, no player is looked up.
_WHOSE = """
    WITH cutting AS MATERIALIZED (
        SELECT coalesce(array_agg(id), '{}') AS brands FROM players_brand WHERE session_gap_minutes > 0
    )
    SELECT id FROM players_player
    WHERE id = ANY(CASE WHEN (SELECT brands <> '{}' FROM cutting) THEN %(players)s::bigint[] END)
      AND brand_id = ANY((SELECT brands FROM cutting)::bigint[])
"""

# The stretches to cut anew: from the first to the last change of a player and category, a pause on both
# sides, and the whole of each session that reaches into it.
_STRETCHES = f"""
WITH moment AS MATERIALIZED (
    SELECT r.player_id, r.category, r.occurred_at AS at FROM players_round r
    WHERE r.id = ANY(%(rounds)s::bigint[]) AND r.player_id = ANY(%(players)s::bigint[])
      AND r.occurred_at BETWEEN %(first)s AND %(last)s
    UNION ALL
    SELECT g.player_id, r.category, r.at FROM players_roundrollback g CROSS JOIN LATERAL (
        SELECT r.category, r.occurred_at AS at FROM players_round r
        WHERE r.player_id = g.player_id AND r.round_id = g.round_id OFFSET 0) AS r
    WHERE g.id = ANY(%(rollbacks)s::bigint[]) AND g.player_id = ANY(%(players)s::bigint[])
), reach AS (
    SELECT m.player_id, m.category, min(m.at) - b.session_gap_minutes * interval '1 minute' AS lo,
           max(m.at) + b.session_gap_minutes * interval '1 minute' AS hi
    FROM moment m JOIN players_player p ON p.id = m.player_id JOIN players_brand b ON b.id = p.brand_id
    WHERE m.category <> {Category.SPORTS.value}
    GROUP BY m.player_id, m.category, b.session_gap_minutes
)
SELECT reach.player_id, reach.category, least(lo, before.started_at), greatest(hi, within.ended_at)
FROM reach
LEFT JOIN LATERAL (
    -- Of one category no two overlap: only the newest that began before can reach in.
    SELECT started_at, ended_at FROM players_session x
    WHERE x.player_id = reach.player_id AND x.category = reach.category AND x.started_at < lo
    ORDER BY x.started_at DESC LIMIT 1) AS before ON before.ended_at >= lo
LEFT JOIN LATERAL (
    SELECT max(ended_at) AS ended_at FROM players_session x
    WHERE x.player_id = reach.player_id AND x.category = reach.category
      AND x.started_at >= least(lo, before.started_at) AND x.started_at <= hi) AS within ON true
ORDER BY reach.player_id, reach.category
"""

_STRETCH = """
    unnest(%(players)s::bigint[], %(categories)s::smallint[], %(los)s::timestamptz[], %(his)s::timestamptz[])
        AS t(player_id, category, lo, hi)
"""

_FORGET = f"""
    DELETE FROM players_session x USING {_STRETCH}
    WHERE x.player_id = t.player_id AND x.category = t.category AND x.started_at >= t.lo AND x.started_at <= t.hi
    RETURNING x.player_id, x.category, x.started_at, x.ended_at, x.seconds, x.net_real, x.stake_near, x.ending,
              x.bad_runs, x.other_runs
"""

# A new one begins where the pause before is too long. Needs `at`, `game_id` and `gap` per round.
_CUT = """
    SELECT player_id, category, min(at) AS started_at, max(at) AS ended_at,
           floor(extract(epoch FROM max(at) - min(at)))::int AS seconds,
           CASE WHEN count(game_id) = count(*) AND min(game_id) = max(game_id) THEN min(game_id) END AS game_id
    FROM (SELECT played.*, count(*) FILTER (WHERE before IS NULL OR at - before >= gap)
                               OVER (PARTITION BY player_id, category ORDER BY at) AS place
          FROM (SELECT played.*, lag(at) OVER (PARTITION BY player_id, category ORDER BY at) AS before
                FROM ({played}) AS played) AS played) AS placed
    GROUP BY player_id, category, place
"""
_INSERT = """
    INSERT INTO players_session (player_id, session_id, category, game_id, started_at, ended_at, seconds, device)
    SELECT player_id, 'rounds:' || category, category, game_id, started_at, ended_at, seconds, '' FROM ({cut}) AS cut
"""
_NEAR = f"""
    SELECT r.player_id, r.category, r.occurred_at AS at, r.game_id, b.session_gap_minutes * interval '1 minute' AS gap
    FROM {_STRETCH} JOIN players_player p ON p.id = t.player_id JOIN players_brand b ON b.id = p.brand_id
    CROSS JOIN LATERAL (
        SELECT r.* FROM players_round r WHERE r.player_id = t.player_id AND r.category = t.category
            AND r.occurred_at >= t.lo AND r.occurred_at <= t.hi AND {stands("r")} OFFSET 0) AS r
"""
_CUT_NEAR = (
    _INSERT.format(cut=_CUT.format(played=_NEAR)) + "RETURNING player_id, category, started_at, ended_at, seconds"
)

_COUNT = f"""
WITH told AS MATERIALIZED (
    SELECT t.*, {day_of("t.started_at")} AS day, b.window_day
    FROM unnest(%(players)s::bigint[], %(categories)s::smallint[], %(started)s::timestamptz[], %(ended)s::timestamptz[],
                %(seconds)s::int[], %(signs)s::int[]) AS t(player_id, category, started_at, ended_at, seconds, sign)
    JOIN players_player p ON p.id = t.player_id JOIN players_brand b ON b.id = p.brand_id
), daily AS (
    UPDATE players_dailyactivity d SET sessions = d.sessions + t.sessions, seconds = d.seconds + t.seconds,
                                       last_play_at = greatest(d.last_play_at, t.ended_at)
    FROM (SELECT player_id, day, category, sum(sign) AS sessions, sum(sign * seconds) AS seconds,
                 max(ended_at) FILTER (WHERE sign > 0) AS ended_at
          FROM told GROUP BY player_id, day, category) AS t
    WHERE d.player_id = t.player_id AND d.day = t.day AND d.category = t.category
), category AS (
    UPDATE players_playercategory c SET sessions = c.sessions + t.sessions, seconds = c.seconds + t.seconds
    FROM (SELECT player_id, category, sum(sign) AS sessions, sum(sign * seconds) AS seconds
          FROM told GROUP BY player_id, category) AS t
    WHERE c.player_id = t.player_id AND c.category = t.category
), state AS (
    UPDATE players_playerstate s SET
        sessions = s.sessions + t.sessions, session_seconds = s.session_seconds + t.seconds,
        sessions_30d = s.sessions_30d + t.in_window, last5_seconds = five.seconds, last5_sessions = five.sessions
    FROM (SELECT player_id, sum(sign) AS sessions, sum(sign * seconds) AS seconds,
                 coalesce(sum(sign) FILTER (WHERE day > window_day - 30 AND day <= window_day), 0) AS in_window
          FROM told GROUP BY player_id OFFSET 0) AS t CROSS JOIN LATERAL ({LAST_FIVE.format(player="t.player_id")}) five
    WHERE s.player_id = t.player_id
)
SELECT player_id, day, category FROM told WHERE sign < 0
"""


@dataclass(slots=True)
class Cut:
    sessions: list[Sat] = field(default_factory=list)
    # Days whose newest play may have been the end of a session that is no longer one.
    lost: list[tuple[int, date, int]] = field(default_factory=list)


def whose(player_ids: Sequence[int]) -> set[int]:
    """Those of these players whose sessions are cut from rounds."""
    return {player for (player,) in prepared.run(_WHOSE, {"players": bigints(player_ids)})}


def without_sent(events: Sequence[Claimed], cutting: Collection[int]) -> Sequence[Claimed]:
    if not cutting:
        return events
    return [event for event in events if event.kind != "session.ended" or event.player_id not in cutting]


def apply(played: Played, cutting: Collection[int]) -> Cut:
    """Cuts the sessions of these players anew wherever `played` changed something."""
    if not cutting or played.between is None or not (played.round_ids or played.rollback_ids):
        return Cut()
    first, last = played.between
    stretches = prepared.run(
        _STRETCHES,
        {
            "rounds": bigints(played.round_ids), "rollbacks": bigints(played.rollback_ids),
            "players": bigints(sorted(cutting)), "first": first, "last": last,
        },
    )  # fmt: skip
    if not stretches:
        return Cut()
    players, categories, los, his = zip(*stretches, strict=True)
    where = {"players": bigints(players), "categories": bigints(categories), "los": list(los), "his": list(his)}
    gone, cut = (
        {Sat(*(*row[:5], sign, *row[5:])) for row in prepared.run(statement, where)}
        for statement, sign in ((_FORGET, -1), (_CUT_NEAR, 1))
    )
    return Cut(sorted(gone, key=_key) + sorted(cut, key=_key), _count([*gone, *cut]))


def _key(one: Sat) -> tuple[int, int, datetime]:
    return one.player_id, one.category, one.started_at


def _count(sessions: Sequence[Sat]) -> list[tuple[int, date, int]]:
    if not sessions:
        return []
    columns: dict[str, Any] = {
        "players": bigints(one.player_id for one in sessions),
        "categories": bigints(one.category for one in sessions),
        "started": [one.started_at for one in sessions],
        "ended": [one.ended_at for one in sessions],
        "seconds": bigints(one.seconds for one in sessions),
        "signs": bigints(one.sign for one in sessions),
    }
    lost = {(player, day, category) for player, day, category in prepared.run(_COUNT, columns)}
    grown = {_key(one): one.ended_at for one in sessions if one.sign > 0}
    if all(grown.get(_key(one), one.started_at) >= one.ended_at for one in sessions if one.sign < 0):
        return []  # as always while people play: what was there only grew
    return sorted(lost)


# --- anew, for some players -----------------------------------------------------------------------------

_FORGET_ALL = """
    DELETE FROM players_session x USING players_player p, players_brand b
    WHERE x.player_id = ANY(%(players)s::bigint[]) AND p.id = x.player_id AND b.id = p.brand_id
      AND b.session_gap_minutes > 0
"""
_ALL = f"""
    SELECT r.player_id, r.category, r.occurred_at AS at, r.game_id, b.session_gap_minutes * interval '1 minute' AS gap
    FROM players_round r JOIN players_player p ON p.id = r.player_id JOIN players_brand b ON b.id = p.brand_id
    WHERE r.player_id = ANY(%(players)s::bigint[]) AND b.session_gap_minutes > 0
      AND r.category <> {Category.SPORTS.value} AND {stands("r")}
"""
_CUT_ALL = _INSERT.format(cut=_CUT.format(played=_ALL))


def tell_anew(player_ids: Sequence[int]) -> None:
    """The sessions themselves; what is counted of them is for the others to tell."""
    for statement in (_FORGET_ALL, _CUT_ALL):
        prepared.run(statement, {"players": bigints(player_ids)})
