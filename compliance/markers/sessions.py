"""Markers told by sessions: M01, M02, M08, M19.

A platform may send a session for each game. What begins less than half an hour after the last one ended is the same
sitting, whatever was played; M19 alone adds up time, so it takes sessions as they are.
"""

# Of sessions in a row: does it go on with the sitting before it?
GOES_ON = """(started_at - max(ended_at) OVER (PARTITION BY player_id ORDER BY started_at, id
              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) < interval '30 minutes') IS TRUE"""

STATEMENT = f"""
WITH sat AS MATERIALIZED (
    SELECT s.id, s.player_id, s.started_at, s.ended_at, s.median_stake,
           COALESCE(NULLIF(p.timezone, ''), b.timezone) AS zone
    FROM players_session s JOIN players_player p ON p.id = s.player_id JOIN players_brand b ON b.id = p.brand_id
    WHERE s.player_id = ANY(%(players)s::bigint[]) AND s.started_at > %(now)s - interval '31 days' AND s.started_at <= %(now)s
), sitting AS MATERIALIZED (
    SELECT player_id, n, zone, min(started_at) AS started_at, max(ended_at) AS ended_at,
           percentile_disc(0.5) WITHIN GROUP (ORDER BY median_stake) FILTER (WHERE median_stake > 0) AS stake
    FROM (SELECT *, count(*) FILTER (WHERE NOT goes_on) OVER (PARTITION BY player_id ORDER BY started_at, id) AS n
          FROM (SELECT *, {GOES_ON} AS goes_on FROM sat) AS marked) AS numbered
    GROUP BY player_id, n, zone
), busy AS (
    SELECT s.player_id, s.n, (s.started_at AT TIME ZONE s.zone)::date AS day, count(*) AS deposits, max(y.occurred_at) AS at
    FROM sitting s JOIN players_payment y ON y.player_id = s.player_id AND y.direction = 'deposit' AND y.status = 'approved'
        AND y.occurred_at >= s.started_at AND y.occurred_at <= s.ended_at
    WHERE y.occurred_at > %(now)s - interval '7 days' AND y.occurred_at <= %(now)s
      AND EXISTS (SELECT FROM players_round r WHERE r.player_id = s.player_id AND r.bets > 0
                    AND r.occurred_at >= s.started_at AND r.occurred_at <= y.occurred_at)
    GROUP BY 1, 2, 3
)
SELECT player_id, 'M01', count(DISTINCT day) FILTER (WHERE deposits >= %(m01_deposits)s) >= %(m01_days)s, max(at),
       jsonb_build_object('days', count(DISTINCT day) FILTER (WHERE deposits >= %(m01_deposits)s), 'most_in_one', max(deposits))
FROM busy GROUP BY player_id

UNION ALL
SELECT player_id, 'M02', CASE WHEN count(*) >= %(m02_sessions)s THEN count(*) FILTER (WHERE empty) >= %(m02_sessions)s END,
       max(ended_at) FILTER (WHERE empty), jsonb_build_object('sessions', count(*), 'emptied', count(*) FILTER (WHERE empty))
FROM unnest(%(players)s::bigint[]) AS p (id) CROSS JOIN LATERAL (
    SELECT v.player_id, v.ended_at, v.balance < %(m02_units)s * %(unit)s AS empty FROM compliance_seenbalance v
    WHERE v.player_id = p.id AND NOT EXISTS (  -- the sitting went on
        SELECT FROM players_session x WHERE x.player_id = p.id AND x.ended_at > v.ended_at
           AND x.started_at > v.ended_at - interval '2 days' AND x.started_at < v.ended_at + interval '30 minutes')
    ORDER BY v.ended_at DESC LIMIT 10) AS seen
GROUP BY player_id

UNION ALL
SELECT player_id, 'M08', count(*) >= %(m08_times)s, max(started_at), jsonb_build_object('times', count(*))
FROM (SELECT player_id, started_at, stake AS now, lag(stake) OVER w AS one, lag(stake, 2) OVER w AS two, lag(stake, 3) OVER w AS three
      FROM sitting WHERE stake > 0 AND started_at > %(now)s - interval '30 days'
      WINDOW w AS (PARTITION BY player_id ORDER BY n)) AS row
WHERE one > two AND two > three AND now * 100 <= one * (100 - %(m08_drop)s)
GROUP BY player_id

UNION ALL
-- Two games at once are one stretch of time: the parts are united before they are added up, and cut at midnight.
SELECT player_id, 'M19', max(seconds) > %(m19_hours)s * 3600, max(at) FILTER (WHERE seconds > %(m19_hours)s * 3600),
       jsonb_build_object('longest_minutes', round(max(seconds) / 60))
FROM (SELECT player_id, day, max(upper(part)) AS at, sum(extract(epoch FROM upper(part) - lower(part))) AS seconds
      FROM (SELECT s.player_id, d::date AS day,
                   unnest(range_agg(tstzrange(GREATEST(s.started_at, d AT TIME ZONE s.zone),
                                              LEAST(s.ended_at, (d + interval '1 day') AT TIME ZONE s.zone), '[]'))) AS part
            FROM sat s CROSS JOIN LATERAL generate_series(
                date_trunc('day', s.started_at AT TIME ZONE s.zone), date_trunc('day', s.ended_at AT TIME ZONE s.zone), '1 day') AS d
            WHERE s.ended_at > %(now)s - interval '7 days' AND s.ended_at >= s.started_at
            GROUP BY s.player_id, d) AS parts
      GROUP BY player_id, day) AS days
GROUP BY player_id
"""  # noqa: S608 - constants only

# The feed tells the newest balance only. It belongs to the end of a session when it was told around it, before
# anything was paid in.
SEE_BALANCES = """
INSERT INTO compliance_seenbalance (player_id, ended_at, balance)
SELECT s.player_id, e.ended_at, s.balance_real + s.balance_bonus
FROM players_playerstate s CROSS JOIN LATERAL (
    SELECT x.ended_at FROM players_session x WHERE x.player_id = s.player_id AND x.started_at > s.balance_at - interval '2 days'
       AND s.balance_at BETWEEN x.ended_at - interval '2 minutes' AND x.ended_at + interval '10 minutes'
    ORDER BY x.ended_at DESC LIMIT 1) AS e
WHERE s.player_id = ANY(%(players)s::bigint[]) AND s.balance_at > %(now)s - interval '30 days'
  AND NOT EXISTS (SELECT FROM players_payment y WHERE y.player_id = s.player_id AND y.direction = 'deposit'
                    AND y.status = 'approved' AND y.occurred_at BETWEEN e.ended_at AND s.balance_at)
ON CONFLICT DO NOTHING
"""
