-- More of what the application's own role could write by hand although nobody has said so: cases closed, operators raised,
-- feeds freshened, identities confirmed, addresses and keys of the erased thrown away. Whoever may replicate may throw away.

-- A case is closed, once, by somebody who signs for it with a review in its log; with its first action it is the same: it was
-- done when there is a line of it. Signs that need a review are not waved away.
CREATE FUNCTION compliance_guard_case() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  wrong text;
BEGIN
  IF OLD.closed_at IS NOT NULL THEN
    wrong := 'a closed case stays as it is';
  ELSIF NEW.due_at > OLD.due_at THEN
    wrong := 'nobody is given more time';
  ELSIF NEW.acted_at IS DISTINCT FROM OLD.acted_at AND (OLD.acted_at IS NOT NULL OR NOT EXISTS (
      SELECT 1 FROM compliance_interaction i WHERE i.case_id = NEW.id AND i.by_id IS NOT NULL AND i.at = NEW.acted_at
         AND i.kind IN ('outreach', 'call', 'restriction', 'not_done', 'review'))) THEN
    wrong := 'what was done is in the log of the case';
  ELSIF (NEW.closed_at, NEW.closed_by_id, NEW.outcome) IS DISTINCT FROM (OLD.closed_at, OLD.closed_by_id, OLD.outcome) THEN
    IF NEW.closed_at IS NULL OR NEW.closed_by_id IS NULL OR NEW.outcome = '' THEN
      wrong := 'a case is closed by somebody, with an outcome';
    ELSIF NOT EXISTS (SELECT 1 FROM compliance_interaction i WHERE i.case_id = NEW.id AND i.kind = 'review'
                         AND i.by_id = NEW.closed_by_id AND i.at = NEW.closed_at AND i.outcome > '') THEN
      wrong := 'a case is closed after a review';
    ELSIF NOT EXISTS (SELECT 1 FROM compliance_auditentry e WHERE e.subject = 'case:' || NEW.id AND e.kind = 'case.closed'
                         AND e.actor_id = NEW.closed_by_id AND e.reason > '' AND e.xid = compliance_xid()
                         AND e.payload::jsonb #>> '{after,outcome}' = NEW.outcome) THEN
      wrong := 'who closes a case leaves it in the trail';
    ELSIF NEW.outcome = 'no_concern' AND EXISTS (SELECT 1 FROM compliance_standing s WHERE s.person_id = NEW.person_id
                                                    AND s.risk IN ('medium', 'strong', 'critical')) THEN
      wrong := 'first the level is reviewed';
    END IF;
  END IF;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION '%', wrong USING ERRCODE = 'RG005';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE OF due_at, acted_at, closed_at, closed_by_id, outcome ON compliance_case FOR EACH ROW
  WHEN ((OLD.due_at, OLD.acted_at, OLD.closed_at, OLD.closed_by_id, OLD.outcome) IS DISTINCT FROM
        (NEW.due_at, NEW.acted_at, NEW.closed_at, NEW.closed_by_id, NEW.outcome)) EXECUTE FUNCTION compliance_guard_case();
ALTER TABLE compliance_case ENABLE ALWAYS TRIGGER guard;

-- Nobody raises anybody to the engine room's superuser but the owner of the database (manage.py createsuperuser
-- --database owner); the very first operator, while there is none, apart.
CREATE FUNCTION compliance_guard_operator() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF pg_has_role(current_user, (SELECT c.relowner FROM pg_class c WHERE c.oid = TG_RELID), 'USAGE')
     OR TG_OP = 'INSERT' AND NOT EXISTS (SELECT 1 FROM compliance_operator) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'nobody makes a superuser of anybody' USING ERRCODE = 'RG005';
END $$;
CREATE TRIGGER guard_born BEFORE INSERT ON compliance_operator FOR EACH ROW
  WHEN (NEW.is_superuser) EXECUTE FUNCTION compliance_guard_operator();
