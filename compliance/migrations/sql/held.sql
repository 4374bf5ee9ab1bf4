-- A legal hold ends only by somebody who signs for it, in the transaction that ends it.
CREATE FUNCTION compliance_guard_hold() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.lifted_at IS NOT NULL OR NEW.lifted_at IS NULL OR NOT EXISTS (
      SELECT 1 FROM compliance_auditentry e WHERE e.subject = 'player:' || NEW.player_id AND e.actor_id = NEW.lifted_by_id
         AND e.kind = 'player.hold_lifted' AND e.xid = compliance_xid()) THEN
    RAISE EXCEPTION 'a hold is lifted only by somebody who signs for it' USING ERRCODE = 'RG005';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON compliance_legalhold FOR EACH ROW EXECUTE FUNCTION compliance_guard_hold();
ALTER TABLE compliance_legalhold ENABLE ALWAYS TRIGGER guard;

-- What is sealed under an account's own key is gone with it: never while the account is held, and only with an erasure on
-- record when the transaction ends.
CREATE FUNCTION compliance_guard_key() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF pg_has_role((SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RETURN OLD;
  ELSIF EXISTS (SELECT 1 FROM compliance_legalhold h WHERE h.player_id = OLD.player_id AND h.lifted_at IS NULL) THEN
    RAISE EXCEPTION 'a hold is running' USING ERRCODE = 'RG005';
  ELSIF TG_WHEN = 'AFTER' AND NOT EXISTS (SELECT 1 FROM compliance_erasure e WHERE e.player_id = OLD.player_id) THEN
    RAISE EXCEPTION 'a key goes only with an erasure' USING ERRCODE = 'RG005';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER guard BEFORE DELETE ON compliance_subjectkey FOR EACH ROW EXECUTE FUNCTION compliance_guard_key();
CREATE CONSTRAINT TRIGGER guard_erased AFTER DELETE ON compliance_subjectkey DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION compliance_guard_key();
ALTER TABLE compliance_subjectkey ENABLE ALWAYS TRIGGER guard;
ALTER TABLE compliance_subjectkey ENABLE ALWAYS TRIGGER guard_erased;
