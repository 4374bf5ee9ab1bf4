-- What is still to fold, beside the inbox instead of a mark in it: the wide, thrice indexed row is then
-- written once. As small as the backlog; it turns over all day, so it is vacuumed early.
CREATE TABLE players_waiting (
    id bigint PRIMARY KEY,
    received_at timestamptz NOT NULL,
    feed_id bigint NOT NULL,
    player_id bigint NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_cost_delay = 0);
