-- A source may announce a change before it tells it: until it does, nobody knows, which means no.

-- Opens people of whom the PAM has stated the restrictions: a registration that says 'none', or a baseline
-- without any. An account with an event nobody could read needs a statement told after it; a change that was
-- announced needs a statement of that moment or later, by the source's clock, whatever order they arrive in.
CREATE OR REPLACE FUNCTION compliance_open_standing(person_ids bigint[], at timestamptz) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM compliance_lock_persons(person_ids);
  PERFORM 1 FROM compliance_standing WHERE person_id = ANY (person_ids) ORDER BY person_id FOR NO KEY UPDATE;
  WITH said AS (
    SELECT p.person_id, p.id AS player_id, f.id, f.kind, f.occurred_at,
           f.kind = 'player.registered' AND f.data ->> 'restrictions' = 'none'
             OR f.kind = 'rg.baseline' AND COALESCE(f.data -> 'restrictions', 'null') IN ('[]', 'null') AS states
      FROM players_player p JOIN players_fact f ON f.player_id = p.id
     WHERE p.person_id = ANY (person_ids)
       AND f.kind IN ('player.registered', 'rg.baseline', 'rg.unreadable', 'rg.announced')
  ), told AS (
    SELECT person_id, player_id,
           max(id) FILTER (WHERE kind = 'rg.unreadable') AS unreadable,
           max(occurred_at) FILTER (WHERE kind = 'rg.announced') AS announced,
           max(id) FILTER (WHERE states) AS stated,
           max(occurred_at) FILTER (WHERE states) AS stated_at
      FROM said GROUP BY 1, 2
  ), sure AS (
    SELECT person_id FROM told GROUP BY 1
    HAVING bool_or(stated IS NOT NULL)
       AND NOT bool_or(COALESCE(unreadable > COALESCE(stated, 0), false))
       AND NOT bool_or(COALESCE(announced > COALESCE(stated_at, '-infinity'), false))
  )
  UPDATE compliance_standing s SET declared_at = at FROM sure
   WHERE sure.person_id = s.person_id AND s.declared_at IS NULL;
  RETURN compliance_derive_standing(person_ids, at, false);
END $$;

-- A consent that became unknown closes as a refusal does: decisions already taken are worthless.
CREATE OR REPLACE FUNCTION compliance_after_consent() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM compliance_derive_standing(array_agg(DISTINCT p.person_id), clock_timestamp(), true)
     FROM touched t JOIN players_player p ON p.id = t.player_id WHERE t.granted IS NOT TRUE HAVING count(*) > 0;
  RETURN NULL;
END $$;
