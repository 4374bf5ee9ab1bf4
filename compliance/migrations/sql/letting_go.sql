-- Cases whose notes nothing keeps any longer: closed, all accounts of the person closed, both since before `until` and for
-- five years whatever is asked for; nothing of theirs held, and no case open.
CREATE FUNCTION compliance_notes_due(licence bigint, until timestamptz) RETURNS TABLE (case_id bigint, brand_id bigint)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT c.id, p.brand_id
    FROM compliance_case c JOIN players_player p ON p.id = c.player_id JOIN players_brand b ON b.id = p.brand_id
   WHERE b.licence_id = licence AND c.forgotten_at IS NULL
     AND c.closed_at <= LEAST(until, now() - interval '1825 days')
     AND NOT EXISTS (SELECT 1 FROM compliance_case o WHERE o.person_id = c.person_id AND o.closed_at IS NULL)
     AND NOT EXISTS (
       SELECT 1 FROM players_player a WHERE a.person_id = c.person_id AND (
         a.status <> 'closed'
         OR EXISTS (SELECT 1 FROM compliance_legalhold h WHERE h.player_id = a.id AND h.lifted_at IS NULL)
         OR COALESCE((SELECT max(f.occurred_at) FROM players_fact f WHERE f.player_id = a.id AND f.kind = 'player.closed'),
                     'infinity') > LEAST(until, now() - interval '1825 days')))
$$;

-- The log of a case is append-only for the application, so the words in it are taken out for it, and only when they are due.
CREATE FUNCTION compliance_let_notes_go(licence bigint, until timestamptz, most int)
RETURNS TABLE (brand_id bigint, notes bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE due bigint[];
BEGIN
  SELECT COALESCE(array_agg(d.case_id), '{}') INTO due
    FROM (SELECT case_id FROM compliance_notes_due(licence, until) ORDER BY case_id LIMIT most) AS d;
  UPDATE compliance_interaction SET seen = '', done = '', answered = '', outcome = '' WHERE case_id = ANY (due);
  UPDATE compliance_followup SET finding = '' WHERE case_id = ANY (due);
  UPDATE compliance_levelreview SET reason = '' WHERE case_id = ANY (due);
  UPDATE compliance_case SET why = '', forgotten_at = clock_timestamp() WHERE id = ANY (due);
  RETURN QUERY SELECT p.brand_id, count(*) FROM compliance_case c JOIN players_player p ON p.id = c.player_id
    WHERE c.id = ANY (due) GROUP BY 1;
END $$;
