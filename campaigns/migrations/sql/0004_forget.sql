-- What was written to an erased player goes; that it was written, when and under which decision stays. The application
-- may change no message that was sent, so this is done for it, and only for players whose erasure is recorded.
CREATE FUNCTION campaigns_forget(players bigint[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  gone CONSTANT bigint[] := ARRAY(SELECT player_id FROM compliance_erasure WHERE player_id = ANY (players));
  touched bigint;
BEGIN
  UPDATE campaigns_trace t SET detail = campaigns_unnamed(t.detail, k.known)
    FROM campaigns_known(gone) AS k WHERE t.player_id = k.player_id AND t.detail LIKE '%: %'
      AND t.detail <> campaigns_unnamed(t.detail, k.known);
  UPDATE campaigns_delivery d SET detail = campaigns_unnamed(d.detail, k.known)
    FROM campaigns_known(gone) AS k WHERE d.player_id = k.player_id AND d.code IN ('provider', 'retry', 'unknown')
      AND d.detail <> campaigns_unnamed(d.detail, k.known);
  UPDATE campaigns_attempt a SET error = campaigns_unnamed(a.error, k.known)
    FROM campaigns_known(gone) AS k WHERE a.player_id = k.player_id AND a.error <> campaigns_unnamed(a.error, k.known);
  UPDATE campaigns_attempt SET address = '', subject = '', html = '', text = '', button = '', url = ''
   WHERE player_id = ANY (gone) AND (address, subject, html, text, button, url) IS DISTINCT FROM ('', '', '', '', '', '');
  GET DIAGNOSTICS touched = ROW_COUNT;
  RETURN touched;
END $$;

-- The addresses somebody was written to, and where they are found in what a mail server said of them: whole, by the name in
-- front alone, by the digits of a number. What is said today is kept without them (config.lib.redaction).
CREATE FUNCTION campaigns_known(players bigint[]) RETURNS TABLE (player_id bigint, known text[])
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT p.id, ARRAY(SELECT DISTINCT a.address FROM campaigns_attempt a WHERE a.player_id = p.id AND a.address > '')
    FROM unnest(players) AS p (id)
$$;
CREATE FUNCTION campaigns_unnamed(said text, known text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = public, pg_temp AS $$
DECLARE
  one text;
BEGIN
  said := regexp_replace(said, '("[^"@]{0,128}"|[^][:space:]<>()[{}"'',;:@]+)@[^][:space:]<>()[{}"'',;:@]+', '[address]', 'g');
  said := regexp_replace(said, '(\+|\m00)[1-9]([ ().\-/]{0,2}[0-9]){6,14}', '[number]', 'g');
  FOREACH one IN ARRAY known LOOP
    one := split_part(one, '@', 1);
    IF length(one) >= 3 THEN
      said := regexp_replace(said, '\m' || regexp_replace(ltrim(one, '+'), '([^[:alnum:]])', '\\\1', 'g') || '\M', '[address]', 'gi');
    END IF;
  END LOOP;
  RETURN said;
END $$;
