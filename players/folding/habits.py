"""Habits: told from sessions, for the players whose sessions changed, and for nobody else.

Counts by hour and weekday are added up once per session. The newest ten are read again by index, never
kept. How a session went is read off its rounds; when one of those comes late or is taken back, the session
is read again, and what it had counted as is taken away.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from config.lib import prepared
from config.lib.clock import NEVER_SQL
from config.lib.prepared import bigints
from players.folding.gaming_day import day_of
from players.folding.taken_back import stands

RUN = 10  # rounds looked at before a session's end

# The newest first; ties are broken by what the session is, so that the order of arrival cannot matter.
_NEWEST_FIRST = "x.started_at DESC, x.seconds DESC, x.session_id DESC"

# Alias `t`: player_id and, from when on it suffices to read, `since`. mode() takes the smallest of equals.
TEN = f"""
    SELECT count(*) AS sessions, coalesce(sum(seconds), 0) AS seconds, coalesce(min(started_at), {NEVER_SQL}) AS since,
           coalesce(max(started_at) FILTER (WHERE place = 3), {NEVER_SQL}) AS session3_at,
           coalesce(max(started_at) FILTER (WHERE place = 5), {NEVER_SQL}) AS session5_at,
           coalesce(max(started_at) FILTER (WHERE place = 8), {NEVER_SQL}) AS session8_at,
           coalesce(max(started_at) FILTER (WHERE place = 10), {NEVER_SQL}) AS session10_at,
           coalesce(mode() WITHIN GROUP (ORDER BY game_id), 0) AS game,
           coalesce(mode() WITHIN GROUP (ORDER BY nullif(provider, '') COLLATE "C"), '') AS provider,
           coalesce(mode() WITHIN GROUP (ORDER BY nullif(device, '') COLLATE "C"), '') AS device
    FROM (SELECT x.started_at, x.seconds, x.game_id, x.device, g.provider,
                 row_number() OVER (ORDER BY {_NEWEST_FIRST}) AS place
          FROM (SELECT * FROM players_session x WHERE x.player_id = t.player_id AND x.started_at >= t.since
                ORDER BY {_NEWEST_FIRST} LIMIT 10) AS x LEFT JOIN players_game g ON g.id = x.game_id) AS newest
"""
TEN_OF_CATEGORY = f"""
    SELECT coalesce(sum(seconds) FILTER (WHERE place <= 5), 0) AS five, coalesce(sum(seconds), 0) AS ten,
           coalesce(min(started_at), {NEVER_SQL}) AS since
    FROM (SELECT x.started_at, x.seconds, row_number() OVER (ORDER BY {_NEWEST_FIRST}) AS place
          FROM (SELECT x.started_at, x.seconds, x.session_id FROM players_session x
                WHERE x.player_id = t.player_id AND x.category = t.category AND x.started_at >= t.since
                ORDER BY {_NEWEST_FIRST} LIMIT 10) AS x) AS newest
"""

# Alias `a`: a session. A run is bad when its rounds returned less than half of what was staked in them.
RESULT = f"""
    SELECT coalesce(sum(bets), 0)::int AS rounds, coalesce(sum(win_real - stake_real), 0)::bigint AS net_real,
           (CASE WHEN coalesce(sum(stake), 0) = 0 THEN 0
                 WHEN 2 * sum(win) FILTER (WHERE place <= {RUN}) < sum(stake) FILTER (WHERE place <= {RUN}) THEN 2
                 ELSE 1 END)::smallint AS ending
    FROM (SELECT r.bets, r.stake_real, r.win_real, r.stake_real + r.stake_bonus AS stake, r.win_real + r.win_bonus AS win,
                 row_number() OVER (ORDER BY r.occurred_at DESC, r.round_id DESC) AS place
          FROM players_round r
          WHERE r.player_id = a.player_id AND r.category = a.category
            AND r.occurred_at >= a.started_at AND r.occurred_at <= a.ended_at
            AND {stands("r")}) AS played
"""

PARTS = ("night", "morning", "afternoon", "evening")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WINDOWS = ("sessions_7d", "sessions_90d", "seconds_30d")
RESULTS = ("staked_sessions", "bad_endings", "losing_sessions")
_COUNTS = (*WINDOWS, *PARTS, *WEEKDAYS)
_NEWEST = {
    "last10_sessions": "sessions", "last10_seconds": "seconds", "last10_from": "since", "session3_at": "session3_at",
    "session5_at": "session5_at", "session8_at": "session8_at", "session10_at": "session10_at",
    "favourite_game_id": "game", "favourite_provider": "provider", "device": "device",
}  # fmt: skip


def counts(sign: str) -> str:
    """SQL: the sums over rows that carry `started_at`, `seconds`, `day` and the brand's `window_day`, `timezone`."""

    def window(days: int, what: str) -> str:
        return f"coalesce(sum({sign} * {what}) FILTER (WHERE day > window_day - {days} AND day <= window_day), 0)"

    hour = "extract(hour FROM started_at AT TIME ZONE timezone)"
    told = [f"{window(7, '1')} AS sessions_7d", f"{window(90, '1')} AS sessions_90d"]
    told.append(f"{window(30, 'seconds')} AS seconds_30d")
    told += [
        f"coalesce(sum({sign}) FILTER (WHERE {hour} >= {6 * n} AND {hour} < {6 * n + 6}), 0) AS {part}"
        for n, part in enumerate(PARTS)
    ]
    told += [
        f"coalesce(sum({sign}) FILTER (WHERE extract(isodow FROM day) = {n}), 0) AS {weekday}"
        for n, weekday in enumerate(WEEKDAYS, start=1)
    ]
    return ", ".join(told)


