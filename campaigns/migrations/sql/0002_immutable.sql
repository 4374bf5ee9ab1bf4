-- A version that left the draft is what was approved: nobody edits it afterwards, not even by SQL.
CREATE FUNCTION campaigns_freeze_version() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.status <> 'draft' THEN
      RAISE EXCEPTION 'version % is no draft any more', OLD.id USING ERRCODE = 'CA001';
    END IF;
    RETURN OLD;
  END IF;
  IF OLD.status <> 'draft' AND
     (to_jsonb(NEW) - ARRAY['status','approver_id','approved_at','launched_at','ended_at','submitted_at','launch_after','note'])
     IS DISTINCT FROM
     (to_jsonb(OLD) - ARRAY['status','approver_id','approved_at','launched_at','ended_at','submitted_at','launch_after','note']) THEN
    RAISE EXCEPTION 'version % is no draft any more', OLD.id USING ERRCODE = 'CA001';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON campaigns_version
  FOR EACH ROW EXECUTE FUNCTION campaigns_freeze_version();

CREATE FUNCTION campaigns_freeze_content() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  old_version bigint;
  new_version bigint;
  found_status text;
BEGIN
  IF TG_TABLE_NAME = 'campaigns_step' THEN
    IF TG_OP <> 'INSERT' THEN old_version := OLD.version_id; END IF;
    IF TG_OP <> 'DELETE' THEN new_version := NEW.version_id; END IF;
  ELSE
    IF TG_OP <> 'INSERT' THEN SELECT version_id INTO old_version FROM campaigns_step WHERE id = OLD.step_id; END IF;
    IF TG_OP <> 'DELETE' THEN SELECT version_id INTO new_version FROM campaigns_step WHERE id = NEW.step_id; END IF;
  END IF;
  SELECT v.status INTO found_status FROM campaigns_version v
   WHERE v.id IN (old_version, new_version) AND v.status <> 'draft' LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the version of this % is no draft any more', TG_TABLE_NAME USING ERRCODE = 'CA001';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER frozen BEFORE INSERT OR UPDATE OR DELETE ON campaigns_step
  FOR EACH ROW EXECUTE FUNCTION campaigns_freeze_content();
CREATE TRIGGER frozen BEFORE INSERT OR UPDATE OR DELETE ON campaigns_arm
  FOR EACH ROW EXECUTE FUNCTION campaigns_freeze_content();
CREATE TRIGGER frozen BEFORE INSERT OR UPDATE OR DELETE ON campaigns_variant
  FOR EACH ROW EXECUTE FUNCTION campaigns_freeze_content();
