"""How the trail stands, for the pages: how far it is sealed, what was signed outside, when it was last read again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils.dateparse import parse_datetime

from compliance.models import AuditEntry, Block, Consent, Decision, RegisterCheck, TrailCheck
from compliance.sealing import anchor, chain, checking

Row = AuditEntry | Decision | Consent | RegisterCheck
LATE = timedelta(seconds=30)  # a long writing transaction anywhere in the cluster holds sealing back: somebody looks
UNSIGNED = timedelta(minutes=5)


@dataclass(frozen=True)
class State:
    reach: chain.Reach
    lag: timedelta
    signed: dict[str, Any] | None  # the newest checkpoint
    signed_at: datetime | None
    read: TrailCheck | None  # the newest reading
    broken: TrailCheck | None  # a reading that found something, and nothing since says otherwise
    trouble: str  # why nothing can be signed
    restored: list[dict[str, Any]]  # each older copy that was put back, by whose word
    changed: list[dict[str, Any]]  # each change of the key that signs

    @property
    def tone(self) -> Literal["red", "yellow", "green"]:
        if self.broken:
            return "red"
        return "yellow" if self.trouble or self.lag > LATE or self.is_unsigned else "green"

    @property
    def is_unsigned(self) -> bool:
        block = self.reach.block
        if block is None or (self.signed and self.signed["block"] >= block.number):
            return False
        return self.signed_at is None or block.sealed_at - self.signed_at > UNSIGNED


def state(*, now: datetime) -> State:
    reach, signed = chain.reach(), anchor.newest()
    return State(
        reach=reach,
        lag=reach.lag(now),
        signed=signed,
        signed_at=parse_datetime(signed["at"]) if signed else None,
        read=TrailCheck.objects.order_by("-pk").first(),
        broken=_broken(),
        trouble=anchor.trouble(),
        restored=[one | {"when": parse_datetime(one["at"])} for one in anchor.restored()],
        changed=[one | {"when": parse_datetime(one["at"])} for one in anchor.changed()],
    )


def _broken() -> TrailCheck | None:
    again = TrailCheck.objects.filter(
        pk__gt=OuterRef("pk"), first__lte=OuterRef("first"), last__gte=OuterRef("last"), problems=[]
    )
    return TrailCheck.objects.exclude(problems=[]).exclude(Exists(again)).order_by("-pk").first()


@dataclass(frozen=True)
class Sealed:
    """One row and the block it lies in."""

    line: str
    hash: str
    block: Block | None  # None: it waits for the next one
    signed: dict[str, Any] | None  # the first checkpoint that covers the block
    problems: list[tuple[int, str]]

    @property
    def signed_at(self) -> datetime | None:
        return parse_datetime(self.signed["at"]) if self.signed else None


def of_row(trail: str, row: Row) -> Sealed:
    """Reads the row's whole block again."""
    with connection.cursor() as db:
        db.execute(
            f"SELECT l, encode(sha256(convert_to(l, 'UTF8')), 'hex') FROM {row._meta.db_table} r,"  # noqa: S608
            " compliance_line(r) AS l WHERE id = %s",
            [row.pk],
        )
        line, digest = db.fetchone()
    block = chain.block_of(trail, row.xid, row.pk)
    if block is None:
        return Sealed(line, digest, None, None, [])
    report = checking.check(block.number, block.number)
    signed = next(iter(anchor.read(block.number)), None)
    return Sealed(line, digest, block, signed, report.problems)


def blocks_of(trail: str, rows: list[Row]) -> dict[int, int]:
    """row id -> number of its block, for those that have one. One query, an index look-up each."""
    with connection.cursor() as db:
        db.execute(
            "SELECT r.id, b.number FROM unnest(%s::bigint[], %s::bigint[]) AS r (xid, id) CROSS JOIN LATERAL ("
            " SELECT number FROM compliance_block WHERE trail = %s AND (last_xid, last_id) >= (r.xid, r.id)"
            " ORDER BY last_xid, last_id LIMIT 1) AS b",
            [[row.xid for row in rows], [row.pk for row in rows], trail],
        )
        return dict(db.fetchall())
