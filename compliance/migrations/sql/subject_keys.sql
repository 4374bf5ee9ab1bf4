-- Every account is born with half a key of its own (the other half is in the environment). The application may read it and
-- destroy it; it can make none, so what was destroyed does not come back.
CREATE FUNCTION compliance_give_key() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO compliance_subjectkey (player_id, salt)
  SELECT id, uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) FROM born;
  RETURN NULL;
END $$;
CREATE TRIGGER subject_key AFTER INSERT ON players_player
  REFERENCING NEW TABLE AS born FOR EACH STATEMENT EXECUTE FUNCTION compliance_give_key();
ALTER TABLE players_player ENABLE ALWAYS TRIGGER subject_key;

INSERT INTO compliance_subjectkey (player_id, salt)
SELECT id, uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) FROM players_player;

-- Sealed in the way of before; the PAM tells it again.
DELETE FROM compliance_identity;
