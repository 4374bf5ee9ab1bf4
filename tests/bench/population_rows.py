"""What a made-up casino consists of: drawn raw, and told as the fold tells it.

Raw are the people, what they played and what they paid. Everything else is added up from that inside the
database; tests/folding/test_population.py compares it with what a rebuild makes of the same facts. A session
has one round with its whole stake and win, at its end (or `rounds` of them spread over it); sessions of a
player do not overlap. So that one round tells how a session went, a run of these brands is one round, bad when it
returned less than half. Statements of a chunk, with its temporary tables.
"""

from collections.abc import Iterator
from typing import Any

from config.lib.clock import NEVER_SQL
from players import stages
from players.folding import habits
from players.folding.money import _COLUMNS, _SELECTED

# e is exponential; e^1.5 / 1.329 has mean 1 and the tail gamblers have. `+ random()` rounds without bias.
# sour: how often sessions end badly; owls play at night; sits: seconds of a session, on average.
_DRAWN = """
    CREATE TEMP TABLE drawn ON COMMIT DROP AS
    SELECT id, brand, currency, zone, country, registered_at, likes, bank, gone, verified, sour, owl, sits, offers, keen, yes,
           ({names})[1 + floor(power(r1, 2) * 40)::int] AS first_name,
           ({surnames})[1 + floor(power(r2, 2) * 45)::int] AS last_name,
           least(floor({sessions} * power(e, 1.5) / 1.329 + random())::int, 3000) AS sessions,
           CASE WHEN pays THEN least(floor({payments} / 0.8 * power(e, 1.5) / 1.329 + random())::int, 1500)
                ELSE 0 END AS payments,
           registered_at + (timestamptz '{now}' - registered_at) * CASE WHEN gone THEN power(random(), 2) ELSE
               1 - 0.03 * random() END AS last_at
    FROM (SELECT n AS id, h.*, -ln(1 - random()) AS e, random() AS r1, random() AS r2,
                 timestamptz '{now}' - interval '1 hour' - random() * interval '{months} months' AS registered_at,
                 1 + floor(power(random(), 2) * 8)::int AS likes, (200 + 20000 * power(random(), 4))::bigint AS bank,
                 random() < 0.55 AS gone, random() < 0.7 AS verified, random() < 0.8 AS pays,
                 power(random(), 6) AS sour, random() < 0.06 AS owl, 600 + 4800 * power(random(), 1.5) AS sits, floor(random() * 8)::int AS offers,
                 random() AS keen, random() < 0.6 AS yes
          FROM generate_series({start}, {end} - 1) AS n
          CROSS JOIN LATERAL (SELECT brand, currency, zone, country
              FROM (VALUES {houses}) AS h(upto, brand, currency, zone, country)
              WHERE (n * 7919::bigint) % 100 * {scale} / 100 < upto ORDER BY upto LIMIT 1) AS h) AS rolled
"""
_PLAYED = """
    CREATE TEMP TABLE played ON COMMIT DROP AS
    SELECT s.*, ended_at, win - stake AS net_real, (started_at AT TIME ZONE zone)::date AS day,
           CASE WHEN category = 4 THEN 1 WHEN 2 * win < stake THEN 2 ELSE 3 END AS ending,
           CASE WHEN EXISTS (SELECT FROM paid WHERE paid.id = s.id AND what = 'deposit' AND paid.at <= ended_at
                             AND paid.at >= ended_at - interval '24 hours') THEN stake ELSE 0 END AS stake_near,
           row_number() OVER (PARTITION BY id, category ORDER BY started_at DESC) AS place_in
    FROM (SELECT id, n, zone, category, started_at, stake, win, row_number() OVER newest AS place,
                 least(seconds, greatest(
                     floor(extract(epoch FROM lag(started_at) OVER newest - started_at))::int - 1, 0)) AS seconds
          FROM (SELECT d.id, n, d.zone,
                       CASE WHEN random() < 0.75 THEN d.likes ELSE 1 + floor(random() * 8)::int END AS category,
                       CASE WHEN d.owl AND random() < 0.8
                            THEN (date_trunc('day', at AT TIME ZONE d.zone) - interval '1 day') AT TIME ZONE d.zone
                                 + random() * interval '6 hours'
                            ELSE at END AS started_at,
                       60 + least(floor(-ln(1 - random()) * d.sits)::int, 6900) AS seconds, stake,
                       (stake * CASE WHEN random() < d.sour THEN 0.4 * random() ELSE 0.75 + 0.45 * random() END)::bigint
                       AS win
                FROM drawn d CROSS JOIN LATERAL (
                    SELECT n, 100 + (d.bank * random())::bigint AS stake,
                           d.last_at - (d.last_at - d.registered_at) * power(random(), 1.3) - interval '2 hours' AS at
                    FROM generate_series(1, d.sessions) AS n) AS s) AS s
          WINDOW newest AS (PARTITION BY id ORDER BY started_at DESC)) AS s
    CROSS JOIN LATERAL (SELECT started_at + make_interval(secs => seconds) AS ended_at) AS e
"""
_PAID = """
    CREATE TEMP TABLE paid ON COMMIT DROP AS
    SELECT p.*, row_number() OVER newest AS place, lag(at) OVER (PARTITION BY id, what ORDER BY at) AS before
    FROM (SELECT id, 'p' || n AS payment_id, direction, status, amount, at, currency, (at AT TIME ZONE zone)::date AS day,
                 CASE WHEN status = 'approved' THEN direction WHEN direction = 'deposit' THEN 'declined' END AS what
          FROM (SELECT d.id, n, d.currency, d.zone,
                       d.last_at - (d.last_at - d.registered_at) * power(random(), 1.2) AS at,
                       CASE WHEN random() < 0.85 THEN 'deposit' ELSE 'withdrawal' END AS direction,
                       CASE WHEN random() < 0.9 THEN 'approved' ELSE 'rejected' END AS status,
                       1000 + (d.bank * random())::bigint AS amount
                FROM drawn d CROSS JOIN LATERAL generate_series(1, d.payments) AS n) AS p) AS p
    WINDOW newest AS (PARTITION BY id, what ORDER BY at DESC)
"""
_OFFERED = """
    CREATE TEMP TABLE offered ON COMMIT DROP AS
    SELECT id, n, at, CASE WHEN random() < keen THEN at + interval '2 hours' END AS taken_at
    FROM (SELECT id, n, keen, registered_at + (last_at - registered_at) * random() AS at
          FROM drawn, generate_series(1, offers) AS n) AS o
"""
# Sessions on the day they began, rounds on the day they were settled.
_ROUND = "(SELECT started_at + (ended_at - started_at) * k / {many} AS at FROM generate_series(1, {many}) AS k) AS r"
_BY_DAY = """
    CREATE TEMP TABLE by_day ON COMMIT DROP AS
    SELECT id, day, category, sum(rounds) AS rounds, sum(sessions) AS sessions, sum(seconds) AS seconds,
           sum(stake) AS stake, sum(win) AS win, max(at) AS last_play, min(at) FILTER (WHERE rounds > 0) AS first_real,
           max(at) FILTER (WHERE rounds > 0) AS last_real
    FROM (SELECT id, day, category, 0 AS rounds, 1 AS sessions, seconds, 0 AS stake, 0 AS win, ended_at AS at
          FROM played
          UNION ALL
          SELECT id, (at AT TIME ZONE zone)::date, category, 1, 0, 0, stake / {many}, win / {many}, at
          FROM played CROSS JOIN LATERAL {round}) AS each
    GROUP BY id, day, category
"""
_BY_CATEGORY = """
    CREATE TEMP TABLE by_category ON COMMIT DROP AS
    SELECT d.*, coalesce(ten.five, 0) AS five, coalesce(ten.seconds, 0) AS ten, coalesce(ten.since, {never}) AS since
    FROM (SELECT id, category, max(last_play) AS last_play, sum(stake) AS stake, sum(win) AS win,
                 coalesce(sum(stake) FILTER (WHERE day > date '{today}' - 90), 0) AS stake_90d,
                 sum(rounds) AS rounds, sum(sessions) AS sessions, sum(seconds) AS seconds
          FROM by_day GROUP BY id, category) AS d
    LEFT JOIN (SELECT id, category, sum(seconds) FILTER (WHERE place_in <= 5) AS five, sum(seconds) AS seconds,
                      min(started_at) AS since
               FROM played WHERE place_in <= 10 GROUP BY id, category) AS ten USING (id, category)
"""
# Days with real money in play or paid in, and what lay between them.
_ACTIVE = """
    CREATE TEMP TABLE active ON COMMIT DROP AS
    SELECT id, count(*) FILTER (WHERE day > date '{today}' - 30) AS days30, max(last_real) AS last_real,
           max(first_real) FILTER (WHERE before IS NULL OR first_real - before >= interval '14 days') AS streak_from,
           max(first_real) FILTER (WHERE before IS NULL OR first_real - before >= interval '30 days') AS spell_from
    FROM (SELECT d.*, lag(last_real) OVER (PARTITION BY id ORDER BY first_real) AS before
          FROM (SELECT id, day, min(first_real) AS first_real, max(last_real) AS last_real
                FROM (SELECT id, day, first_real, last_real FROM by_day WHERE first_real IS NOT NULL
                      UNION ALL SELECT id, day, at, at FROM paid WHERE what = 'deposit') AS those
                GROUP BY id, day) AS d) AS gap
    GROUP BY id
"""
_STATE = """
    CREATE TEMP TABLE state ON COMMIT DROP AS
    SELECT d.id AS player_id, d.brand AS brand_id, 0 AS stage, timestamptz '{now}' AS stage_since,
           NULL::timestamptz AS next_stage_at, d.registered_at, d.bank AS balance_real, d.last_at AS balance_at,
           coalesce(p.last_play, {never}) AS last_play_at, coalesce(p.last_play, {never}) AS last_login_at,
           coalesce(p.stake, 0) AS stake_real, coalesce(p.win, 0) AS win_real, coalesce(p.rounds, 0) AS rounds,
           coalesce(p.sessions, 0) AS sessions, coalesce(p.seconds, 0) AS session_seconds,
           coalesce(p.stake30, 0) AS stake_30d, coalesce(p.sessions30, 0) AS sessions_30d,
           coalesce(five.seconds, 0) AS last5_seconds, coalesce(five.n, 0) AS last5_sessions,
           coalesce(top.category, 0) AS top_category, coalesce(top.stake_90d, 0) AS top_stake_90d,
           coalesce(p.stake90, 0) AS stake_90d, coalesce(o.offered, 0) AS bonuses_offered,
           coalesce(o.taken, 0) AS bonuses_taken,
           coalesce(r.days30, 0) AS active_days_30d, coalesce(r.last_real, {never}) AS last_real_at,
           coalesce(r.streak_from, {never}) AS streak_from, coalesce(r.spell_from, {never}) AS spell_from,
           coalesce(m.first_at, {never}) AS first_deposit_at, coalesce(m.second, {never}) AS second_deposit_at,
           coalesce(m.newest, {never}) AS last_deposit_at, coalesce(m.deposits, 0) AS deposits,
           coalesce(m.sum, 0) AS deposit_sum, coalesce(m.n30, 0) AS deposits_30d,
           coalesce(m.sum30, 0) AS deposit_sum_30d, coalesce(m.declined, 0) AS declined_deposits,
           coalesce(m.out, 0) AS withdrawals, coalesce(m.out_sum, 0) AS withdrawal_sum
    FROM drawn d
    LEFT JOIN (SELECT id, max(last_play) AS last_play, sum(stake) AS stake, sum(win) AS win, sum(rounds) AS rounds,
                      sum(sessions) AS sessions, sum(seconds) AS seconds,
                      sum(stake) FILTER (WHERE day > date '{today}' - 30) AS stake30,
                      sum(stake) FILTER (WHERE day > date '{today}' - 90) AS stake90,
                      sum(sessions) FILTER (WHERE day > date '{today}' - 30) AS sessions30
               FROM by_day GROUP BY id) AS p USING (id)
    LEFT JOIN (SELECT id, sum(seconds) AS seconds, count(*) AS n FROM played WHERE place <= 5 GROUP BY id) AS five
        USING (id)
    LEFT JOIN (SELECT DISTINCT ON (id) id, category, stake_90d FROM by_category WHERE stake_90d > 0
               ORDER BY id, stake_90d DESC, category) AS top USING (id)
    LEFT JOIN active r USING (id)
    LEFT JOIN (SELECT id, count(*) AS offered, count(taken_at) AS taken FROM offered GROUP BY id) AS o USING (id)
    LEFT JOIN (SELECT id, min(at) FILTER (WHERE what = 'deposit') AS first_at,
                      (array_agg(at ORDER BY at) FILTER (WHERE what = 'deposit'))[2] AS second,
                      max(at) FILTER (WHERE what = 'deposit') AS newest,
                      count(*) FILTER (WHERE what = 'deposit') AS deposits,
                      sum(amount) FILTER (WHERE what = 'deposit') AS sum,
                      count(*) FILTER (WHERE what = 'deposit' AND recent) AS n30,
                      sum(amount) FILTER (WHERE what = 'deposit' AND recent) AS sum30,
                      count(*) FILTER (WHERE what = 'declined') AS declined,
                      count(*) FILTER (WHERE what = 'withdrawal') AS out,
                      sum(amount) FILTER (WHERE what = 'withdrawal') AS out_sum
               FROM (SELECT *, day > date '{today}' - 30 AS recent FROM paid) AS q GROUP BY id) AS m USING (id)
"""
_SEPARATE = ("stage", "stage_since", "next_stage_at")
_TEMPORARY = (_DRAWN, _PAID, _PLAYED, _OFFERED, _BY_DAY, _BY_CATEGORY, _ACTIVE, _STATE)
_LOOKED_UP = {_PAID: "CREATE INDEX ON paid (id, at)", _PLAYED: "CREATE INDEX ON played (id, started_at)"}


