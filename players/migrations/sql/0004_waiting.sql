-- What is still to fold, beside the inbox instead of a mark in it: the wide, thrice indexed row is then
-- written once. As small as the backlog; it turns over all day, so it is vacuumed early.
CREATE TABLE players_waiting (
    id bigint PRIMARY KEY,
    received_at timestamptz NOT NULL,
    feed_id bigint NOT NULL,
    player_id bigint NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_cost_delay = 0);
INSERT INTO players_waiting (id, received_at, feed_id, player_id)
SELECT id, received_at, feed_id, player_id FROM players_event WHERE status = 0;
DROP INDEX event_to_fold;
ALTER TABLE players_event DROP COLUMN status;

-- As before, but asks the queue whether something of that day is still to be folded.
CREATE OR REPLACE FUNCTION players_drop_inbox(keep_from date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    child regclass;
    day date;
    dropped integer := 0;
BEGIN
    FOR child, day IN
        SELECT inhrelid::regclass, to_date(right(relname, 8), 'YYYYMMDD')
        FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
        WHERE inhparent = 'players_event'::regclass
          AND to_date(right(relname, 8), 'YYYYMMDD') < least(keep_from, clock_timestamp()::date - 14)
    LOOP
        IF NOT EXISTS (
            SELECT FROM players_waiting
            WHERE received_at >= (day::text || ' 00:00+00')::timestamptz
              AND received_at < ((day + 1)::text || ' 00:00+00')::timestamptz
        ) THEN
            EXECUTE format('DROP TABLE %s', child);
            dropped := dropped + 1;
        END IF;
    END LOOP;
    RETURN dropped;
END $$;
