-- What the application's own role could still talk the database into, by hand, needs something on record.
-- A fact or an audit entry is append-only: who forges one leaves it behind.

-- Whatever makes a measure weaker has been said by its source, or signed by the operator who lifts a block.
-- Not told from here: when a raised limit takes effect, which is a rule (compliance.limits).
CREATE FUNCTION compliance_guard_measure() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  limits CONSTANT text[] := '{deposit_limit,net_deposit_limit,cross_operator_limit,loss_limit,stake_limit,wager_limit,session_limit}';
  exclusions CONSTANT text[] := '{self_exclusion,national_exclusion,third_party}';
  wrong text;
BEGIN
  IF NEW.sequence < OLD.sequence THEN
    wrong := 'the sequence of a source does not go back';
  ELSIF NEW.kind <> OLD.kind AND NOT (OLD.kind = 'unknown' AND OLD.status = 'ended') AND NOT (
      NEW.kind = 'unknown' AND NEW.status = 'active' OR NEW.kind = ANY (limits) AND OLD.kind = ANY (limits)
      OR NEW.kind = ANY (exclusions) AND OLD.kind <> 'unknown') THEN
    wrong := 'a restriction does not turn into a weaker one';
  ELSIF NEW.product <> OLD.product AND OLD.product <> '' AND NEW.kind = 'product_exclusion' THEN
    wrong := 'an exclusion stays about its product';
  ELSIF NEW.status <> 'ended' AND NEW.ended_at IS NOT NULL THEN
    wrong := 'what has not ended has no end';
  ELSIF compliance_breadth(NEW.scope) < compliance_breadth(OLD.scope) AND NOT compliance_was_told(NEW, 'scope', NEW.scope) THEN
    wrong := 'a restriction holds for less only by its source';
  ELSIF NEW.ended_by = 'authority' AND OLD.ended_by <> 'authority' AND NOT compliance_was_told(NEW, 'by', 'authority') THEN
    wrong := 'an authority takes back only what its source says it took back';
  ELSIF NEW.kind = ANY (exclusions) AND NEW.effective_at < OLD.effective_at AND NOT EXISTS (
      SELECT 1 FROM players_fact f WHERE f.player_id = NEW.player_id AND f.data ->> 'measure_id' = NEW.ref
         AND f.occurred_at <= NEW.effective_at) THEN
    wrong := 'when a restriction began is told by its source';
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
  IF OLD.status = 'ended' AND NEW.status <> 'ended' THEN
    NEW.received_at := clock_timestamp();  -- it begins anew, and so do the times it must be acted upon in
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION compliance_breadth(scope text) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT array_position('{product,brand,licensee,group,national}'::text[], scope) $$;

-- Has the source ever said this word of this restriction?
CREATE FUNCTION compliance_was_told(m compliance_measure, name text, word text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM players_fact f WHERE f.player_id = m.player_id AND f.data ->> 'measure_id' = m.ref
                    AND f.data ->> name = word);
END $$;

CREATE TRIGGER guard BEFORE UPDATE ON compliance_measure FOR EACH ROW
  WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION compliance_guard_measure();
ALTER TABLE compliance_measure ENABLE ALWAYS TRIGGER guard;

-- Did the source of this measure say such a thing? The newest word about when it ends counts, not just any.
-- Of a limit: some word named an end that is no later; a shorter time waits, so the end may be later than said.
CREATE FUNCTION compliance_was_said(m compliance_measure, ends boolean) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE last players_fact;
BEGIN
  IF ends AND m.kind IN ('deposit_limit', 'net_deposit_limit', 'cross_operator_limit', 'loss_limit',
                          'stake_limit', 'wager_limit', 'session_limit') THEN
    RETURN EXISTS (
      SELECT 1 FROM players_fact f WHERE f.player_id = m.player_id AND f.kind = 'rg.limit_set'
         AND f.data ->> 'measure_id' = m.ref AND (f.data ->> 'expires_at')::timestamptz <= m.ends_at);
  END IF;
  IF ends THEN
    SELECT f.* INTO last FROM players_fact f
     WHERE f.player_id = m.player_id AND f.data ->> 'measure_id' = m.ref AND f.kind IN ('rg.time_out', 'rg.self_excluded')
     ORDER BY (f.data ->> 'sequence')::bigint DESC, f.id DESC LIMIT 1;
    RETURN COALESCE((last.data ->> 'ends_at')::timestamptz = m.ends_at, false);
  END IF;
  -- Some word ended it then, and nothing that closes was said later, nor with a higher number: but for what another
  -- end had ended before, where the source has begun to count anew (compliance.limits).
  RETURN EXISTS (
    WITH said AS MATERIALIZED (
      SELECT f.kind = 'rg.lifted' AS lifts, (f.data ->> 'sequence')::bigint AS number, f.occurred_at AS at
        FROM players_fact f WHERE f.player_id = m.player_id AND f.data ->> 'measure_id' = m.ref
         AND f.kind IN ('rg.time_out', 'rg.self_excluded', 'rg.blocked', 'rg.lifted'))
    SELECT 1 FROM said e WHERE e.lifts AND e.at = m.ended_at AND NOT EXISTS (
      SELECT 1 FROM said c WHERE NOT c.lifts AND (c.at > e.at OR c.number > e.number AND NOT EXISTS (
        SELECT 1 FROM said b WHERE b.lifts AND b.number > c.number AND b.at >= c.at AND b.at < e.at))));
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

