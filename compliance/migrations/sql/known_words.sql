-- What a word means is read off lists in SQL: one that is on none would mean less than any.
ALTER TABLE compliance_measure ADD CONSTRAINT measure_in_known_words CHECK (
  status IN ('active', 'awaiting_return', 'ended')
  AND scope IN ('product', 'brand', 'licensee', 'group', 'national')
  AND origin IN ('player', 'onboarding', 'operator', 'register')
  AND ended_by IN ('', 'player', 'term', 'operator', 'authority', 'superseded')
  AND kind IN ('self_exclusion', 'national_exclusion', 'third_party', 'product_exclusion', 'time_out', 'deposit_limit',
               'net_deposit_limit', 'cross_operator_limit', 'loss_limit', 'stake_limit', 'wager_limit', 'session_limit',
               'marketing_block', 'bonus_block', 'deposit_block', 'vulnerability', 'check_due', 'check_adverse', 'unknown'));

-- An instant no calendar of ours has is none: infinity is read as never, a year before Christ as the same one after.
ALTER TABLE compliance_auditentry ADD CONSTRAINT audit_in_time CHECK (at >= '0001-01-01 00:00:00+00' AND at < '10000-01-01 00:00:00+00');
ALTER TABLE compliance_decision ADD CONSTRAINT decision_in_time CHECK (
  decided_at >= '0001-01-01 00:00:00+00' AND decided_at < '10000-01-01 00:00:00+00'
  AND (retry_at IS NULL OR retry_at >= '0001-01-01 00:00:00+00' AND retry_at < '10000-01-01 00:00:00+00'));
ALTER TABLE compliance_consent ADD CONSTRAINT consent_in_time CHECK (
  occurred_at >= '0001-01-01 00:00:00+00' AND occurred_at < '10000-01-01 00:00:00+00'
  AND recorded_at >= '0001-01-01 00:00:00+00' AND recorded_at < '10000-01-01 00:00:00+00');
ALTER TABLE compliance_registercheck ADD CONSTRAINT register_check_in_time CHECK (
  asked_at >= '0001-01-01 00:00:00+00' AND asked_at < '10000-01-01 00:00:00+00'
  AND received_at >= '0001-01-01 00:00:00+00' AND received_at < '10000-01-01 00:00:00+00');

-- The list of whom nobody may write to knows addresses in their folded form: of one in plain letters the database knows it
-- too (elsewhere: players.registration.normal_email).
ALTER TABLE players_contact ADD CONSTRAINT contact_is_folded CHECK (
  address ~ '[^[:ascii:]]' OR normal = left(lower(btrim(address) COLLATE "C"), 254));
