-- The number of the running transaction, as rows of the trail carry it: one that never goes back. A copy restored into
-- another cluster begins its transactions anew, so what is added to them grows with a new epoch (compliance_new_epoch).
CREATE FUNCTION compliance_epoch_shift() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT 0::bigint $$;
CREATE FUNCTION compliance_xid() RETURNS bigint LANGUAGE sql STABLE
RETURN pg_catalog.pg_current_xact_id()::text::bigint + public.compliance_epoch_shift();
