"""The reference segment over everybody, and fifty segments over those a batch touched.

Players, state and raw sessions are generated inside the database; DuckDB gets the same raw rows.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

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
# Seven of ten sessions are slots, stakes vary; every seventh player has gone quiet, every hundredth is a test account.
_SESSIONS = """
    CREATE TABLE bench_session AS
    SELECT player_id, category, started_at, started_at + make_interval(secs => seconds) AS ended_at, seconds, stake
    FROM (SELECT p AS player_id, CASE WHEN random() < 0.7 THEN 1 ELSE 2 END::smallint AS category,
                 now() - interval '2 hours' - CASE WHEN p %% 7 = 0 THEN interval '15 days' ELSE interval '0' END
                       - random() * interval '200 days' AS started_at,
                 (300 + random() * 5000)::int AS seconds, (random() * 10000)::bigint AS stake
          FROM generate_series(1, %s) p, generate_series(1, 3 + p %% 35) n) drawn
"""
_PEOPLE = """
    INSERT INTO players_person (id, created_at) SELECT n, now() FROM generate_series(1, %(n)s) n;
    INSERT INTO players_player (id, brand_id, person_id, external_id, first_name, last_name, country, language,
        timezone, currency, registered_at, status, kyc, vip_tier, affiliate, acquisition_channel, is_test, created_at)
    SELECT n, %(brand)s, n, n, '', '', 'GB', 'en', '', 'GBP', now(), 'active', 'none', 0, '', '', n %% 100 = 0, now()
    FROM generate_series(1, %(n)s) n;
"""
_HAND = """
    SELECT s.player_id FROM players_playerstate s JOIN players_player p ON p.id = s.player_id
    WHERE p.brand_id = %s AND NOT p.is_test AND s.top_category = 1
      AND s.last_play_at > '0001-01-01Z' AND s.last_play_at <= %s
      AND s.last5_sessions >= 5 AND s.last5_seconds > 2700 * s.last5_sessions
"""
# The same three questions put to the sessions themselves: nothing is kept, everything is added up now.
_DUCK = """
    WITH five AS (SELECT player_id, sum(seconds) AS s, count(*) AS c FROM (
            SELECT player_id, seconds, row_number() OVER (PARTITION BY player_id
                                                          ORDER BY started_at DESC, seconds DESC) AS r
            FROM session) WHERE r <= 5 GROUP BY player_id),
         last AS (SELECT player_id, max(ended_at) AS at FROM session GROUP BY player_id),
         staked AS (SELECT player_id, category, sum(stake) AS stake FROM session
                    WHERE timezone('Europe/London', started_at)::date > ? GROUP BY player_id, category),
         top AS (SELECT player_id, first(category ORDER BY stake DESC, category) AS category
                 FROM staked GROUP BY player_id)
    SELECT player_id FROM five JOIN last USING (player_id) JOIN top USING (player_id) JOIN player USING (player_id)
    WHERE top.category = 1 AND last.at <= ? AND c = 5 AND s > 13500 AND NOT is_test AND brand_id = ?
"""
_STATE = """
    INSERT INTO players_playerstate (player_id, brand_id, registered_at, last_play_at, last5_seconds, last5_sessions,
                                     top_category)
    SELECT last.player_id, (SELECT brand_id FROM players_player WHERE id = last.player_id), now(), last.at, five.s, five.c, coalesce(top.category, 0)
    FROM (SELECT player_id, max(ended_at) AS at FROM bench_session GROUP BY player_id) last
    JOIN (SELECT player_id, sum(seconds) AS s, count(*) AS c FROM (
            SELECT player_id, seconds, row_number() OVER (PARTITION BY player_id
                                                          ORDER BY started_at DESC, seconds DESC) AS r
            FROM bench_session) x WHERE r <= 5 GROUP BY player_id) five USING (player_id)
    LEFT JOIN (SELECT DISTINCT ON (player_id) player_id, category FROM (
            SELECT player_id, category, sum(stake) AS stake FROM bench_session
            WHERE (started_at AT TIME ZONE 'Europe/London')::date > %s GROUP BY player_id, category) y
            ORDER BY player_id, stake DESC, category) top USING (player_id)
"""


def _oldest(now: datetime) -> date:
    """Stakes count on the 90 days of the brand's calendar after this one."""
    return now.astimezone(ZoneInfo("Europe/London")).date() - timedelta(days=90)


def _crowd(players: int, now: datetime) -> Brand:
    licence = Licence.objects.create(jurisdiction="GB", licensee="Bench", number="bench")
    brand = Brand.objects.create(slug="bench", name="Bench", licence=licence, currency="GBP", timezone="Europe/London")
    from django.db import connections

    with connections["owner"].cursor() as db:
        db.execute(_PEOPLE, {"n": players, "brand": brand.pk})
        db.execute(_SESSIONS, [players])
        _defaults(db)
        db.execute(_STATE, [_oldest(now)])
        db.execute("GRANT SELECT ON bench_session TO PUBLIC")
        db.execute("VACUUM ANALYZE")
    return brand


def _defaults(db: object) -> None:
    """Columns the bench does not name get what the application would write: 0, or never."""
    db.execute(  # type: ignore[attr-defined]
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'players_playerstate'"
        " AND is_nullable = 'NO' AND is_generated = 'NEVER' AND column_name <> 'player_id'"
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
    now = utcnow()
    brand = _crowd(run.players, now)
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
        "CREATE TABLE session (player_id BIGINT, category SMALLINT, started_at TIMESTAMPTZ, ended_at TIMESTAMPTZ,"
        " seconds INT, stake BIGINT); CREATE TABLE player (player_id BIGINT, brand_id BIGINT, is_test BOOLEAN)"
    )
    _copy(duck, "bench_session", "session")
    _copy(duck, "(SELECT id, brand_id, is_test FROM players_player)", "player")

    def raw() -> list[int]:
        return [row[0] for row in duck.execute(_DUCK, [_oldest(now), edge, brand.pk]).fetchall()]

    assert sorted(ours()) == sorted(by_hand()) == sorted(raw()), "the three do not find the same players"
    assert 0.01 < len(ours()) / run.players < 0.2, "not the crowd this is meant to be measured on"
    with run.measure(items=run.players) as meter:
        mine = _median(ours)
    hand, column_store = _median(by_hand), _median(raw, 3)
    yield Figure(mine * 1000, "ms", peer="the same SQL by hand", ratio=mine / hand, meter=meter)
    yield Figure(mine * 1000, "ms", peer="DuckDB over raw sessions", ratio=mine / column_store,
                 meter=meter, name="segments.scan.s1.duckdb")  # fmt: skip


def _copy(duck: duckdb.DuckDBPyConnection, source: str, target: str) -> None:
    import tempfile

    with tempfile.NamedTemporaryFile("wb", suffix=".csv") as file:
        with connection.cursor() as db, db.cursor.copy(f"COPY {source} TO STDOUT (FORMAT csv)") as rows:
            for part in rows:
                file.write(part)
        file.flush()
        duck.execute(f"INSERT INTO {target} SELECT * FROM read_csv('{file.name}', header = false)")  # noqa: S608


@bench("segments.touched")
def touched(run: Run) -> Iterator[Figure]:
    now = utcnow()
    brand = _crowd(run.players, now)
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
