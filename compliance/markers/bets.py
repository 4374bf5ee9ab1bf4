"""Markers told by single bets: M03, M05, M20. One statement over the newest 2 000 bets of 30 days.

Sports are left out: a bet settles when the match ends, which says nothing of what the player did then.
"""

from players.folding.taken_back import stands
from players.models import Category

MOST = 2000

BETS = f"""
    SELECT r.id, r.occurred_at AS at, r.category, r.stake_real + r.stake_bonus AS stake, r.win_real + r.win_bonus AS win
    FROM players_round r
    WHERE r.player_id = p.id AND r.occurred_at > %(now)s - interval '30 days' AND r.occurred_at <= %(now)s
      AND r.bets > 0 AND r.stake_real + r.stake_bonus > 0 AND r.category <> {Category.SPORTS.value} AND {stands("r")}
    ORDER BY r.occurred_at DESC, r.id DESC LIMIT {MOST}
"""  # noqa: S608 - constants only

STATEMENT = f"""
WITH bet AS MATERIALIZED (
    SELECT p.id AS player_id, COALESCE(NULLIF(p.timezone, ''), b.timezone) AS zone, r.*
    FROM players_player p JOIN players_brand b ON b.id = p.brand_id CROSS JOIN LATERAL ({BETS}) AS r
    WHERE p.id = ANY(%(players)s::bigint[])
), follows AS (
    SELECT player_id, at, stake, lag(win < stake) OVER w AS after_loss,
           at - lag(at) OVER w < interval '30 minutes' AS same_sitting
    FROM bet WINDOW w AS (PARTITION BY player_id ORDER BY at, id)
)
SELECT player_id, 'M03',
       CASE WHEN bets >= %(m03_bets)s AND lost IS NOT NULL AND won IS NOT NULL THEN lost >= %(m03_ratio)s * won END,
       at, jsonb_build_object('bets', bets, 'after_loss', round(lost::numeric), 'after_win', round(won::numeric))
FROM (SELECT player_id, count(*) AS bets, max(at) AS at,
             percentile_cont(0.5) WITHIN GROUP (ORDER BY stake) FILTER (WHERE after_loss AND same_sitting) AS lost,
             percentile_cont(0.5) WITHIN GROUP (ORDER BY stake) FILTER (WHERE NOT after_loss AND same_sitting) AS won
      FROM follows GROUP BY player_id) AS told

UNION ALL
SELECT player_id, 'M05',
       CASE WHEN bets >= %(m05_bets)s THEN variation > (%(norms)s::jsonb ->> ('stake_variation/' || category))::float END,
       at, jsonb_build_object('bets', bets, 'variation', round(variation::numeric, 2),
                              'usual_95', round((%(norms)s::jsonb ->> ('stake_variation/' || category))::numeric, 2))
FROM (SELECT DISTINCT ON (player_id) player_id, category, count(*) AS bets, max(at) AS at,
             COALESCE(stddev_samp(stake), 0)::float / avg(stake)::float AS variation
      FROM bet GROUP BY player_id, category ORDER BY player_id, count(*) DESC, category) AS told

UNION ALL
SELECT player_id, 'M20',
       count(DISTINCT night) >= %(m20_nights)s OR (count(*) >= %(m20_bets)s AND 100 * count(night) > %(m20_share)s * count(*)),
       max(at) FILTER (WHERE night IS NOT NULL),
       jsonb_build_object('nights', count(DISTINCT night), 'night_bets', count(night), 'bets', count(*))
FROM (SELECT player_id, at, CASE WHEN extract(hour FROM at AT TIME ZONE zone) < 6 THEN (at AT TIME ZONE zone)::date END AS night
      FROM bet WHERE at > %(now)s - interval '7 days') AS told
GROUP BY player_id HAVING count(night) > 0
"""  # noqa: S608 - constants only
