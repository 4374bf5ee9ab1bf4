"""Habits: told from sessions, for the players whose sessions changed, and for nobody else.

Counts by hour and weekday are added up once per session. The newest ten are read again by index, never
kept. How a session went is read off its rounds; when one of those comes late or is taken back, or a deposit does
that was made before them, the session is read again, and what it had counted as is taken away.

Runs: the rounds of a session in order of time, `run_rounds` at a time from its first one on; what is left over is no
run. A run is bad when it returned less than `run_return` per cent of its stakes; one without a stake counts as none.
A session was stopped by its last run when at most `run_stop` rounds followed it. Sports bets are no rounds one after
the other: their sessions have no runs.
"""

import json
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from config.lib import prepared
from config.lib.clock import NEVER_SQL
from config.lib.prepared import bigints
from players.folding.gaming_day import day_of
from players.folding.reread import SPORTS
from players.folding.taken_back import stands

# The newest first; ties are broken by what the session is, so that the order of arrival cannot matter.
_NEWEST_FIRST = "x.started_at DESC, x.seconds DESC, x.session_id DESC"

# Alias `t`: player_id and, from when on it suffices to read, `since`; `medians`: {session id: median stake} of those
# whose rows still say what they were. mode() takes the smallest of equals.
TEN = f"""
    SELECT count(*) AS sessions, coalesce(sum(seconds), 0) AS seconds, coalesce(min(started_at), {NEVER_SQL}) AS since,
           coalesce(max(started_at) FILTER (WHERE place = 3), {NEVER_SQL}) AS session3_at,
           coalesce(max(started_at) FILTER (WHERE place = 5), {NEVER_SQL}) AS session5_at,
           coalesce(max(started_at) FILTER (WHERE place = 8), {NEVER_SQL}) AS session8_at,
           coalesce(max(started_at) FILTER (WHERE place = 10), {NEVER_SQL}) AS session10_at,
           coalesce(mode() WITHIN GROUP (ORDER BY game_id), 0) AS game,
           coalesce(mode() WITHIN GROUP (ORDER BY nullif(provider, '') COLLATE "C"), '') AS provider,
           coalesce(mode() WITHIN GROUP (ORDER BY nullif(type, '') COLLATE "C"), '') AS type,
           coalesce(percentile_disc(0.5) WITHIN GROUP (ORDER BY nullif(median, 0)), 0) AS median_stake,
           coalesce(mode() WITHIN GROUP (ORDER BY nullif(device, '') COLLATE "C"), '') AS device
    FROM (SELECT x.started_at, x.seconds, x.game_id, x.device, g.provider, g.type,
                 coalesce((t.medians ->> x.id::text)::bigint, x.median_stake) AS median,
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

# Aliases `a`, a session, and `b`, its brand. A win told alone belongs to the bet before it; an opening total to no run.
RESULT = f"""
    WITH played AS MATERIALIZED (
        SELECT r.bets, r.win_real - r.stake_real AS net, r.stake_real + r.stake_bonus AS stake,
               r.win_real + r.win_bonus AS win, r.occurred_at <@ (
                   SELECT range_agg(tstzrange(pay.occurred_at, pay.occurred_at + interval '24 hours', '[]'))
                   FROM players_payment pay
                   WHERE pay.player_id = a.player_id AND pay.occurred_at <= a.ended_at
                     AND pay.occurred_at >= a.started_at - interval '24 hours'
                     AND pay.direction = 'deposit' AND pay.status = 'approved' AND NOT EXISTS (
                         SELECT FROM players_payment gone
                         WHERE gone.player_id = pay.player_id AND gone.payment_id = pay.payment_id
                           AND gone.direction = 'deposit' AND gone.status IN ('rolled_back', 'charged_back'))) AS near,
               greatest(sum(CASE WHEN r.bets <= 1 THEN r.bets ELSE 0 END) OVER (
                   ORDER BY r.occurred_at, r.bets DESC, r.round_id ROWS UNBOUNDED PRECEDING), 1) AS turn
        FROM players_round r
        WHERE r.player_id = a.player_id AND r.category = a.category
          AND r.occurred_at >= a.started_at AND r.occurred_at <= a.ended_at
          AND {stands("r")}
    ), run AS (
        SELECT (turn - 1) / b.run_rounds AS number, sum(stake) AS stake, sum(win) AS win
        FROM played WHERE bets <= 1 AND a.category <> {SPORTS} GROUP BY 1
    )
    SELECT coalesce(told.rounds, 0)::int AS rounds, coalesce(told.net, 0)::bigint AS net_real,
           coalesce(told.near, 0)::bigint AS stake_near, coalesce(told.median, 0)::bigint AS median_stake,
           least(whole.bad, 32767)::smallint AS bad_runs, least(whole.other, 32767)::smallint AS other_runs,
           (CASE WHEN coalesce(told.stake, 0) = 0 THEN 0 WHEN whole.stopped_by_bad IS NULL THEN 1
                 WHEN whole.stopped_by_bad THEN 2 ELSE 3 END)::smallint AS ending
    FROM (SELECT sum(bets) AS rounds, sum(net) AS net, sum(stake) AS stake, sum(stake) FILTER (WHERE near) AS near,
                 max(turn) FILTER (WHERE bets <= 1) AS turns,
                 percentile_disc(0.5) WITHIN GROUP (ORDER BY stake) FILTER (WHERE stake > 0) AS median
          FROM played) AS told
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE is_bad) AS bad, count(*) FILTER (WHERE NOT is_bad) AS other,
               bool_or(is_bad) FILTER (WHERE told.turns - (number + 1) * b.run_rounds <= b.run_stop) AS stopped_by_bad
        FROM (SELECT number, 100 * win < b.run_return * stake AS is_bad FROM run
              WHERE stake > 0 AND (number + 1) * b.run_rounds <= told.turns
                AND told.turns >= b.run_rounds) AS one) AS whole  -- most sessions hold no run: nothing is read then
