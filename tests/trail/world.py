"""A trail to be tampered with, and somebody who owns the database."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection, connections, transaction

from compliance import audit
from compliance.models import AuditEntry, Operator
from compliance.sealing import anchor, chain
from config.lib.clock import utcnow


def act(number: int, operator: Operator | None = None) -> AuditEntry:
    return audit.record(operator, "campaign.approved", f"campaign:{number}", brand=None, reason=f"reason {number}",
                        before={"status": "submitted"}, after={"status": "approved", "audience": number})  # fmt: skip


def seal(most: int = chain.MOST, patience: float = 60) -> int:
    """Seals all that is written. Other tests work in this cluster too, and whatever they have open holds the horizon
    back: it is waited for."""
    deadline = time.monotonic() + patience
    with connection.cursor() as db:
        db.execute("SELECT pg_current_xact_id()::text")
        (mine,) = db.fetchone()
        while True:
            db.execute("SELECT pg_snapshot_xmin(pg_current_snapshot()) > %s::xid8", [mine])
            if db.fetchone()[0]:
                return chain.seal(most)
            assert time.monotonic() < deadline, "somebody has held a transaction open for a minute"
            time.sleep(0.01)


def sealed_trail(blocks: int = 4, rows: int = 5) -> list[AuditEntry]:
    """Entries in several blocks, the second and the last of which were signed outside."""
    made = []
    for block in range(blocks):
        with transaction.atomic():
            made += [act(block * rows + number) for number in range(rows)]
        seal()
        if block in (1, blocks - 1):
            anchor.write(now=utcnow())
    return made


@contextmanager
def superuser() -> Iterator[psycopg.Connection[Any]]:
    """Who owns the machine: nothing in the database stops them, triggers do not fire for them."""
    options: dict[str, Any] = connections["owner"].get_connection_params()
    options = {name: options[name] for name in ("host", "port", "dbname") if options.get(name)}
    user = "postgres" if Path(str(options.get("host", ""))).is_dir() else connections["owner"].settings_dict["USER"]
    with psycopg.connect(**options, user=user) as db:
        if user == "postgres":
            db.execute("SET session_replication_role = replica")
        yield db
