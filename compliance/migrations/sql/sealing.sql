-- Every instant in the one way it is hashed. (How a row is written: lines.sql, once all columns are there.) Two instants
-- are never written alike: to_char alone leaves the era out, and makes nothing of infinity.
CREATE FUNCTION compliance_utc(at timestamptz) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT CASE WHEN isfinite(at) THEN to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
               || CASE WHEN at < '0001-01-01 00:00:00+00' THEN ' BC' ELSE '' END ELSE at::text END $$;

-- Which transaction wrote a row is not for its writer to say: a row put into the sealed past would be found, but a day
-- later and by a person.
CREATE FUNCTION compliance_stamp() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN NEW.xid := compliance_xid(); RETURN NEW; END $$;
CREATE TRIGGER stamp BEFORE INSERT ON compliance_auditentry FOR EACH ROW EXECUTE FUNCTION compliance_stamp();
CREATE TRIGGER stamp BEFORE INSERT ON compliance_consent FOR EACH ROW EXECUTE FUNCTION compliance_stamp();
CREATE TRIGGER stamp BEFORE INSERT ON compliance_registercheck FOR EACH ROW EXECUTE FUNCTION compliance_stamp();

CREATE FUNCTION compliance_header(b compliance_block) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT json_build_array(b.number, encode(b.before, 'hex'), b.trail, b.after_xid, b.after_id, b.last_xid, b.last_id,
                           b.rows, compliance_utc(b.sealed_at), encode(b.content, 'hex'))::text $$;

