-- Every instant in the one way it is hashed. (How a row is written: lines.sql, once all columns are there.)
CREATE FUNCTION compliance_utc(at timestamptz) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') $$;

-- Which transaction wrote a row is not for its writer to say: a row put into the sealed past would be found, but a day
-- later and by a person.
CREATE FUNCTION compliance_stamp() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN NEW.xid := pg_current_xact_id()::text::bigint; RETURN NEW; END $$;
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
  horizon := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
  SELECT * INTO newest FROM compliance_block ORDER BY number DESC LIMIT 1;
  SELECT last_xid, last_id INTO b.after_xid, b.after_id FROM compliance_block k WHERE k.trail = compliance_seal.trail
   ORDER BY number DESC LIMIT 1;
  b.after_xid := COALESCE(b.after_xid, 0);
  b.after_id := COALESCE(b.after_id, 0);
  IF horizon < b.after_xid THEN
    RAISE EXCEPTION 'transaction ids went back (a restored copy?): nothing can be sealed behind block %', newest.number
      USING ERRCODE = 'RG010';
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