def statements(values: dict[str, Any]) -> Iterator[str]:
    """The temporary tables everything else is read from: who they are, what they played, what they paid."""
    many = max(values["rounds"], 1)
    more = values | {"many": many, "never": NEVER_SQL, "round": _ROUND.format(many=many)}
    for text in _TEMPORARY:
        yield text.format(**more)
        yield f"ANALYZE {text.split()[3]}"
        yield _LOOKED_UP.get(text, "SELECT")
    staged = stages.told("state").replace("%(now)s", f"timestamptz '{values['now']}'")
    yield f"CREATE TEMP TABLE staged ON COMMIT DROP AS {staged}"


Rows = tuple[str, dict[str, str], str]  # table, column -> expression, source


def rows(values: dict[str, Any], state_columns: list[str]) -> Iterator[Rows]:
    """In the order of their keys."""
    yield from _people()
    if values["history"]:
        yield from _raw(values)
        yield from _days()
    if values["facts"]:
        yield from _facts()
    yield from _categories()
    state = {name: name for name in state_columns if name not in _SEPARATE}
    state |= {"stage": "staged.stage", "stage_since": "since", "next_stage_at": "until", "player_id": "state.player_id"}
    state |= {name: f"state.{name}" for name in ("brand_id", "last_deposit_at", "last_real_at")}
    state["next_check_at"] = f"timestamptz '{values['now']}' + random() * interval '90 days'"
    yield "players_playerstate", state, "state JOIN staged USING (player_id)"
    yield from _beside(values)
    yield "players_stagechange", {
        "player_id": "id", "before": "0", "after": "1", "at": "registered_at + interval '10 minutes'",
        "recorded_at": "registered_at + interval '10 minutes'", "cause": "'deposit 50.00 ' || currency",
    }, "drawn WHERE payments > 0"  # fmt: skip


