"""The one clock. Domain code takes `now` as an argument; only edges (views, tasks, commands) ask here."""

from datetime import UTC, datetime


def utcnow() -> datetime:
    return datetime.now(UTC)


# "Never" for NOT NULL timestamps: fixed-width columns scan faster than nullable ones,
# and psycopg cannot read -infinity.
NEVER = datetime(1, 1, 1, tzinfo=UTC)
NEVER_SQL = "timestamptz '0001-01-01 00:00+00'"
