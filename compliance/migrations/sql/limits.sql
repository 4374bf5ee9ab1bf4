-- Of a limit: what was in force stays until its source has said otherwise and the wait of the licence is over. By turns
-- (compliance.turning) only what waited comes, when it is due.
CREATE FUNCTION compliance_guard_limit(was compliance_measure, becomes compliance_measure) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  due CONSTANT boolean := COALESCE(was.pending_from <= clock_timestamp() AND NOT was.needs_confirmation, false);
BEGIN
  IF NOT compliance_keeps_form(becomes) THEN
    RETURN 'what a limit limits is told by its source';
  END IF;
  IF becomes.amount IS NULL AND was.amount IS NOT NULL THEN
    RETURN 'a limit keeps its amount';
  END IF;
  IF becomes.amount > was.amount AND NOT (due AND becomes.amount = was.pending_amount)
     AND NOT compliance_raise_told(was, becomes) THEN
    RETURN 'a limit is raised only to what its source said';
  END IF;
  IF becomes.pending_from IS NOT NULL AND (becomes.pending_amount, becomes.pending_from, becomes.needs_confirmation)
     IS DISTINCT FROM (was.pending_amount, was.pending_from, was.needs_confirmation)
     AND NOT compliance_pending_told(becomes) THEN
    RETURN 'a limit waits for what its source said, as long as its licence says';
  END IF;
  IF becomes.status = 'ended' AND was.status <> 'ended'
     AND NOT (due AND was.pending_amount IS NULL AND becomes.ended_at = was.pending_from)
     AND NOT COALESCE(becomes.ended_at = becomes.ends_at AND becomes.ends_at <= clock_timestamp()
                      AND compliance_term_told(was, becomes), false)
     AND NOT compliance_removal_told(becomes) THEN
    RETURN 'a limit is removed only by its source';
  END IF;
  IF COALESCE(becomes.tightened_at < was.tightened_at, becomes.tightened_at IS NULL AND was.tightened_at IS NOT NULL)
     AND NOT compliance_lowering_told(becomes) AND NOT compliance_just_told(becomes, was.tightened_at) THEN
    RETURN 'when a limit was lowered is told by its source';
  END IF;
  IF (COALESCE(becomes.relaxed_at < was.relaxed_at, becomes.relaxed_at IS NULL AND was.relaxed_at IS NOT NULL)
      OR becomes.relaxed_at IS NOT DISTINCT FROM was.relaxed_at AND becomes.amount IS NOT DISTINCT FROM was.amount
         AND becomes.previous_amount IS DISTINCT FROM was.previous_amount)
     AND NOT compliance_just_told(becomes, was.relaxed_at) THEN
    RETURN 'that a limit was raised stays known';
  END IF;
  IF COALESCE(becomes.reached_at < was.reached_at, becomes.reached_at IS NULL AND was.reached_at IS NOT NULL) THEN
    RETURN 'that nothing is left of a limit stays known';
  END IF;
  RETURN NULL;
END $$;

