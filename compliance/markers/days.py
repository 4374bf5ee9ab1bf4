"""Markers told by what days add up to: M04, M06, M07, M09, M10, M18, M21. One statement over 70 gaming days."""

STATEMENT = """
WITH day AS MATERIALIZED (
    SELECT d.player_id, d.day, d.category, d.rounds, d.seconds, d.stake_real + d.stake_bonus AS stake,
           d.win_real - d.stake_real AS net, d.last_play_at, d.last_real_at, d.deposit_sum, d.withdrawal_sum
    FROM players_dailyactivity d
    WHERE d.player_id = ANY(%(players)s::bigint[]) AND d.day > %(today)s::date - 70 AND d.day <= %(today)s::date
), played AS MATERIALIZED (
    SELECT player_id, day, sum(rounds)::int AS bets, sum(stake)::float AS stake, sum(net)::bigint AS net, max(last_play_at) AS at
    FROM day GROUP BY player_id, day HAVING sum(rounds) > 0
)
SELECT l.player_id, 'M04', count(*) >= %(m04_days)s, max(c.at), jsonb_build_object('days', count(*))
FROM played l CROSS JOIN LATERAL (
    SELECT sum(y.amount) AS amount, max(y.occurred_at) AS at FROM players_payment y
    WHERE y.player_id = l.player_id AND y.direction = 'deposit' AND y.status = 'approved'
      AND y.occurred_at > l.at AND y.occurred_at <= l.at + interval '24 hours' AND y.occurred_at <= %(now)s) AS c
WHERE l.day > %(today)s::date - 30 AND l.net < 0 AND c.amount > -l.net
GROUP BY l.player_id

UNION ALL
SELECT f.player_id, 'M06', CASE WHEN count(*) >= %(m06_days)s THEN regr_slope(f.stake / f.bets, f.day - f.first_day) > 0 END,
       max(f.at), jsonb_build_object('days', count(*), 'per_day', round(regr_slope(f.stake / f.bets, f.day - f.first_day)::numeric, 2))
FROM (SELECT l.*, (p.registered_at AT TIME ZONE b.timezone)::date AS first_day
      FROM played l JOIN players_player p ON p.id = l.player_id JOIN players_brand b ON b.id = p.brand_id
      WHERE p.known_since IS NULL) AS f
WHERE f.day < f.first_day + 31 GROUP BY f.player_id

UNION ALL
SELECT f.player_id, 'M07',
       count(*) > (%(norms)s::jsonb ->> 'early_days')::float AND sum(f.bets)::float / count(*) > (%(norms)s::jsonb ->> 'early_bets')::float,
       max(f.at), jsonb_build_object('days', count(*), 'bets_a_day', round(sum(f.bets)::numeric / count(*), 1),
            'usual_95_days', (%(norms)s::jsonb ->> 'early_days')::numeric, 'usual_95_bets', round((%(norms)s::jsonb ->> 'early_bets')::numeric, 1))
FROM (SELECT l.*, (p.registered_at AT TIME ZONE b.timezone)::date AS first_day
      FROM played l JOIN players_player p ON p.id = l.player_id JOIN players_brand b ON b.id = p.brand_id
      WHERE p.known_since IS NULL) AS f
WHERE f.day < f.first_day + 31 GROUP BY f.player_id

UNION ALL
SELECT player_id, 'M09',
       CASE WHEN count(*) >= %(m09_days)s THEN
            COALESCE(corr(stake / bets, day - %(today)s::date) >= %(m09_trend)s
                     AND corr(-net, day - %(today)s::date) >= %(m09_trend)s AND sum(net) < 0, false) END,
       max(at), jsonb_build_object('days', count(*), 'stake_trend', round(corr(stake / bets, day - %(today)s::date)::numeric, 2),
                                   'loss_trend', round(corr(-net, day - %(today)s::date)::numeric, 2), 'loss', -sum(net))
FROM played WHERE day > %(today)s::date - 14 GROUP BY player_id

UNION ALL
SELECT player_id, 'M10', count(DISTINCT category) >= %(m10_types)s, max(last_play_at),
       jsonb_build_object('types', count(DISTINCT category))
FROM day WHERE rounds > 0 AND day > %(today)s::date - 7 GROUP BY player_id

UNION ALL
SELECT player_id, 'M18',
       w0 >= %(m18_hours)s * 3600 AND w3 > 0 AND w2 * 100 >= w3 * (100 + %(m18_growth)s)
       AND w1 * 100 >= w2 * (100 + %(m18_growth)s) AND w0 * 100 >= w1 * (100 + %(m18_growth)s),
       at, jsonb_build_object('weeks_minutes', jsonb_build_array(w3 / 60, w2 / 60, w1 / 60, w0 / 60))
FROM (SELECT player_id, max(last_play_at) AS at,
             COALESCE(sum(seconds) FILTER (WHERE day > %(today)s::date - 7), 0) AS w0,
             COALESCE(sum(seconds) FILTER (WHERE day <= %(today)s::date - 7 AND day > %(today)s::date - 14), 0) AS w1,
             COALESCE(sum(seconds) FILTER (WHERE day <= %(today)s::date - 14 AND day > %(today)s::date - 21), 0) AS w2,
             COALESCE(sum(seconds) FILTER (WHERE day <= %(today)s::date - 21 AND day > %(today)s::date - 28), 0) AS w3
      FROM day WHERE day > %(today)s::date - 28 GROUP BY player_id) AS weeks
WHERE w0 > 0

UNION ALL
-- A loss counts from the amount on (ES-02), net deposits above it (GB-15, NL-07). Who pays in need not play.
SELECT s.player_id, 'M21', CASE WHEN %(m21_measure)s = 'loss' THEN s.sum >= s.most ELSE s.sum > s.most END, s.at, jsonb_build_object('amount', s.sum, 'from', s.most, 'currency', s.currency)
FROM (SELECT d.player_id, p.currency, max(GREATEST(d.last_play_at, d.last_real_at)) AS at,
             (CASE WHEN p.birth_date > %(today)s::date - make_interval(years => %(m21_below)s)
                        AND (%(m21_young)s::jsonb ->> p.currency) IS NOT NULL
                   THEN %(m21_young)s::jsonb ELSE %(m21_amounts)s::jsonb END ->> p.currency)::bigint AS most,
             CASE %(m21_measure)s
                  WHEN 'loss' THEN -sum(d.net) FILTER (WHERE d.day > %(today)s::date - 21)
                  WHEN 'net_deposits' THEN sum(d.deposit_sum - d.withdrawal_sum) FILTER (WHERE d.day > %(today)s::date - 30)
                  ELSE sum(d.deposit_sum - d.withdrawal_sum) FILTER (WHERE d.day >= date_trunc('month', %(today)s::date)) END AS sum
      FROM day d JOIN players_player p ON p.id = d.player_id GROUP BY d.player_id, p.currency, p.birth_date) AS s
WHERE s.sum > 0 AND s.at IS NOT NULL
"""
