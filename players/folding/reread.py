"""What sums cannot tell: read again by index for the players that need it, and for no other."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from config.lib import prepared
from config.lib.clock import NEVER_SQL
from config.lib.prepared import bigints
from players.folding.gaming_day import starts_at
from players.folding.taken_back import stands
from players.models import Category

SPORTS = int(Category.SPORTS)


# --- after something was taken back --------------------------------------------------------------------

_TAKEN_BACK_DAYS = f"""
WITH touched AS (
    SELECT t.*, {starts_at("t.day")} AS opens, {starts_at("t.day + 1")} AS closes
    FROM unnest(%(players)s::bigint[], %(days)s::date[], %(categories)s::smallint[]) AS t(player_id, day, category)
    JOIN players_player p ON p.id = t.player_id JOIN players_brand b ON b.id = p.brand_id
)
UPDATE players_dailyactivity d SET first_real_at = r.first_real, last_real_at = r.last_real,
                                   last_play_at = greatest(r.last_play, s.last_play)
FROM touched t
CROSS JOIN LATERAL (
    SELECT min(occurred_at) FILTER (WHERE stake_real > 0) AS first_real,
           max(occurred_at) FILTER (WHERE stake_real > 0) AS last_real, max(occurred_at) AS last_play
    FROM (SELECT occurred_at, stake_real
          FROM players_round r WHERE r.player_id = t.player_id AND r.category = t.category
               AND r.occurred_at >= t.opens AND r.occurred_at < t.closes
               AND {stands("r")}
          UNION ALL
          SELECT marked_at, marked_real::int FROM players_bet bet
          WHERE bet.player_id = t.player_id AND t.category = {SPORTS}
                AND bet.placed_at >= t.opens AND bet.placed_at < t.closes) AS done
) r
CROSS JOIN LATERAL (
    SELECT max(ended_at) AS last_play FROM players_session s
    WHERE s.player_id = t.player_id AND s.category = t.category AND s.started_at >= t.opens AND s.started_at < t.closes
) s
WHERE d.player_id = t.player_id AND d.day = t.day AND d.category = t.category
"""

_EMPTY_DAYS = """
DELETE FROM players_dailyactivity d
USING unnest(%(players)s::bigint[], %(days)s::date[], %(categories)s::smallint[]) AS t(player_id, day, category)
WHERE d.player_id = t.player_id AND d.day = t.day AND d.category = t.category
  AND d.last_play_at IS NULL AND d.category <> 0
"""

_EMPTY_CATEGORIES = """
DELETE FROM players_playercategory c
WHERE player_id = ANY(%(players)s::bigint[]) AND rounds = 0 AND sessions = 0
  AND NOT EXISTS (SELECT FROM players_dailyactivity d WHERE d.player_id = c.player_id AND d.category = c.category)
"""

_CATEGORY_INSTANTS = """
UPDATE players_playercategory c SET last_play_at = d.last_play
FROM (SELECT player_id, category, max(last_play_at) AS last_play FROM players_dailyactivity
      WHERE player_id = ANY(%(players)s::bigint[]) AND category <> 0 GROUP BY player_id, category) d
WHERE (c.player_id, c.category) = (d.player_id, d.category) AND c.last_play_at <> d.last_play
"""


def after_rollbacks(taken_back: Sequence[tuple[int, date, int]]) -> None:
    """Instants of the (player, day, category) that lost a round; what is empty now goes.

    A day nobody ever saw and a day that was taken back entirely must look the same.
    """
    if not taken_back:
        return
    players, days, categories = (list(column) for column in zip(*sorted(taken_back), strict=True))
    params = {"players": bigints(players), "days": days, "categories": bigints(categories)}
    for statement in (_TAKEN_BACK_DAYS, _EMPTY_DAYS):
        prepared.run(statement, params)
    for statement in (_EMPTY_CATEGORIES, _CATEGORY_INSTANTS):
        prepared.run(statement, {"players": bigints(sorted(set(players)))})


# --- streaks, spells, newest instants ---------------------------------------------------------------------

# From daily rows alone: within a day there is no gap of days, and the first and last instants are exact.
GAPS = """
    SELECT player_id, max(last_play) AS last_play, max(last_real) AS last_real,
           max(first_real) FILTER (WHERE before IS NULL OR first_real - before >= slip) AS streak_from,
           max(first_real) FILTER (WHERE before IS NULL OR first_real - before >= lapse) AS spell_from
    FROM (
        SELECT day.*, lag(last_real) OVER (PARTITION BY player_id ORDER BY first_real) AS before
        FROM (SELECT d.player_id, d.day, min(d.first_real_at) AS first_real, max(d.last_real_at) AS last_real,
                     max(d.last_play_at) AS last_play,
                     min(b.slipping_after_days) * interval '24 hours' AS slip,
                     min(b.lapsed_after_days) * interval '24 hours' AS lapse
              FROM players_dailyactivity d JOIN players_player p ON p.id = d.player_id
                   JOIN players_brand b ON b.id = p.brand_id
              WHERE {players} GROUP BY d.player_id, d.day) AS day
    ) AS gap GROUP BY player_id