_DIGEST = "lower(first_name || '.' || last_name || id || '@example.test')"
_PHONE = "'+4477' || lpad((id % 100000000)::text, 8, '0')"


def _people() -> Iterator[Rows]:
    yield "players_person", {"id": "id", "created_at": "registered_at"}, "drawn"
    yield "players_player", {
        "id": "id", "brand_id": "brand", "person_id": "id", "external_id": "'u' || id", "first_name": "first_name",
        "last_name": "last_name", "birth_date": "date '1955-01-01' + (random() * 18000)::int",
        "country": "CASE WHEN random() < 0.95 THEN country ELSE 'IE' END", "language": "'en'", "currency": "currency",
        "registered_at": "registered_at", "status": "'active'", "created_at": "registered_at",
        "kyc": "CASE WHEN verified THEN 'verified' ELSE 'none' END", "vip_tier": "(bank > 15000)::int",
        "acquisition_channel": "'direct'", "is_test": "id % 100 = 0",
    }, "drawn"  # fmt: skip
    mail = {"player_id": "id", "channel": "'email'", "address": _DIGEST, "normal": _DIGEST}
    yield "players_contact", mail, "drawn"
    yield "players_contact", mail | {"channel": "'sms'", "address": _PHONE, "normal": _PHONE}, "drawn WHERE id % 5 < 3"
    yield "compliance_consent", {
        "player_id": "id", "product": "'casino'", "channel": "'email'", "granted": "yes",
        "wording": "'v3'", "screen": "'registration'",
        "occurred_at": "registered_at", "recorded_at": "registered_at", "key": "'bench:' || id",
    }, "drawn"  # fmt: skip


