"""A casino of any size, made inside the database: a million players with their sessions in minutes.

    people = populate(1_000_000, sessions=20, payments=7)

Averages; how much one plays is skewed as in life: one in a hundred plays twelve times the average, one in five
hardly at all. What somebody stakes, deposits and likes hangs together. Everything a page shows is there: people
and contacts, sessions, payments and their facts, days, categories, state, changes of stage, standing. Ids follow
each other from `people.first`. Columns added later get what "nothing yet" is for their type.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connections

from config.lib.clock import utcnow
from players import partitions
from players.models import Brand, Feed, Licence

CHUNK = 20_000
MONTHS = 13
# (slug, jurisdiction, currency, zone, country, share of the players in %)
HOUSES = (
    ("bench", "GB", "GBP", "Europe/London", "GB", 60),
    ("bench-se", "SE", "SEK", "Europe/Stockholm", "SE", 25),
    ("bench-mt", "MT", "EUR", "Europe/Malta", "FI", 15),
)
FIRST = (
    "Anna Oliver Maja Noah Emma Liam Ella Lucas Alice Hugo Olivia Elias Saga Oscar Freja William Wilma Adam Ebba Leo"
    " George Amelia Harry Isla Jack Ava Jacob Mia Charlie Ivy Thomas Lily Aino Eetu Helmi Väinö Åsa Örjan Zoë Niamh"
)
LAST = (
    "Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Wright Andersson Johansson Karlsson Nilsson Eriksson"
    " Larsson Olsson Persson Svensson Gustafsson Korhonen Virtanen Mäkinen Nieminen Borg Camilleri Vella Farrugia Zammit"
    " Galea Murphy Kelly Walsh Byrne Khan Ali Hussain Singh Begum Shah Öberg Åkesson Lindqvist Bergström Hall"
)


@dataclass(frozen=True, slots=True)
class Population:
    brands: list[Brand]
    first: int  # id of the first player; the others follow it
    players: int
    sessions: int
    payments: int
    rounds: int


def populate(
    players: int,
    *,
    sessions: float = 20,
    payments: float = 7,
    rounds: int = 0,
    brands: int = 3,
    now: datetime | None = None,
    seed: int = 1,
    workers: int = 2,
    durable: bool = True,
    say: Callable[[str], object] = lambda words: None,
) -> Population:
    """Averages per player; `rounds` is per session. Works as the owner, in short transactions, `workers` at a time.

    durable=False: the large tables are unlogged, for benches that only read them.
    """
    now = now or utcnow()
    houses = _houses(brands, now)
    partitions.ensure(now=now)
    partitions.ensure_for(now.date() - timedelta(days=30 * n) for n in range(MONTHS + 2))
    if not durable:
        _unlogged()
    first = _first_id()
    base = {"sessions": sessions, "payments": payments, "rounds": rounds, "now": now.isoformat(), "seed": seed}
    ranges = [(start, min(start + CHUNK, first + players)) for start in range(first, first + players, CHUNK)]

    def work(bounds: tuple[int, int]) -> int:
        return _chunk(bounds, base, houses, first, players)

    with ThreadPoolExecutor(workers) as pool:
        for done, end in enumerate(pool.map(work, ranges), 1):
            if done % 5 == 0 or end == first + players:
                say(f"{end - first:,} of {players:,} players")
        list(pool.map(lambda _: connections["owner"].close(), range(workers)))
    return Population(houses, first, players, *_finish())


def _houses(count: int, now: datetime) -> list[Brand]:
    made = []
    for slug, jurisdiction, currency, zone, *_ in HOUSES[:count]:
        licence, _ = Licence.objects.get_or_create(
            jurisdiction=jurisdiction, number=slug, defaults={"licensee": "Bench"}
        )
        brand, _ = Brand.objects.get_or_create(
            slug=slug,
            defaults={"name": slug.title(), "licence": licence, "currency": currency, "timezone": zone,
                      "window_day": now.date()},
        )  # fmt: skip
        Feed.objects.get_or_create(
            brand=brand, defaults={"freshness": "fresh", "freshness_since": now, "last_event_at": now}
        )
        made.append(brand)
    return made


def _unlogged() -> None:
    """A third of the time is the write-ahead log of tables nobody will recover. Before the first row this is instant."""
    with connections["owner"].cursor() as db:
        db.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits"
            " WHERE inhparent IN ('players_session'::regclass, 'players_dailyactivity'::regclass)"
        )
        for (table,) in [*db.fetchall(), ("players_payment",), ("players_playercategory",)]:
            db.execute(f"ALTER TABLE {table} SET UNLOGGED")


def _first_id() -> int:
    with connections["owner"].cursor() as db:
        db.execute("SELECT greatest((SELECT max(id) FROM players_person), (SELECT max(id) FROM players_player), 0) + 1")
        return int(db.fetchone()[0])


def _chunk(bounds: tuple[int, int], base: dict[str, Any], houses: list[Brand], first: int, players: int) -> int:
    values = base | {"start": bounds[0], "end": bounds[1], "first": first, "count": players}
    with connections["owner"].cursor() as db:
        db.execute("SET temp_buffers = '96MB'; SET work_mem = '128MB'; SET synchronous_commit = off; SET jit = off")
        db.execute("BEGIN")
        db.execute("SELECT setseed(%s)", [((values["seed"] * 7919 + bounds[0]) % 999_983) / 999_983])
        for statement in _statements(values, houses):
            db.execute(statement)
        for table, columns, source in _tables(values):
            db.execute(_insert(db, table, columns, source))
        db.execute(_STANDING.format(**values))
        db.execute("COMMIT")
    return bounds[1]


def _statements(values: dict[str, Any], houses: list[Brand]) -> Iterator[str]:
    """The temporary tables everything else is read from: who they are, what they played, what they paid."""
    shares, last = [], 0
    for brand, (*_, country, share) in zip(houses, HOUSES, strict=False):
        last += share
        shares.append(f"({last}, {brand.pk}, '{brand.currency}', '{brand.timezone}', '{country}')")
    scale = last
    names = {"names": _array(FIRST), "surnames": _array(LAST)}
    more = {"houses": ", ".join(shares), "scale": scale, "months": MONTHS}
    yield _DRAWN.format(**values, **names, **more)
    yield _PLAYED.format(**values)
    yield _PAID.format(**values)
    yield "ANALYZE drawn; ANALYZE played; ANALYZE paid"


def _array(words: str) -> str:
    return "ARRAY[" + ", ".join(f"'{word}'" for word in words.split()) + "]"


# e is exponential; e^1.5 / 1.329 has mean 1 and the tail gamblers have. `+ random()` rounds without bias.
_DRAWN = """
    CREATE TEMP TABLE drawn ON COMMIT DROP AS
    SELECT id, brand, currency, zone, country, registered_at, likes, bank, gone, verified,
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
                 random() < 0.55 AS gone, random() < 0.7 AS verified, random() < 0.8 AS pays
          FROM generate_series({start}, {end} - 1) AS n
          CROSS JOIN LATERAL (SELECT brand, currency, zone, country
              FROM (VALUES {houses}) AS h(upto, brand, currency, zone, country)
              WHERE (n * 7919::bigint) % 100 * {scale} / 100 < upto ORDER BY upto LIMIT 1) AS h) AS rolled
