"""Sessions, rounds and rollbacks: facts, daily activity, categories and state in one statement.

Sums are added up, so their order does not matter; instants are greatest and least. Whatever cannot be
told from the old state and the new facts alone (activity before the present streak, anything taken back)
is named in the result and read again by the next steps.

A statement does not see the rows it inserts. The last five sessions and the active days are therefore told
from the rows before it and its own additions together. The top category is the one that led before, by
`top_stake_90d`, or one of those staked in now: the others cannot have passed it without a stake.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from config.lib import prepared
from config.lib.clock import NEVER_SQL
from players.folding.bets import Counted
from players.folding.claim import Claimed, reach
from players.folding.gaming_day import day_of
from players.folding.taken_back import stands
from players.models import Category

KINDS = frozenset({"session.ended", "round.settled", "round.rolled_back"})

_SUMS = (
    "rounds", "sessions", "seconds", "stake_real", "stake_bonus", "win_real", "win_bonus",
)  # fmt: skip
# What a row of `total` lacks that does not come from `dated`.
_NOTHING = ", ".join(["NULL"] * (len(_SUMS) + 8))
SPORTS = int(Category.SPORTS)
REDELIVERED = timedelta(days=2)  # the same round under another time; as in the statement below

_FACTS = f"""
WITH ev AS MATERIALIZED (
    SELECT e.id, e.kind, e.player_id, e.occurred_at, e.body AS p
    FROM players_event e
    WHERE e.id = ANY(%(ids)s::bigint[]) AND e.received_at BETWEEN %(first)s AND %(last)s
      AND e.kind IN ('session.ended', 'round.settled', 'round.rolled_back')
    UNION ALL
    SELECT 0, kind, player_id, at, p FROM jsonb_to_recordset(%(bets)s::jsonb)
        AS bet(kind varchar(40), player_id bigint, at timestamptz, p jsonb)
), session AS (
    INSERT INTO players_session (player_id, session_id, category, game_id, started_at, ended_at, seconds, device)
    SELECT DISTINCT ON (player_id, p ->> 'session_id')
        player_id, p ->> 'session_id', (p ->> 'category')::smallint, (p ->> 'game')::bigint,
        (p ->> 'started_at')::timestamptz, occurred_at,
        greatest(0, floor(extract(epoch FROM occurred_at - (p ->> 'started_at')::timestamptz)))::int,
        coalesce(left(p ->> 'device', 12), '')
    FROM ev WHERE kind = 'session.ended'
    ORDER BY player_id, p ->> 'session_id', occurred_at, id
    ON CONFLICT (player_id, session_id, started_at) DO NOTHING
    RETURNING player_id, category, started_at, ended_at, seconds
), round AS (
    INSERT INTO players_round (player_id, round_id, category, game_id, occurred_at, recorded_at,
                               stake_real, stake_bonus, win_real, win_bonus, bets,
                               stake_locked, win_locked, jackpot_win, is_free_spin)
    SELECT DISTINCT ON (player_id, p ->> 'round_id')
        player_id, p ->> 'round_id', (p ->> 'category')::smallint, (p ->> 'game')::bigint, occurred_at, %(now)s,
        coalesce((p ->> 'stake_real')::bigint, 0), coalesce((p ->> 'stake_bonus')::bigint, 0),
        coalesce((p ->> 'win_real')::bigint, 0), coalesce((p ->> 'win_bonus')::bigint, 0),
        coalesce((p ->> 'bets')::int, 1), (p ->> 'stake_locked')::bigint, (p ->> 'win_locked')::bigint,
        (p ->> 'jackpot_win')::bigint, (p ->> 'is_free_spin')::boolean
    FROM ev new WHERE kind = 'round.settled' AND NOT EXISTS (
        -- Redelivered under another time it would pass the key: within two days it is the same round.
        SELECT FROM players_round old
        WHERE old.player_id = new.player_id AND old.round_id = new.p ->> 'round_id'
          AND old.occurred_at BETWEEN new.occurred_at - interval '2 days' AND new.occurred_at + interval '2 days'
          AND old.occurred_at BETWEEN %(earliest)s AND %(latest)s OFFSET 0)
    ORDER BY player_id, p ->> 'round_id', occurred_at, id
    ON CONFLICT (player_id, round_id, occurred_at) DO NOTHING
    RETURNING id, player_id, round_id, category, occurred_at, stake_real, stake_bonus, win_real, win_bonus, bets
), rollback AS (
    INSERT INTO players_roundrollback (player_id, round_id, occurred_at, recorded_at)
    SELECT DISTINCT ON (player_id, p ->> 'round_id') player_id, p ->> 'round_id', occurred_at, %(now)s
    FROM ev WHERE kind = 'round.rolled_back'
    ORDER BY player_id, p ->> 'round_id', occurred_at, id
    ON CONFLICT (player_id, round_id) DO NOTHING
    RETURNING id, player_id, round_id
), moved AS (
    -- New rounds nobody took back, earlier or in this very batch.
    SELECT player_id, category, occurred_at AS at, 1 AS sign, bets AS rounds, 0 AS sessions, 0 AS seconds,
           stake_real, stake_bonus, win_real, win_bonus,
           occurred_at AS play_at, CASE WHEN stake_real > 0 THEN occurred_at END AS real_at
    FROM round
    WHERE (player_id, round_id) NOT IN (SELECT player_id, round_id FROM rollback) AND {stands("round")}
    UNION ALL
    -- Known rounds that are taken back now: the statement's snapshot does not hold those inserted above.
    SELECT r.player_id, r.category, r.occurred_at, -1, -r.bets, 0, 0,
           -r.stake_real, -r.stake_bonus, -r.win_real, -r.win_bonus, NULL, NULL
    FROM rollback b CROSS JOIN LATERAL (
        SELECT * FROM players_round r WHERE r.player_id = b.player_id AND r.round_id = b.round_id
            AND r.occurred_at >= %(taken_back_from)s::timestamptz OFFSET 0) AS r
    UNION ALL
    SELECT player_id, category, started_at, 1, 0, 1, seconds, 0, 0, 0, 0, ended_at, NULL FROM session
    UNION ALL
    -- Placing a bet is play; a placement that proves to have been another is read again.
    SELECT player_id, {SPORTS}, occurred_at, CASE kind WHEN 'bet.placed' THEN 1 ELSE -1 END, 0, 0, 0, 0, 0, 0, 0,
           CASE kind WHEN 'bet.placed' THEN occurred_at END,
           CASE WHEN kind = 'bet.placed' AND (p ->> 'real')::boolean THEN occurred_at END
    FROM ev WHERE kind IN ('bet.placed', 'bet.unplaced')
), dated AS MATERIALIZED (
    SELECT moved.*, {day_of("moved.at")} AS day, {day_of("s.last_real_at")} AS known_day, b.window_day,
           b.slipping_after_days * interval '24 hours' AS slip, b.lapsed_after_days * interval '24 hours' AS lapse,
           s.streak_from, s.sessions AS known_sessions, s.last_play_at AS known_play, s.top_category AS known_top,
           s.top_stake_90d AS known_top_stake
    FROM moved JOIN players_playerstate s ON s.player_id = moved.player_id JOIN players_brand b ON b.id = s.brand_id
), by_category AS MATERIALIZED (
    SELECT player_id, category, coalesce(max(play_at), {NEVER_SQL}) AS last_play_at,
           sum(stake_real + stake_bonus) AS stake, sum(win_real + win_bonus) AS win,
           coalesce(sum(stake_real + stake_bonus) FILTER (WHERE day > window_day - 90 AND day <= window_day), 0)
               AS stake_90d,
           sum(rounds) AS rounds, sum(sessions) AS sessions, sum(seconds) AS seconds
    FROM dated GROUP BY player_id, category ORDER BY player_id, category
)"""

_DAILY = f""", daily AS (
    INSERT INTO players_dailyactivity AS d
        (player_id, day, category, {", ".join(_SUMS)}, first_real_at, last_real_at, last_play_at)
    SELECT player_id, day, category, {", ".join(f"sum({name})" for name in _SUMS)},
           min(real_at), max(real_at), max(play_at)
    FROM dated GROUP BY player_id, day, category ORDER BY player_id, day, category
    ON CONFLICT (player_id, day, category) DO UPDATE SET
        {", ".join(f"{name} = d.{name} + excluded.{name}" for name in _SUMS)},
        first_real_at = least(d.first_real_at, excluded.first_real_at),
        last_real_at = greatest(d.last_real_at, excluded.last_real_at),
        last_play_at = greatest(d.last_play_at, excluded.last_play_at)
), category AS (
    INSERT INTO players_playercategory AS c
        (player_id, category, last_play_at, stake, win, stake_90d, rounds, sessions, seconds)
    SELECT player_id, category, last_play_at, stake, win, stake_90d, rounds, sessions, seconds FROM by_category
    ON CONFLICT (player_id, category) DO UPDATE SET
        last_play_at = greatest(c.last_play_at, excluded.last_play_at),
        stake = c.stake + excluded.stake, win = c.win + excluded.win, stake_90d = c.stake_90d + excluded.stake_90d,
        rounds = c.rounds + excluded.rounds, sessions = c.sessions + excluded.sessions,
        seconds = c.seconds + excluded.seconds
    RETURNING player_id, category, stake_90d
)"""

_HABITS = f""", woken AS (
    -- Days of the window that were not active before. A day taken back is counted again afterwards; a day after the
    -- last active one need not be looked up.
    SELECT player_id, count(*) AS days
    FROM (SELECT DISTINCT player_id, day, known_day FROM dated
          WHERE real_at IS NOT NULL AND day <> known_day AND day > window_day - 30 AND day <= window_day) AS new
    WHERE new.day > new.known_day OR NOT EXISTS (
        SELECT FROM players_dailyactivity d
        WHERE d.player_id = new.player_id AND d.day = new.day AND d.first_real_at IS NOT NULL
          AND d.day BETWEEN %(first_day)s::date AND %(last_day)s::date)
    GROUP BY player_id
), newest AS (
    -- Ties are broken by length, so that two sessions of the same start cannot make the order matter. The habits
    -- know since when the old five are: older months need not be opened.
    SELECT player_id, sum(seconds) AS seconds, count(*) AS sessions
    FROM (SELECT player_id, seconds,
                 row_number() OVER (PARTITION BY player_id ORDER BY started_at DESC, seconds DESC) AS place
          FROM (SELECT player_id, started_at, seconds FROM session
                UNION ALL
                SELECT had.player_id, five.started_at, five.seconds
                FROM (SELECT DISTINCT d.player_id, coalesce(h.session5_at, {NEVER_SQL}) AS since
                      FROM dated d LEFT JOIN players_playerhabits h ON h.player_id = d.player_id
                      WHERE d.sessions > 0 AND d.known_sessions > 0) AS had
                CROSS JOIN LATERAL (
                    SELECT started_at, seconds FROM players_session x
                    WHERE x.player_id = had.player_id AND x.started_at >= had.since
                    ORDER BY started_at DESC, seconds DESC LIMIT 5) AS five) AS old_and_new) AS ranked
    WHERE place <= 5 GROUP BY player_id
), top AS (
    -- The categories staked in now, as they stand after it, against the one that led before. Where something was
    -- taken away all of them are read again afterwards.
    SELECT DISTINCT ON (player_id) player_id, category, stake
    FROM (SELECT player_id, category, stake_90d AS stake FROM category
          UNION ALL SELECT player_id, known_top, known_top_stake FROM dated) AS old_and_new
    WHERE stake > 0 ORDER BY player_id, stake DESC, category
)"""

# One GROUP BY over everything instead of joins: the planner takes these sets for tiny, and would compare
# each row of one with each of the other.
_STATE = f""", total AS MATERIALIZED (
    SELECT player_id, {", ".join(f"sum({name}) AS {name}" for name in _SUMS)},
           coalesce(sum(stake_real + stake_bonus) FILTER (WHERE day > window_day - 30 AND day <= window_day), 0)
               AS stake_30d,
           coalesce(sum(stake_real + stake_bonus) FILTER (WHERE day > window_day - 90 AND day <= window_day), 0)
               AS stake_90d,
           coalesce(sum(sessions) FILTER (WHERE day > window_day - 30 AND day <= window_day), 0) AS sessions_30d,
           max(play_at) AS play_at, min(real_at) AS first_real, max(real_at) AS last_real,
           min(slip) AS slip, min(lapse) AS lapse, min(streak_from) AS streak_from, bool_or(sign < 0) AS removed,
           max(woken) AS woken, max(five_seconds) AS five_seconds, max(five_sessions) AS five_sessions,
           max(top) AS top, max(top_stake) AS top_stake
    FROM (SELECT player_id, {", ".join(_SUMS)}, day, window_day, play_at, real_at, slip, lapse, streak_from, sign,
                 NULL::bigint AS woken, NULL::bigint AS five_seconds, NULL::bigint AS five_sessions,
                 NULL::smallint AS top, NULL::bigint AS top_stake FROM dated
          UNION ALL SELECT player_id, {_NOTHING}, days, NULL, NULL, NULL, NULL FROM woken
          UNION ALL SELECT player_id, {_NOTHING}, NULL, seconds, sessions, NULL, NULL FROM newest
          UNION ALL SELECT player_id, {_NOTHING}, NULL, NULL, NULL, category, stake FROM top) AS told
    GROUP BY player_id
), state AS (
    UPDATE players_playerstate s SET
        rounds = s.rounds + t.rounds, sessions = s.sessions + t.sessions,
        session_seconds = s.session_seconds + t.seconds,
        stake_real = s.stake_real + t.stake_real, stake_bonus = s.stake_bonus + t.stake_bonus,
        win_real = s.win_real + t.win_real, win_bonus = s.win_bonus + t.win_bonus,
        stake_30d = s.stake_30d + t.stake_30d, stake_90d = s.stake_90d + t.stake_90d, sessions_30d = s.sessions_30d + t.sessions_30d,
        last_play_at = greatest(s.last_play_at, t.play_at),
        last_real_at = greatest(s.last_real_at, t.last_real),
        streak_from = CASE WHEN t.first_real - s.last_real_at >= t.slip THEN t.first_real ELSE s.streak_from END,
        spell_from = CASE WHEN t.first_real - s.last_real_at >= t.lapse THEN t.first_real ELSE s.spell_from END,
        active_days_30d = s.active_days_30d + coalesce(t.woken, 0),
        last5_seconds = coalesce(t.five_seconds, s.last5_seconds),
        last5_sessions = coalesce(t.five_sessions, s.last5_sessions),
        top_category = coalesce(t.top, s.top_category), top_stake_90d = coalesce(t.top_stake, s.top_stake_90d)
    FROM total t WHERE s.player_id = t.player_id
)
SELECT (SELECT coalesce(array_agg(id ORDER BY id), '{{}}') FROM round),
       (SELECT coalesce(array_agg(id ORDER BY id), '{{}}') FROM rollback),
       -- The old state does not suffice for activity before the present streak or with a gap inside the
       -- batch, nor for anything taken away.
       (SELECT coalesce(array_agg(player_id), '{{}}') FROM total
        WHERE removed OR NOT (first_real >= streak_from AND last_real - first_real < slip)),
       (SELECT coalesce(array_agg(player_id), '{{}}') FROM total WHERE removed),
       (SELECT coalesce(json_agg(DISTINCT jsonb_build_array(player_id, day, category)), '[]')::text
        FROM dated WHERE sign < 0),
       -- For the habits: new sessions, and rounds that may change how an older one went.
       (SELECT coalesce(jsonb_agg(jsonb_build_object('player_id', player_id, 'category', category, 'sign', 1,
                        'started_at', started_at, 'ended_at', ended_at, 'seconds', seconds)), '[]')::text FROM session),
       (SELECT coalesce(jsonb_agg(jsonb_build_object('player_id', player_id, 'category', category, 'at', at)), '[]')::text
        FROM dated WHERE sign < 0 OR sessions = 0 AND at <= known_play)
