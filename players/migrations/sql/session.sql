CREATE SEQUENCE players_session_id_seq CACHE 200;  -- ids say nothing of order
CREATE TABLE players_session (
    id bigint NOT NULL DEFAULT nextval('players_session_id_seq'),
    player_id bigint NOT NULL,
    game_id bigint,
    started_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL,
    net_real bigint NOT NULL DEFAULT 0,
    seconds integer NOT NULL,
    rounds integer NOT NULL DEFAULT 0,
    category smallint NOT NULL,
    ending smallint NOT NULL DEFAULT 0,
    session_id varchar(100) NOT NULL,
    device varchar(12) NOT NULL,
    PRIMARY KEY (id, started_at),
    CONSTRAINT session_once UNIQUE (player_id, session_id, started_at)
) PARTITION BY RANGE (started_at);
ALTER SEQUENCE players_session_id_seq OWNED BY players_session.id;
-- "Last 5 sessions" is answered from this index alone.
CREATE INDEX session_newest ON players_session (player_id, started_at DESC) INCLUDE (seconds, category);