def _raw(values: dict[str, Any]) -> Iterator[Rows]:
    many = max(values["rounds"], 1)
    yield "players_session", {
        "player_id": "id", "session_id": "'s' || n", "category": "category", "started_at": "started_at",
        "ended_at": "ended_at", "seconds": "seconds", "device": "'mobile'", "rounds": str(many), "net_real": "net_real",
        "ending": "ending", "median_stake": "stake", "stake_near": "stake_near", "bad_runs": "(ending = 2)::int",
        "other_runs": "(ending = 3)::int",
    }, "played"  # fmt: skip
    if values["rounds"]:
        yield "players_round", {
            "player_id": "id", "round_id": "'r' || n || '.' || at", "category": "category",
            "occurred_at": "at", "recorded_at": "ended_at",
            "stake_real": f"stake / {many}", "win_real": f"win / {many}", "bets": "1",
        }, f"played CROSS JOIN LATERAL {_ROUND.format(many=many)}"  # fmt: skip
    yield "players_payment", {
        "player_id": "id", "payment_id": "payment_id", "direction": "direction", "status": "status",
        "amount": "amount", "method": "'card'", "occurred_at": "at", "recorded_at": "at",
    }, "paid"  # fmt: skip
    yield "players_playerbonus", {
        "player_id": "id", "ref": "'b' || n", "status": "CASE WHEN taken_at IS NULL THEN 'offered' ELSE 'claimed' END",
        "status_at": "coalesce(taken_at, at)", "taken_at": "taken_at", "type": "'reload'", "product": "'casino'",
    }, "offered"  # fmt: skip


