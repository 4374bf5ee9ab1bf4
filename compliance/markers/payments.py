"""Markers told by payments: M11 to M17. One statement: the payments of a year, read once.

A deposit counts as made when it was approved, also when it was rolled back or charged back later: it was behaviour.
"""

from compliance.markers.sessions import GOES_ON

_DEPOSITS = "direction = 'deposit' AND status = 'approved'"
# Declined for want of funds or by a limit (M13). Platforms give the reason in words of their own: what names something
# else is left out, what names nothing counts.
_FOR_MONEY = r"""(reason ~* '(fund|limit|balance|insufficient)' OR reason !~* '(technical|gateway|maintenance|time.?out|3.?d.?s|authenticat|cvv|cvc|expired|duplicate|fraud|stolen)')"""

STATEMENT = f"""
WITH paid AS MATERIALIZED (
    SELECT y.player_id, y.payment_id, y.direction, y.status, y.amount, y.method, y.instrument, y.reason, y.occurred_at AS at
    FROM players_payment y
    WHERE y.player_id = ANY(%(players)s::bigint[]) AND y.occurred_at > %(now)s - interval '365 days' AND y.occurred_at <= %(now)s
), good AS MATERIALIZED (SELECT * FROM paid WHERE {_DEPOSITS})

-- Instruments where the platform tells which one it was, and the methods of which it never does.
SELECT player_id, 'M11', CASE WHEN cards + others >= %(m11_methods)s THEN true WHEN untold THEN NULL ELSE false END,
       at, jsonb_build_object('instruments', cards, 'methods', others, 'deposits', deposits)
FROM (SELECT player_id, max(at) AS at, count(*) AS deposits, bool_or(method = '' AND instrument = '') AS untold,
             count(DISTINCT NULLIF(instrument, '')) AS cards,
             count(DISTINCT NULLIF(method, '')) - count(DISTINCT NULLIF(method, '')) FILTER (WHERE instrument <> '') AS others
      FROM good WHERE at > %(now)s - interval '30 days' GROUP BY player_id) AS used

UNION ALL
SELECT g.player_id, 'M12', CASE WHEN s.n >= %(m12_sessions)s THEN g.n >= %(m12_mean)s * s.n END, g.at,
       jsonb_build_object('deposits', g.n, 'sessions', s.n)
FROM (SELECT player_id, count(*) AS n, max(at) AS at FROM good WHERE at > %(now)s - interval '30 days' GROUP BY 1) AS g
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE NOT goes_on) AS n FROM (SELECT {GOES_ON} AS goes_on FROM players_session x
        WHERE x.player_id = g.player_id AND x.started_at > %(now)s - interval '30 days' AND x.started_at <= %(now)s) AS marked) AS s

UNION ALL
SELECT player_id, 'M13',
       max(near) >= %(m13_declined)s
       OR (count(*) >= %(m13_attempts)s AND 100 * count(*) FILTER (WHERE status = 'rejected') >= %(m13_share)s * count(*)),
       max(at) FILTER (WHERE status = 'rejected'),
       jsonb_build_object('declined', count(*) FILTER (WHERE status = 'rejected'), 'attempts', count(*), 'within_24_h', max(near))
FROM (SELECT *, count(*) FILTER (WHERE status = 'rejected') OVER (
                    PARTITION BY player_id ORDER BY at RANGE BETWEEN interval '24 hours' PRECEDING AND CURRENT ROW) AS near
      FROM paid WHERE direction = 'deposit' AND (status = 'approved' OR status = 'rejected' AND {_FOR_MONEY})
                  AND at > %(now)s - interval '7 days') AS tried
GROUP BY player_id HAVING bool_or(status = 'rejected')

UNION ALL
SELECT w.player_id, 'M14', count(*) >= %(m14_times)s, max(w.at), jsonb_build_object('times', count(*))
FROM paid w
WHERE w.direction = 'withdrawal' AND w.status = 'cancelled' AND w.at > %(now)s - interval '30 days'
  AND EXISTS (SELECT FROM players_round r WHERE r.player_id = w.player_id AND r.bets > 0
                AND r.occurred_at > w.at AND r.occurred_at <= w.at + interval '24 hours')
GROUP BY w.player_id

UNION ALL
SELECT player_id, 'M15',
       count(*) FILTER (WHERE direction = 'deposit')
           >= %(m15_ratio)s * GREATEST(1, count(*) FILTER (WHERE direction = 'withdrawal')),
       max(at) FILTER (WHERE direction = 'deposit'),
       jsonb_build_object('deposits', count(*) FILTER (WHERE direction = 'deposit'),
                          'withdrawals', count(*) FILTER (WHERE direction = 'withdrawal'))
FROM paid WHERE status = 'approved' GROUP BY player_id HAVING bool_or(direction = 'deposit')

UNION ALL
SELECT player_id, 'M16', max(in_hour) >= %(m16_hour)s OR max(in_day) >= %(m16_day)s,
       max(at) FILTER (WHERE in_hour >= %(m16_hour)s OR in_day >= %(m16_day)s),
       jsonb_build_object('within_1_h', max(in_hour), 'within_24_h', max(in_day))
FROM (SELECT player_id, at,
             count(*) OVER (PARTITION BY player_id ORDER BY at RANGE BETWEEN interval '1 hour' PRECEDING AND CURRENT ROW) AS in_hour,
             count(*) OVER (PARTITION BY player_id ORDER BY at RANGE BETWEEN interval '24 hours' PRECEDING AND CURRENT ROW) AS in_day
      FROM good WHERE at > %(now)s - interval '7 days') AS made
GROUP BY player_id

UNION ALL
-- The week before a player was known is no week without a deposit: only whole known weeks are compared with.
SELECT t.player_id, 'M17',
       CASE WHEN (%(m17_amounts)s::jsonb ->> p.currency) IS NULL OR b.paying < 4 THEN NULL
            ELSE t.amount >= %(m17_ratio)s * b.usual AND t.amount >= (%(m17_amounts)s::jsonb ->> p.currency)::bigint END,
       t.at, jsonb_build_object('amount', t.amount, 'usual_week', round(b.usual::numeric), 'currency', p.currency)
FROM (SELECT player_id, sum(amount) AS amount, max(at) AS at FROM good
      WHERE at > %(now)s - interval '7 days' GROUP BY 1) AS t
JOIN players_player p ON p.id = t.player_id
CROSS JOIN LATERAL (
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY amount) AS usual, count(*) FILTER (WHERE amount > 0) AS paying
    FROM (SELECT (SELECT COALESCE(sum(g.amount), 0) FROM good g WHERE g.player_id = t.player_id
                    AND g.at > %(now)s - make_interval(days => 7 * n + 7) AND g.at <= %(now)s - make_interval(days => 7 * n)) AS amount
          FROM generate_series(1, 8) AS n
          WHERE GREATEST(p.registered_at, p.known_since) <= %(now)s - make_interval(days => 7 * n + 7)) AS weeks) AS b
"""  # noqa: S608 - constants only
