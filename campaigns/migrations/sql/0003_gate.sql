-- Nothing is on its way to a player without a fresh allow for the same human, channel and purpose.
CREATE TRIGGER gate BEFORE INSERT ON campaigns_attempt
  FOR EACH ROW EXECUTE FUNCTION compliance_enforce();
-- The provider's answer must be writable after an exclusion; who, what and under which decision never changes.
CREATE TRIGGER gate_key BEFORE UPDATE ON campaigns_attempt
  FOR EACH ROW
  WHEN ((OLD.person_id, OLD.player_id, OLD.decision_id, OLD.channel, OLD.purpose, OLD.delivery_id, OLD.number)
        IS DISTINCT FROM
        (NEW.person_id, NEW.player_id, NEW.decision_id, NEW.channel, NEW.purpose, NEW.delivery_id, NEW.number))
  EXECUTE FUNCTION compliance_enforce();
ALTER TABLE campaigns_attempt ENABLE ALWAYS TRIGGER gate;
ALTER TABLE campaigns_attempt ENABLE ALWAYS TRIGGER gate_key;
