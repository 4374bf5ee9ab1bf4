-- What the application's own role could still talk the database into, by hand, now needs something on record.
-- A fact or an audit entry is append-only: who forges one leaves it behind.

-- Opens people of whom the PAM has stated the restrictions: a registration that says 'none', or a baseline
-- without any. An account with an event nobody could read needs a newer statement of its own.
CREATE OR REPLACE FUNCTION compliance_open_standing(person_ids bigint[], at timestamptz) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM compliance_lock_persons(person_ids);
  PERFORM 1 FROM compliance_standing WHERE person_id = ANY (person_ids) ORDER BY person_id FOR NO KEY UPDATE;
  WITH told AS (
    SELECT p.person_id, p.id AS player_id,
           max(f.id) FILTER (WHERE f.kind = 'rg.unreadable') AS unreadable,
           max(f.id) FILTER (WHERE f.kind = 'player.registered' AND f.data ->> 'restrictions' = 'none'
             OR f.kind = 'rg.baseline' AND COALESCE(f.data -> 'restrictions', 'null') IN ('[]', 'null')) AS stated
      FROM players_player p JOIN players_fact f ON f.player_id = p.id
     WHERE p.person_id = ANY (person_ids) AND f.kind IN ('player.registered', 'rg.baseline', 'rg.unreadable')
     GROUP BY 1, 2
  ), sure AS (
    SELECT person_id FROM told GROUP BY 1
    HAVING bool_or(stated IS NOT NULL) AND NOT bool_or(COALESCE(unreadable > COALESCE(stated, 0), false))
  )
  UPDATE compliance_standing s SET declared_at = at FROM sure
   WHERE sure.person_id = s.person_id AND s.declared_at IS NULL;
  RETURN compliance_derive_standing(person_ids, at, false);
END $$;

-- Did the source of this measure say such a thing? The newest word about when it ends counts, not just any.
CREATE FUNCTION compliance_was_said(m compliance_measure, ends boolean) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE last players_fact;
BEGIN
  SELECT f.* INTO last FROM players_fact f
   WHERE f.player_id = m.player_id AND f.data ->> 'measure_id' = m.ref
     AND (f.kind IN ('rg.time_out', 'rg.self_excluded') OR NOT ends AND f.kind IN ('rg.blocked', 'rg.lifted'))
   ORDER BY (f.data ->> 'sequence')::bigint DESC, f.id DESC LIMIT 1;
  IF ends THEN
    RETURN COALESCE((last.data ->> 'ends_at')::timestamptz = m.ends_at, false);
  END IF;
  RETURN COALESCE(last.kind = 'rg.lifted' AND last.occurred_at = m.ended_at, false);
END $$;

-- Whatever makes a measure weaker has been said by its source, or signed by the operator who lifts a block.
-- Not told from here: when a raised limit takes effect, which is a rule (compliance.limits).
CREATE OR REPLACE FUNCTION compliance_guard_measure() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  limits CONSTANT text[] := '{deposit_limit,loss_limit,stake_limit,session_limit}';
  exclusions CONSTANT text[] := '{self_exclusion,national_exclusion}';
  wrong text;
BEGIN
  IF NEW.sequence < OLD.sequence THEN
    wrong := 'the sequence of a source does not go back';
  ELSIF NEW.kind <> OLD.kind AND NOT (OLD.kind = 'unknown' AND OLD.status = 'ended') AND NOT (
      NEW.kind = 'unknown' AND NEW.status = 'active' OR NEW.kind = ANY (limits) AND OLD.kind = ANY (limits)
      OR NEW.kind = ANY (exclusions) AND OLD.kind <> 'unknown') THEN
    wrong := 'a restriction does not turn into a weaker one';
  ELSIF NEW.status <> 'ended' AND NEW.ended_at IS NOT NULL THEN
    wrong := 'what has not ended has no end';
  ELSIF OLD.kind = ANY (limits) AND NEW.kind = ANY (limits) THEN
    wrong := compliance_guard_limit(OLD, NEW);
  ELSIF NEW.status = 'ended' AND NEW.kind <> ALL (limits) AND (OLD.status <> 'ended' OR NEW.ended_at IS DISTINCT FROM OLD.ended_at) THEN
    IF NEW.source = 'operator' AND NOT EXISTS (
        SELECT 1 FROM compliance_auditentry e WHERE e.subject = 'player:' || NEW.player_id AND e.actor_id IS NOT NULL
           AND e.kind = 'player.' || NEW.kind || '_lifted' AND e.at > clock_timestamp() - interval '1 minute') THEN
      wrong := 'a block ends only by somebody who signs for it';
    ELSIF NEW.source <> 'operator' AND NOT compliance_was_said(NEW, false) THEN
      wrong := 'a restriction ends only by its source';
    END IF;
  END IF;
  IF wrong IS NULL AND NEW.ends_at IS DISTINCT FROM OLD.ends_at
     AND COALESCE(NEW.ends_at < OLD.ends_at, OLD.ends_at IS NULL) AND NOT compliance_was_said(NEW, true) THEN
    wrong := 'a restriction is shortened only by its source';
  END IF;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION '%', wrong USING ERRCODE = 'RG005';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION compliance_guard_limit(was compliance_measure, becomes compliance_measure) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF becomes.amount IS NULL AND was.amount IS NOT NULL THEN
    RETURN 'a limit keeps its amount';
  END IF;
  IF becomes.amount > was.amount AND NOT EXISTS (
      SELECT 1 FROM players_fact f WHERE f.player_id = becomes.player_id AND f.kind = 'rg.limit_set'
         AND f.data ->> 'measure_id' = becomes.ref AND (f.data ->> 'amount')::bigint = becomes.amount) THEN
    RETURN 'a limit is raised only to what its source said';
  END IF;
  IF becomes.status = 'ended' AND was.status <> 'ended' AND NOT EXISTS (
      SELECT 1 FROM players_fact f WHERE f.player_id = becomes.player_id
         AND f.kind IN ('rg.limit_removed', 'rg.lifted') AND f.data ->> 'measure_id' = becomes.ref) THEN
    RETURN 'a limit is removed only by its source';
  END IF;
  IF COALESCE(becomes.tightened_at < was.tightened_at, becomes.tightened_at IS NULL AND was.tightened_at IS NOT NULL)
     AND NOT EXISTS (
      SELECT 1 FROM players_fact f WHERE f.player_id = becomes.player_id AND f.kind = 'rg.limit_set'
         AND f.data ->> 'measure_id' = becomes.ref AND f.occurred_at = becomes.tightened_at) THEN
    RETURN 'when a limit was lowered is told by its source';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER guard ON compliance_measure;
CREATE TRIGGER guard BEFORE UPDATE ON compliance_measure FOR EACH ROW
  WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION compliance_guard_measure();
ALTER TABLE compliance_measure ENABLE ALWAYS TRIGGER guard;