"""
_PLAYED = """
    CREATE TEMP TABLE played ON COMMIT DROP AS
    SELECT id, n, category, started_at, started_at + make_interval(secs => seconds) AS ended_at, seconds, stake, win,
           (started_at AT TIME ZONE zone)::date AS day
    FROM (SELECT d.id, n, d.zone,
                 CASE WHEN random() < 0.75 THEN d.likes ELSE 1 + floor(random() * 8)::int END AS category,
                 d.last_at - (d.last_at - d.registered_at) * power(random(), 1.3) - interval '2 hours' AS started_at,
                 60 + floor(-ln(1 - random()) * 1500)::int AS seconds, stake, (stake * (0.75 + 0.45 * random()))::bigint
                 AS win
          FROM drawn d CROSS JOIN LATERAL (
              SELECT n, 100 + (d.bank * random())::bigint AS stake FROM generate_series(1, d.sessions) AS n) AS s) AS s
"""
_PAID = """
    CREATE TEMP TABLE paid ON COMMIT DROP AS
    SELECT id, 'p' || n AS payment_id, direction, status, amount, at, currency, (at AT TIME ZONE zone)::date AS day
    FROM (SELECT d.id, n, d.currency, d.zone, d.last_at - (d.last_at - d.registered_at) * power(random(), 1.2) AS at,
                 CASE WHEN random() < 0.85 THEN 'deposit' ELSE 'withdrawal' END AS direction,
                 CASE WHEN random() < 0.9 THEN 'approved' ELSE 'rejected' END AS status,
                 1000 + (d.bank * random())::bigint AS amount
          FROM drawn d CROSS JOIN LATERAL generate_series(1, d.payments) AS n) AS p
