-- What the gate must know about a batch of players, in one statement.

-- True while a brand has a feed we cannot trust, one that fell silent without anybody judging it, or none at all.
-- Feeds are judged every few seconds; a column nobody has looked at for 20 minutes is no judgement.
CREATE FUNCTION compliance_feed_stale(brand bigint) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
  RETURN NOT COALESCE((
    SELECT bool_and(f.freshness <> 'stale' AND COALESCE(
             GREATEST(f.last_event_at, f.heartbeat_at) > clock_timestamp() - interval '20 minutes', false))
      FROM players_feed f WHERE f.brand_id = brand), false);
END $$;

-- Playing now: a session is open, or something was played in the last half hour. Of whom nothing is known, yes.
CREATE FUNCTION compliance_in_session(player bigint, at timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM players_livesession WHERE player_id = player)
      OR COALESCE((SELECT last_play_at > at - interval '30 minutes' FROM players_playerstate WHERE player_id = player),
                  true);
END $$;

-- A JSON array with one object per player: the snapshot a decision stores (compliance.dossier), but for
-- `measures` and `contacts`, which compliance.loading turns into limits and suppressed channels.
-- What is unknown is absent. Earlier bonuses are told only where a law asks for them (`one_bonus`).
-- plpgsql and one plan for all arrays, so that a session plans it once: left to itself PostgreSQL planned it anew each
-- time, which was more than running it for one player. The caller's own rights. json and not jsonb, which would sort and
-- parse what is only handed over: a third of the time.
CREATE FUNCTION compliance_dossiers(player_ids bigint[], at timestamptz, one_bonus text[]) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp SET jit = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN (
    WITH me AS MATERIALIZED (
      SELECT p.id, p.person_id, p.brand_id, p.currency, p.birth_date, p.kyc, p.status, p.timezone,
             p.registered_at, p.vip_tier
        FROM players_player p WHERE p.id = ANY (player_ids)
    ), house AS MATERIALIZED (
      SELECT b.id, b.slug, b.timezone, l.jurisdiction, l.licensee, l.jurisdiction = ANY (one_bonus) AS one_bonus,
             compliance_feed_stale(b.id) AS feed_stale,
             EXISTS (SELECT 1 FROM compliance_brandstop t WHERE t.brand_id = b.id AND t.lifted_at IS NULL) AS stopped,
             n.switched_off, n.switched_on, n.no_quiet_hours, n.no_day_after,
             CASE WHEN l.jurisdiction = 'DE' THEN (  -- DE-11: what the licence's own conditions say of bonuses
               SELECT json_build_object('most', x.most, 'times', x.times) FROM compliance_counselanswer x
                WHERE x.licence_id = l.id AND x.rule = 'DE-11' AND x.signed_by_id IS NOT NULL
                ORDER BY x.signed_at DESC, x.id DESC LIMIT 1) END AS conditions
        FROM players_brand b JOIN players_licence l ON l.id = b.licence_id
       CROSS JOIN LATERAL (
         SELECT json_agg(x.rule ORDER BY x.rule) FILTER (WHERE NOT x.enabled) AS switched_off,
                json_agg(x.rule ORDER BY x.rule) FILTER (WHERE x.enabled) AS switched_on,
                bool_or(x.rule = 'POL-08' AND NOT x.enabled) AS no_quiet_hours,
                bool_or(x.rule = 'POL-01' AND NOT x.enabled) AS no_day_after
           FROM (SELECT DISTINCT ON (w.rule) w.rule, w.enabled FROM compliance_policyswitch w
                  WHERE w.brand_id = b.id AND w.signed_by_id IS NOT NULL
                  ORDER BY w.rule, w.signed_at DESC, w.id DESC) x) n
       WHERE b.id IN (SELECT brand_id FROM me)
    )
    SELECT json_agg(json_strip_nulls(json_build_object(
      'player_id', me.id, 'person_id', me.person_id, 'brand_id', me.brand_id, 'jurisdiction', h.jurisdiction,
      'licensee', h.licensee, 'timezone', COALESCE(NULLIF(me.timezone, ''), h.timezone), 'currency', me.currency,
      'birth_date', me.birth_date, 'kyc', me.kyc, 'status', me.status,
      'verdict', CASE WHEN s.partly IS NULL THEN s.verdict ELSE compliance_verdict_at(s.verdict, s.partly, me.brand_id) END,
      'generation', s.generation,
      'promotions_ok', s.promotions_ok AND (s.partly IS NULL OR NOT s.partly ? me.brand_id::text),
      'bonuses_ok', s.bonuses_ok AND (s.partly IS NULL OR NOT s.partly ? me.brand_id::text),
      'valid_until', s.valid_until, 'risk', CASE WHEN s.verdict = 'harm' AND s.risk <> 'critical' THEN 'strong'
                                                 ELSE NULLIF(s.risk, 'unknown') END,
      'feed_stale', h.feed_stale, 'brand_stopped', h.stopped,
      'switched_off', h.switched_off, 'switched_on', h.switched_on, 'measures', m.rows, 'contacts', a.rows, 'consents', c.rows,
      'registers', r.rows, 'recent_promotions', d.refs, 'bonuses_before', g.refs, 'first_played', y.played,
      -- What only some licences ask for is read there only.
      'registered_at', CASE WHEN h.jurisdiction = 'ES' THEN me.registered_at END,
      'conditions', h.conditions, 'site', CASE WHEN h.jurisdiction = 'ON' THEN h.slug END,
      'in_session', CASE WHEN h.jurisdiction = 'NL' THEN compliance_in_session(me.id, at) END,
      'night_play', CASE WHEN h.no_quiet_hours THEN EXISTS (
          SELECT 1 FROM compliance_markerhit k JOIN players_player q ON q.id = k.player_id
           WHERE q.person_id = me.person_id AND k.marker = 'M20' AND k.counts_until > compliance_dossiers.at) END,
      -- What officers wrote down, a message of protection whether or not a case was open, and what the operator or its
      -- platform imposed: a block of deposits while it lasts, a limit from the day it was set (NL-06).
      'intervened_at', CASE WHEN h.jurisdiction = 'NL' THEN GREATEST((
          SELECT max(i.at) FROM compliance_case k JOIN compliance_interaction i ON i.case_id = k.id
           WHERE k.person_id = me.person_id AND i.kind IN ('outreach', 'call', 'restriction')), (
          SELECT max(f.occurred_at) FROM players_player q JOIN players_fact f ON f.player_id = q.id
           WHERE q.person_id = me.person_id AND f.kind = 'message.sent' AND f.data ->> 'purpose' = 'rg_outreach'
             AND f.occurred_at > compliance_dossiers.at - interval '40 days'), (
          SELECT max(CASE WHEN x.kind = 'deposit_block' THEN COALESCE(x.ended_at, compliance_dossiers.at)
                          ELSE x.tightened_at END) FROM compliance_measure x
           WHERE x.person_id = me.person_id AND (x.kind = 'deposit_block' OR x.origin = 'operator' AND x.amount IS NOT NULL))) END,
      'vip', CASE WHEN h.jurisdiction = 'GB' THEN me.vip_tier > 0 END,
      'vip_cleared', CASE WHEN h.jurisdiction = 'GB' AND me.vip_tier > 0 THEN NULLIF(EXISTS (
          SELECT 1 FROM players_playertag g WHERE g.player_id = me.id AND g.tag = 'vip_cleared' AND g.is_on), false) END,
      -- A pause of 24 hours and a closed account end what was agreed to before (SE-03).
      'stopped_at', CASE WHEN h.jurisdiction = 'SE' THEN GREATEST(
          (SELECT max(LEAST(x.ends_at, x.ended_at)) FROM compliance_measure x
            WHERE x.person_id = ANY (me.person_id || COALESCE(s.kin, '{}')) AND x.kind = 'time_out'),
          (SELECT max(f.occurred_at) FROM players_fact f WHERE f.player_id = me.id AND f.kind = 'player.closed')) END,
      -- Which part of a time-out closes: itself, or the day after it (POL-01).
      'paused_until', CASE WHEN s.verdict = 'time_out' OR s.partly ->> me.brand_id::text = 'time_out' OR h.no_day_after THEN (
          SELECT max(LEAST(x.ends_at, x.ended_at)) FROM compliance_measure x
           WHERE x.person_id = ANY (me.person_id || COALESCE(s.kin, '{}')) AND x.kind = 'time_out') END,
      'delisted_at', CASE WHEN EXISTS (
          SELECT 1 FROM compliance_registercheck x WHERE x.player_id = me.id AND x.result = 'listed') THEN (
          SELECT max(compliance_delisted_at(me.id, x.register)) FROM (
            SELECT DISTINCT register FROM compliance_registercheck
             WHERE player_id = me.id AND result = 'listed') x) END,
      'withdrawal_pending', NULLIF(EXISTS (
          SELECT 1 FROM players_payment w WHERE w.player_id = me.id AND w.direction = 'withdrawal'
             AND w.status = 'requested' AND NOT EXISTS (
               SELECT 1 FROM players_payment v WHERE v.player_id = me.id AND v.payment_id = w.payment_id
                  AND v.direction = 'withdrawal' AND v.status <> 'requested')), false)
    )))::text
    FROM me
    JOIN house h ON h.id = me.brand_id
    LEFT JOIN compliance_standing s ON s.person_id = me.person_id
    CROSS JOIN LATERAL (
      SELECT json_agg(to_json(x) ORDER BY x.id) AS rows FROM (
        SELECT id, player_id, kind, status, ended_at, amount, currency, period, origin, pending_amount, pending_from,
               needs_confirmation, tightened_at, relaxed_at, reached_at, NULLIF(product, '') AS product,
               CASE WHEN kind = 'product_exclusion' THEN compliance_reopens_at(
                 kind, status, effective_at, ends_at, ended_at, ended_by, h.jurisdiction) END AS reopens_at
          FROM compliance_measure WHERE person_id = ANY (me.person_id || COALESCE(s.kin, '{}')) AND kind NOT IN (
            'time_out', 'marketing_block', 'bonus_block')) x
    ) m
    CROSS JOIN LATERAL (
      SELECT json_object_agg(channel, normal) AS rows FROM players_contact WHERE player_id = me.id
    ) a
    CROSS JOIN LATERAL (  -- of two words of one instant the no counts
      SELECT json_object_agg(x.cell, json_build_object('granted', x.granted, 'at', x.occurred_at,
                              'wording', x.wording, 'screen', x.screen,
                              'origin', NULLIF(x.origin, ''))) AS rows
        FROM (SELECT DISTINCT ON (product, channel) product || '/' || channel AS cell, granted, occurred_at, wording,
                     screen, origin FROM compliance_consent WHERE player_id = me.id
               ORDER BY product, channel, occurred_at DESC, granted, id DESC) x
    ) c
    CROSS JOIN LATERAL (
      SELECT json_object_agg(x.name, json_build_object('result', x.result, 'asked_at', x.asked_at)) AS rows
        FROM (SELECT DISTINCT ON (register, purpose) register || '/' || purpose AS name, result, asked_at
                FROM compliance_registercheck WHERE player_id = me.id
               ORDER BY register, purpose, asked_at DESC, id DESC) x
    ) r
    -- A decision is written in the transaction that writes the attempt it allows, so an allow is a message; the
    -- retries of one message share its reference. On-site cards and ads are pull and do not count as pressure.
    CROSS JOIN LATERAL (
      SELECT json_agg(DISTINCT x.reference ORDER BY x.reference) AS refs
        FROM players_player q JOIN compliance_decision x ON x.player_id = q.id
       WHERE q.person_id = me.person_id AND x.decided_at > at - interval '7 days' AND x.outcome = 'allow'
         AND x.purpose IN ('promotional', 'research') AND x.channel NOT IN ('bonus', 'onsite', 'ads')
    ) d
    CROSS JOIN LATERAL (  -- two are enough to tell an earlier one from a retry of this one
      SELECT json_agg(x.reference) AS refs FROM (
        SELECT w.reference FROM players_player q
          JOIN players_brand b ON b.id = q.brand_id
          JOIN players_licence l ON l.id = b.licence_id AND l.licensee = h.licensee
         CROSS JOIN LATERAL (
           SELECT reference FROM compliance_decision
            WHERE player_id = q.id AND channel = 'bonus' AND outcome = 'allow'
           UNION SELECT key FROM players_fact WHERE player_id = q.id AND kind = 'bonus.claimed') w
         WHERE h.one_bonus AND q.person_id = ANY (me.person_id || COALESCE(s.kin, '{}')) GROUP BY 1 ORDER BY 1 LIMIT 2) x
    ) g
    CROSS JOIN LATERAL (  -- without a state row nothing is known, so the player counts as one who has played
      SELECT bool_or(t.player_id IS NULL OR t.rounds > 0 OR t.last_play_at <> '0001-01-01 00:00:00+00') AS played
        FROM players_player q
        JOIN players_brand b ON b.id = q.brand_id
        JOIN players_licence l ON l.id = b.licence_id AND l.licensee = h.licensee
        LEFT JOIN players_playerstate t ON t.player_id = q.id
       WHERE h.one_bonus AND q.person_id = ANY (me.person_id || COALESCE(s.kin, '{}'))
    ) y
  );
END $$;
