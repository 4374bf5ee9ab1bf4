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