"""
_STANDING = """
    UPDATE compliance_standing SET verdict = 'open', promotions_ok = true, bonuses_ok = true, declared_at = '{now}'
    WHERE person_id >= {start} AND person_id < {end} AND person_id % 50 > 1;
    UPDATE compliance_standing SET verdict = 'excluded', declared_at = '{now}'
    WHERE person_id >= {start} AND person_id < {end} AND person_id % 50 = 1
"""
_SUMS = """
    SELECT id, day, category, count(*) AS sessions, sum(seconds) AS seconds, sum(stake) AS stake, sum(win) AS win,
           max(ended_at) AS last_play, min(started_at) AS first_play FROM played GROUP BY id, day, category
"""
# Everything one row of state is made of; the newest five, the favourite of 90 days, the windows of 30.
_STATE = """
    SELECT d.*, coalesce(p.last_play, '0001-01-01Z') AS last_play, coalesce(p.stake, 0) AS stake,
           coalesce(p.win, 0) AS win, coalesce(p.seconds, 0) AS seconds, coalesce(p.n, 0) AS n,
           coalesce(p.n30, 0) AS n30, coalesce(p.stake30, 0) AS stake30, coalesce(p.days30, 0) AS days30,
           coalesce(p.top, 0) AS top, coalesce(five.seconds, 0) AS five, coalesce(five.n, 0) AS five_n,
           coalesce(m.first_at, '0001-01-01Z') AS first_at, coalesce(m.second, '0001-01-01Z') AS second,
           coalesce(m.newest, '0001-01-01Z') AS newest,
           coalesce(m.deposits, 0) AS deposits, coalesce(m.sum, 0) AS deposit_sum, coalesce(m.n30, 0) AS deposits30,
           coalesce(m.sum30, 0) AS deposit_sum30, coalesce(m.declined, 0) AS declined,
           coalesce(m.out, 0) AS withdrawals, coalesce(m.out_sum, 0) AS withdrawal_sum,
           CASE WHEN m.first_at IS NULL THEN 0 WHEN d.last_at > timestamptz '{now}' - interval '14 days' THEN 2
                WHEN d.last_at > timestamptz '{now}' - interval '30 days' THEN 3
                WHEN d.last_at > timestamptz '{now}' - interval '90 days' THEN 4 ELSE 5 END AS stage
    FROM drawn d
    LEFT JOIN (SELECT id, max(ended_at) AS last_play, sum(stake) AS stake, sum(win) AS win, sum(seconds) AS seconds,
                      count(*) AS n, count(*) FILTER (WHERE recent) AS n30, sum(stake) FILTER (WHERE recent) AS stake30,
                      count(DISTINCT day) FILTER (WHERE recent) AS days30,
                      mode() WITHIN GROUP (ORDER BY category) AS top
               FROM (SELECT *, day > date '{now}' - 30 AS recent FROM played) AS q GROUP BY id) AS p USING (id)
    LEFT JOIN (SELECT id, sum(seconds) AS seconds, count(*) AS n FROM (SELECT id, seconds,
                      row_number() OVER (PARTITION BY id ORDER BY started_at DESC) AS r FROM played) AS q
               WHERE r <= 5 GROUP BY id) AS five USING (id)
    LEFT JOIN (SELECT id, min(at) FILTER (WHERE good) AS first_at,
                      (array_agg(at ORDER BY at) FILTER (WHERE good))[2] AS second, max(at) FILTER (WHERE good) AS newest,
                      count(*) FILTER (WHERE good) AS deposits, sum(amount) FILTER (WHERE good) AS sum,
                      count(*) FILTER (WHERE good AND recent) AS n30, sum(amount) FILTER (WHERE good AND recent) AS sum30,
                      count(*) FILTER (WHERE direction = 'deposit' AND status = 'rejected') AS declined,
                      count(*) FILTER (WHERE out) AS out, sum(amount) FILTER (WHERE out) AS out_sum
               FROM (SELECT *, direction = 'deposit' AND status = 'approved' AS good, direction = 'withdrawal'
                            AND status = 'approved' AS out, day > date '{now}' - 30 AS recent FROM paid) AS q
               GROUP BY id) AS m USING (id)
