"""A casino of any size, made inside the database: a million players with their sessions in minutes.

    people = populate(1_000_000, sessions=20, payments=7)

Averages; how much one plays is skewed as in life: one in a hundred plays twelve times the average, one in five
hardly at all. What somebody stakes, deposits and likes hangs together. Everything a page shows is there: people
and contacts, consents, sessions, payments and their facts, bonuses, days, categories, state, habits, changes of
stage, standing. Ids follow each other from `people.first`. Columns added later get what "nothing yet" is for their type.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connections

from config.lib.clock import utcnow
from players import partitions
from players.models import Brand, Feed, Licence
from tests.bench.population_rows import rows, statements

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
    facts: bool = True,
    history: bool = True,
    raw: Path | None = None,
    say: Callable[[str], object] = lambda words: None,
) -> Population:
    """Averages per player; `rounds` is per session. Works as the owner, in short transactions, `workers` at a time.

    durable=False: the large tables are unlogged, for benches that only read them. facts=False: no row per payment in
    the timeline. history=False: what they did is in their state and habits, added up, and nowhere else. `raw`: a folder that gets the sessions, payments and bonuses as CSV besides, for whoever shall
    answer from those alone.
    """
    now = now or utcnow()
    houses = _houses(brands, now)
    partitions.ensure(now=now)
    partitions.ensure_for(now.date() - timedelta(days=30 * n) for n in range(MONTHS + 2))
    if not durable:
        _unlogged()
    first = _first_id()
    base = {"sessions": sessions, "payments": payments, "rounds": rounds, "now": now.isoformat(), "seed": seed,
            "facts": facts, "history": history, "raw": raw, "today": houses[0].window_day}  # fmt: skip
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
                      "window_day": now.date(), "run_rounds": 1, "run_return": 50},
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
        for statement in statements(values | _drawn_from(houses)):
            db.execute(statement)
        for table, columns, source in rows(values, _columns(db, "state")):
            db.execute(_insert(db, table, columns, source))
        db.execute(_STANDING.format(**values))
        if values["raw"]:
            _write_raw(db, values["raw"], bounds[0])
        db.execute("COMMIT")
    return bounds[1]


def _drawn_from(houses: list[Brand]) -> dict[str, Any]:
    """What _DRAWN chooses from."""
    shares, last = [], 0
    for brand, (*_, country, share) in zip(houses, HOUSES, strict=False):
        last += share
        shares.append(f"({last}, {brand.pk}, '{brand.currency}', '{brand.timezone}', '{country}')")
    names = {"names": _array(FIRST), "surnames": _array(LAST)}
    return names | {"houses": ", ".join(shares), "scale": last, "months": MONTHS}


def _columns(db: Any, table: str) -> list[str]:
    db.execute(f"SELECT * FROM {table} LIMIT 0")  # noqa: S608  a table of ours
    return [column.name for column in db.description]


# Instants as microseconds: the one form every engine reads exactly.
_RAW = {
    "session": "SELECT id, category, (extract(epoch FROM started_at) * 1000000)::bigint, seconds, stake, win FROM played",
    "payment": "SELECT id, (direction = 'deposit')::int, (status = 'approved')::int, amount,"
    " (extract(epoch FROM at) * 1000000)::bigint FROM paid",
    "bonus": "SELECT id, (taken_at IS NOT NULL)::int FROM offered",
}


def _write_raw(db: Any, folder: Path, start: int) -> None:
    for name, select in _RAW.items():
        path = folder / f"{name}-{start}.csv"
        with db.cursor.copy(f"COPY ({select}) TO STDOUT (FORMAT csv)") as told, path.open("wb") as file:
            for part in told:
                file.write(part)


def _array(words: str) -> str:
    return "ARRAY[" + ", ".join(f"'{word}'" for word in words.split()) + "]"


_STANDING = """
    UPDATE compliance_standing SET verdict = 'open', promotions_ok = true, bonuses_ok = true, declared_at = '{now}'
    WHERE person_id >= {start} AND person_id < {end} AND person_id % 50 > 1;
    UPDATE compliance_standing SET verdict = 'excluded', declared_at = '{now}'
    WHERE person_id >= {start} AND person_id < {end} AND person_id % 50 = 1
"""

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