"""

PARTS = ("night", "morning", "afternoon", "evening")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WINDOWS = ("sessions_7d", "sessions_90d", "seconds_30d")
# What the row counts of all sessions: name -> SQL over a session's columns.
_COUNTED = {
    "staked_sessions": "(ending > 0)::int", "losing_sessions": "(net_real < 0)::int", "bad_runs": "bad_runs",
    "other_runs": "other_runs", "bad_stops": "(ending = 2)::int", "other_stops": "(ending = 3)::int",
    "stake_near": "stake_near",
}  # fmt: skip
RESULTS = tuple(_COUNTED)
# What is read off a session's rounds and kept in its row.
KEPT = ("rounds", "net_real", "ending", "median_stake", "stake_near", "bad_runs", "other_runs")
_COUNTS = (*WINDOWS, *PARTS, *WEEKDAYS)
_NEWEST = {
    "last10_sessions": "sessions", "last10_seconds": "seconds", "last10_from": "since", "session3_at": "session3_at",
    "session5_at": "session5_at", "session8_at": "session8_at", "session10_at": "session10_at",
    "favourite_game_id": "game", "favourite_provider": "provider", "favourite_type": "type", "device": "device",
    "median_stake": "median_stake",
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


_SESSION = ", ".join(f"x.{name}" for name in ("id", "player_id", "category", "started_at", "ended_at", *KEPT))


def _now(sql: str) -> str:
    """The same SQL over what the session turns out to be now: `judged` has both, the new ones named `<column>_now`."""
    return re.sub(rf"\b({'|'.join(KEPT)})\b", r"\1_now", sql)


# OFFSET 0 keeps each look-up one by index per row: as a join, the planner would rather read a whole table.
_FOLD = f"""
WITH told AS MATERIALIZED (
    SELECT t.*, b.timezone, b.window_day, {day_of("t.started_at")} AS day
    FROM jsonb_to_recordset(%(sessions)s::jsonb) AS t(player_id bigint, category smallint, started_at timestamptz,
        ended_at timestamptz, seconds int, sign int, net_real bigint, stake_near bigint, ending smallint,
        bad_runs smallint, other_runs smallint)
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
    UNION
    -- A deposit that came late, or no longer stands: play of the day after it.
    SELECT x.* FROM unnest(%(payers)s::bigint[], %(deposits)s::text[]) AS t(player_id, payment_id)
    CROSS JOIN LATERAL (
        SELECT occurred_at AS at FROM players_payment pay WHERE pay.player_id = t.player_id
          AND pay.payment_id = t.payment_id AND pay.status = 'approved' AND pay.direction = 'deposit' OFFSET 0) AS pay
    CROSS JOIN LATERAL (
        SELECT {_SESSION} FROM players_session x
        WHERE x.player_id = t.player_id AND x.started_at BETWEEN pay.at - interval '2 days' AND pay.at + interval '24 hours'
          AND x.ended_at >= pay.at OFFSET 0) AS x
), judged AS MATERIALIZED (
    SELECT a.*, {", ".join(f"now.{name} AS {name}_now" for name in KEPT)}
    FROM affected a JOIN players_playerstate s ON s.player_id = a.player_id JOIN players_brand b ON b.id = s.brand_id
    CROSS JOIN LATERAL ({RESULT}) AS now
    WHERE ({", ".join(f"a.{name}" for name in KEPT)}) <> ({", ".join(f"now.{name}" for name in KEPT)})
), written AS (
    UPDATE players_session x SET {", ".join(f"{name} = j.{name}_now" for name in KEPT)}
    FROM judged j WHERE x.id = j.id AND x.started_at = j.started_at
), total AS MATERIALIZED (
    SELECT player_id, {", ".join(f"sum({name}) AS {name}" for name in (*_COUNTS, *RESULTS))},
           min(oldest) AS oldest, bool_or(removed) AS removed,
           jsonb_object_agg(session, median) FILTER (WHERE session IS NOT NULL) AS medians
    FROM (
        SELECT player_id, {counts("sign")},
               {", ".join(f"-coalesce(sum({sql}) FILTER (WHERE sign < 0), 0) AS {name}" for name, sql in _COUNTED.items())},
               min(started_at) AS oldest, bool_or(sign < 0) AS removed, NULL::bigint AS session, NULL::bigint AS median
        FROM told GROUP BY player_id
        UNION ALL
        SELECT player_id, {", ".join("0" for _ in _COUNTS)},
               {", ".join(f"{_now(sql)} - {sql}" for sql in _COUNTED.values())}, NULL, false, id, median_stake_now
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
      UNION ALL SELECT player_id, started_at, ended_at FROM judged WHERE (net_real_now < 0) <> (net_real < 0)) AS sat
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
    stake_near: int = 0
    ending: int = 0
    bad_runs: int = 0
    other_runs: int = 0

    def as_json(self) -> dict[str, Any]:
        told = {name: getattr(self, name) for name in self.__slots__}
        return told | {"started_at": self.started_at.isoformat(), "ended_at": self.ended_at.isoformat()}


def apply(sessions: str, amended: str, cut: Iterable[Sat] = (), deposits: Collection[tuple[int, str]] = ()) -> set[int]:
    """`sessions` and `amended` as the fold of play tells them, JSON; `cut`: what was cut from rounds besides;
    `deposits`: (player, payment) of those that now stand, or no longer do.

    Returns the players with a deposit near a session that changed: what is told of it has to be told again.
    """
    if more := [one.as_json() for one in cut]:
        sessions = json.dumps(json.loads(sessions) + more)
    if sessions == amended == "[]" and not deposits:
        return set()
    payers = {"payers": bigints(player for player, _ in deposits), "deposits": [payment for _, payment in deposits]}
    told = prepared.run(_FOLD, {"sessions": sessions, "amended": amended} | payers)
    near_deposits = {player for (player,) in told}
    if more:
        prepared.run(_FORGET_EMPTY, {"players": bigints(sorted({one["player_id"] for one in more}))})
    return near_deposits


# --- anew, for some players -----------------------------------------------------------------------------

_MINE = "player_id = ANY(%(players)s::bigint[])"
_RESULTS_ANEW = f"""
    UPDATE players_session x SET {", ".join(f"{name} = now.{name}" for name in KEPT)}
    FROM players_session a JOIN players_playerstate s ON s.player_id = a.player_id
         JOIN players_brand b ON b.id = s.brand_id CROSS JOIN LATERAL ({RESULT}) AS now
    WHERE a.{_MINE} AND x.id = a.id AND x.started_at = a.started_at
      AND ({", ".join(f"x.{name}" for name in KEPT)}) <> ({", ".join(f"now.{name}" for name in KEPT)})
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
    FROM (SELECT player_id, timestamptz '-infinity' AS since, NULL::jsonb AS medians, {counts("1")},
                 {", ".join(f"sum({sql}) AS {name}" for name, sql in _COUNTED.items())}
          FROM (SELECT x.player_id, x.started_at, x.seconds, {", ".join(f"x.{name}" for name in KEPT)}, b.timezone,
                       b.window_day, {day_of("x.started_at")} AS day
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
