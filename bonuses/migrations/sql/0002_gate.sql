-- No grant without a fresh allow of the gate, whoever writes the row. ALWAYS: also in a replica's session.
CREATE TRIGGER gate BEFORE INSERT ON bonuses_grant
  FOR EACH ROW EXECUTE FUNCTION compliance_enforce();
ALTER TABLE bonuses_grant ENABLE ALWAYS TRIGGER gate;

-- The PAM's answer and the wagering may still be written after the player's state changed; who it is for may not.
CREATE TRIGGER gate_update BEFORE UPDATE ON bonuses_grant
  FOR EACH ROW WHEN (
    (OLD.person_id, OLD.player_id, OLD.decision_id, OLD.channel, OLD.purpose)
    IS DISTINCT FROM (NEW.person_id, NEW.player_id, NEW.decision_id, NEW.channel, NEW.purpose)
  ) EXECUTE FUNCTION compliance_enforce();
ALTER TABLE bonuses_grant ENABLE ALWAYS TRIGGER gate_update;

-- An allow is for one bonus of one worth: not for another reference, and not for a larger amount than the rules saw.
-- (After `gate`: triggers fire in the order of their names, so a decision there is.)
CREATE FUNCTION bonuses_gate_about() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM compliance_decision d WHERE d.id = NEW.decision_id AND d.reference = NEW.reference
                    AND (d.inputs #>> '{request,incentive,value}')::bigint = NEW.amount
                    AND d.inputs #>> '{request,incentive,currency}' = NEW.currency) THEN
    RAISE EXCEPTION 'the decision is about another bonus' USING ERRCODE = 'RG002';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER gate_about BEFORE INSERT ON bonuses_grant FOR EACH ROW EXECUTE FUNCTION bonuses_gate_about();
CREATE TRIGGER gate_about_update BEFORE UPDATE ON bonuses_grant FOR EACH ROW
  WHEN ((OLD.decision_id, OLD.reference, OLD.amount, OLD.currency)
        IS DISTINCT FROM (NEW.decision_id, NEW.reference, NEW.amount, NEW.currency))
  EXECUTE FUNCTION bonuses_gate_about();
ALTER TABLE bonuses_grant ENABLE ALWAYS TRIGGER gate_about;
ALTER TABLE bonuses_grant ENABLE ALWAYS TRIGGER gate_about_update;
