"""Sealing, and how far it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from compliance.models import AuditEntry, Block, Consent, Decision, RegisterCheck

MOST = 5000  # rows of one block: one transaction of a tenth of a second
TABLES = {
    Block.Trail.AUDIT: AuditEntry,
    Block.Trail.DECISION: Decision,
    Block.Trail.CONSENT: Consent,
    Block.Trail.REGISTER: RegisterCheck,
}
_WRITTEN = {"audit": "at", "decision": "decided_at", "consent": "recorded_at", "register": "received_at"}


def seal(most: int = MOST) -> int:
    """Everything that has committed and that nothing running can still come before; how many rows.

    Outside a transaction: each block is one of its own, and an open one would hold the horizon back.
    """
    return sum(_seal(str(trail), most) for trail in TABLES)


def _seal(trail: str, most: int) -> int:
    total = 0
    with connection.cursor() as db:
        while True:
            db.execute("SELECT compliance_seal(%s, %s)", [trail, most])
            rows = db.fetchone()[0]
            total += rows
            if rows < most:
                return total


@dataclass(frozen=True)
class Reach:
    block: Block | None  # the newest
    waiting: int  # rows not sealed yet, counted up to a thousand of each trail
    oldest: datetime | None  # of those

    def lag(self, now: datetime) -> timedelta:
        return max(now - self.oldest, timedelta()) if self.oldest else timedelta()


def reach() -> Reach:
    waiting, oldest = 0, []
    for trail in TABLES:
        count, first = _unsealed(str(trail))
        waiting += count
        oldest += [first] if first else []
    return Reach(Block.objects.order_by("-number").first(), waiting, min(oldest, default=None))


def _unsealed(trail: str) -> tuple[int, datetime | None]:
    """(how many, when the oldest was written)"""
    newest = Block.objects.filter(trail=trail).order_by("-number").first()
    table = TABLES[Block.Trail(trail)]._meta.db_table
    with connection.cursor() as db:
        db.execute(
            f"SELECT count(*), min(at) FROM (SELECT {_WRITTEN[trail]} AS at FROM {table}"  # noqa: S608
            " WHERE (xid, id) > (%s, %s) ORDER BY xid, id LIMIT 1000) AS waiting",
            [newest.last_xid if newest else 0, newest.last_id if newest else 0],
        )
        return db.fetchone()


def block_of(trail: str, xid: int, pk: int) -> Block | None:
    """The block that holds a row; None while it waits to be sealed."""
    ends = Block.objects.filter(trail=trail, last_xid__gte=xid).exclude(last_xid=xid, last_id__lt=pk)
    return ends.order_by("last_xid", "last_id").first()