CREATE TRIGGER guard BEFORE UPDATE OF id, is_superuser, is_staff ON compliance_operator FOR EACH ROW
  WHEN (NEW.is_superuser AND NOT OLD.is_superuser OR NEW.is_staff AND NOT OLD.is_staff OR NEW.id <> OLD.id)
  EXECUTE FUNCTION compliance_guard_operator();
ALTER TABLE compliance_operator ENABLE ALWAYS TRIGGER guard_born;
ALTER TABLE compliance_operator ENABLE ALWAYS TRIGGER guard;

-- A seat is given by an admin, of that brand or of all, to somebody else, in the trail. While nobody is an admin the house is
-- being set up, and whoever comes first may sit down.
CREATE FUNCTION compliance_guard_seat() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'an admin stays one: who closes the account takes the seat' USING ERRCODE = 'RG005';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM compliance_seat WHERE role = 'admin')
     OR EXISTS (SELECT 1 FROM compliance_auditentry e
                  JOIN compliance_operator o ON o.id = e.actor_id AND o.is_active
                  JOIN compliance_seat s ON s.operator_id = o.id AND s.role = 'admin'
                 WHERE e.subject = 'operator:' || NEW.operator_id AND e.kind = 'operator.created' AND e.xid = compliance_xid()
                   AND e.actor_id <> NEW.operator_id AND (s.brand_id IS NULL OR s.brand_id = NEW.brand_id)
                   AND e.payload::jsonb #>> '{after,role}' = NEW.role) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a seat is given by somebody who signs for it' USING ERRCODE = 'RG005';
END $$;
CREATE TRIGGER guard BEFORE INSERT ON compliance_seat FOR EACH ROW EXECUTE FUNCTION compliance_guard_seat();
CREATE TRIGGER guard_gone BEFORE DELETE ON compliance_seat FOR EACH ROW
  WHEN (OLD.role = 'admin') EXECUTE FUNCTION compliance_guard_seat();
ALTER TABLE compliance_seat ENABLE ALWAYS TRIGGER guard;

-- A feed is heard when it is heard, and not fresh before: no time to come, no freshness without a sign of life, and none while
-- a restriction waits that nobody could read or pin on a player.
CREATE FUNCTION compliance_guard_feed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  wrong text;
BEGIN
  IF GREATEST(NEW.last_event_at, NEW.heartbeat_at) > clock_timestamp() + interval '1 minute' THEN
    wrong := 'a feed is not heard in time to come';
  ELSIF NEW.freshness <> 'stale' AND num_nonnulls(NEW.last_event_at, NEW.heartbeat_at) = 0 THEN
    wrong := 'a feed nobody has heard of is stale';
  ELSIF NEW.freshness <> 'stale' AND EXISTS (
      SELECT 1 FROM players_quarantine q WHERE q.feed_id = NEW.id AND q.player_id IS NULL AND q.resolved_at IS NULL
         AND q.external_id = '' AND (q.kind ILIKE 'rg.%' OR q.kind ILIKE 'player.blocked%' OR q.kind ILIKE 'player.closed%')) THEN
    wrong := 'nobody knows whom a restriction protects that could not be read';
  END IF;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION '%', wrong USING ERRCODE = 'RG005';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_born BEFORE INSERT ON players_feed FOR EACH ROW EXECUTE FUNCTION compliance_guard_feed();
-- Not for each post: that a feed is heard now opens nothing by itself.
CREATE TRIGGER guard BEFORE UPDATE ON players_feed FOR EACH ROW
  WHEN (GREATEST(NEW.last_event_at, NEW.heartbeat_at) > clock_timestamp() + interval '1 minute'
        OR NEW.freshness <> 'stale' AND (OLD.freshness = 'stale' OR num_nonnulls(NEW.last_event_at, NEW.heartbeat_at) = 0))
  EXECUTE FUNCTION compliance_guard_feed();
ALTER TABLE players_feed ENABLE ALWAYS TRIGGER guard_born;
ALTER TABLE players_feed ENABLE ALWAYS TRIGGER guard;

-- Nobody's identity is confirmed and nobody's account opened again but by their source, whose last word on it is on record
-- when the transaction ends: the account is written before the fact.
CREATE FUNCTION compliance_guard_account() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  opens CONSTANT text := CASE TG_ARGV[0] WHEN 'kyc' THEN 'verified' ELSE 'player.unblocked' END;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM players_player p WHERE p.id = NEW.id AND CASE TG_ARGV[0]
                    WHEN 'kyc' THEN p.kyc = 'verified' ELSE p.status = 'active' END) THEN
    RETURN NULL;  -- and closed again since, in the same transaction
  END IF;
  IF (SELECT COALESCE(max(w.at) FILTER (WHERE w.word = opens) >= max(w.at), false) FROM (
        SELECT f.occurred_at AS at, CASE TG_ARGV[0] WHEN 'kyc' THEN f.data ->> 'status' ELSE f.kind END AS word
          FROM players_fact f WHERE f.player_id = NEW.id AND f.kind = ANY (CASE TG_ARGV[0] WHEN 'kyc' THEN '{player.kyc}'::text[]
                 ELSE '{player.blocked,player.closed,player.unblocked}' END)) AS w) THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION 'an account is opened by its source' USING ERRCODE = 'RG005';
