"""Markers told by restrictions and contacts: M22 to M26."""

STATEMENT = """
WITH said AS MATERIALIZED (
    SELECT f.player_id, f.kind, f.occurred_at AS at, f.data FROM players_fact f
    WHERE f.player_id = ANY(%(players)s::bigint[]) AND f.occurred_at > %(now)s - interval '30 days' AND f.occurred_at <= %(now)s
      AND f.kind IN ('rg.tool_viewed', 'rg.contact')
), word AS (
    -- A year's worth: 50 a day is more than 50 a month. What limits another thing, or other money, is as good as raised.
    SELECT f.player_id, f.kind, f.occurred_at AS at, w.worth, w.thing,
           lag(w.worth) OVER told AS before, lag(w.thing) OVER told AS thing_before
    FROM (SELECT DISTINCT player_id, ref FROM compliance_measure
           WHERE player_id = ANY(%(players)s::bigint[]) AND kind = ANY(%(limits)s::text[])) m
    JOIN players_fact f ON f.player_id = m.player_id AND f.data ->> 'measure_id' = m.ref
    CROSS JOIN LATERAL (
        SELECT (f.data ->> 'amount')::bigint * CASE f.data ->> 'period' WHEN 'day' THEN 365 WHEN 'week' THEN 52 ELSE 12 END AS worth,
               concat(f.data ->> 'kind', f.data ->> 'currency') AS thing) w
    WHERE f.kind IN ('rg.limit_set', 'rg.limit_removed')
    WINDOW told AS (PARTITION BY f.player_id, m.ref ORDER BY (f.data ->> 'sequence')::bigint, f.id)
), raised AS (
    SELECT player_id, at, count(*) OVER (PARTITION BY player_id ORDER BY at
                                         RANGE BETWEEN interval '24 hours' PRECEDING AND CURRENT ROW) AS in_day
    FROM word WHERE (kind = 'rg.limit_removed' OR worth > before OR before IS NOT NULL AND thing <> thing_before) AND at > %(now)s - interval '30 days' AND at <= %(now)s
)
SELECT player_id, 'M22', max(in_day) >= %(m22_day)s OR count(*) >= %(m22_month)s, max(at),
       jsonb_build_object('within_24_h', max(in_day), 'in_30_days', count(*))
FROM raised GROUP BY player_id

UNION ALL
SELECT p.id, 'M23', m.breaks >= %(m23_breaks)s OR m.exclusions > 0, m.at,
       jsonb_build_object('breaks', m.breaks, 'exclusions', m.exclusions)
FROM players_player p CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE kind = 'time_out' AND effective_at > %(now)s - interval '90 days') AS breaks,
           count(*) FILTER (WHERE kind <> 'time_out') AS exclusions,
           max(CASE WHEN kind = 'time_out' THEN effective_at ELSE LEAST(COALESCE(ended_at, %(now)s), %(now)s) END) AS at
    FROM compliance_measure WHERE person_id = p.person_id AND effective_at <= %(now)s AND (
        kind = 'time_out' AND effective_at > %(now)s - interval '90 days'
        OR kind = ANY(%(exclusions)s::text[]) AND COALESCE(ended_at, %(now)s) > %(now)s - interval '365 days')) AS m
WHERE p.id = ANY(%(players)s::bigint[]) AND m.at IS NOT NULL

UNION ALL
SELECT player_id, 'M24', count(*) >= %(m24_visits)s, max(at), jsonb_build_object('visits', count(*))
FROM said WHERE kind = 'rg.tool_viewed' AND data ->> 'tool' = 'self_exclusion' AND data ->> 'completed' = 'false'
GROUP BY player_id

UNION ALL
SELECT player_id, 'M25', count(*) >= %(m25_times)s, max(at), jsonb_build_object('times', count(*))
FROM said WHERE kind = 'rg.contact' AND data ->> 'topic' = 'bonus_request' AND at > %(now)s - interval '7 days'
GROUP BY player_id

UNION ALL
SELECT player_id, 'M26', true, max(at), jsonb_build_object('times', count(*))
FROM said WHERE kind = 'rg.contact' AND data ->> 'topic' = ANY(%(said)s::text[]) GROUP BY player_id
"""