-- What a limit limits, as compliance.limits writes it; amounts of two forms cannot be compared, so each is a row of its own.
CREATE FUNCTION compliance_form(said jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT concat(said ->> 'kind', '/', CASE WHEN said ->> 'kind' = 'cross_operator_limit' AND said ->> 'period' = 'month_rolling'
                                           THEN 'month' ELSE said ->> 'period' END, '/', said ->> 'currency')
$$;
CREATE FUNCTION compliance_keeps_form(m compliance_measure) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT m.form = '' OR m.kind NOT LIKE '%\_limit' OR m.form = concat(m.kind, '/', m.period, '/', m.currency)
$$;

-- How long a raised or removed limit waits at least, and where the player has to say it twice (compliance.jurisdictions.timing).
CREATE FUNCTION compliance_relax_wait(jurisdiction text) RETURNS interval LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN jurisdiction IN ('GB', 'DK', 'ON', 'MT') THEN interval '24 hours'
              WHEN jurisdiction = 'SE' THEN interval '72 hours' ELSE interval '168 hours' END
$$;
CREATE FUNCTION compliance_relax_twice(jurisdiction text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT jurisdiction NOT IN ('SE', 'DE', 'DK', 'ON', 'MT')
$$;

-- What the source said of a limit, oldest first: what it asked for (NULL: that it goes, or that it is another limit from now
-- on), whether the PAM has kept the wait itself, since when the same was asked for without another word between, and when it has waited long enough.
CREATE FUNCTION compliance_limit_words(m compliance_measure)
RETURNS TABLE (n bigint, sequence bigint, amount bigint, at timestamptz, term timestamptz, recorded_at timestamptz,
               waited boolean, asked_at timestamptz, due_at timestamptz, twice boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH law AS (
    SELECT l.jurisdiction FROM players_player p JOIN players_brand b ON b.id = p.brand_id
      JOIN players_licence l ON l.id = b.licence_id WHERE p.id = m.player_id
  ), said AS (
    SELECT row_number() OVER (ORDER BY compliance_sequence(f.data), f.id) AS n, f.kind, f.data, f.occurred_at, f.recorded_at,
           f.kind = 'rg.limit_set' AND m.form <> '' AND compliance_form(f.data) <> m.form AS of_another
      FROM players_fact f WHERE f.player_id = m.player_id AND f.kind IN ('rg.limit_set', 'rg.limit_removed', 'rg.lifted')
       AND f.data ->> 'measure_id' = m.ref
  ), words AS (
    SELECT s.n, compliance_sequence(s.data) AS sequence,
           CASE WHEN s.kind = 'rg.limit_set' AND NOT s.of_another THEN (s.data ->> 'amount')::bigint END AS amount,
           s.occurred_at AS at, CASE WHEN NOT s.of_another THEN (s.data ->> 'expires_at')::timestamptz END AS term,
           s.recorded_at,
           COALESCE((s.data ->> 'effective_from')::timestamptz <= s.occurred_at
                    AND (s.data ->> 'effective_from')::timestamptz >= (s.data ->> 'requested_at')::timestamptz
                                                                      + compliance_relax_wait(law.jurisdiction), false) AS waited
      FROM said s CROSS JOIN law
     WHERE NOT s.of_another OR EXISTS (SELECT 1 FROM said o WHERE o.n < s.n AND o.kind = 'rg.limit_set' AND NOT o.of_another)
  ), runs AS (
    SELECT w.*, (SELECT min(a.at) FROM words a WHERE a.n <= w.n AND a.amount IS NOT DISTINCT FROM w.amount AND NOT EXISTS (
                   SELECT 1 FROM words o WHERE o.n BETWEEN a.n AND w.n AND o.amount IS DISTINCT FROM w.amount)) AS asked_at
      FROM words w
  )
  SELECT r.*, r.asked_at + compliance_relax_wait(law.jurisdiction), compliance_relax_twice(law.jurisdiction)
    FROM runs r CROSS JOIN law ORDER BY r.n;
END $$;

-- Told, with nothing lower said since; and nothing was in force before it, or the wait is over. By the time of a later,
-- lower word another raise may have come into force (`e`), from which it lowers.
CREATE FUNCTION compliance_raise_told(was compliance_measure, becomes compliance_measure) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN EXISTS (
    WITH words AS MATERIALIZED (SELECT * FROM compliance_limit_words(becomes))
    SELECT 1 FROM words w JOIN words e ON e.n <= w.n AND e.amount >= w.amount LEFT JOIN words b ON b.n = e.n - 1
     WHERE w.amount = becomes.amount AND NOT EXISTS (SELECT 1 FROM words l WHERE l.n > e.n AND l.amount < w.amount)
       AND (was.status = 'ended' OR was.ends_at <= e.at OR b.term <= e.at OR b.n IS NULL OR e.waited
            OR b.amount IS NULL AND (b.waited OR b.due_at <= CASE WHEN b.twice THEN b.at ELSE e.at END)
            OR e.due_at <= CASE WHEN e.twice THEN e.at WHEN e.n < w.n THEN w.at ELSE clock_timestamp() END));
END $$;

CREATE FUNCTION compliance_pending_told(becomes compliance_measure) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN EXISTS (
    SELECT 1 FROM (SELECT * FROM compliance_limit_words(becomes) AS w ORDER BY w.n DESC LIMIT 1) AS last
     WHERE last.amount IS NOT DISTINCT FROM becomes.pending_amount AND last.due_at <= becomes.pending_from
       AND (becomes.needs_confirmation OR NOT last.twice));
END $$;

-- Nothing was set since it was asked for.
CREATE FUNCTION compliance_removal_told(becomes compliance_measure) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN EXISTS (
    WITH words AS MATERIALIZED (SELECT * FROM compliance_limit_words(becomes))
    SELECT 1 FROM words w
     WHERE w.amount IS NULL AND NOT EXISTS (SELECT 1 FROM words l WHERE l.n > w.n AND l.amount IS NOT NULL)
       AND (w.waited OR becomes.ended_at BETWEEN w.due_at AND GREATEST(clock_timestamp(), w.at)
                        AND (NOT w.twice OR w.at >= w.due_at)));
END $$;

-- A later end counts at once; an earlier one waits as a removal would, unless nothing was in force.
CREATE FUNCTION compliance_term_told(was compliance_measure, becomes compliance_measure) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN EXISTS (
    WITH words AS MATERIALIZED (SELECT * FROM compliance_limit_words(becomes))
    SELECT 1 FROM words last LEFT JOIN words b ON b.n = last.n - 1
     WHERE last.n = (SELECT max(x.n) FROM words x WHERE x.amount IS NOT NULL) AND last.term <= becomes.ends_at
       AND (becomes.ends_at >= last.at + (last.due_at - last.asked_at) OR becomes.ends_at = was.ends_at
            OR was.status = 'ended' OR was.ends_at <= last.at OR b.amount IS NULL OR b.term <= last.at));
END $$;

CREATE FUNCTION compliance_lowering_told(becomes compliance_measure) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN EXISTS (
    WITH words AS MATERIALIZED (SELECT * FROM compliance_limit_words(becomes))
    SELECT 1 FROM words w WHERE w.amount IS NOT NULL AND w.at = becomes.tightened_at AND NOT EXISTS (
      SELECT 1 FROM words h JOIN words l ON l.n > h.n AND l.amount < h.amount WHERE h.n >= w.n));
END $$;

-- Has a word been told a moment ago that belongs before another, or before that moment? Then the story is another one than
-- was known.
CREATE FUNCTION compliance_just_told(m compliance_measure, moment timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN EXISTS (
    WITH words AS MATERIALIZED (
      SELECT compliance_sequence(f.data) AS sequence, f.id, f.occurred_at, f.recorded_at FROM players_fact f
       WHERE f.player_id = m.player_id AND f.kind IN ('rg.limit_set', 'rg.limit_removed', 'rg.lifted')
         AND f.data ->> 'measure_id' = m.ref)
    SELECT 1 FROM words w WHERE w.recorded_at > clock_timestamp() - interval '1 minute'
       AND (w.occurred_at < moment OR EXISTS (SELECT 1 FROM words l WHERE (l.sequence, l.id) > (w.sequence, w.id))));
END $$;
