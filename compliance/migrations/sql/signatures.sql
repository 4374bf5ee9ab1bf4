-- What only a person may do: nothing of it is in force without their word in the trail.

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
    WHEN 'compliance_counselanswer' THEN
      about := 'counsel:' || (r ->> 'id');
      row_is := jsonb_build_object('licence', r -> 'licence_id', 'rule', r -> 'rule');
      asks := jsonb_build_object('most', r -> 'most', 'times', r -> 'times');
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