def _facts() -> Iterator[Rows]:
    yield "players_fact", {
        "kind": "direction || '.' || status", "player_id": "id", "occurred_at": "at", "recorded_at": "at",
        "key": "direction || '.' || status || ':' || id || ':' || payment_id",
        "data": "jsonb_build_object('payment_id', payment_id, 'amount', amount, 'currency', currency)",
    }, "paid"  # fmt: skip
    yield "players_fact", {
        "kind": "'player.registered'", "player_id": "id", "occurred_at": "registered_at",
        "recorded_at": "registered_at", "key": "'player.registered:' || id",
    }, "drawn"  # fmt: skip


def _days() -> Iterator[Rows]:
    yield "players_dailyactivity", {
        "player_id": "id", "day": "day", "category": "category", "rounds": "rounds", "sessions": "sessions",
        "seconds": "seconds", "stake_real": "stake", "win_real": "win", "first_real_at": "first_real",
        "last_real_at": "last_real", "last_play_at": "last_play",
    }, "by_day"  # fmt: skip
    count, amount = "count(*) FILTER (WHERE what = '{}')", "coalesce(sum(amount) FILTER (WHERE what = '{}'), 0)"
    yield "players_dailyactivity", {
        "player_id": "id", "day": "day", "category": "0", "deposits": count.format("deposit"),
        "deposit_sum": amount.format("deposit"), "declined_deposits": count.format("declined"),
        "withdrawals": count.format("withdrawal"), "withdrawal_sum": amount.format("withdrawal"),
        "first_real_at": "min(at) FILTER (WHERE what = 'deposit')",
        "last_real_at": "max(at) FILTER (WHERE what = 'deposit')",
    }, "paid WHERE what IS NOT NULL GROUP BY id, day"  # fmt: skip