_SESSION = "x.id, x.player_id, x.category, x.started_at, x.ended_at, x.rounds, x.net_real, x.ending"

# OFFSET 0 keeps each look-up one by index per row: as a join, the planner would rather read a whole table.
_FOLD = f"""
WITH told AS MATERIALIZED (
    SELECT t.*, b.timezone, b.window_day, {day_of("t.started_at")} AS day
    FROM jsonb_to_recordset(%(sessions)s::jsonb) AS t(player_id bigint, category smallint, started_at timestamptz,
        ended_at timestamptz, seconds int, sign int, net_real bigint, ending smallint)
    JOIN players_player p ON p.id = t.player_id JOIN players_brand b ON b.id = p.brand_id
), amended AS (
    SELECT * FROM jsonb_to_recordset(%(amended)s::jsonb) AS t(player_id bigint, category smallint, at timestamptz)
), affected AS MATERIALIZED (
    -- New ones have no result yet. An old one of the very same start may be among them: nothing changes for it.
    SELECT x.* FROM told t CROSS JOIN LATERAL (
        SELECT {_SESSION} FROM players_session x
        WHERE x.player_id = t.player_id AND x.started_at = t.started_at AND x.category = t.category OFFSET 0) AS x
    WHERE t.sign > 0
    UNION
    SELECT x.* FROM amended t CROSS JOIN LATERAL (
        SELECT {_SESSION} FROM players_session x
        WHERE x.player_id = t.player_id AND x.category = t.category
          AND x.started_at BETWEEN t.at - interval '2 days' AND t.at AND x.ended_at >= t.at OFFSET 0) AS x
), judged AS MATERIALIZED (
    SELECT a.*, now.rounds AS rounds_now, now.net_real AS net_now, now.ending AS ending_now
    FROM affected a CROSS JOIN LATERAL ({RESULT}) AS now
    WHERE (a.rounds, a.net_real, a.ending) <> (now.rounds, now.net_real, now.ending)
), written AS (
    UPDATE players_session x SET rounds = j.rounds_now, net_real = j.net_now, ending = j.ending_now
    FROM judged j WHERE x.id = j.id AND x.started_at = j.started_at
), total AS MATERIALIZED (
    SELECT player_id, {", ".join(f"sum({name}) AS {name}" for name in (*_COUNTS, *RESULTS))},
           min(oldest) AS oldest, bool_or(removed) AS removed
    FROM (
        SELECT player_id, {counts("sign")}, -count(*) FILTER (WHERE sign < 0 AND ending > 0) AS staked_sessions,
               -count(*) FILTER (WHERE sign < 0 AND ending = 2) AS bad_endings,
               -count(*) FILTER (WHERE sign < 0 AND net_real < 0) AS losing_sessions,
               min(started_at) AS oldest, bool_or(sign < 0) AS removed
        FROM told GROUP BY player_id
        UNION ALL
        SELECT player_id, {", ".join("0" for _ in _COUNTS)}, (ending_now > 0)::int - (ending > 0)::int,
               (ending_now = 2)::int - (ending = 2)::int, (net_now < 0)::int - (net_real < 0)::int, NULL, false
        FROM judged) AS each
    GROUP BY player_id
), category AS (
    UPDATE players_playercategory c
    SET last5_seconds = ten.five, last10_seconds = ten.ten, last10_from = ten.since
    FROM (SELECT t.player_id, t.category,
                 CASE WHEN bool_or(t.sign < 0) THEN '-infinity' ELSE least(nullif(
                     (SELECT last10_from FROM players_playercategory had
                      WHERE had.player_id = t.player_id AND had.category = t.category), {NEVER_SQL}),
                     min(t.started_at)) END AS since
          FROM told t GROUP BY t.player_id, t.category OFFSET 0) AS t
    CROSS JOIN LATERAL ({TEN_OF_CATEGORY}) AS ten
    WHERE c.player_id = t.player_id AND c.category = t.category
), habits AS (
    INSERT INTO players_playerhabits AS h (player_id, {", ".join((*_COUNTS, *RESULTS, *_NEWEST))})
    SELECT t.player_id, {", ".join(f"t.{name}" for name in (*_COUNTS, *RESULTS))},
           {", ".join(f"ten.{name}" for name in _NEWEST.values())}
    FROM (SELECT total.*, CASE WHEN total.removed THEN '-infinity' ELSE coalesce(least(nullif(
                 (SELECT last10_from FROM players_playerhabits had WHERE had.player_id = total.player_id), {NEVER_SQL}),
                 oldest), '-infinity') END AS since
          FROM total OFFSET 0) AS t
    CROSS JOIN LATERAL ({TEN}) AS ten
    ORDER BY t.player_id
    ON CONFLICT (player_id) DO UPDATE SET
        {", ".join(f"{name} = h.{name} + excluded.{name}" for name in (*_COUNTS, *RESULTS))},
        {", ".join(f"{name} = excluded.{name}" for name in _NEWEST)}
)
SELECT DISTINCT player_id
FROM (SELECT player_id, started_at, ended_at FROM told
      UNION ALL SELECT player_id, started_at, ended_at FROM judged WHERE (net_now < 0) <> (net_real < 0)) AS sat
WHERE (SELECT true FROM players_payment pay WHERE pay.player_id = sat.player_id AND pay.status = 'approved'
       AND pay.direction = 'deposit' AND pay.occurred_at >= sat.started_at
       AND pay.occurred_at <= sat.ended_at + interval '24 hours' LIMIT 1)
"""

