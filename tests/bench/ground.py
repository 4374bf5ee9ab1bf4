"""The ground everything stands on: what one commit costs here."""

from collections.abc import Iterator

from django.db import connection

from tests.bench import Figure, Run, bench


@bench("ground.roundtrip")
def roundtrip(run: Run) -> Iterator[Figure]:
    """SELECT 1 through Django against the bare driver on the same connection."""
    count = 5_000
    with connection.cursor() as db, run.measure(count) as ours:
        for _ in range(count):
            db.execute("SELECT 1")
            db.fetchone()
    bare = connection.connection.cursor()
    with run.measure(count) as theirs:
        for _ in range(count):
            bare.execute("SELECT 1")
            bare.fetchone()
    yield Figure(count / ours.seconds, "queries/s", "bare psycopg", theirs.seconds / ours.seconds, ours)
