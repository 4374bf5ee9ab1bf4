"""What a test committed, away again, by whoever owns our own throw-away server.

Django's flush truncates every table there is and then makes permissions, grants and partitions anew: a third of a
second each time, and nothing of it was touched. Here only tables that hold something are emptied, without the triggers
that forbid or check it.
"""

from collections.abc import Iterable
from typing import Any

import psycopg
from django.db import connections
from psycopg import sql

MUCH = 64 * 1_048_576  # bytes of rows, of dead ones too; from here on truncating is cheaper
_sessions: dict[tuple[str, str], psycopg.Connection[Any]] = {}
_KEPT = ["django_content_type", "django_migrations", "auth_permission"]
_TABLES = """
    SELECT relname, pg_relation_size(oid) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> ALL(%s)
"""


def empty() -> None:
    db = _superuser()
    try:
        _empty(db)
    except psycopg.OperationalError:
        if not db.closed:
            raise
        _empty(_superuser())  # a test ended everybody's sessions


def _empty(db: psycopg.Connection[Any]) -> None:
    with db.transaction():
        # As TRUNCATE would: whoever is still writing is waited for, or those rows would be the next test's.
        db.execute(_all("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", [name for name, _ in db.execute(_TABLES, [_KEPT])]))
        full = {name: size for name, size in db.execute(_TABLES, [_KEPT]) if size}
        if sum(full.values()) > MUCH:
            db.execute(_all("TRUNCATE {} CASCADE", full))
        elif full:
            db.execute(sql.SQL(";").join(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for name in full))


def _superuser() -> psycopg.Connection[Any]:
    """Kept from test to test: a new session would have to learn all the tables first."""
    options = connections["owner"].get_connection_params()
    where = (options["host"], options["dbname"])
    if where not in _sessions or _sessions[where].closed:
        _sessions[where] = psycopg.connect(
            host=where[0], dbname=where[1], user="postgres", autocommit=True,
            options="-c session_replication_role=replica -c lock_timeout=60s",
        )  # fmt: skip
    return _sessions[where]


def _all(command: str, names: Iterable[str]) -> sql.Composed:
    return sql.SQL(command).format(sql.SQL(", ").join(map(sql.Identifier, names)))