END $$;
CREATE CONSTRAINT TRIGGER guard_kyc AFTER UPDATE OF kyc ON players_player DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.kyc = 'verified' AND OLD.kyc <> 'verified') EXECUTE FUNCTION compliance_guard_account('kyc');
CREATE CONSTRAINT TRIGGER guard_status AFTER UPDATE OF status ON players_player DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.status = 'active' AND OLD.status <> 'active') EXECUTE FUNCTION compliance_guard_account('status');
ALTER TABLE players_player ENABLE ALWAYS TRIGGER guard_kyc;
ALTER TABLE players_player ENABLE ALWAYS TRIGGER guard_status;

-- By what is left of an erased account its holder is recognised when they come back (X-05).
CREATE FUNCTION compliance_guard_identity_key() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM compliance_erasure e WHERE e.player_id = OLD.player_id) THEN
    RAISE EXCEPTION 'the keys of an erased account stay' USING ERRCODE = 'RG005';
  ELSIF OLD.kind IN ('device', 'instrument') THEN
    RAISE EXCEPTION 'what was told of devices and instruments stays' USING ERRCODE = 'RG005';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER guard BEFORE DELETE ON compliance_identitykey FOR EACH ROW EXECUTE FUNCTION compliance_guard_identity_key();

-- An address is exchanged for another or goes with an erasure: taken away by itself, whoever shares a mailbox with somebody
-- excluded would be found by nobody. That it bounced is true as long as it is the same. Asked when the transaction ends, since
-- the old one goes before the new one comes.
CREATE FUNCTION compliance_guard_contact() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  wrong text;
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.player_id <> OLD.player_id OR NEW.channel <> OLD.channel) THEN
    wrong := 'an address stays with its account';
  ELSIF EXISTS (SELECT 1 FROM players_contact c WHERE c.player_id = OLD.player_id AND c.channel = OLD.channel
                   AND c.normal = OLD.normal AND c.bounced_at IS NULL) AND OLD.bounced_at IS NOT NULL THEN
    wrong := 'an address that bounced has bounced';
  ELSIF NOT EXISTS (SELECT 1 FROM players_contact c WHERE c.player_id = OLD.player_id AND c.channel = OLD.channel)
        AND NOT EXISTS (SELECT 1 FROM compliance_erasure e WHERE e.player_id = OLD.player_id) THEN
    wrong := 'an address is exchanged for another, and not taken away';
  END IF;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION '%', wrong USING ERRCODE = 'RG005';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER guard_gone AFTER DELETE ON players_contact DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  EXECUTE FUNCTION compliance_guard_contact();
CREATE CONSTRAINT TRIGGER guard AFTER UPDATE OF player_id, channel, bounced_at ON players_contact DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.player_id <> OLD.player_id OR NEW.channel <> OLD.channel
                     OR OLD.bounced_at IS NOT NULL AND NEW.bounced_at IS NULL) EXECUTE FUNCTION compliance_guard_contact();
ALTER TABLE players_contact ENABLE ALWAYS TRIGGER guard;
