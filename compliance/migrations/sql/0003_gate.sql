-- The gate inside the database. Everything that closes a person is written here, and everything that
-- leaves passes here; the application role can do neither by hand.
--
-- Lock order, everywhere: brand advisory (7002) < person advisory (7001) < Standing row; ascending in each.

-- Person ids fit an advisory key as they are up to 2^31; beyond, two people may share a key (they wait, no more).
CREATE FUNCTION compliance_person_key(person bigint) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT (person & 2147483647)::int $$;

CREATE FUNCTION compliance_birth() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO compliance_standing (person_id, generation, verdict, promotions_ok, bonuses_ok, updated_at)
  VALUES (NEW.id, 1, 'unknown', false, false, clock_timestamp());
  RETURN NULL;
END $$;
CREATE TRIGGER birth AFTER INSERT ON players_person FOR EACH ROW EXECUTE FUNCTION compliance_birth();
ALTER TABLE players_person ENABLE ALWAYS TRIGGER birth;

-- Exclusive form, taken by everybody who may close a person: it waits for sends in flight (at most one
-- provider timeout) and makes later ones wait for us.
CREATE FUNCTION compliance_lock_persons(person_ids bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE k int;
BEGIN
  FOR k IN SELECT DISTINCT compliance_person_key(p) FROM unnest(person_ids) AS p ORDER BY 1 LOOP
    PERFORM pg_advisory_xact_lock(7001, k);
  END LOOP;
END $$;

-- Derives Standing from measures and register answers. Of the caller's clock and the server's the stricter
-- counts, so that no argument can end a restriction early.
-- A time-out re-opens at its end + 24 h (POL-01). An exclusion's term being over opens nothing (GB-03); its
-- return does after 24 h, or 7 days when it had no end (MT-02).
CREATE FUNCTION compliance_derive_standing(person_ids bigint[], at timestamptz, bump boolean DEFAULT false)
RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  early timestamptz := LEAST(at, clock_timestamp());
  changed int;
BEGIN
  PERFORM compliance_lock_persons(person_ids);
  PERFORM 1 FROM compliance_standing WHERE person_id = ANY (person_ids) ORDER BY person_id FOR NO KEY UPDATE;
  WITH parts AS (
    SELECT m.person_id, m.status, m.ends_at, m.kind,
           m.kind IN ('self_exclusion', 'national_exclusion', 'unknown') AS exclusion,
           CASE WHEN m.kind = 'time_out' THEN LEAST(m.ends_at, m.ended_at) + interval '24 hours'
                WHEN m.kind IN ('self_exclusion', 'national_exclusion') AND m.status = 'ended' THEN
                  m.ended_at + CASE WHEN m.ends_at IS NULL THEN interval '7 days' ELSE interval '24 hours' END
           END AS reopens_at
      FROM compliance_measure m WHERE m.person_id = ANY (person_ids)
  ), folded AS (
    SELECT person_id,
           bool_or(exclusion AND status <> 'ended' AND (ends_at IS NULL OR ends_at > early)) AS excluded,
           bool_or(exclusion AND status <> 'ended' AND ends_at <= early) AS awaiting,
           bool_or(kind = 'time_out' AND (reopens_at IS NULL OR reopens_at > early)
                   OR exclusion AND status = 'ended' AND reopens_at > early) AS time_out,
           bool_or(kind = 'marketing_block' AND status <> 'ended') AS no_promotions,
           bool_or(kind = 'bonus_block' AND status <> 'ended') AS no_bonuses,
           LEAST(min(ends_at) FILTER (WHERE exclusion AND status <> 'ended' AND ends_at > early),
                 min(reopens_at) FILTER (WHERE reopens_at > early)) AS turns_at
      FROM parts GROUP BY person_id
  ), newest AS (
    SELECT DISTINCT ON (person_id, register) person_id, result FROM compliance_registercheck
     WHERE person_id = ANY (person_ids) AND result <> 'unavailable'
     ORDER BY person_id, register, asked_at DESC, id DESC
  ), listed AS (
    SELECT DISTINCT person_id FROM newest WHERE result = 'listed'
  ), verdicts AS (
    SELECT s.person_id,
           CASE WHEN f.excluded OR l.person_id IS NOT NULL THEN 'excluded'
                WHEN f.awaiting THEN 'awaiting_return'
                WHEN f.time_out THEN 'time_out'
                WHEN f.no_promotions THEN 'blocked'
                WHEN s.declared_at IS NULL THEN 'unknown'
                ELSE 'open' END AS verdict,
           s.declared_at IS NOT NULL AND l.person_id IS NULL AND NOT (COALESCE(f.excluded, false)
             OR COALESCE(f.awaiting, false) OR COALESCE(f.time_out, false)) AS free,
           COALESCE(f.no_promotions, false) AS no_promotions, COALESCE(f.no_bonuses, false) AS no_bonuses, f.turns_at
      FROM compliance_standing s
      LEFT JOIN folded f USING (person_id) LEFT JOIN listed l USING (person_id)
     WHERE s.person_id = ANY (person_ids)
  )
  UPDATE compliance_standing s
     SET verdict = v.verdict, promotions_ok = v.free AND NOT v.no_promotions, bonuses_ok = v.free AND NOT v.no_bonuses,
         valid_until = v.turns_at, generation = s.generation + 1, updated_at = clock_timestamp()
    FROM verdicts v
   WHERE v.person_id = s.person_id
     AND (bump OR s.verdict <> v.verdict OR s.promotions_ok <> (v.free AND NOT v.no_promotions)
          OR s.bonuses_ok <> (v.free AND NOT v.no_bonuses) OR s.valid_until IS DISTINCT FROM v.turns_at);
  GET DIAGNOSTICS changed = ROW_COUNT;
  RETURN changed;
END $$;

-- The PAM has stated what restrictions these people have (measures are told apart from this).
CREATE FUNCTION compliance_open_standing(person_ids bigint[], at timestamptz) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM compliance_lock_persons(person_ids);
  PERFORM 1 FROM compliance_standing WHERE person_id = ANY (person_ids) ORDER BY person_id FOR NO KEY UPDATE;
  UPDATE compliance_standing SET declared_at = at WHERE person_id = ANY (person_ids) AND declared_at IS NULL;
  RETURN compliance_derive_standing(person_ids, at, false);
END $$;

-- Something about these people could not be read: unknown until the PAM states it again.
CREATE FUNCTION compliance_doubt_standing(person_ids bigint[], at timestamptz) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM compliance_lock_persons(person_ids);
  PERFORM 1 FROM compliance_standing WHERE person_id = ANY (person_ids) ORDER BY person_id FOR NO KEY UPDATE;
  UPDATE compliance_standing SET declared_at = NULL WHERE person_id = ANY (person_ids);
  RETURN compliance_derive_standing(person_ids, at, true);
END $$;

-- Measures, refusals of consent and register answers reach Standing in the statement that writes them:
-- nobody can store a restriction and forget to close the person.
CREATE FUNCTION compliance_after_measure() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM compliance_derive_standing(array_agg(DISTINCT person_id), clock_timestamp(), true)
     FROM touched HAVING count(*) > 0;
  RETURN NULL;
END $$;
CREATE TRIGGER closes_after_insert AFTER INSERT ON compliance_measure
  REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION compliance_after_measure();
CREATE TRIGGER closes_after_update AFTER UPDATE ON compliance_measure
  REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION compliance_after_measure();
ALTER TABLE compliance_measure ENABLE ALWAYS TRIGGER closes_after_insert;
ALTER TABLE compliance_measure ENABLE ALWAYS TRIGGER closes_after_update;

CREATE FUNCTION compliance_after_consent() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM compliance_derive_standing(array_agg(DISTINCT p.person_id), clock_timestamp(), true)
     FROM touched t JOIN players_player p ON p.id = t.player_id WHERE NOT t.granted HAVING count(*) > 0;
  RETURN NULL;
END $$;
CREATE TRIGGER closes AFTER INSERT ON compliance_consent
  REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION compliance_after_consent();
ALTER TABLE compliance_consent ENABLE ALWAYS TRIGGER closes;

CREATE FUNCTION compliance_after_register_check() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM compliance_derive_standing(array_agg(DISTINCT person_id), clock_timestamp(), bool_or(result <> 'clear'))
     FROM touched HAVING count(*) > 0;
  RETURN NULL;
END $$;
CREATE TRIGGER closes AFTER INSERT ON compliance_registercheck
  REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION compliance_after_register_check();
ALTER TABLE compliance_registercheck ENABLE ALWAYS TRIGGER closes;

-- An exclusion ends only when the source said so: a fact, append-only, not somebody's UPDATE.
CREATE FUNCTION compliance_guard_measure() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM players_fact f JOIN players_player p ON p.id = f.player_id
                  WHERE p.person_id = NEW.person_id AND f.kind = 'rg.lifted' AND f.data ->> 'measure_id' = NEW.ref) THEN
    RAISE EXCEPTION 'an exclusion ends only by its source' USING ERRCODE = 'RG005';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON compliance_measure FOR EACH ROW
  WHEN (OLD.kind IN ('self_exclusion', 'national_exclusion') AND OLD.status <> 'ended'
        AND (NEW.status = 'ended' OR NEW.kind <> OLD.kind))
  EXECUTE FUNCTION compliance_guard_measure();