"""

_REGAP = f"""
UPDATE players_playerstate s SET
    last_play_at = coalesce(g.last_play, {NEVER_SQL}), last_real_at = coalesce(g.last_real, {NEVER_SQL}),
    streak_from = coalesce(g.streak_from, {NEVER_SQL}), spell_from = coalesce(g.spell_from, {NEVER_SQL})
FROM unnest(%(players)s::bigint[]) AS t(player_id)
     LEFT JOIN ({GAPS.format(players="d.player_id = ANY(%(players)s::bigint[])")}) g USING (player_id)
WHERE s.player_id = t.player_id
"""


def gaps(player_ids: Iterable[int]) -> None:
    """Streak, spell and newest instants of players whose history changed behind their newest activity."""
    if players := sorted(player_ids):
        prepared.run(_REGAP, {"players": bigints(players)})


# --- active days, top category, and for the rebuild the last five sessions ------------------------------------------------------------

# Ties are broken by length, so that two sessions of the same start cannot make the order matter.
LAST_FIVE = """
    SELECT coalesce(sum(seconds), 0) AS seconds, count(*) AS sessions
    FROM (SELECT seconds FROM players_session x WHERE x.player_id = {player}
          ORDER BY started_at DESC, seconds DESC LIMIT 5) AS newest
"""
ACTIVE_DAYS = """
    SELECT count(DISTINCT day) AS days FROM players_dailyactivity d
    WHERE d.player_id = {player} AND d.day > b.window_day - 30 AND d.day <= b.window_day AND d.first_real_at IS NOT NULL
"""
TOP = """
    SELECT category, stake_90d, sum(stake_90d) OVER () AS total_90d FROM players_playercategory c
    WHERE c.player_id = {player} AND stake_90d > 0 ORDER BY stake_90d DESC, category LIMIT 1
"""

_HABITS = f"""
UPDATE players_playerstate s SET
    active_days_30d = CASE WHEN t.days THEN active.days ELSE s.active_days_30d END,
    top_category = CASE WHEN t.stakes THEN coalesce(top.category, 0) ELSE s.top_category END,
    top_stake_90d = CASE WHEN t.stakes THEN coalesce(top.stake_90d, 0) ELSE s.top_stake_90d END,
    stake_90d = CASE WHEN t.stakes THEN coalesce(top.total_90d, 0) ELSE s.stake_90d END
FROM unnest(%(players)s::bigint[], %(days)s::bool[], %(stakes)s::bool[]) AS t(player_id, days, stakes)
     JOIN players_player p ON p.id = t.player_id JOIN players_brand b ON b.id = p.brand_id
     LEFT JOIN LATERAL ({ACTIVE_DAYS.format(player="t.player_id")}) active ON t.days
     LEFT JOIN LATERAL ({TOP.format(player="t.player_id")}) top ON t.stakes
WHERE s.player_id = t.player_id
"""


def habits(*, days: set[int], stakes: Collection[int] = ()) -> None:
    """Active days, and top category with the stakes of 90 days, each for the players given. The fold tells them itself from what is new;
    this is for days that lost something, and for windows that moved."""
    if players := sorted(days.union(stakes)):
        columns = {
            "players": bigints(players),
            "days": [id_ in days for id_ in players],
            "stakes": [id_ in stakes for id_ in players],
        }
        prepared.run(_HABITS, columns)
