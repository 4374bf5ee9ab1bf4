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
-- provider timeout) and makes later ones wait for us. Whoever may be the same human is locked as well, in one go and
-- one order, because what closes the one closes the other (see persons.sql).
CREATE FUNCTION compliance_lock_persons(person_ids bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  k int;
  everybody bigint[];
BEGIN
  LOOP
    everybody := ARRAY(SELECT DISTINCT r.source FROM compliance_reach(person_ids) AS r);
    BEGIN
      FOR k IN SELECT DISTINCT compliance_person_key(p) FROM unnest(everybody) AS p ORDER BY 1 LOOP
        PERFORM pg_advisory_xact_lock(7001, k);
      END LOOP;
      EXIT WHEN ARRAY(SELECT DISTINCT r.source FROM compliance_reach(person_ids) AS r) <@ everybody;
      RAISE EXCEPTION 'somebody was linked' USING ERRCODE = 'RG009';
    EXCEPTION WHEN SQLSTATE 'RG009' THEN
      NULL;  -- lets go of what this round locked: taken in another order it could block the others
    END;
  END LOOP;
  -- The rows at once and in order as well: a decision locks rows alone, and a transaction that closes one person
  -- after another would meet it the other way round.
  PERFORM 1 FROM compliance_standing WHERE person_id = ANY (everybody) ORDER BY person_id FOR NO KEY UPDATE;
END $$;

-- The time an exclusion of that licence holds, whatever its source says of a return before it is over: its whole term
-- (GB-03, SE-02, DE-01, DK-02, ON-04; only in Malta may the licensee shorten it, MT-02), and at least 6 months in Great
-- Britain and Ontario, 3 months in Germany or 1 year by somebody else, without end 12 months in Sweden's register and
-- 1 year and 7 days in Denmark's. Where the text names none: nothing but the wait after the return.
CREATE FUNCTION compliance_least_end(kind text, from_at timestamptz, ends_at timestamptz, jurisdiction text)
RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN jurisdiction <> 'MT' AND kind <> 'product_exclusion' THEN GREATEST(ends_at,
         (from_at AT TIME ZONE 'UTC' + CASE
           WHEN jurisdiction IN ('GB', 'ON') AND kind <> 'third_party' THEN interval '6 months'
           WHEN jurisdiction = 'DE' AND kind = 'third_party' THEN interval '1 year'
           WHEN jurisdiction = 'DE' THEN interval '3 months'
           WHEN jurisdiction = 'SE' AND ends_at IS NULL AND kind = 'national_exclusion' THEN interval '12 months'
           WHEN jurisdiction = 'DK' AND ends_at IS NULL AND kind = 'national_exclusion' THEN interval '1 year 7 days'
         END) AT TIME ZONE 'UTC') END
$$;

-- Since when a register answers that the player is not, or no longer, in it; NULL where it never listed them.
CREATE FUNCTION compliance_delisted_at(player bigint, name text) RETURNS timestamptz
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  last CONSTANT timestamptz := (SELECT max(c.asked_at) FROM compliance_registercheck c
                                 WHERE c.player_id = player AND c.register = name AND c.result = 'listed');
BEGIN
  IF last IS NULL THEN
    RETURN NULL;
  END IF;
  RETURN (SELECT min(c.asked_at) FROM compliance_registercheck c
           WHERE c.player_id = player AND c.register = name AND c.result = 'clear' AND c.asked_at >= last);
END $$;

-- When a restriction that is over lets go. A time-out 24 h after its end (POL-01, where it is on: below). An exclusion whose term is over
-- never does by itself (GB-03): after a return it does in 24 h, or in 7 days when it had no end (MT-02), and not before
-- the least time of its licence is over, unless an authority took it back. NULL: it has not ended.
CREATE FUNCTION compliance_reopens_at(kind text, status text, effective_at timestamptz, ends_at timestamptz,
                                      ended_at timestamptz, ended_by text, jurisdiction text)
RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN kind = 'time_out' THEN LEAST(ends_at, ended_at) + interval '24 hours'
    WHEN kind IN ('self_exclusion', 'national_exclusion', 'third_party', 'product_exclusion') AND status = 'ended' THEN GREATEST(
      ended_at + CASE WHEN ends_at IS NULL THEN interval '7 days' ELSE interval '24 hours' END,
      CASE WHEN ended_by <> 'authority' THEN compliance_least_end(kind, effective_at, ends_at, jurisdiction) END)
  END
$$;

-- For whom a restriction holds. What its source did not narrow, and whatever a register or somebody else imposed, holds
-- wherever the person has an account (X-05). A player's own exclusion or time-out may be narrower where the licence's
-- text says so: Sweden all accounts at the licensee (LIFS 2018:5 s. 4(2)); Malta, where the player must be asked when
-- brands are registered for separately, what they answered (art. 11(4)).
CREATE FUNCTION compliance_holds_for(kind text, scope text, jurisdiction text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN kind = 'product_exclusion' THEN 'product'
              WHEN kind NOT IN ('self_exclusion', 'time_out') OR scope NOT IN ('brand', 'licensee') THEN 'group'
              WHEN jurisdiction = 'MT' THEN scope
              WHEN jurisdiction = 'SE' THEN 'licensee'
              ELSE 'group' END
$$;

-- The stricter of what holds for the person and what holds at this brand alone.
CREATE FUNCTION compliance_verdict_at(verdict text, partly jsonb, brand bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT x.word FROM unnest('{excluded,awaiting_return,time_out,harm,blocked,unknown,open}'::text[])
         WITH ORDINALITY AS x (word, rank)
   WHERE x.word IN (verdict, partly ->> brand::text) ORDER BY x.rank LIMIT 1
$$;

-- Is one of these products closed to the person? Of what names none, or everything, yes when any is.
CREATE FUNCTION compliance_product_closed(partly jsonb, products text[]) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT partly IS NOT NULL AND EXISTS (
    SELECT 1 FROM jsonb_object_keys(partly) AS k (name) WHERE k.name LIKE 'product:%'
       AND (COALESCE(cardinality(products), 0) = 0 OR products && ARRAY[substr(k.name, 9), 'any']))
$$;

-- Brands where two people have switched POL-01 off: the day after a time-out closes nothing there.
CREATE FUNCTION compliance_no_day_after() RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN ARRAY(SELECT x.brand_id FROM (
    SELECT DISTINCT ON (w.brand_id) w.brand_id, w.enabled FROM compliance_policyswitch w
     WHERE w.rule = 'POL-01' AND w.signed_by_id IS NOT NULL
     ORDER BY w.brand_id, w.signed_at DESC, w.id DESC) x WHERE NOT x.enabled);
END $$;

-- Derives Standing from measures and register answers. Of the caller's clock and the server's the stricter
-- counts, so that no argument can end a restriction early.
CREATE FUNCTION compliance_derive_standing(person_ids bigint[], at timestamptz, bump boolean DEFAULT false)
RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  early timestamptz := LEAST(at, clock_timestamp());
  everybody bigint[];
  no_day_after CONSTANT bigint[] := compliance_no_day_after();
  changed int;
BEGIN
  PERFORM compliance_lock_persons(person_ids);
  everybody := ARRAY(SELECT DISTINCT r.source FROM compliance_reach(person_ids) AS r);
  WITH reach AS MATERIALIZED (  -- whose restrictions count for whom
    SELECT r.person_id, r.source FROM compliance_reach(everybody) AS r
  ), parts AS (
    SELECT r.person_id, m.status, m.kind, m.product, b.id AS brand_id, l.licensee,
           m.kind IN ('self_exclusion', 'national_exclusion', 'third_party', 'unknown') AS exclusion,
           CASE WHEN NOT m.auto_renew THEN m.ends_at END AS ends_at,  -- what renews itself has no end
           compliance_reopens_at(m.kind, m.status, m.effective_at, m.ends_at, m.ended_at, m.ended_by, l.jurisdiction)
             AS reopens_at,
           CASE WHEN m.kind = 'time_out' THEN LEAST(m.ends_at, m.ended_at) END AS rested_at,
           compliance_holds_for(m.kind, m.scope, l.jurisdiction) AS holds_for
      FROM reach r JOIN compliance_measure m ON m.person_id = r.source
      LEFT JOIN players_player q ON q.id = m.player_id LEFT JOIN players_brand b ON b.id = q.brand_id
      LEFT JOIN players_licence l ON l.id = b.licence_id
  ), closing AS MATERIALIZED (
    SELECT p.*, CASE
             WHEN exclusion AND status <> 'ended' AND (ends_at IS NULL OR ends_at > early) THEN 'excluded'
             WHEN exclusion AND status <> 'ended' THEN 'awaiting_return'
             WHEN kind = 'time_out' AND reopens_at IS NULL OR reopens_at > early THEN 'time_out' END AS closes,
           COALESCE(rested_at <= early, false) AS day_after
      FROM parts p
  ), folded AS (
    SELECT person_id,
           bool_or(closes = 'excluded' AND holds_for = 'group') AS excluded,
           bool_or(closes = 'awaiting_return' AND holds_for = 'group') AS awaiting,
           bool_or(closes = 'time_out' AND holds_for = 'group' AND NOT (day_after AND no_day_after <> '{}')) AS time_out,
           bool_or(kind = 'marketing_block' AND status <> 'ended') AS no_promotions,
           bool_or(kind = 'bonus_block' AND status <> 'ended') AS no_bonuses,
           LEAST(min(ends_at) FILTER (WHERE exclusion AND status <> 'ended' AND ends_at > early),
                 min(reopens_at) FILTER (WHERE reopens_at > early),
                 min(rested_at) FILTER (WHERE rested_at > early AND no_day_after <> '{}')) AS turns_at
      FROM closing GROUP BY person_id
  ), narrower AS (  -- what holds at some brands, or for some products, only: the strictest of each
    SELECT x.person_id, jsonb_object_agg(x.place, x.closes) AS partly FROM (
      SELECT c.person_id, w.id::text AS place,
             (array_agg(c.closes ORDER BY array_position('{excluded,awaiting_return,time_out}'::text[], c.closes)))[1] AS closes
        FROM closing c JOIN players_brand w ON w.id = c.brand_id OR c.holds_for = 'group'
               OR c.holds_for = 'licensee' AND w.licence_id IN (SELECT e.id FROM players_licence e WHERE e.licensee = c.licensee)
       WHERE (c.holds_for IN ('brand', 'licensee') OR c.holds_for = 'group' AND c.day_after AND no_day_after <> '{}')
         AND c.closes IS NOT NULL AND NOT (c.day_after AND w.id = ANY (no_day_after)) GROUP BY 1, 2
      UNION
      SELECT c.person_id, 'product:' || c.product, 'excluded' FROM closing c
       WHERE c.holds_for = 'product' AND (c.status <> 'ended' OR c.closes IS NOT NULL)) x
     GROUP BY 1
  ), newest AS (  -- of each account; a clear answer to another one's details does not take its own away
    SELECT DISTINCT ON (c.player_id, c.register) p.person_id, c.player_id, c.register, c.result
      FROM players_player p JOIN compliance_registercheck c ON c.player_id = p.id
     WHERE p.person_id = ANY (everybody) AND c.result <> 'unavailable'
     ORDER BY c.player_id, c.register, c.asked_at DESC, c.id DESC
  ), listed AS (  -- and for a day after it says so no more, as after every return (GB-03)
    SELECT r.person_id, max(u.until) AS until FROM newest n JOIN reach r ON r.source = n.person_id
     CROSS JOIN LATERAL (
       SELECT CASE n.result WHEN 'listed' THEN 'infinity'
              ELSE compliance_delisted_at(n.player_id, n.register) + interval '24 hours' END AS until) u
     WHERE u.until > early GROUP BY 1
  ), known AS (
    SELECT r.person_id, bool_and(s.declared_at IS NOT NULL) AS declared,
           bool_or(s.risk IN ('strong', 'critical')) AS harm,
           NULLIF(array_agg(r.source ORDER BY r.source) FILTER (WHERE r.source <> r.person_id), '{}') AS kin
      FROM reach r JOIN compliance_standing s ON s.person_id = r.source GROUP BY 1
  ), verdicts AS (
    SELECT s.person_id,
           CASE WHEN f.excluded OR l.person_id IS NOT NULL THEN 'excluded'
                WHEN f.awaiting THEN 'awaiting_return'
                WHEN f.time_out THEN 'time_out'
                WHEN k.harm THEN 'harm'
                WHEN f.no_promotions THEN 'blocked'
                WHEN NOT k.declared THEN 'unknown'
                ELSE 'open' END AS verdict,
           k.declared AND l.person_id IS NULL AND NOT (COALESCE(f.excluded, false)
             OR COALESCE(f.awaiting, false) OR COALESCE(f.time_out, false) OR k.harm) AS free,
           COALESCE(f.no_promotions, false) AS no_promotions, COALESCE(f.no_bonuses, false) AS no_bonuses,
           LEAST(f.turns_at, NULLIF(l.until, 'infinity')) AS turns_at, k.kin, n.partly
      FROM compliance_standing s JOIN known k USING (person_id)
      LEFT JOIN folded f USING (person_id) LEFT JOIN listed l USING (person_id) LEFT JOIN narrower n USING (person_id)
  )
  UPDATE compliance_standing s
     SET verdict = v.verdict, promotions_ok = v.free AND NOT v.no_promotions, bonuses_ok = v.free AND NOT v.no_bonuses,
         valid_until = v.turns_at, kin = v.kin, partly = v.partly, generation = s.generation + 1,
         updated_at = clock_timestamp()
    FROM verdicts v
   WHERE v.person_id = s.person_id
     AND (bump AND s.person_id = ANY (person_ids) OR s.kin IS DISTINCT FROM v.kin OR s.verdict <> v.verdict
          OR s.partly IS DISTINCT FROM v.partly OR s.promotions_ok <> (v.free AND NOT v.no_promotions)
          OR s.bonuses_ok <> (v.free AND NOT v.no_bonuses) OR s.valid_until IS DISTINCT FROM v.turns_at);
  GET DIAGNOSTICS changed = ROW_COUNT;
  RETURN changed;
END $$;

-- A source may announce a change before it tells it: until it does, nobody knows, which means no.

-- Opens people of whom the PAM has stated the restrictions: a registration that says 'none', or a baseline
-- without any, for every account they have. An account with an event nobody could read needs a statement told after
-- it; a change that was announced needs a statement of that moment or later, by the source's clock, whatever order
-- they arrive in.
CREATE FUNCTION compliance_open_standing(person_ids bigint[], at timestamptz) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM compliance_lock_persons(person_ids);
  WITH said AS (
    SELECT p.person_id, p.id AS player_id, f.id, f.kind, f.occurred_at,
           f.kind = 'player.registered' AND f.data ->> 'restrictions' = 'none'
             OR f.kind = 'rg.baseline' AND COALESCE(f.data -> 'restrictions', 'null') IN ('[]', 'null') AS states
      FROM players_player p
      LEFT JOIN players_fact f ON f.player_id = p.id
       AND f.kind IN ('player.registered', 'rg.baseline', 'rg.unreadable', 'rg.announced')
     WHERE p.person_id = ANY (person_ids)
  ), told AS (
    SELECT person_id, player_id,
           max(id) FILTER (WHERE kind = 'rg.unreadable') AS unreadable,
           max(occurred_at) FILTER (WHERE kind = 'rg.announced') AS announced,
           max(id) FILTER (WHERE states) AS stated,
           max(occurred_at) FILTER (WHERE states) AS stated_at
      FROM said GROUP BY 1, 2
  ), sure AS (
    SELECT person_id FROM told GROUP BY 1
    HAVING bool_and(stated IS NOT NULL)
       AND NOT bool_or(COALESCE(unreadable > COALESCE(stated, 0), false))
       AND NOT bool_or(COALESCE(announced > COALESCE(stated_at, '-infinity'), false))
  )
  UPDATE compliance_standing s SET declared_at = at FROM sure
   WHERE sure.person_id = s.person_id AND s.declared_at IS NULL;
  RETURN compliance_derive_standing(person_ids, at, false);
END $$;

-- Something about these people could not be read: unknown until the PAM states it again.
CREATE FUNCTION compliance_doubt_standing(person_ids bigint[], at timestamptz) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM compliance_lock_persons(person_ids);
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

-- A consent that became unknown closes as a refusal does: decisions already taken are worthless.
CREATE FUNCTION compliance_after_consent() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM touched WHERE granted IS NOT TRUE) THEN
    PERFORM compliance_derive_standing(array_agg(DISTINCT l.person_id), clock_timestamp(), true)
       FROM compliance_lock_players(ARRAY(SELECT DISTINCT player_id FROM touched WHERE granted IS NOT TRUE)) AS l;
  END IF;
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
