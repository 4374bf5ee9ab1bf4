-- Which accounts are one human's. A player moves to another person only in here, under the exclusive locks of
-- everybody concerned, so that no send and no grant in flight misses the stricter state.

-- Each of these people with everybody who may be the same human: themselves, and whoever an open link leads to,
-- over any number of links. Nearly nobody has one, which two looks into an index tell. ROWS: so that whoever joins with
-- these few reads them by index; at the usual guess of a thousand it reads whole tables.
CREATE FUNCTION compliance_reach(person_ids bigint[]) RETURNS TABLE (person_id bigint, source bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 10 SET search_path = public, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
  IF NOT EXISTS (
      SELECT 1 FROM players_player p
       WHERE p.person_id = ANY (person_ids)
         AND (EXISTS (SELECT 1 FROM compliance_personlink l WHERE l.status = 'open' AND l.low_id = p.id)
              OR EXISTS (SELECT 1 FROM compliance_personlink l WHERE l.status = 'open' AND l.high_id = p.id))) THEN
    RETURN QUERY SELECT DISTINCT p, p FROM unnest(person_ids) AS p WHERE p IS NOT NULL;
    RETURN;
  END IF;
  RETURN QUERY WITH RECURSIVE reach (person_id, source) AS (
    SELECT p, p FROM unnest(person_ids) AS p
    UNION
    SELECT r.person_id, theirs.person_id
      FROM reach r
      JOIN players_player mine ON mine.person_id = r.source
     CROSS JOIN LATERAL (
       SELECT high_id AS other FROM compliance_personlink WHERE status = 'open' AND low_id = mine.id
       UNION ALL SELECT low_id FROM compliance_personlink WHERE status = 'open' AND high_id = mine.id) l
      JOIN players_player theirs ON theirs.id = l.other
  )
  SELECT r.person_id, r.source FROM reach r;
END $$;

-- Locks the people of these accounts and says who they are; an account that moved while we waited is followed.
CREATE FUNCTION compliance_lock_players(player_ids bigint[]) RETURNS TABLE (player_id bigint, person_id bigint)
LANGUAGE plpgsql SECURITY DEFINER ROWS 10 SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  people bigint[];
BEGIN
  LOOP
    SELECT array_agg(DISTINCT p.person_id) INTO people FROM players_player p WHERE p.id = ANY (player_ids);
    EXIT WHEN people IS NULL;
    BEGIN
      PERFORM compliance_lock_persons(people);
      EXIT WHEN NOT EXISTS (
        SELECT 1 FROM players_player p WHERE p.id = ANY (player_ids) AND p.person_id <> ALL (people));
      RAISE EXCEPTION 'somebody moved' USING ERRCODE = 'RG009';
    EXCEPTION WHEN SQLSTATE 'RG009' THEN
      NULL;  -- lets go of what this round locked: taken in another order it could block the others
    END;
  END LOOP;
  RETURN QUERY SELECT p.id, p.person_id FROM players_player p WHERE p.id = ANY (player_ids);
END $$;

-- A restriction and a register's answer belong to the person the account is of at the moment they are written.
CREATE FUNCTION compliance_at_home() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.player_id IS NOT NULL THEN
    SELECT l.person_id INTO STRICT NEW.person_id FROM compliance_lock_players(ARRAY[NEW.player_id]) AS l;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER at_home BEFORE INSERT ON compliance_measure FOR EACH ROW EXECUTE FUNCTION compliance_at_home();
CREATE TRIGGER at_home BEFORE INSERT ON compliance_registercheck FOR EACH ROW EXECUTE FUNCTION compliance_at_home();
ALTER TABLE compliance_measure ENABLE ALWAYS TRIGGER at_home;
ALTER TABLE compliance_registercheck ENABLE ALWAYS TRIGGER at_home;

-- An account is whom its restrictions are of. Given to a fresh person, or taken away and put back, it would leave them
-- behind; under another number, name or brand it would be somebody else.
CREATE FUNCTION compliance_guard_person() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT pg_has_role((SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RAISE EXCEPTION 'an account moves to another person only by joining or separating' USING ERRCODE = 'RG007';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER guard_person BEFORE UPDATE OF id, person_id, brand_id, external_id ON players_player FOR EACH ROW
  WHEN ((OLD.id, OLD.person_id, OLD.brand_id, OLD.external_id)
        IS DISTINCT FROM (NEW.id, NEW.person_id, NEW.brand_id, NEW.external_id))
  EXECUTE FUNCTION compliance_guard_person();
CREATE TRIGGER guard_person_gone BEFORE DELETE ON players_player FOR EACH ROW EXECUTE FUNCTION compliance_guard_person();
CREATE TRIGGER guard_person BEFORE UPDATE OR DELETE ON players_person FOR EACH ROW
  EXECUTE FUNCTION compliance_guard_person();
ALTER TABLE players_player ENABLE ALWAYS TRIGGER guard_person;
ALTER TABLE players_player ENABLE ALWAYS TRIGGER guard_person_gone;
ALTER TABLE players_person ENABLE ALWAYS TRIGGER guard_person;

-- By which law a restriction lets go is told by the licence of the brand, and for whom it holds by who holds the licence.
-- Neither changes under players: another licence is another row, and an account goes to another brand by none of these.
CREATE FUNCTION compliance_guard_licence() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  was CONSTANT jsonb := to_jsonb(OLD);
  becomes CONSTANT jsonb := to_jsonb(NEW);
BEGIN
  IF pg_has_role((SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RETURN COALESCE(NEW, OLD);
  END IF;
  IF TG_TABLE_NAME = 'players_brand' AND (TG_OP = 'DELETE' OR was -> 'licence_id' <> becomes -> 'licence_id')
     AND EXISTS (SELECT 1 FROM players_player p WHERE p.brand_id = OLD.id) THEN
    RAISE EXCEPTION 'a brand with players keeps its licence' USING ERRCODE = 'RG007';
  ELSIF TG_TABLE_NAME = 'players_licence' AND (TG_OP = 'DELETE' OR was -> 'jurisdiction' <> becomes -> 'jurisdiction')
     AND EXISTS (SELECT 1 FROM players_brand b JOIN players_player p ON p.brand_id = b.id WHERE b.licence_id = OLD.id) THEN
    RAISE EXCEPTION 'a licence with players stays one of its country' USING ERRCODE = 'RG007';
  ELSIF TG_TABLE_NAME = 'players_licence' AND was -> 'licensee' <> becomes -> 'licensee'
     AND EXISTS (SELECT 1 FROM players_licence l WHERE l.id <> OLD.id AND l.licensee = was ->> 'licensee') THEN
    RAISE EXCEPTION 'licences of one company are not parted' USING ERRCODE = 'RG007';
  ELSIF TG_OP = 'UPDATE' AND NEW.id <> OLD.id THEN
    RAISE EXCEPTION 'it keeps its number' USING ERRCODE = 'RG007';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER guard BEFORE UPDATE OF id, licence_id OR DELETE ON players_brand FOR EACH ROW
  EXECUTE FUNCTION compliance_guard_licence();
CREATE TRIGGER guard BEFORE UPDATE OF id, jurisdiction, licensee OR DELETE ON players_licence FOR EACH ROW
  EXECUTE FUNCTION compliance_guard_licence();
ALTER TABLE players_brand ENABLE ALWAYS TRIGGER guard;
ALTER TABLE players_licence ENABLE ALWAYS TRIGGER guard;

-- Moves accounts, with their restrictions, to `target`. All concerned are locked already.
-- (A register's answer stays on record for the person of its moment; it counts where its account is.)
-- What was decided about any of them, by its old person or its new one, is worthless from here on: generations
-- go above all they were, so that none of them can be met again by chance.
-- What the PAM has stated is asked of the facts anew: a person is known when every account of theirs is.
CREATE FUNCTION compliance_rehome(player_ids bigint[], target bigint, at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  concerned bigint[];
BEGIN
  SELECT array_agg(DISTINCT person) INTO concerned FROM (
    SELECT person_id AS person FROM players_player WHERE id = ANY (player_ids) UNION SELECT target) x;
  UPDATE players_player SET person_id = target WHERE id = ANY (player_ids) AND person_id <> target;
  UPDATE compliance_measure SET person_id = target WHERE player_id = ANY (player_ids) AND person_id <> target;
  -- An open case follows its account; where the person has one already, both stay open side by side.
  UPDATE compliance_case c SET person_id = target WHERE c.player_id = ANY (player_ids) AND c.person_id <> target
     AND (c.closed_at IS NOT NULL
          OR NOT EXISTS (SELECT 1 FROM compliance_case o WHERE o.person_id = target AND o.closed_at IS NULL)
             AND c.id = (SELECT min(o.id) FROM compliance_case o WHERE o.player_id = ANY (player_ids)
                            AND o.person_id <> target AND o.closed_at IS NULL));
  UPDATE compliance_personlink l SET status = 'joined', decided_at = at
    FROM players_player a, players_player b
   WHERE l.status = 'open' AND a.id = l.low_id AND b.id = l.high_id AND a.person_id = b.person_id
     AND (l.low_id = ANY (player_ids) OR l.high_id = ANY (player_ids));
  -- Signs of harm seen at any of them protect all of them: a level comes down by a review, not by moving an account.
  UPDATE compliance_standing SET risk = (
           SELECT s.risk FROM compliance_standing s WHERE s.person_id = ANY (concerned)
            ORDER BY compliance_level_rank(s.risk) DESC LIMIT 1)
   WHERE person_id = ANY (concerned);
  UPDATE compliance_standing SET declared_at = NULL,
         generation = (SELECT max(generation) FROM compliance_standing WHERE person_id = ANY (concerned))
   WHERE person_id = ANY (concerned);
  PERFORM compliance_open_standing(concerned, at);
  PERFORM compliance_derive_standing(concerned, at, true);
END $$;
REVOKE EXECUTE ON FUNCTION compliance_rehome(bigint[], bigint, timestamptz) FROM PUBLIC;

-- Shared evidence, with whatever was known before. Says the status the link has now.
-- 'open': the stricter state of both holds for both until somebody decides. Somebody who said "different people"
-- is asked again only when there is evidence they have not seen.
CREATE FUNCTION compliance_propose(one bigint, other bigint, shown text[], at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  people bigint[];
  now_is text;
BEGIN
  SELECT array_agg(DISTINCT person_id) INTO people FROM compliance_lock_players(ARRAY[one, other]);
  INSERT INTO compliance_personlink AS l (low_id, high_id, status, evidence, opened_at, reason)
  VALUES (LEAST(one, other), GREATEST(one, other), CASE cardinality(people) WHEN 1 THEN 'joined' ELSE 'open' END, shown,
          at, '')
  ON CONFLICT (low_id, high_id) DO UPDATE SET
    evidence = ARRAY(SELECT DISTINCT kind FROM unnest(l.evidence || excluded.evidence) AS kind ORDER BY kind),
    status = CASE WHEN cardinality(people) = 1 THEN 'joined'
                  WHEN l.status = 'apart' AND excluded.evidence <@ l.evidence THEN 'apart' ELSE 'open' END,
    opened_at = CASE WHEN l.status = 'apart' AND NOT excluded.evidence <@ l.evidence THEN at ELSE l.opened_at END
  RETURNING l.status INTO now_is;
  IF now_is = 'open' THEN
    PERFORM compliance_derive_standing(people, at, true);
  END IF;
  RETURN now_is;
END $$;

-- One human: every account of the one with the larger person id goes to the other. Returns the person.
CREATE FUNCTION compliance_join(one bigint, other bigint, shown text[], by_id bigint, why text, at timestamptz)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  people bigint[];
  moving bigint[];
BEGIN
  SELECT array_agg(DISTINCT person_id ORDER BY person_id) INTO people FROM compliance_lock_players(ARRAY[one, other]);
  INSERT INTO compliance_personlink AS l (low_id, high_id, status, evidence, opened_at, decided_at, decided_by_id, reason)
  VALUES (LEAST(one, other), GREATEST(one, other), 'joined', shown, at, at, by_id, left(why, 300))
  ON CONFLICT (low_id, high_id) DO UPDATE SET status = 'joined', decided_at = at, decided_by_id = by_id,
    reason = left(why, 300),
    evidence = ARRAY(SELECT DISTINCT kind FROM unnest(l.evidence || excluded.evidence) AS kind ORDER BY kind);
  IF cardinality(people) = 2 THEN
    SELECT array_agg(id) INTO moving FROM players_player WHERE person_id = people[2];
    PERFORM compliance_rehome(moving, people[1], at);
  END IF;
  RETURN people[1];
END $$;

-- Opens something, so somebody has signed for it a moment ago: different people after all. Accounts of one person
-- part, `leaving` into a person of its own; an open question is closed. Returns the person of `leaving`.
CREATE FUNCTION compliance_part(leaving bigint, staying bigint[], by_id bigint, why text, at timestamptz)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  mine bigint;
  fresh bigint;
  stays bigint;
  others bigint[];
BEGIN
  IF NOT EXISTS (
      SELECT 1 FROM compliance_auditentry e WHERE e.subject = 'player:' || leaving AND e.actor_id = by_id
         AND e.kind = 'player.kept_apart' AND e.at > clock_timestamp() - interval '1 minute') THEN
    RAISE EXCEPTION 'people are separated only by somebody who signs for it' USING ERRCODE = 'RG005';
  END IF;
  PERFORM compliance_lock_players(staying || leaving);
  SELECT person_id INTO mine FROM players_player WHERE id = leaving;
  -- Apart from one account of a person is apart from them all.
  others := ARRAY(SELECT DISTINCT p.id FROM players_player p WHERE p.id <> leaving AND (p.id = ANY (staying)
                  OR p.person_id = mine AND EXISTS (SELECT 1 FROM players_player s
                                                     WHERE s.id = ANY (staying) AND s.person_id = mine)));
  FOREACH stays IN ARRAY others LOOP
    INSERT INTO compliance_personlink (low_id, high_id, status, evidence, opened_at, decided_at, decided_by_id, reason)
    VALUES (LEAST(leaving, stays), GREATEST(leaving, stays), 'apart', compliance_shared(leaving, stays), at, at, by_id,
            left(why, 300))
    ON CONFLICT (low_id, high_id) DO UPDATE SET status = 'apart', decided_at = at, decided_by_id = by_id,
      reason = left(why, 300), evidence = excluded.evidence;
  END LOOP;
  IF EXISTS (SELECT 1 FROM players_player WHERE id = ANY (others) AND person_id = mine) THEN
    INSERT INTO players_person (created_at) VALUES (at) RETURNING id INTO fresh;
    PERFORM compliance_lock_persons(ARRAY[fresh]);  -- the largest id there is: last in order
    PERFORM compliance_rehome(ARRAY[leaving], fresh, at);
  END IF;
  PERFORM compliance_derive_standing(ARRAY(
    SELECT DISTINCT person_id FROM players_player WHERE id = ANY (others || leaving)), at, true);
  RETURN COALESCE(fresh, mine);
END $$;

-- What two accounts have in common: kinds of keys.
CREATE FUNCTION compliance_shared(one bigint, other bigint) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT COALESCE(array_agg(DISTINCT a.kind::text ORDER BY a.kind::text), '{}')
    FROM compliance_identitykey a JOIN compliance_identitykey b ON b.kind = a.kind AND b.digest = a.digest
   WHERE a.player_id = one AND b.player_id = other
$$;
