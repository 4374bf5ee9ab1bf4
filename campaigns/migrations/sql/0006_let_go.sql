-- Messages whose words nothing keeps any longer: older than `until`, and than a year whatever is asked for; of nobody who is
-- held or whose case is open.
CREATE FUNCTION campaigns_words_due(licence bigint, until timestamptz)
RETURNS TABLE (attempt_id bigint, brand_id bigint, created_at timestamptz)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT a.id, p.brand_id, a.created_at
    FROM campaigns_attempt a JOIN players_player p ON p.id = a.player_id JOIN players_brand b ON b.id = p.brand_id
   WHERE b.licence_id = licence AND a.text > '' AND a.status <> 'sending'
     AND a.created_at <= LEAST(until, now() - interval '365 days')
     AND NOT EXISTS (SELECT 1 FROM compliance_legalhold h WHERE h.player_id = a.player_id AND h.lifted_at IS NULL)
     AND NOT EXISTS (SELECT 1 FROM compliance_case c WHERE c.person_id = p.person_id AND c.closed_at IS NULL)
$$;

-- The application may change no message that was sent, so this is done for it, and only when they are due.
CREATE FUNCTION campaigns_let_go(licence bigint, until timestamptz, most int)
RETURNS TABLE (brand_id bigint, messages bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    WITH due AS MATERIALIZED (
      SELECT d.attempt_id, d.brand_id FROM campaigns_words_due(licence, until) AS d ORDER BY d.created_at LIMIT most
    ), gone AS (
      UPDATE campaigns_attempt a SET address = '', subject = '', html = '', text = '', button = '', url = ''
        FROM due WHERE a.id = due.attempt_id RETURNING due.brand_id
    )
    SELECT g.brand_id, count(*) FROM gone g GROUP BY 1;
END $$;
