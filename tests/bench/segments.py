"""The reference segment over everybody, and fifty segments over those a batch touched.

Players, state and raw sessions are generated inside the database; DuckDB gets the same raw rows.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import duckdb
from django.db import connection, transaction

from config.lib.clock import utcnow
from players.models import Brand, Licence
from segments.language.compile import matching
from segments.language.parse import parse
from segments.language.tree import At
from segments.library import BY_KEY
from segments.membership import verdicts
from tests.bench import Figure, Run, bench

_RULE = BY_KEY["long-slots-silent"].rule
_SESSIONS = """
    CREATE TABLE bench_session AS
    SELECT p AS player_id, CASE WHEN random() < 0.7 THEN 1 ELSE 2 END AS category,
           timestamptz '2026-01-01' + random() * interval '250 days' AS started_at,
           (300 + random() * 6000)::int AS seconds, (random() * 10000)::bigint AS stake
    FROM generate_series(1, %s) p, generate_series(1, 3 + p %% 35) n
"""
_PEOPLE = """
    INSERT INTO players_person (id, created_at) SELECT n, now() FROM generate_series(1, %(n)s) n;
    INSERT INTO players_player (id, brand_id, person_id, external_id, first_name, last_name, country, language,
        timezone, currency, registered_at, status, kyc, vip_tier, affiliate, acquisition_channel, is_test, created_at)
    SELECT n, %(brand)s, n, n, '', '', 'GB', 'en', '', 'GBP', now(), 'active', 'none', 0, '', '', false, now()
    FROM generate_series(1, %(n)s) n;
"""
_HAND = """
    SELECT s.player_id FROM players_playerstate s JOIN players_player p ON p.id = s.player_id
    WHERE p.brand_id = %s AND NOT p.is_test AND s.top_category = 1
      AND s.last_play_at > '0001-01-01Z' AND s.last_play_at <= %s
      AND s.last5_sessions >= 5 AND s.last5_seconds > 2700 * s.last5_sessions
"""
_DUCK = """
    WITH five AS (SELECT player_id, sum(seconds) AS s, count(*) AS c FROM (
            SELECT player_id, seconds, row_number() OVER (PARTITION BY player_id ORDER BY started_at DESC) AS r
            FROM session) WHERE r <= 5 GROUP BY player_id),
         total AS (SELECT player_id, max(started_at) AS last, sum(stake) FILTER (category = 1) AS slots,
                   sum(stake) FILTER (category = 2) AS live FROM session GROUP BY player_id)
    SELECT player_id FROM five JOIN total USING (player_id)
    WHERE coalesce(slots, 0) >= coalesce(live, 0) AND last <= ? AND c = 5 AND s > 13500
"""
_STATE = """
    INSERT INTO players_playerstate (player_id, registered_at, last_play_at, last5_seconds, last5_sessions, top_category)
    SELECT t.player_id, now(), last, five.s, five.c, CASE WHEN coalesce(slots, 0) >= coalesce(live, 0) THEN 1 ELSE 2 END
    FROM (SELECT player_id, max(started_at) AS last, sum(stake) FILTER (WHERE category = 1) AS slots,
                 sum(stake) FILTER (WHERE category = 2) AS live FROM bench_session GROUP BY player_id) t
    JOIN (SELECT player_id, sum(seconds) AS s, count(*) AS c FROM (
            SELECT player_id, seconds, row_number() OVER (PARTITION BY player_id ORDER BY started_at DESC) AS r
            FROM bench_session) x WHERE r <= 5 GROUP BY player_id) five USING (player_id)
"""


def _crowd(players: int) -> Brand:
    licence = Licence.objects.create(jurisdiction="GB", licensee="Bench", number="bench")
    brand = Brand.objects.create(slug="bench", name="Bench", licence=licence, currency="GBP", timezone="Europe/London")
    from django.db import connections

    with connections["owner"].cursor() as db:
        db.execute(_PEOPLE, {"n": players, "brand": brand.pk})
        db.execute(_SESSIONS, [players])
        _defaults(db)
        db.execute(_STATE)
        db.execute("GRANT SELECT ON bench_session TO PUBLIC")
        db.execute("VACUUM ANALYZE")
    return brand


def _defaults(db: object) -> None:
    """Columns the bench does not name get what the application would write: 0, or never."""
    db.execute(  # type: ignore[attr-defined]
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'players_playerstate'"
        " AND is_nullable = 'NO' AND column_name <> 'player_id'"
    )
    for name, kind in db.fetchall():  # type: ignore[attr-defined]
        value = "'0001-01-01Z'" if "timestamp" in kind else "false" if kind == "boolean" else "0"
        db.execute(f"ALTER TABLE players_playerstate ALTER {name} SET DEFAULT {value}")  # type: ignore[attr-defined]


def _median(work: Callable[[], object], times: int = 7) -> float:
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        spent.append(time.perf_counter() - began)
    return statistics.median(spent)


@bench("segments.scan.s1")
def scan(run: Run) -> Iterator[Figure]:
    brand, now = _crowd(run.players), utcnow()
    rule, at = parse(_RULE), At.brand(brand, now)
    edge = now - timedelta(days=14)

    def ours() -> list[int]:
        return list(matching(brand, rule, at).values_list("pk", flat=True))

    def by_hand() -> list[int]:
        with connection.cursor() as db:
            db.execute(_HAND, [brand.pk, edge])
            return [row[0] for row in db.fetchall()]

    duck = duckdb.connect()
    duck.execute("SET threads = 2; SET TimeZone = 'UTC'")
    duck.execute(
        "CREATE TABLE session (player_id BIGINT, category INT, started_at TIMESTAMPTZ, seconds INT, stake BIGINT)"
    )
    _copy(duck)

    def raw() -> list[int]:
        return [row[0] for row in duck.execute(_DUCK, [edge]).fetchall()]

    assert sorted(ours()) == sorted(by_hand()) == sorted(raw()), "the three do not find the same players"
    with run.measure(items=run.players) as meter:
        mine = _median(ours)
    hand, column_store = _median(by_hand), _median(raw, 3)
    yield Figure(mine * 1000, "ms", peer="the same SQL by hand", ratio=mine / hand, meter=meter)
    yield Figure(mine * 1000, "ms", peer="DuckDB over raw sessions", ratio=mine / column_store,
                 meter=meter, name="segments.scan.s1.duckdb")  # fmt: skip


def _copy(duck: duckdb.DuckDBPyConnection) -> None:
    import tempfile

    with tempfile.NamedTemporaryFile("wb", suffix=".csv") as file:
        with connection.cursor() as db, db.cursor.copy("COPY bench_session TO STDOUT (FORMAT csv)") as rows:
            for part in rows:
                file.write(part)
        file.flush()
        duck.execute(f"INSERT INTO session SELECT * FROM read_csv('{file.name}', header = false)")  # noqa: S608


@bench("segments.touched")
def touched(run: Run) -> Iterator[Figure]:
    brand, now = _crowd(run.players), utcnow()
    at = At.brand(brand, now)
    rules = [
        (n, parse({"all": [*_RULE["all"][:2], {"attribute": "last5_average", "op": "more_than", "value": n}]}))
        for n in range(1, 51)
    ]
    ids = list(range(1, run.players, run.players // 1000))[:1000]

    def evaluate() -> None:
        with transaction.atomic():
            list(verdicts(rules, ids, at))

    evaluate()
    with run.measure(items=7 * len(ids)) as meter:
        spent = _median(evaluate)
    yield Figure(spent * 1000, "ms", peer="", meter=meter)
