-- A snapshot of before would not show what was closed since: a stop, a consent taken back, a link between people.
CREATE FUNCTION compliance_see_what_is() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'the gate is asked in READ COMMITTED, not in %', current_setting('transaction_isolation')
      USING ERRCODE = 'RG008';
  END IF;
END $$;

-- Does somebody else read there whom nothing promotional may reach? Not whom a person has said to be somebody else.
CREATE FUNCTION compliance_mailbox_closed(player bigint, person bigint, by_channel text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN EXISTS (
    SELECT 1 FROM players_contact c
      JOIN players_contact o ON o.normal = c.normal AND o.channel = c.channel AND o.player_id <> c.player_id
      JOIN players_player p ON p.id = o.player_id AND p.person_id <> person
      JOIN compliance_standing s ON s.person_id = p.person_id JOIN players_player mine ON mine.id = player
     WHERE c.player_id = player AND c.channel = by_channel
       AND compliance_verdict_at(s.verdict, s.partly, mine.brand_id) IN ('excluded', 'awaiting_return', 'time_out', 'harm')
       AND NOT EXISTS (SELECT 1 FROM compliance_personlink l WHERE l.status = 'apart'
                          AND l.low_id = LEAST(player, p.id) AND l.high_id = GREATEST(player, p.id)));
END $$;

-- Whose messages of a week are counted has one decision at a time: of two at once each would be the last that is still
-- allowed. Their own rows are locked, which nobody else locks. Returns with whom it takes longer than anybody may take.
CREATE FUNCTION compliance_one_by_one(players bigint[]) RETURNS bigint[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  PERFORM 1 FROM players_person h WHERE h.id IN (SELECT p.person_id FROM players_player p WHERE p.id = ANY (players))
    ORDER BY h.id FOR NO KEY UPDATE;
  RETURN '{}';
EXCEPTION WHEN lock_not_available THEN
  RETURN ARRAY(SELECT p.person_id FROM players_player p WHERE p.id = ANY (players) EXCEPT SELECT free.id FROM (
    SELECT h.id FROM players_person h WHERE h.id IN (SELECT p.person_id FROM players_player p WHERE p.id = ANY (players))
     ORDER BY 1 FOR NO KEY UPDATE SKIP LOCKED) free);
END $$;

-- Who of these was allowed something of which a dossier read in this transaction cannot know (compliance.loading says what
-- it saw). By the numbers of the transactions, so that it costs no more than what was written in the meantime.
CREATE FUNCTION compliance_told_since(players bigint[]) RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  since CONSTANT bigint := COALESCE(NULLIF(current_setting('compliance.seen', true), ''), '0')::bigint + compliance_epoch_shift();
  until CONSTANT bigint := pg_snapshot_xmax(pg_current_snapshot())::text::bigint + compliance_epoch_shift();
  told CONSTANT bigint[] := ARRAY(
    SELECT DISTINCT x.person_id FROM compliance_decision x
     WHERE x.xid >= since AND x.xid < until AND x.outcome = 'allow' AND x.purpose IN ('promotional', 'research'));
BEGIN
  RETURN CASE WHEN told = '{}' THEN told ELSE ARRAY(
    SELECT unnest(told) INTERSECT SELECT p.person_id FROM players_player p WHERE p.id = ANY (players)) END;
END $$;

-- How many other messages of seven days: those on record by now, and those of the dossier it was judged by, where the
-- earlier ones of this batch are.
CREATE FUNCTION compliance_messages_besides(person bigint, reference text, inputs jsonb) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN (SELECT count(*) FROM (
    SELECT x.reference FROM players_player q JOIN compliance_decision x ON x.player_id = q.id
     WHERE q.person_id = person AND x.outcome = 'allow' AND x.purpose IN ('promotional', 'research') AND x.channel NOT IN ('bonus', 'onsite', 'ads')
       AND x.decided_at > COALESCE((compliance_messages_besides.inputs ->> 'now')::timestamptz, clock_timestamp()) - interval '7 days'
    UNION SELECT jsonb_array_elements_text(compliance_messages_besides.inputs #> '{dossier,recent_promotions}')
    EXCEPT SELECT compliance_messages_besides.reference) AS others);
END $$;

-- The only writer of decisions. `requests`: array of {player_id, purpose, channel, outcome, code, reasons,
-- reference, ruleset, inputs, generation, retry_at, products, most}; `most`: so many messages in seven days, if they count.
-- The rules decide, in Python; whoever calls this function has their word taken for age, registers, limits,
-- quiet hours, frequency and bonus terms. What is re-checked here, and turns an allow into a deny: the person's
-- Standing (verdict, blocks, validity, generation), the brand's stop, purpose against channel, for a
-- promotional e-mail or SMS that the newest word on every product named (at least one) is a yes, and that nothing
-- was sent since the dossier was read that makes this one too many.
CREATE FUNCTION compliance_decide(requests jsonb)
RETURNS TABLE (id bigint, outcome text, code text, reasons text[], generation bigint, retry_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  k int;
  players bigint[];
  patience CONSTANT text := current_setting('lock_timeout');
  held bigint[] := '{}';
  people bigint[];
  crowded bigint[] := '{}';  -- of whom a dossier says too little by now
  counted CONSTANT boolean := jsonb_path_exists(requests, '$[*].most ? (@ > 0)');
BEGIN
  PERFORM compliance_see_what_is();
  IF jsonb_array_length(requests) > 500 THEN
    RAISE EXCEPTION 'at most 500 requests at once' USING ERRCODE = 'RG006';
  END IF;
  players := ARRAY(SELECT DISTINCT (e.item ->> 'player_id')::bigint FROM jsonb_array_elements(requests) AS e (item));
  FOR k IN SELECT DISTINCT p.brand_id::int FROM players_player p WHERE p.id = ANY (players) ORDER BY 1 LOOP
    PERFORM pg_advisory_xact_lock_shared(7002, k);
  END LOOP;
  -- Who is held for longer than anybody may hold them is not known to be open: no for them, and the others go on.
  IF patience = '0' THEN
    PERFORM set_config('lock_timeout', '3s', true);
  END IF;
  IF counted THEN
    held := compliance_one_by_one(players);
    crowded := compliance_told_since(players);
  END IF;
  BEGIN
    PERFORM 1 FROM compliance_standing s
     WHERE s.person_id IN (SELECT p.person_id FROM players_player p WHERE p.id = ANY (players))
     ORDER BY s.person_id FOR SHARE;
  EXCEPTION WHEN lock_not_available THEN
    people := ARRAY(SELECT p.person_id FROM players_player p WHERE p.id = ANY (players));
    held := held || ARRAY(SELECT unnest(people) EXCEPT SELECT free.person_id FROM (
      SELECT s.person_id FROM compliance_standing s WHERE s.person_id = ANY (people) ORDER BY 1 FOR SHARE SKIP LOCKED) free);
  END;
  PERFORM set_config('lock_timeout', patience, true);
  RETURN QUERY
  WITH asked AS (
    SELECT e.n, r.* FROM jsonb_array_elements(requests) WITH ORDINALITY AS e (item, n)
     CROSS JOIN LATERAL jsonb_to_record(e.item) AS r (player_id bigint, purpose text, channel text, outcome text,
       code text, reasons text[], reference text, ruleset text, inputs jsonb, generation bigint,
       retry_at timestamptz, products text[], most int)
  ), judged AS MATERIALIZED (
    SELECT a.*, p.person_id, COALESCE(s.generation, 0) AS current,
      nextval('compliance_decision_id_seq') AS new_id,
      CASE
        WHEN a.outcome <> 'allow' THEN NULL
        WHEN s.person_id IS NULL OR s.person_id = ANY (held) THEN 'DENY_STATE_UNAVAILABLE'
        WHEN a.purpose NOT IN ('promotional', 'transactional', 'rg_outreach', 'rg_confirmation', 'regulatory_notice',
                               'security', 'legal', 'research')
          OR a.channel = 'bonus' AND a.purpose <> 'promotional' THEN 'DENY_PURPOSE_MISMATCH'
        WHEN a.purpose NOT IN ('promotional', 'research') THEN NULL
        WHEN EXISTS (SELECT 1 FROM compliance_brandstop b WHERE b.brand_id = p.brand_id AND b.lifted_at IS NULL)
          THEN 'DENY_BRAND_STOPPED'
        WHEN h.verdict = 'excluded' THEN 'DENY_SELF_EXCLUDED'
        WHEN h.verdict = 'awaiting_return' THEN 'DENY_AWAITING_RETURN'
        WHEN h.verdict = 'time_out' THEN 'DENY_TIME_OUT'
        WHEN h.verdict = 'harm' THEN 'DENY_STRONG_INDICATOR'
        WHEN h.verdict = 'unknown' THEN 'DENY_STATE_UNAVAILABLE'
        WHEN s.partly IS NOT NULL AND compliance_product_closed(s.partly, a.products) THEN 'DENY_SELF_EXCLUDED'
        WHEN CASE WHEN a.channel = 'bonus' THEN NOT s.bonuses_ok ELSE NOT s.promotions_ok END
          THEN 'DENY_ACCOUNT_RESTRICTED'
        WHEN s.valid_until <= clock_timestamp() THEN 'DENY_STATE_UNAVAILABLE'
        WHEN s.generation IS DISTINCT FROM a.generation THEN 'DENY_STATE_CHANGED'
        WHEN a.channel IN ('email', 'sms', 'phone', 'social', 'affiliate', 'ads') AND NOT COALESCE((
            SELECT bool_and(COALESCE((SELECT c.granted FROM compliance_consent c
                     WHERE c.player_id = a.player_id AND c.product = w.product AND c.channel = a.channel
                     ORDER BY c.occurred_at DESC, c.granted, c.id DESC LIMIT 1), false))
              FROM unnest(a.products) AS w (product)), false) THEN 'DENY_NO_OPT_IN'
        -- As compliance_mailbox_closed, which a call for each of five hundred is dear: who else has this address?
        WHEN a.channel IN ('email', 'sms') AND EXISTS (
            SELECT 1 FROM players_contact c
              JOIN players_contact o ON o.normal = c.normal AND o.channel = c.channel AND o.player_id <> c.player_id
             WHERE c.player_id = a.player_id AND c.channel = a.channel)
          AND compliance_mailbox_closed(a.player_id, p.person_id, a.channel) THEN 'DENY_LINKED_ACCOUNT_EXCLUDED'
        WHEN a.most IS NOT NULL AND p.person_id = ANY (crowded)
          AND compliance_messages_besides(p.person_id, a.reference, a.inputs) >= a.most THEN 'DENY_FREQUENCY'
      END AS overruled
    FROM asked a
    JOIN players_player p ON p.id = a.player_id
    LEFT JOIN compliance_standing s ON s.person_id = p.person_id
    CROSS JOIN LATERAL (SELECT CASE WHEN s.partly IS NULL THEN s.verdict
                               ELSE compliance_verdict_at(s.verdict, s.partly, p.brand_id) END AS verdict) AS h
    ORDER BY a.n
  ), written AS (
    INSERT INTO compliance_decision (id, person_id, player_id, purpose, channel, outcome, code, reasons, reference,
                                     ruleset, inputs, generation, decided_at, retry_at)
    SELECT new_id, person_id, player_id, purpose, channel, CASE WHEN overruled IS NULL THEN outcome ELSE 'deny' END,
           COALESCE(overruled, code), CASE WHEN overruled IS NULL THEN reasons ELSE reasons || (overruled || ' DB') END,
           reference, ruleset, inputs, current, clock_timestamp(), retry_at
      FROM judged
  )
  SELECT new_id, CASE WHEN overruled IS NULL THEN j.outcome ELSE 'deny' END, COALESCE(overruled, j.code),
         CASE WHEN overruled IS NULL THEN j.reasons ELSE j.reasons || (overruled || ' DB') END, current, j.retry_at
    FROM judged j ORDER BY j.n;
END $$;

-- BEFORE INSERT (and BEFORE UPDATE of a key column) on every table whose rows reach a player. FOR SHARE on
-- Standing closes the race with an exclusion: there is no third order besides before and after.
CREATE FUNCTION compliance_enforce() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  d compliance_decision;
  s compliance_standing;
  brand int;
BEGIN
  PERFORM compliance_see_what_is();
  SELECT * INTO d FROM compliance_decision WHERE id = NEW.decision_id;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no decision' USING ERRCODE = 'RG001';
  END IF;
  IF d.outcome <> 'allow' OR d.person_id IS DISTINCT FROM NEW.person_id OR d.player_id IS DISTINCT FROM NEW.player_id
     OR d.channel IS DISTINCT FROM NEW.channel OR d.purpose IS DISTINCT FROM NEW.purpose
     OR (TG_TABLE_NAME = 'bonuses_grant' AND NEW.channel <> 'bonus') THEN
    RAISE EXCEPTION 'the decision does not allow this' USING ERRCODE = 'RG002',
      DETAIL = jsonb_build_object('decision', d.id, 'code', d.code)::text;
  END IF;
  IF d.decided_at < clock_timestamp() - interval '60 seconds' THEN
    RAISE EXCEPTION 'the decision is older than 60 s' USING ERRCODE = 'RG003',
      DETAIL = jsonb_build_object('decision', d.id)::text;
  END IF;
  IF d.purpose IN ('promotional', 'research') THEN
    SELECT brand_id INTO brand FROM players_player WHERE id = d.player_id;
    PERFORM pg_advisory_xact_lock_shared(7002, brand);
    IF EXISTS (SELECT 1 FROM compliance_brandstop b WHERE b.brand_id = brand AND b.lifted_at IS NULL) THEN
      RAISE EXCEPTION 'promotions of this brand are stopped' USING ERRCODE = 'RG004',
        DETAIL = jsonb_build_object('decision', d.id, 'code', 'DENY_BRAND_STOPPED')::text;
    END IF;
  END IF;
  SELECT * INTO s FROM compliance_standing WHERE person_id = NEW.person_id FOR SHARE;
  IF NOT FOUND OR s.generation <> d.generation
     OR (d.purpose IN ('promotional', 'research') AND s.valid_until <= clock_timestamp()) THEN
    RAISE EXCEPTION 'the standing changed after the decision' USING ERRCODE = 'RG004',
      DETAIL = jsonb_build_object('decision', d.id, 'code', 'DENY_STATE_CHANGED')::text;
  END IF;
  RETURN NEW;
END $$;

-- Which of these may still go, asked while the locks are held over the provider call; nothing promotional while
-- the feed is stale. Advisory locks, not row locks: a row lock would take a transaction id and hold back everything
-- that follows the horizon.
CREATE FUNCTION compliance_still_allowed(decision_ids bigint[]) RETURNS SETOF bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  k int;
  patience CONSTANT text := current_setting('lock_timeout');
  held int[] := '{}';
BEGIN
  PERFORM compliance_see_what_is();
  FOR k IN SELECT DISTINCT p.brand_id::int FROM compliance_decision d JOIN players_player p ON p.id = d.player_id
            WHERE d.id = ANY (decision_ids) ORDER BY 1 LOOP
    PERFORM pg_advisory_xact_lock_shared(7002, k);
  END LOOP;
  -- Whoever is being closed for longer than anybody may take for it does not go; the others do not wait for them twice.
  FOR k IN SELECT DISTINCT compliance_person_key(d.person_id) FROM compliance_decision d
            WHERE d.id = ANY (decision_ids) ORDER BY 1 LOOP
    CONTINUE WHEN pg_try_advisory_xact_lock_shared(7001, k);
    IF held <> '{}' THEN
      held := held || k;
      CONTINUE;
    END IF;
    BEGIN
      PERFORM set_config('lock_timeout', CASE patience WHEN '0' THEN '3s' ELSE patience END, true);
      PERFORM pg_advisory_xact_lock_shared(7001, k);
      PERFORM set_config('lock_timeout', patience, true);
    EXCEPTION WHEN lock_not_available THEN  -- and the patience of before is back
      held := held || k;
    END;
  END LOOP;
  RETURN QUERY
  SELECT d.id FROM compliance_decision d
    JOIN compliance_standing s ON s.person_id = d.person_id AND s.generation = d.generation
    JOIN players_player p ON p.id = d.player_id
   WHERE d.id = ANY (decision_ids) AND d.outcome = 'allow' AND d.decided_at >= clock_timestamp() - interval '60 seconds'
     AND compliance_person_key(d.person_id) <> ALL (held)
     AND (d.purpose NOT IN ('promotional', 'research') OR (
           (s.valid_until IS NULL OR s.valid_until > clock_timestamp())
           AND NOT EXISTS (SELECT 1 FROM compliance_brandstop b WHERE b.brand_id = p.brand_id AND b.lifted_at IS NULL)
           AND NOT compliance_feed_stale(p.brand_id)));
END $$;