def _categories() -> Iterator[Rows]:
    yield "players_playercategory", {
        "player_id": "id", "category": "category", "last_play_at": "last_play", "stake": "stake", "win": "win",
        "stake_90d": "stake_90d", "rounds": "rounds", "sessions": "sessions", "seconds": "seconds",
        "last5_seconds": "five", "last10_seconds": "ten", "last10_from": "since",
    }, "by_category"  # fmt: skip


def _beside(values: dict[str, Any]) -> Iterator[Rows]:
    """Habits and ways of paying, added up in the fold's own words."""
    counts = (*habits.WINDOWS, *habits.PARTS, *habits.WEEKDAYS)
    newest = {
        "last10_sessions": "count(*) FILTER (WHERE place <= 10)",
        "last10_seconds": "sum(seconds) FILTER (WHERE place <= 10)",
        "last10_from": "min(started_at) FILTER (WHERE place <= 10)",
        "staked_sessions": "count(*)", "bad_runs": "count(*) FILTER (WHERE ending = 2)",
        "bad_stops": "count(*) FILTER (WHERE ending = 2)", "other_runs": "count(*) FILTER (WHERE ending = 3)",
        "other_stops": "count(*) FILTER (WHERE ending = 3)", "stake_near": "sum(stake_near)",
        "median_stake": "percentile_disc(0.5) WITHIN GROUP (ORDER BY CASE WHEN place <= 10 THEN stake END)",
        "losing_sessions": "count(*) FILTER (WHERE net_real < 0)", "device": "'mobile'",
        **{f"session{k}_at": f"coalesce(max(started_at) FILTER (WHERE place = {k}), {NEVER_SQL})"
           for k in (3, 5, 8, 10)},
    }  # fmt: skip
    told = ", ".join([habits.counts("1"), *(f"{sql} AS {name}" for name, sql in newest.items())])
    yield (
        "players_playerhabits",
        {name: name for name in (*counts, *newest)} | {"player_id": "id"},
        (
            f"(SELECT id, {told} FROM (SELECT *, zone AS timezone, date '{values['today']}' AS window_day FROM played) AS p"
            " GROUP BY id) AS told"
        ),
    )
    mine = _SELECTED.replace("players_session x", "played x").replace("x.player_id", "x.id")
    yield (
        "players_playermoney",
        {name: name for name in (*_COLUMNS, "player_id")},
        (
            f"(SELECT player_id, {mine} FROM (SELECT *, id AS player_id, what = 'deposit' AND place <= 10 AS newest,"
            f" 'card' AS method, date '{values['today']}' AS window_day FROM paid WHERE what IS NOT NULL) AS d"
            " GROUP BY player_id) AS told"
        ),
    )
