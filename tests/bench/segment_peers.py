"""The same nine questions put to others: an expert's SQL over our state tables, and column stores over raw rows.

The peers keep nothing ready: they add up sessions, payments and bonuses when asked. They read the files
`populate(raw=…)` has written, and of the players who is a test account, where they live and what they agreed to.
ClickHouse is the `chdb` package, which `make bench` installs; where it is not, that peer is left out and says so.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from players.models import Brand

# --- by hand ---------------------------------------------------------------------------------------------
# Test accounts are few and left out by a hashed list of them: joining the accounts would cost as much as the rest.

_MINE = """s.brand_id = %(brand)s AND s.player_id NOT IN (SELECT id FROM players_player WHERE is_test)"""
_S1 = """(s.top_category = 1 AND s.last_play_at > '0001-01-01Z' AND s.last_play_at <= %(d14)s
          AND s.last5_sessions >= 5 AND s.last5_seconds > 2700 * s.last5_sessions)"""
_S8 = "(s.deposits_30d >= 3 AND s.last_deposit_at > '0001-01-01Z' AND s.last_deposit_at <= %(d7)s)"
_STATE = "SELECT s.player_id FROM players_playerstate s"
_HABITS = f"{_STATE} JOIN players_playerhabits h ON h.player_id = s.player_id"
HAND = {
    "s1": f"{_STATE} WHERE {_MINE} AND {_S1}",
    # Who stakes more than half in one category has it as top category.
    "s2": f"{_STATE} WHERE {_MINE} AND s.top_category = 2 AND s.stake_90d > 0 AND 100 * s.top_stake_90d > 60 * s.stake_90d",
    "s3": f"{_STATE} WHERE {_MINE} AND s.sessions_30d >= 8",
    "s4": f"""{_STATE} WHERE {_MINE} AND s.rounds > 0 AND s.deposit_sum > 0
        AND 100 * (s.stake_real + s.stake_bonus) * s.deposits > 50 * s.rounds * s.deposit_sum""",
    "s5": f"{_HABITS} WHERE {_MINE} AND h.staked_sessions >= 5 AND 100 * h.bad_stops >= 50 * h.staked_sessions",
    "s6": f"""{_STATE} WHERE {_MINE} AND s.bonuses_offered >= 3 AND 100 * s.bonuses_taken >= 50 * s.bonuses_offered
        AND s.last_deposit_at > %(d30)s""",
    "s7": f"""{_HABITS} WHERE {_MINE} AND h.night + h.morning + h.afternoon + h.evening >= 5
        AND 100 * h.night >= 60 * (h.night + h.morning + h.afternoon + h.evening)""",
    "s8": f"{_STATE} WHERE {_MINE} AND {_S8}",
    "s9": f"""{_STATE} JOIN players_player p ON p.id = s.player_id
        WHERE p.brand_id = %(brand)s AND NOT p.is_test AND ({_S1} OR {_S8}) AND p.country = 'GB'
          AND (SELECT granted FROM compliance_consent c WHERE c.player_id = s.player_id AND c.product = 'casino'
               AND c.channel = 'email' ORDER BY occurred_at DESC LIMIT 1)""",
}


def hand_values(brand: Brand, now: datetime) -> dict[str, Any]:
    return {"brand": brand.pk, **{f"d{days}": now - timedelta(days=days) for days in (7, 14, 30)}}


# --- over raw rows ---------------------------------------------------------------------------------------
# Placeholders: {w30}/{w90} midnight at the start of the window, {d7}… so many days ago; where the two engines have
# words of their own: {five} the newest five sessions, {top} the category with the highest stakes, {night}.

_LONG = "SELECT player_id FROM ({five}) AS f GROUP BY player_id HAVING count(*) = 5 AND sum(seconds) > 13500"
_QUIET = "SELECT player_id FROM session GROUP BY player_id HAVING max(ended_at) <= {d14}"
_STAKED = (
    "SELECT player_id, category, sum(stake) AS stake FROM session WHERE ended_at >= {w90} GROUP BY player_id, category"
)
_OF_SLOTS = "SELECT player_id FROM (" + _STAKED + ") AS staked GROUP BY player_id HAVING {top} = 1"
_REF = f"SELECT player_id FROM ({_LONG}) AS l JOIN ({_QUIET}) AS q USING (player_id) JOIN ({_OF_SLOTS}) AS t USING (player_id)"
_DEPOSITS = "FROM payment WHERE deposit AND approved GROUP BY player_id"
_LAPSING = (
    f"SELECT player_id {_DEPOSITS} HAVING count(*) FILTER (WHERE paid_at >= {{w30}}) >= 3 AND max(paid_at) <= {{d7}}"
)
_RAW = {
    "s1": _REF,
    "s2": "SELECT player_id FROM session WHERE ended_at >= {w90} GROUP BY player_id"
    " HAVING 100 * sum(stake) FILTER (WHERE category = 2) > 60 * sum(stake)",
    "s3": "SELECT player_id FROM session WHERE started_at >= {w30} GROUP BY player_id HAVING count(*) >= 8",
    "s4": "SELECT player_id FROM (SELECT player_id, sum(stake) AS stake, count(*) AS n FROM session GROUP BY player_id) AS s"
    f" JOIN (SELECT player_id, sum(amount) AS amount, count(*) AS k {_DEPOSITS}) AS d USING (player_id)"
    " WHERE 100 * stake * k > 50 * n * amount",
    "s5": "SELECT player_id FROM session GROUP BY player_id"
    " HAVING count(*) >= 5 AND 100 * count(*) FILTER (WHERE 2 * win < stake AND category <> 4) >= 50 * count(*)",
    "s6": "SELECT player_id FROM (SELECT player_id FROM bonus GROUP BY player_id"
    "      HAVING count(*) >= 3 AND 100 * count(*) FILTER (WHERE taken) >= 50 * count(*)) AS b"
    f" JOIN (SELECT player_id {_DEPOSITS} HAVING max(paid_at) > {{d30}}) AS d USING (player_id)",
    "s7": "SELECT player_id FROM session GROUP BY player_id"
    " HAVING count(*) >= 5 AND 100 * count(*) FILTER (WHERE {night}) >= 60 * count(*)",
    "s8": _LAPSING,
    "s9": f"SELECT player_id FROM ({_REF} UNION DISTINCT {_LAPSING}) AS r JOIN player AS g USING (player_id)"
    " WHERE g.country = 'GB' AND g.yes",
}
_COUNTED = "SELECT player_id FROM ({of}) AS found JOIN player AS p USING (player_id) WHERE NOT p.is_test"
_DUCK = {
    "five": "SELECT player_id, seconds FROM (SELECT player_id, seconds, row_number() OVER (PARTITION BY player_id"
    " ORDER BY started_at DESC, seconds DESC) AS place FROM session) AS s WHERE place <= 5",
    "top": "first(category ORDER BY stake DESC, category)",
    "night": "hour(timezone('{zone}', started_at)) < 6",
}
_HOUSE = {
    "five": "SELECT player_id, seconds FROM session ORDER BY player_id DESC, started_at DESC LIMIT 5 BY player_id",
    "top": "argMax(category, (stake, -toInt32(category)))",
    "night": "toHour(started_at, '{zone}') < 6",
}


@dataclass(frozen=True)
class Peer:
    key: str
    name: str
    seconds: float  # to load
    ask: Callable[[str], list[int]]
    queries: dict[str, str]

    def ids(self, shape: str) -> list[int]:
        return self.ask(self.queries[shape])


def peers(brand: Brand, now: datetime, raw: Path) -> list[Peer]:
    """Loaded and ready; those that are installed."""
    _write_players(raw / "player.csv")
    found = [_duck(brand, now, raw)]
    try:
        found.append(_clickhouse(brand, now, raw))
    except ImportError:
        sys.stderr.write("ClickHouse (chdb) is not installed: no figures against it. `make bench` installs it.\n")
    return found


def _write_players(path: Path) -> None:
    query = """SELECT p.id, p.is_test::int, p.country, coalesce(c.granted, false)::int FROM players_player p
               LEFT JOIN compliance_consent c ON c.player_id = p.id"""
    with (
        connection.cursor() as db,
        db.cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv)") as rows,
        path.open("wb") as file,
    ):
        for part in rows:
            file.write(part)


def _queries(brand: Brand, now: datetime, words: dict[str, str], instant: Callable[[datetime], str]) -> dict[str, str]:
    zone = ZoneInfo(brand.timezone)
    assert brand.window_day is not None
    values = {f"d{days}": instant(now - timedelta(days=days)) for days in (7, 14, 30)}
    for days in (30, 90):
        values[f"w{days}"] = instant(datetime.combine(brand.window_day - timedelta(days=days - 1), clock(), zone))
    values |= {key: text.format(zone=brand.timezone) for key, text in words.items()}
    return {name: _COUNTED.format(of=text.format(**values)) for name, text in _RAW.items()}


def _micros(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=ZoneInfo("UTC"))) // timedelta(microseconds=1)


def _duck(brand: Brand, now: datetime, raw: Path) -> Peer:
    import duckdb  # only where it is asked: it has much to say when a process ends

    began = time.perf_counter()
    duck = duckdb.connect()
    duck.execute("SET threads = 2; SET TimeZone = 'UTC'")
    duck.execute(f"""
        CREATE TABLE session AS SELECT a AS player_id, b::SMALLINT AS category, make_timestamptz(c) AS started_at,
            make_timestamptz(c + d * 1000000) AS ended_at, d::INT AS seconds, e AS stake, f AS win
        FROM read_csv('{raw}/session-*.csv', header = false, columns = {{'a': 'BIGINT', 'b': 'BIGINT', 'c': 'BIGINT',
            'd': 'BIGINT', 'e': 'BIGINT', 'f': 'BIGINT'}});
        CREATE TABLE payment AS SELECT a AS player_id, b = 1 AS deposit, c = 1 AS approved, d AS amount,
            make_timestamptz(e) AS paid_at
        FROM read_csv('{raw}/payment-*.csv', header = false, columns = {{'a': 'BIGINT', 'b': 'INT', 'c': 'INT',
            'd': 'BIGINT', 'e': 'BIGINT'}});
        CREATE TABLE bonus AS SELECT a AS player_id, b = 1 AS taken
        FROM read_csv('{raw}/bonus-*.csv', header = false, columns = {{'a': 'BIGINT', 'b': 'INT'}});
        CREATE TABLE player AS SELECT a AS player_id, b = 1 AS is_test, c AS country, d = 1 AS yes
        FROM read_csv('{raw}/player.csv', header = false, columns = {{'a': 'BIGINT', 'b': 'INT', 'c': 'VARCHAR', 'd': 'INT'}});
    """)  # noqa: S608  a folder of ours

    def ask(query: str) -> list[int]:
        return [row[0] for row in duck.execute(query).fetchall()]

    queries = _queries(brand, now, _DUCK, lambda at: f"make_timestamptz({_micros(at)})")
    return Peer("duckdb", "DuckDB", time.perf_counter() - began, ask, queries)


def _clickhouse(brand: Brand, now: datetime, raw: Path) -> Peer:
    """Raises ImportError. Sessions lie in the order of players and time, as an expert would lay them."""
    from chdb.session import Session

    began, folder = time.perf_counter(), tempfile.TemporaryDirectory(prefix="pitboss-chdb-")
    house: Any = Session(folder.name)
    for statement in (
        "CREATE DATABASE bench", "USE bench", "SET max_threads = 2",
        "CREATE TABLE session (player_id Int64, category Int16, started_at DateTime64(6, 'UTC'),"
        " ended_at DateTime64(6, 'UTC'), seconds Int32, stake Int64, win Int64) ENGINE = MergeTree"
        " ORDER BY (player_id, started_at)",
        "CREATE TABLE payment (player_id Int64, deposit Bool, approved Bool, amount Int64, paid_at DateTime64(6, 'UTC'))"
        " ENGINE = MergeTree ORDER BY (player_id, paid_at)",
        "CREATE TABLE bonus (player_id Int64, taken Bool) ENGINE = MergeTree ORDER BY player_id",
        "CREATE TABLE player (player_id Int64, is_test Bool, country String, yes Bool) ENGINE = MergeTree ORDER BY player_id",
        "INSERT INTO session SELECT a, b, fromUnixTimestamp64Micro(c, 'UTC'),"
        f" fromUnixTimestamp64Micro(c + d * 1000000, 'UTC'), d, e, f FROM file('{raw}/session-*.csv', CSV,"
        " 'a Int64, b Int16, c Int64, d Int64, e Int64, f Int64')",
        f"INSERT INTO payment SELECT a, b, c, d, fromUnixTimestamp64Micro(e, 'UTC') FROM file('{raw}/payment-*.csv', CSV,"
        " 'a Int64, b Bool, c Bool, d Int64, e Int64')",
        f"INSERT INTO bonus SELECT * FROM file('{raw}/bonus-*.csv', CSV, 'a Int64, b Bool')",
        f"INSERT INTO player SELECT * FROM file('{raw}/player.csv', CSV, 'a Int64, b Bool, c String, d Bool')",
        "OPTIMIZE TABLE session FINAL", "OPTIMIZE TABLE payment FINAL", "OPTIMIZE TABLE bonus FINAL",
    ):  # fmt: skip
        house.query(statement)

    def ask(query: str) -> list[int]:
        found: list[int] = house.query(query, "ArrowTable").column(0).to_pylist()
        return found

    ask.folder = folder  # type: ignore[attr-defined]  lives as long as the peer does
    queries = _queries(brand, now, _HOUSE, lambda at: f"fromUnixTimestamp64Micro({_micros(at)}, 'UTC')")
    return Peer("chdb", "ClickHouse", time.perf_counter() - began, ask, queries)
