CREATE SEQUENCE players_dailyactivity_id_seq CACHE 200;  -- ids say nothing of order
CREATE TABLE players_dailyactivity (
    id bigint NOT NULL DEFAULT nextval('players_dailyactivity_id_seq'),
    player_id bigint NOT NULL,
    stake_real bigint NOT NULL DEFAULT 0,
    stake_bonus bigint NOT NULL DEFAULT 0,
    win_real bigint NOT NULL DEFAULT 0,
    win_bonus bigint NOT NULL DEFAULT 0,
    deposit_sum bigint NOT NULL DEFAULT 0,
    withdrawal_sum bigint NOT NULL DEFAULT 0,
    day date NOT NULL,
    rounds integer NOT NULL DEFAULT 0,
    sessions integer NOT NULL DEFAULT 0,
    seconds integer NOT NULL DEFAULT 0,
    deposits integer NOT NULL DEFAULT 0,
    declined_deposits integer NOT NULL DEFAULT 0,
    withdrawals integer NOT NULL DEFAULT 0,
    category smallint NOT NULL,
    first_real_at timestamptz,
    last_real_at timestamptz,
    last_play_at timestamptz,
    PRIMARY KEY (player_id, day, category)
) PARTITION BY RANGE (day);
ALTER SEQUENCE players_dailyactivity_id_seq OWNED BY players_dailyactivity.id;
