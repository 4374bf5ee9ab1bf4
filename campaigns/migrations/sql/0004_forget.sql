-- What was written to an erased player goes; that it was written, when and under which decision stays. The application
-- may change no message that was sent, so this is done for it, and only for players whose erasure is recorded.
CREATE FUNCTION campaigns_forget(players bigint[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE touched bigint;
BEGIN
  UPDATE campaigns_attempt SET address = '', subject = '', html = '', text = '', button = '', url = ''
   WHERE player_id IN (SELECT player_id FROM compliance_erasure WHERE player_id = ANY (players))
     AND (address, subject, html, text, button, url) IS DISTINCT FROM ('', '', '', '', '', '');
  GET DIAGNOSTICS touched = ROW_COUNT;
  RETURN touched;
END $$;