"""


_ALL = _FACTS + _DAILY + _HABITS + _STATE


@dataclass(slots=True)
class Played:
    """What was new, and for whom something has to be read again."""

    between: tuple[datetime, datetime] | None = None
    round_ids: list[int] = field(default_factory=list)
    rollback_ids: list[int] = field(default_factory=list)
    regap: set[int] = field(default_factory=set)
    recount: set[int] = field(default_factory=set)
    taken_back: list[tuple[int, date, int]] = field(default_factory=list)
    sessions: str = "[]"  # JSON, straight from the database to the next statement
    amended: str = "[]"


def apply(events: Sequence[Claimed], now: datetime, bets: Sequence[Counted] = ()) -> Played:
    """Folds the play among `events`, and what their `bets` count as."""
    mine = [event for event in events if event.kind in KINDS]
    if not mine and not bets:
        return Played()
    counted = json.dumps([bet.as_json() for bet in bets]) if bets else "[]"
    told = prepared.run(_ALL, reach(mine or events) | _window(mine, bets) | {"now": now, "bets": counted})
    ((rounds, rollbacks, regap, recount, gone, sessions, amended),) = told
    taken_back = [(player, date.fromisoformat(day), category) for player, day, category in json.loads(gone)]
    moments = [event.occurred_at for event in mine] + [bet.at for bet in bets]
    between = (min(moments), max(moments))
    return Played(between, rounds, rollbacks, set(regap), set(recount), taken_back, sessions, amended)


def _window(mine: Sequence[Claimed], bets: Sequence[Counted]) -> dict[str, Any]:
    """Bounds that tell the database which months it need not open."""
    moments = [event.occurred_at for event in mine] + [bet.at for bet in bets]
    kinds = {event.kind for event in mine} | {bet.kind for bet in bets}
    earliest, latest = min(moments) - REDELIVERED, max(moments) + REDELIVERED
    started = [date.fromisoformat(event.started_at[:10]) for event in mine if event.started_at]
    return {
        "earliest": earliest,
        "latest": latest,
        "first_day": min([earliest.date(), *started]) - timedelta(days=1),
        "last_day": latest.date(),
        # A round taken back may be of any age; without one there is no month to look in.
        "taken_back_from": "-infinity" if "round.rolled_back" in kinds else "infinity",
    }
