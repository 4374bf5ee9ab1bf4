-- A limit may be set for a time. That it ends then, and that the time got shorter, has been said by its source.

-- Did the source of this measure say such a thing? The newest word about when it ends counts, not just any.
-- Of a limit: some word named an end that is no later; a shorter time waits, so the end may be later than said.
CREATE OR REPLACE FUNCTION compliance_was_said(m compliance_measure, ends boolean) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE last players_fact;
BEGIN
  IF ends AND m.kind IN ('deposit_limit', 'loss_limit', 'stake_limit', 'session_limit') THEN
    RETURN EXISTS (
      SELECT 1 FROM players_fact f WHERE f.player_id = m.player_id AND f.kind = 'rg.limit_set'
         AND f.data ->> 'measure_id' = m.ref AND (f.data ->> 'expires_at')::timestamptz <= m.ends_at);
  END IF;
  SELECT f.* INTO last FROM players_fact f
   WHERE f.player_id = m.player_id AND f.data ->> 'measure_id' = m.ref
     AND (f.kind IN ('rg.time_out', 'rg.self_excluded') OR NOT ends AND f.kind IN ('rg.blocked', 'rg.lifted'))
   ORDER BY (f.data ->> 'sequence')::bigint DESC, f.id DESC LIMIT 1;
  IF ends THEN
    RETURN COALESCE((last.data ->> 'ends_at')::timestamptz = m.ends_at, false);
  END IF;
  RETURN COALESCE(last.kind = 'rg.lifted' AND last.occurred_at = m.ended_at, false);
END $$;

CREATE OR REPLACE FUNCTION compliance_guard_limit(was compliance_measure, becomes compliance_measure) RETURNS text
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
  IF becomes.status = 'ended' AND was.status <> 'ended'
     AND NOT COALESCE(becomes.ended_at = becomes.ends_at AND becomes.ends_at <= clock_timestamp()
                      AND compliance_was_said(becomes, true), false)
     AND NOT EXISTS (
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
