-- A row as it is hashed, handed out and verified: one line of JSON, written by PostgreSQL alone. Every column is in it:
-- what is left out could be changed and nobody would know (tests/trail/test_every_column_is_sealed.py). Never change one
-- that rows were sealed with: add columns to what is written at the end of a new trail instead.
CREATE OR REPLACE FUNCTION compliance_line(r compliance_auditentry) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT json_build_array(r.xid, r.id, compliance_utc(r.at), r.actor_id, r.kind, r.subject, r.brand_id, r.reason,
                           r.payload)::text $$;

CREATE OR REPLACE FUNCTION compliance_line(r compliance_decision) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT json_build_array(r.xid, r.id, compliance_utc(r.decided_at), r.person_id, r.player_id, r.purpose, r.channel,
                           r.outcome, r.code, r.reasons, r.reference, r.ruleset, r.generation,
                           compliance_utc(r.retry_at), r.inputs)::text $$;

CREATE OR REPLACE FUNCTION compliance_line(r compliance_consent) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT json_build_array(r.xid, r.id, compliance_utc(r.recorded_at), r.player_id, r.product, r.channel, r.granted,
                           r.wording, r.screen, r.origin, compliance_utc(r.occurred_at), r.key)::text $$;

CREATE OR REPLACE FUNCTION compliance_line(r compliance_registercheck) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT json_build_array(r.xid, r.id, compliance_utc(r.asked_at), compliance_utc(r.received_at), r.person_id,
                           r.player_id, r.register, r.purpose, r.result, r.by, r.reference, r.detail, r.asked_with,
                           r.took_ms)::text $$;