# Who has no session any more looks like somebody who never had one.
_FORGET_EMPTY = """
    DELETE FROM players_playerhabits WHERE player_id = ANY(%(players)s::bigint[]) AND last10_sessions = 0
"""


@dataclass(frozen=True, slots=True)
class Sat:
    """A session that is new (+1) or no longer one (-1), with the result it had counted as."""

    player_id: int
    category: int
    started_at: datetime
    ended_at: datetime
    seconds: int
    sign: int
    net_real: int = 0
    ending: int = 0

    def as_json(self) -> dict[str, Any]:
        told = {name: getattr(self, name) for name in self.__slots__}
        return told | {"started_at": self.started_at.isoformat(), "ended_at": self.ended_at.isoformat()}


def apply(sessions: str, amended: str, cut: Iterable[Sat] = ()) -> set[int]:
    """`sessions` and `amended` as the fold of play tells them, JSON; `cut`: what was cut from rounds besides.

    Returns the players with a deposit near a session that changed: what is told of it has to be told again.
    """
    if more := [one.as_json() for one in cut]:
        sessions = json.dumps(json.loads(sessions) + more)
    if sessions == amended == "[]":
        return set()
    near_deposits = {player for (player,) in prepared.run(_FOLD, {"sessions": sessions, "amended": amended})}
    if more:
        prepared.run(_FORGET_EMPTY, {"players": bigints(sorted({one["player_id"] for one in more}))})
    return near_deposits


# --- anew, for some players -----------------------------------------------------------------------------

_MINE = "player_id = ANY(%(players)s::bigint[])"
_RESULTS_ANEW = f"""
    UPDATE players_session x SET rounds = now.rounds, net_real = now.net_real, ending = now.ending
    FROM players_session a CROSS JOIN LATERAL ({RESULT}) AS now
    WHERE a.{_MINE} AND x.id = a.id AND x.started_at = a.started_at
      AND (x.rounds, x.net_real, x.ending) <> (now.rounds, now.net_real, now.ending)
"""
_CATEGORIES_ANEW = f"""
    UPDATE players_playercategory c SET last5_seconds = ten.five, last10_seconds = ten.ten, last10_from = ten.since
    FROM (SELECT id, player_id, category, timestamptz '-infinity' AS since FROM players_playercategory WHERE {_MINE}) t
    CROSS JOIN LATERAL ({TEN_OF_CATEGORY}) AS ten
    WHERE c.id = t.id
"""
_FORGET = f"DELETE FROM players_playerhabits WHERE {_MINE}"
_ANEW = f"""
    INSERT INTO players_playerhabits (player_id, {", ".join((*_COUNTS, *RESULTS, *_NEWEST))})
    SELECT t.player_id, {", ".join(f"t.{name}" for name in (*_COUNTS, *RESULTS))},
           {", ".join(f"ten.{name}" for name in _NEWEST.values())}
    FROM (SELECT player_id, timestamptz '-infinity' AS since, {counts("1")},
                 count(*) FILTER (WHERE ending > 0) AS staked_sessions,
                 count(*) FILTER (WHERE ending = 2) AS bad_endings,
                 count(*) FILTER (WHERE net_real < 0) AS losing_sessions
          FROM (SELECT x.player_id, x.started_at, x.seconds, x.ending, x.net_real, b.timezone, b.window_day,
                       {day_of("x.started_at")} AS day
                FROM players_session x JOIN players_player p ON p.id = x.player_id
                     JOIN players_brand b ON b.id = p.brand_id
                WHERE x.{_MINE}) AS sat
          GROUP BY player_id) AS t
    CROSS JOIN LATERAL ({TEN}) AS ten
"""


def tell_anew(player_ids: Sequence[int]) -> None:
    """From all sessions of these players; their rows per category must be there already."""
    for statement in (_RESULTS_ANEW, _CATEGORIES_ANEW, _FORGET, _ANEW):
        prepared.run(statement, {"players": bigints(player_ids)})