"""
_STATE_COLUMNS = {
    "player_id": "id", "brand_id": "brand", "last_play_at": "last_play", "last_deposit_at": "newest",
    "last5_seconds": "five", "last5_sessions": "five_n", "top_category": "top", "stage": "stage",
    "active_days_30d": "days30", "sessions_30d": "n30", "registered_at": "registered_at", "first_deposit_at": "first_at", "second_deposit_at": "second",
    "last_real_at": "greatest(last_play, newest)", "last_login_at": "last_play", "streak_from": "first_at",
    "spell_from": "first_at", "balance_at": "last_at", "stage_since": "last_at", "stake_real": "stake",
    "win_real": "win", "deposit_sum": "deposit_sum", "withdrawal_sum": "withdrawal_sum", "balance_real": "bank",
    "stake_30d": "stake30", "deposit_sum_30d": "deposit_sum30", "rounds": "n * 20", "sessions": "n",
    "session_seconds": "seconds", "deposits": "deposits", "declined_deposits": "declined",
    "withdrawals": "withdrawals", "deposits_30d": "deposits30",
    "next_check_at": "timestamptz '{now}' + random() * interval '90 days'",
    "next_stage_at": "timestamptz '{now}' + random() * interval '90 days'",
}  # fmt: skip
_DIGEST = "lower(first_name || '.' || last_name || id || '@example.test')"
_PHONE = "'+4477' || lpad((id % 100000000)::text, 8, '0')"


def _tables(values: dict[str, Any]) -> Iterator[tuple[str, dict[str, str], str]]:
    """(table, column -> expression, source), in the order of their keys."""
    yield from _people()
    yield from _facts(values)
    yield from _sums(values)


def _people() -> Iterator[tuple[str, dict[str, str], str]]:
    yield "players_person", {"id": "id", "created_at": "registered_at"}, "drawn"
    yield "players_player", {
        "id": "id", "brand_id": "brand", "person_id": "id", "external_id": "'u' || id", "first_name": "first_name",
        "last_name": "last_name", "birth_date": "date '1955-01-01' + (random() * 18000)::int",
        "country": "CASE WHEN random() < 0.95 THEN country ELSE 'IE' END", "language": "'en'", "currency": "currency",
        "registered_at": "registered_at", "status": "'active'", "created_at": "registered_at",
        "kyc": "CASE WHEN verified THEN 'verified' ELSE 'none' END", "vip_tier": "(bank > 15000)::int",
        "acquisition_channel": "'direct'",
    }, "drawn"  # fmt: skip
    mail = {"player_id": "id", "channel": "'email'", "address": _DIGEST, "normal": _DIGEST}
    yield "players_contact", mail, "drawn"
    yield "players_contact", mail | {"channel": "'sms'", "address": _PHONE, "normal": _PHONE}, "drawn WHERE id % 5 < 3"


def _facts(values: dict[str, Any]) -> Iterator[tuple[str, dict[str, str], str]]:
    yield "players_session", {
        "player_id": "id", "session_id": "'s' || n", "category": "category", "started_at": "started_at",
        "ended_at": "ended_at", "seconds": "seconds", "device": "'mobile'",
    }, "played"  # fmt: skip
    if values["rounds"]:
        each, many = "(ended_at - started_at)", values["rounds"]
        yield "players_round", {
            "player_id": "id", "round_id": "'r' || n || '.' || k", "category": "category",
            "occurred_at": f"started_at + {each} * k / {many}", "recorded_at": "ended_at",
            "stake_real": f"stake / {many}", "win_real": f"win / {many}", "bets": "1",
        }, f"played, generate_series(1, {many}) AS k"  # fmt: skip
    yield "players_payment", {
        "player_id": "id", "payment_id": "payment_id", "direction": "direction", "status": "status",
        "amount": "amount", "method": "'card'", "occurred_at": "at", "recorded_at": "at",
    }, "paid"  # fmt: skip
    yield "players_fact", {
        "kind": "direction || '.' || status", "player_id": "id", "occurred_at": "at", "recorded_at": "at",
        "key": "direction || '.' || status || ':' || id || ':' || payment_id",
        "data": "jsonb_build_object('payment_id', payment_id, 'amount', amount, 'currency', currency)",
    }, "paid"  # fmt: skip
    yield "players_fact", {
        "kind": "'player.registered'", "player_id": "id", "occurred_at": "registered_at",
        "recorded_at": "registered_at", "key": "'player.registered:' || id",
    }, "drawn"  # fmt: skip


def _sums(values: dict[str, Any]) -> Iterator[tuple[str, dict[str, str], str]]:
    now = f"timestamptz '{values['now']}'"
    yield "players_dailyactivity", {
        "player_id": "id", "day": "day", "category": "category", "rounds": "sessions * 20", "sessions": "sessions",
        "seconds": "seconds", "stake_real": "stake", "win_real": "win", "first_real_at": "first_play",
        "last_real_at": "last_play", "last_play_at": "last_play",
    }, f"({_SUMS}) AS s"  # fmt: skip
    good = "count(*) FILTER (WHERE direction = '{}' AND status = '{}')"
    amount = "coalesce(sum(amount) FILTER (WHERE direction = '{}' AND status = 'approved'), 0)"
    yield "players_dailyactivity", {
        "player_id": "id", "day": "day", "category": "0", "deposits": good.format("deposit", "approved"),
        "deposit_sum": amount.format("deposit"), "declined_deposits": good.format("deposit", "rejected"),
        "withdrawals": good.format("withdrawal", "approved"), "withdrawal_sum": amount.format("withdrawal"),
    }, "paid WHERE status = 'approved' OR direction = 'deposit' GROUP BY id, day"  # fmt: skip
    yield "players_playercategory", {
        "player_id": "id", "category": "category", "last_play_at": "max(last_play)", "stake": "sum(stake)",
        "win": "sum(win)", "stake_90d": f"coalesce(sum(stake) FILTER (WHERE day > {now}::date - 90), 0)",
        "rounds": "sum(sessions) * 20", "sessions": "sum(sessions)", "seconds": "sum(seconds)",
    }, f"({_SUMS}) AS s GROUP BY id, category"  # fmt: skip
    columns = {name: expression.format(**values) for name, expression in _STATE_COLUMNS.items()}
    yield "players_playerstate", columns, f"({_STATE.format(**values)}) AS s"
    yield "players_stagechange", {
        "player_id": "id", "before": "0", "after": "1", "at": "registered_at + interval '10 minutes'",
        "recorded_at": "registered_at + interval '10 minutes'", "cause": "'deposit 50.00 ' || currency",
    }, "drawn WHERE payments > 0"  # fmt: skip


_ZERO = {
    "boolean": "false", "timestamp with time zone": "'0001-01-01Z'::timestamptz", "date": "'0001-01-01'::date",
    "jsonb": "'{}'::jsonb", "character varying": "''", "text": "''", "bytea": "''::bytea", "ARRAY": "'{}'",
}  # fmt: skip


def _insert(db: Any, table: str, columns: dict[str, str], source: str) -> str:
    """Columns that do not exist are left out; those nobody named get nothing, zero, or never."""
    db.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"
        " AND is_generated = 'NEVER'",
        [table],
    )
    types = dict(db.fetchall())
    db.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"
        " AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO' AND is_generated = 'NEVER'",
        [table],
    )
    rest = {name: _ZERO.get(types[name], "0") for (name,) in db.fetchall() if name not in columns}
    named = {name: expression for name, expression in columns.items() if name in types} | rest
    return f"INSERT INTO {table} ({', '.join(named)}) SELECT {', '.join(named.values())} FROM {source}"  # noqa: S608


def _finish() -> tuple[int, int, int]:
    """Sequences go on after the ids given; statistics as autovacuum would have them by then."""
    with connections["owner"].cursor() as db:
        for table in ("players_person", "players_player"):
            db.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608
        db.execute("VACUUM ANALYZE")
        counts = []
        for table in ("players_session", "players_payment", "players_round"):
            db.execute(
                "SELECT coalesce(sum(c.reltuples), 0)::bigint FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid"
                " WHERE c.relkind = 'r' AND c.reltuples > 0 AND (c.oid = %(t)s::regclass OR i.inhparent = %(t)s::regclass)",
                {"t": table},
            )
            counts.append(int(db.fetchone()[0]))
    return counts[0], counts[1], counts[2]