ALTER TABLE compliance_measure ENABLE ALWAYS TRIGGER guard;

-- The only writer of decisions. `requests`: array of {player_id, purpose, channel, outcome, code, reasons,
-- reference, ruleset, inputs, generation, retry_at}. An allow that Standing does not bear out becomes a deny.
CREATE FUNCTION compliance_decide(requests jsonb)
RETURNS TABLE (id bigint, outcome text, code text, reasons text[], generation bigint, retry_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE k int;
BEGIN
  IF jsonb_array_length(requests) > 500 THEN
    RAISE EXCEPTION 'at most 500 requests at once' USING ERRCODE = 'RG006';
  END IF;
  FOR k IN SELECT DISTINCT p.brand_id::int FROM jsonb_to_recordset(requests) AS r (player_id bigint)
             JOIN players_player p ON p.id = r.player_id ORDER BY 1 LOOP
    PERFORM pg_advisory_xact_lock_shared(7002, k);
  END LOOP;
  PERFORM 1 FROM compliance_standing s WHERE s.person_id IN (
      SELECT p.person_id FROM jsonb_to_recordset(requests) AS r (player_id bigint)
        JOIN players_player p ON p.id = r.player_id) ORDER BY s.person_id FOR SHARE;
  RETURN QUERY
  WITH asked AS (
    SELECT e.n, r.* FROM jsonb_array_elements(requests) WITH ORDINALITY AS e (item, n)
     CROSS JOIN LATERAL jsonb_to_record(e.item) AS r (player_id bigint, purpose text, channel text, outcome text,
       code text, reasons text[], reference text, ruleset text, inputs jsonb, generation bigint, retry_at timestamptz)
  ), judged AS MATERIALIZED (
    SELECT a.*, p.person_id, COALESCE(s.generation, 0) AS current,
      nextval(pg_get_serial_sequence('compliance_decision', 'id')) AS new_id,
      CASE
        WHEN a.outcome <> 'allow' THEN NULL
        WHEN s.person_id IS NULL THEN 'DENY_STATE_UNAVAILABLE'
        WHEN a.purpose NOT IN ('promotional', 'transactional', 'rg_outreach', 'rg_confirmation', 'regulatory_notice')
          OR a.channel = 'bonus' AND a.purpose <> 'promotional' THEN 'DENY_PURPOSE_MISMATCH'
        WHEN a.purpose <> 'promotional' THEN NULL
        WHEN EXISTS (SELECT 1 FROM compliance_brandstop b WHERE b.brand_id = p.brand_id AND b.lifted_at IS NULL)
          THEN 'DENY_BRAND_STOPPED'
        WHEN s.verdict = 'excluded' THEN 'DENY_SELF_EXCLUDED'
        WHEN s.verdict = 'awaiting_return' THEN 'DENY_AWAITING_RETURN'
        WHEN s.verdict = 'time_out' THEN 'DENY_TIME_OUT'
        WHEN s.verdict = 'unknown' THEN 'DENY_STATE_UNAVAILABLE'
        WHEN CASE WHEN a.channel = 'bonus' THEN NOT s.bonuses_ok ELSE NOT s.promotions_ok END
          THEN 'DENY_ACCOUNT_RESTRICTED'
        WHEN s.valid_until <= clock_timestamp() THEN 'DENY_STATE_UNAVAILABLE'
        WHEN s.generation IS DISTINCT FROM a.generation THEN 'DENY_STATE_CHANGED'
      END AS overruled
    FROM asked a
    JOIN players_player p ON p.id = a.player_id
    LEFT JOIN compliance_standing s ON s.person_id = p.person_id
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
  IF d.purpose = 'promotional' THEN
    SELECT brand_id INTO brand FROM players_player WHERE id = d.player_id;
    PERFORM pg_advisory_xact_lock_shared(7002, brand);
    IF EXISTS (SELECT 1 FROM compliance_brandstop b WHERE b.brand_id = brand AND b.lifted_at IS NULL) THEN
      RAISE EXCEPTION 'promotions of this brand are stopped' USING ERRCODE = 'RG004',
        DETAIL = jsonb_build_object('decision', d.id, 'code', 'DENY_BRAND_STOPPED')::text;
    END IF;
  END IF;
  SELECT * INTO s FROM compliance_standing WHERE person_id = NEW.person_id FOR SHARE;
  IF NOT FOUND OR s.generation <> d.generation
     OR (d.purpose = 'promotional' AND s.valid_until <= clock_timestamp()) THEN
    RAISE EXCEPTION 'the standing changed after the decision' USING ERRCODE = 'RG004',
      DETAIL = jsonb_build_object('decision', d.id, 'code', 'DENY_STATE_CHANGED')::text;
  END IF;
  RETURN NEW;
END $$;

-- Which of these may still go, asked while the locks are held over the provider call. Advisory locks, not row
-- locks: a row lock would take a transaction id and hold back everything that follows the horizon.
CREATE FUNCTION compliance_still_allowed(decision_ids bigint[]) RETURNS SETOF bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE k int;
BEGIN
  FOR k IN SELECT DISTINCT p.brand_id::int FROM compliance_decision d JOIN players_player p ON p.id = d.player_id
            WHERE d.id = ANY (decision_ids) ORDER BY 1 LOOP
    PERFORM pg_advisory_xact_lock_shared(7002, k);
  END LOOP;
  FOR k IN SELECT DISTINCT compliance_person_key(d.person_id) FROM compliance_decision d
            WHERE d.id = ANY (decision_ids) ORDER BY 1 LOOP
    PERFORM pg_advisory_xact_lock_shared(7001, k);
  END LOOP;
  RETURN QUERY
  SELECT d.id FROM compliance_decision d
    JOIN compliance_standing s ON s.person_id = d.person_id AND s.generation = d.generation
    JOIN players_player p ON p.id = d.player_id
   WHERE d.id = ANY (decision_ids) AND d.outcome = 'allow' AND d.decided_at >= clock_timestamp() - interval '60 seconds'
     AND (d.purpose <> 'promotional' OR (
           (s.valid_until IS NULL OR s.valid_until > clock_timestamp())
           AND NOT EXISTS (SELECT 1 FROM compliance_brandstop b WHERE b.brand_id = p.brand_id AND b.lifted_at IS NULL)));
END $$;
