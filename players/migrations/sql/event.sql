-- The inbox: one partition per day of receipt, dropped whole after the retention.
-- A plain sequence instead of identity: partitioned tables know identity only from PostgreSQL 17 on.
CREATE SEQUENCE players_event_id_seq;
CREATE TABLE players_event (
    id bigint NOT NULL DEFAULT nextval('players_event_id_seq'),
    feed_id bigint NOT NULL,
    event_id varchar(100) NOT NULL,
    kind varchar(40) NOT NULL,
    player_id bigint NOT NULL,
    occurred_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    digest bytea NOT NULL,
    body jsonb NOT NULL,
    is_replay boolean NOT NULL,
    PRIMARY KEY (id, received_at)
) PARTITION BY RANGE (received_at);
ALTER SEQUENCE players_event_id_seq OWNED BY players_event.id;
