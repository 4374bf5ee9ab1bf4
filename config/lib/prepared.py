"""Statements the database plans once per connection.

Planning a statement over dozens of partitions costs several times what running it for one event does.
Django merges parameters into the text, so that every execution is planned anew; these go to the server
with the parameters apart. Results come in binary: PostgreSQL's own types, aware times in UTC.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import psycopg
from django.db import connection

Row = tuple[Any, ...]


def run(statement: str, params: Mapping[str, Any]) -> list[Row]:
    """All rows of `statement`, with %(name)s for parameters; an empty list when the statement returns none. Raises what `cursor.execute` of Django raises.

    The text must be constant: every text is a plan kept for as long as the connection lives.
    """
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    raw: psycopg.Connection[Row] = connection.connection
    if raw.prepare_threshold is None:  # Django's default, which would forbid it; its own cursors never prepare
        raw.prepare_threshold = 5
    text, names = _numbered(statement)
    with connection.wrap_database_errors, psycopg.RawCursor(raw) as cursor:
        cursor.execute(text, [params[name] for name in names], prepare=True, binary=True)
        return cursor.fetchall() if cursor.pgresult and cursor.pgresult.nfields else []


@cache
def _numbered(statement: str) -> tuple[bytes, list[str]]:
    """The text with $1, $2 … instead of names, as the server wants it: rewritten once, not at every call."""
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", statement)))
    text = re.sub(r"%\((\w+)\)s", lambda found: f"${names.index(found[1]) + 1}", statement)
    return text.replace("%%", "%").encode(), names


def bigints(ids: Iterable[int]) -> str:
    """For `%(ids)s::bigint[]`. As text: one type whatever the ids are, so one plan, and fast to write."""
    return "{" + ",".join(map(str, ids)) + "}"