-- One block of one trail: up to `most` rows that committed and were not sealed yet; how many. Only what no running
-- transaction can still come before is taken (everything below the horizon), in the order (xid, id).
CREATE FUNCTION compliance_seal(trail text, most int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET jit = off AS $$
DECLARE
  source regclass := CASE trail WHEN 'audit' THEN 'compliance_auditentry' WHEN 'decision' THEN 'compliance_decision'
                     WHEN 'consent' THEN 'compliance_consent' WHEN 'register' THEN 'compliance_registercheck' END;
  horizon bigint;
  newest compliance_block;
  b compliance_block;
BEGIN
  PERFORM pg_advisory_xact_lock(7007, 0);  -- one sealer at a time
  horizon := pg_snapshot_xmin(pg_current_snapshot())::text::bigint + compliance_epoch_shift();
  SELECT * INTO newest FROM compliance_block ORDER BY number DESC LIMIT 1;
  SELECT last_xid, last_id INTO b.after_xid, b.after_id FROM compliance_block k WHERE k.trail = compliance_seal.trail
   ORDER BY number DESC LIMIT 1;
  b.after_xid := COALESCE(b.after_xid, 0);
  b.after_id := COALESCE(b.after_id, 0);
  IF horizon < b.after_xid THEN
    RAISE EXCEPTION 'transaction ids went back (a restored copy?): nothing can be sealed behind block %', newest.number
      USING ERRCODE = 'RG010', HINT = 'manage.py audit restored declares it';
  END IF;
  EXECUTE format(
    'WITH taken AS (SELECT xid, id, hash, row_number() OVER (ORDER BY xid, id) AS k'
    '   FROM (SELECT r.xid, r.id, sha256(convert_to(compliance_line(r), ''UTF8'')) AS hash FROM %s AS r'
    '          WHERE (r.xid, r.id) > ($1, $2) AND r.xid < $3 ORDER BY r.xid, r.id LIMIT $4) AS found),'
    ' grouped AS (SELECT (k - 1) / 64 AS g, sha256(string_agg(hash, ''''::bytea ORDER BY k)) AS hash, count(*) AS n,'
    '   max(xid) AS xid, (array_agg(id ORDER BY k DESC))[1] AS id FROM taken GROUP BY 1)'
    ' SELECT sha256(string_agg(hash, ''''::bytea ORDER BY g)), COALESCE(sum(n), 0), max(xid),'
    '   (array_agg(id ORDER BY g DESC))[1] FROM grouped', source)
    INTO b.content, b.rows, b.last_xid, b.last_id USING b.after_xid, b.after_id, horizon, most;
  IF b.rows = 0 THEN
    RETURN 0;
  END IF;
  b.number := COALESCE(newest.number, 0) + 1;
  b.before := COALESCE(newest.hash, decode(repeat('00', 32), 'hex'));
  b.trail := trail;
  b.sealed_at := clock_timestamp();
  b.hash := sha256(convert_to(compliance_header(b), 'UTF8'));
  INSERT INTO compliance_block SELECT (b).*;
  RETURN b.rows;
END $$;

-- A copy was put back, and a person has said so in this transaction: what is written from now on comes after all that was
-- ever sealed. Where transaction numbers began anew they are shifted beyond the highest one known, and what was written
-- since, under numbers of the sealed past, is moved there: no sequence goes back, so those are the highest ids of it.
CREATE FUNCTION compliance_new_epoch() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  own CONSTANT bigint := pg_current_xact_id()::text::bigint;
  shift bigint := compliance_epoch_shift();
  went_back boolean;
  highest bigint := 0;
  found bigint;
  strays bigint;
  t record;
BEGIN
  PERFORM pg_advisory_xact_lock(7007, 0);
  LOCK TABLE compliance_auditentry, compliance_decision, compliance_consent, compliance_registercheck
    IN SHARE ROW EXCLUSIVE MODE;  -- whoever is writing ends first; whoever writes next sees the new number
  IF NOT EXISTS (SELECT 1 FROM compliance_auditentry e WHERE e.kind = 'trail.restored' AND e.actor_id IS NOT NULL
                    AND e.reason <> '' AND e.xid = own + shift) THEN
    RAISE EXCEPTION 'a new epoch begins only when somebody signs for it' USING ERRCODE = 'RG005';
  END IF;
  went_back := COALESCE((SELECT max(last_xid) FROM compliance_block), 0)
               >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint + shift;
  FOR t IN SELECT * FROM compliance_trails() LOOP
    EXECUTE format('SELECT COALESCE(max(xid), 0) FROM %s', t.source) INTO found;
    highest := GREATEST(highest, found, t.last_xid);
  END LOOP;
  IF NOT went_back AND highest <= own + shift THEN
    RETURN shift;
  END IF;
  shift := highest + 1 - pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
  FOR t IN SELECT * FROM compliance_trails() LOOP
    EXECUTE format('SELECT count(*) FROM %s WHERE (xid, id) <= ($1, $2)', t.source)
      INTO found USING t.last_xid, t.last_id;
    strays := GREATEST(found - t.sealed, 0);
    EXECUTE format('UPDATE %1$s SET xid = $1 WHERE id IN'
                   ' (SELECT id FROM %1$s WHERE (xid, id) <= ($2, $3) ORDER BY id DESC LIMIT $4)', t.source)
      USING own + shift, t.last_xid, t.last_id, strays;
  END LOOP;
  EXECUTE format('CREATE OR REPLACE FUNCTION public.compliance_epoch_shift() RETURNS bigint LANGUAGE sql STABLE AS'
                 ' $f$ SELECT %s::bigint $f$', shift);
  RETURN shift;
END $$;

-- Each trail: where its rows lie, how many are sealed, and the last of them.
CREATE FUNCTION compliance_trails() RETURNS TABLE (source regclass, sealed bigint, last_xid bigint, last_id bigint)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT x.source::regclass, COALESCE(sum(b.rows), 0)::bigint, COALESCE(max(b.last_xid), 0),
         COALESCE((array_agg(b.last_id ORDER BY b.number DESC))[1], 0)
    FROM (VALUES ('audit', 'compliance_auditentry'), ('decision', 'compliance_decision'),
                 ('consent', 'compliance_consent'), ('register', 'compliance_registercheck')) AS x (trail, source)
    LEFT JOIN compliance_block b ON b.trail = x.trail
   GROUP BY x.source
$$;