-- A stopped brand goes on only when somebody signs for it.
CREATE FUNCTION compliance_guard_stop() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
      SELECT 1 FROM compliance_auditentry e WHERE e.subject = 'brand:' || NEW.brand_id AND e.actor_id = NEW.lifted_by_id
         AND e.kind = 'promotions.resumed' AND e.at > clock_timestamp() - interval '1 minute') THEN
    RAISE EXCEPTION 'promotions go on only when somebody signs for it' USING ERRCODE = 'RG005';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON compliance_brandstop FOR EACH ROW
  WHEN (NEW.lifted_at IS NOT NULL) EXECUTE FUNCTION compliance_guard_stop();
ALTER TABLE compliance_brandstop ENABLE ALWAYS TRIGGER guard;

-- What takes two people: one asks, another signs (or anybody declines), once. What each did is in the trail, and the
-- signature in the very transaction that makes it count: neither is ever there without the other.
-- Arguments: what the trail calls asking, signing and declining.
CREATE FUNCTION compliance_guard_two() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  past CONSTANT jsonb := to_jsonb(OLD);
  r CONSTANT jsonb := to_jsonb(NEW);
  wrong text;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF num_nonnulls(r ->> 'signed_by_id', r ->> 'signed_at', r ->> 'declined_by_id', r ->> 'declined_at') > 0 THEN
      wrong := 'it is asked for before anybody signs';
    END IF;
  ELSIF (past -> 'signed_by_id', past -> 'signed_at', past -> 'declined_by_id', past -> 'declined_at')
        IS NOT DISTINCT FROM (r -> 'signed_by_id', r -> 'signed_at', r -> 'declined_by_id', r -> 'declined_at') THEN
    RETURN NEW;
  ELSIF num_nonnulls(past ->> 'signed_by_id', past ->> 'declined_by_id') > 0 THEN
    wrong := 'what was signed or declined stays so';
  ELSIF num_nonnulls(r ->> 'signed_by_id', r ->> 'signed_at') = 1
        OR num_nonnulls(r ->> 'declined_by_id', r ->> 'declined_at') = 1 THEN
    wrong := 'a signature has a person and a time';
  ELSIF r ->> 'declined_by_id' IS NOT NULL THEN
    IF NOT compliance_two_told(TG_TABLE_NAME, r, TG_ARGV[2], (r ->> 'declined_by_id')::bigint, true, true) THEN
      wrong := 'who declines leaves it in the trail';
    END IF;
  ELSIF r ->> 'signed_by_id' = r ->> 'asked_by_id' THEN
    wrong := 'a second person signs';
  ELSIF (r ->> 'signed_at')::timestamptz
        NOT BETWEEN clock_timestamp() - interval '1 minute' AND clock_timestamp() + interval '1 minute' THEN
    wrong := 'a signature is given now';
  ELSIF NOT compliance_two_told(TG_TABLE_NAME, r, TG_ARGV[0], (r ->> 'asked_by_id')::bigint, false, false) THEN
    wrong := 'who asked for it is in the trail';
  ELSIF NOT compliance_two_told(TG_TABLE_NAME, r, TG_ARGV[1], (r ->> 'signed_by_id')::bigint, false, true) THEN
    wrong := 'who signs leaves it in the trail';
  END IF;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION '%', wrong USING ERRCODE = 'RG005';
  END IF;
  RETURN NEW;
END $$;

-- Did this person do that to this row, by the trail? `here`: in this transaction. What it says has to be what is done;
-- of what is declined, which row it was, with a reason of its own.
CREATE FUNCTION compliance_two_told(place text, r jsonb, what text, who bigint, declined boolean, here boolean)
RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  about text;
  brand bigint := (r ->> 'brand_id')::bigint;
  row_is jsonb;
  asks jsonb := '{}';
BEGIN
  CASE place
    WHEN 'compliance_policyswitch' THEN
      about := 'policy:' || (r ->> 'id');
      row_is := jsonb_build_object('rule', r -> 'rule');
      asks := jsonb_build_object('on', r -> 'enabled');
    WHEN 'compliance_override' THEN
      about := r ->> 'subject';
      row_is := jsonb_build_object('override', r -> 'id', 'rule', r -> 'rule', 'found', r -> 'sentence',
                                   'fingerprint', r -> 'fingerprint');
    WHEN 'compliance_markerversion' THEN
      about := 'marker:' || (r ->> 'marker');
      row_is := jsonb_build_object('version', r -> 'number');
      asks := jsonb_build_object('points', r -> 'points', 'on', r -> 'is_on', 'values', r -> 'values');
    WHEN 'compliance_levelreview' THEN
      about := 'case:' || (r ->> 'case_id');
      row_is := jsonb_build_object('review', r -> 'id', 'level', r -> 'after');
      brand := (SELECT p.brand_id FROM compliance_case c JOIN players_player p ON p.id = c.player_id
                 WHERE c.id = (r ->> 'case_id')::bigint);
    WHEN 'compliance_retention' THEN
      about := 'retention:' || (r ->> 'id');
      row_is := jsonb_build_object('licence', r -> 'licence_id', 'data', r -> 'data');
      asks := jsonb_build_object('days', r -> 'days');
  END CASE;
  row_is := CASE WHEN declined THEN row_is ELSE row_is || asks END;
  RETURN EXISTS (
    SELECT 1 FROM compliance_auditentry e
     WHERE e.subject = about AND e.kind = what AND e.actor_id = who AND e.brand_id IS NOT DISTINCT FROM brand
       AND (declined OR e.reason = r ->> 'reason') AND (NOT here OR e.xid = compliance_xid())
       AND NOT EXISTS (SELECT 1 FROM jsonb_each(row_is) AS x
                        WHERE e.payload::jsonb #> ARRAY['after', x.key] IS DISTINCT FROM x.value));
END $$;

CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON compliance_policyswitch FOR EACH ROW
  EXECUTE FUNCTION compliance_guard_two('policy.asked', 'policy.signed', 'policy.declined');
ALTER TABLE compliance_policyswitch ENABLE ALWAYS TRIGGER guard;
