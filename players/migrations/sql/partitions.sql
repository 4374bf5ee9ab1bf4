-- Partitions are made on demand by the application, which owns nothing and may not create tables:
-- these two functions are all it gets. Building the table first and attaching it takes a lock that
-- lets inserts go on; PARTITION OF would stop them.
CREATE FUNCTION players_ensure_partition(parent text, at date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    daily constant boolean := parent = 'players_event';
    first date := CASE WHEN daily THEN at ELSE date_trunc('month', at)::date END;
    beyond date := CASE WHEN daily THEN at + 1 ELSE (date_trunc('month', at) + interval '1 month')::date END;
    child text := parent || to_char(first, CASE WHEN daily THEN '_YYYYMMDD' ELSE '_YYYYMM' END);
    column_type text := CASE parent WHEN 'players_dailyactivity' THEN '' ELSE ' 00:00+00' END;
BEGIN
    IF parent NOT IN ('players_event', 'players_session', 'players_round', 'players_dailyactivity') THEN
        RAISE EXCEPTION '% has no partitions', parent USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF at NOT BETWEEN date '2000-01-01' AND (clock_timestamp() + interval '800 days')::date THEN
        RAISE EXCEPTION 'no partition for a day like %', at USING ERRCODE = 'datetime_field_overflow';
    END IF;
    IF to_regclass(child) IS NOT NULL THEN
        RETURN false;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('players_ensure_partition'));
    IF to_regclass(child) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING STORAGE)', child, parent);
    IF daily THEN
        -- Per partition, because a global unique key would have to carry received_at and catch nothing.
        EXECUTE format('ALTER TABLE %I ADD UNIQUE (feed_id, event_id)', child);
    END IF;
    EXECUTE format(
        'ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
        parent, child, first::text || column_type, beyond::text || column_type
    );
    RETURN true;
END $$;

-- Drops the inbox days before `keep_from`. Refuses to touch the last 14 days, and a day on which
-- something is still unfolded stays: nothing accepted is lost.
CREATE FUNCTION players_drop_inbox(keep_from date) RETURNS integer
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
