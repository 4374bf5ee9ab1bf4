CREATE SEQUENCE players_round_id_seq CACHE 200;  -- ids say nothing of order
CREATE TABLE players_round (
    id bigint NOT NULL DEFAULT nextval('players_round_id_seq'),
    player_id bigint NOT NULL,
    game_id bigint,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    stake_real bigint NOT NULL,
    stake_bonus bigint NOT NULL,
    win_real bigint NOT NULL,
    win_bonus bigint NOT NULL,
    bets integer NOT NULL,
    category smallint NOT NULL,
    round_id varchar(100) NOT NULL,
    stake_locked bigint,
    win_locked bigint,
    jackpot_win bigint,
    is_free_spin boolean,
    PRIMARY KEY (id, occurred_at),
    CONSTRAINT round_once UNIQUE (player_id, round_id, occurred_at)
) PARTITION BY RANGE (occurred_at);
ALTER SEQUENCE players_round_id_seq OWNED BY players_round.id;
