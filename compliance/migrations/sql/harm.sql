-- The level of harm of a person lies on Standing, so that it closes like a restriction: under the person's lock, with
-- a new generation. It rises by what the markers found; from medium on it comes down by a review two people signed.

CREATE FUNCTION compliance_level_rank(level text) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT array_position('{unknown,none,low,medium,strong,critical}'::text[], level) $$;

-- `levels`: array of {person_id, level}. Returns whom it changed, with what it was. A person at medium or above
-- only rises here.
CREATE FUNCTION compliance_read_levels(levels jsonb) RETURNS TABLE (person_id bigint, before text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  ids bigint[];
  befores text[];
  afters text[];
  risen bigint[];
BEGIN
  SELECT array_agg(DISTINCT l.person_id ORDER BY l.person_id) INTO ids
    FROM jsonb_to_recordset(levels) AS l (person_id bigint, level text);
  IF cardinality(ids) > 500 THEN
    RAISE EXCEPTION 'at most 500 people at once' USING ERRCODE = 'RG006';
  END IF;
  IF EXISTS (SELECT FROM jsonb_to_recordset(levels) AS l (level text) WHERE compliance_level_rank(l.level) IS NULL) THEN
    RAISE EXCEPTION 'no such level' USING ERRCODE = 'RG006';
  END IF;
  PERFORM compliance_lock_persons(ids);
  SELECT array_agg(s.person_id ORDER BY s.person_id), array_agg(s.risk::text ORDER BY s.person_id),
         array_agg(l.level ORDER BY s.person_id) INTO ids, befores, afters
    FROM (SELECT x.person_id, (array_agg(x.level ORDER BY compliance_level_rank(x.level) DESC))[1] AS level
            FROM jsonb_to_recordset(levels) AS x (person_id bigint, level text) GROUP BY 1) l
    JOIN compliance_standing s ON s.person_id = l.person_id
   WHERE l.level <> s.risk
     AND (s.risk NOT IN ('medium', 'strong', 'critical') OR compliance_level_rank(l.level) > compliance_level_rank(s.risk));
  UPDATE compliance_standing s SET risk = c.after
    FROM unnest(ids, afters) AS c (person_id, after) WHERE c.person_id = s.person_id;
  SELECT array_agg(c.person_id) INTO risen FROM unnest(ids, befores, afters) AS c (person_id, before, after)
   WHERE compliance_level_rank(c.after) > compliance_level_rank(c.before) AND c.after IN ('medium', 'strong', 'critical');
  IF risen IS NOT NULL THEN
    PERFORM compliance_derive_standing(risen, clock_timestamp(), true);
  END IF;
  RETURN QUERY SELECT c.person_id, c.before FROM unnest(ids, befores) AS c (person_id, before) ORDER BY 1;
END $$;

-- The only way down from medium. The review says from which level, and is used once, right after it was signed.
CREATE FUNCTION compliance_lower_level(review bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE r compliance_levelreview;
BEGIN
  SELECT * INTO r FROM compliance_levelreview WHERE id = review;
  IF NOT FOUND OR r.signed_by_id IS NULL OR r.signed_by_id = r.asked_by_id OR r.applied_at IS NOT NULL
     OR r.signed_at < clock_timestamp() - interval '1 minute'
     OR compliance_level_rank(r.after) IS NULL OR compliance_level_rank(r.after) >= compliance_level_rank(r.before) THEN
    RAISE EXCEPTION 'a level comes down only by a review of two people' USING ERRCODE = 'RG005';
  END IF;
  PERFORM compliance_lock_persons(ARRAY[r.person_id]);
  UPDATE compliance_levelreview SET applied_at = clock_timestamp() WHERE id = review AND applied_at IS NULL;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  UPDATE compliance_standing SET risk = r.after WHERE person_id = r.person_id AND risk = r.before;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the level has changed since the review' USING ERRCODE = 'RG005';
  END IF;
  PERFORM compliance_derive_standing(ARRAY[r.person_id], clock_timestamp(), true);
  RETURN true;
END $$;
