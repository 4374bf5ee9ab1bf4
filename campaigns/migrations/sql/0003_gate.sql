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

-- An allow is for one message to one address: not for another delivery of the same player, and not for somebody else's
-- mailbox. (After `gate`: triggers fire in the order of their names, so a decision there is.)
CREATE FUNCTION campaigns_gate_about() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM compliance_decision d
                  WHERE d.id = NEW.decision_id AND d.reference = 'delivery:' || NEW.delivery_id)
     OR NOT EXISTS (SELECT 1 FROM campaigns_delivery d WHERE d.id = NEW.delivery_id AND d.player_id = NEW.player_id
                     AND d.channel = NEW.channel AND d.purpose = NEW.purpose) THEN
    RAISE EXCEPTION 'the decision is about another message' USING ERRCODE = 'RG002';
  END IF;
  IF NEW.channel <> 'onsite' AND NEW.address <> '' AND NOT EXISTS (
      SELECT 1 FROM players_contact c
       WHERE c.player_id = NEW.player_id AND c.channel = NEW.channel AND c.address = NEW.address) THEN
    RAISE EXCEPTION 'the address is not the player''s' USING ERRCODE = 'RG002';
  END IF;
  IF NEW.channel IN ('email', 'sms') AND NEW.purpose IN ('promotional', 'research')
     AND compliance_mailbox_closed(NEW.player_id, NEW.person_id, NEW.channel) THEN
    RAISE EXCEPTION 'the address is also that of somebody excluded' USING ERRCODE = 'RG002';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER gate_about BEFORE INSERT ON campaigns_attempt
  FOR EACH ROW EXECUTE FUNCTION campaigns_gate_about();
ALTER TABLE campaigns_attempt ENABLE ALWAYS TRIGGER gate_about;
