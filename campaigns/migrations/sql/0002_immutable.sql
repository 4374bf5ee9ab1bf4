-- A version that left the draft is what was approved: nobody edits it afterwards, not even by SQL.
-- A draft again it becomes only while it has not been live, and then its approval is gone; an approval is in the trail, in the
-- transaction that gives it, or it is none.
CREATE FUNCTION campaigns_freeze_version() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  moves CONSTANT text[] := '{status,approver_id,approved_at,launched_at,ended_at,submitted_at,launch_after,note}';
  wrong text;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'draft' OR NEW.approver_id IS NOT NULL THEN
      wrong := 'begins as a draft';
    END IF;
  ELSIF TG_OP = 'DELETE' THEN
    IF OLD.status <> 'draft' THEN
      wrong := 'is no draft any more';
    END IF;
  ELSIF OLD.status <> 'draft' AND to_jsonb(NEW) - moves IS DISTINCT FROM to_jsonb(OLD) - moves THEN
    wrong := 'is no draft any more';
  ELSIF OLD.status NOT IN ('draft', 'submitted', 'approved') AND NEW.status IN ('draft', 'submitted', 'approved') THEN
    wrong := 'was live and is never written anew';
  ELSIF NEW.status IN ('draft', 'submitted') AND NEW.approver_id IS NOT NULL THEN
    wrong := 'is not approved while it is written';
  ELSIF NEW.approver_id IS DISTINCT FROM OLD.approver_id AND NEW.approver_id IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM compliance_auditentry e
       WHERE e.subject = 'campaign:' || NEW.campaign_id AND e.kind = 'campaign.approved' AND e.actor_id = NEW.approver_id
         AND e.xid = compliance_xid() AND e.payload::jsonb #> '{after,version}' = to_jsonb(NEW.number)) THEN
    wrong := 'is approved only by somebody who signs for it';
  END IF;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'version % %', COALESCE(OLD.id, NEW.id), wrong USING ERRCODE = 'CA001';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;

CREATE TRIGGER frozen BEFORE INSERT OR UPDATE OR DELETE ON campaigns_version
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
