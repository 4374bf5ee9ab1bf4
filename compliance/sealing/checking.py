"""The database read again by the verifier: all of it, or the part whose turn it is."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from compliance.models import Block, TrailCheck
from compliance.sealing import anchor
from compliance.sealing.chain import TABLES
from compliance.sealing.verifier import Report, Rows, verify

CHUNK = 2000
SLICE = 20_000  # old rows read again each minute, beside what is new


def check(
    first: int = 1,
    last: int | None = None,
    *,
    checkpoints: list[dict[str, Any]] | None = None,
    keys: Collection[str] = (),
) -> Report:
    """Blocks `first` to `last` (to the end when None, then with what waits to be sealed) from one snapshot.

    `checkpoints`: a copy of those written outside, instead of this machine's; `keys`: those that are trusted, instead
    of what this installation knows by itself.
    """
    said = anchor.read(first, last) if checkpoints is None else checkpoints
    with snapshot():
        rows = {str(trail): Rows(lines(str(trail), *edges(str(trail), first, last))) for trail in TABLES}
        told = {"restorations": anchor.restored(), "changes": anchor.changed()}
        return verify(headers(first, last), rows, said, keys or anchor.trusted(), first, **told)


@contextmanager
def snapshot() -> Iterator[None]:
    """Everything read within is of one moment, unless the caller has a transaction of their own."""
    own = not connection.in_atomic_block
    with transaction.atomic():
        if own:
            with connection.cursor() as db:
                db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def headers(first: int = 1, last: int | None = None) -> Iterator[str]:
    """Lines 'hash header'."""
    query = "SELECT encode(hash, 'hex') || ' ' || compliance_header(b) FROM compliance_block b WHERE number >= %s"
    yield from _stream(
        "blocks", query + " AND (%s::bigint IS NULL OR number <= %s) ORDER BY number", [first, last, last]
    )


def lines(trail: str, after: tuple[int, int], until: tuple[int, int] | None) -> Iterator[bytes]:
    """The rows of a trail as they were hashed, in their order."""
    table = TABLES[Block.Trail(trail)]._meta.db_table
    end = until or (2**63 - 1, 2**63 - 1)
    query = (
        f"SELECT compliance_line(r) FROM {table} r WHERE (xid, id) > (%s, %s) AND (xid, id) <= (%s, %s)"  # noqa: S608
        " ORDER BY xid, id"
    )
    for line in _stream(f"rows_{trail}", query, [*after, *end]):
        yield line.encode()


def _stream(name: str, query: str, params: list[Any]) -> Iterator[str]:
    """One text column through a cursor of the server's, so that memory does not grow with the trail."""
    with connection.cursor() as db:
        db.execute(f"DECLARE {name} NO SCROLL CURSOR FOR {query}", params)
        while True:
            db.execute(f"FETCH {CHUNK} FROM {name}")
            found = db.fetchall()
            for (line,) in found:
                yield line
            if len(found) < CHUNK:
                db.execute(f"CLOSE {name}")
                return


def edges(trail: str, first: int, last: int | None) -> tuple[tuple[int, int], tuple[int, int] | None]:
    """(after which row, up to which row): what those blocks hold of this trail. Everything without a bound."""
    of_trail = Block.objects.filter(trail=trail)
    before = of_trail.filter(number__lt=first).order_by("-number").first() if first > 1 else None
    start = (before.last_xid, before.last_id) if before else (-1, 0)
    if last is None:
        return start, None
    end = of_trail.filter(number__lte=last).order_by("-number").first()
    return start, (end.last_xid, end.last_id) if end else (-1, 0)


def check_next(*, now: datetime) -> TrailCheck | None:
    """What was sealed since the last look, and a stretch of the old: over the days all is read again and again."""
    newest = Block.objects.order_by("-number").first()
    seen = TrailCheck.objects.order_by("-last").values_list("last", flat=True).first() or 0
    said = anchor.newest()
    if said and said["block"] > (newest.number if newest else 0):  # what was signed last is not here
        return keep(check(newest.number if newest else 1), now=now)
    if newest is None:
        return None
    if newest.number > seen:
        return keep(check(seen + 1, newest.number), now=now)
    turn = TrailCheck.objects.order_by("-pk").values_list("last", flat=True).first() or 0
    first = turn + 1 if turn < newest.number else 1
    return keep(check(first, _far(first)), now=now)


def _far(first: int) -> int:
    """The last block of a stretch of about SLICE rows."""
    total, last = 0, first
    for number, rows in Block.objects.filter(number__gte=first).order_by("number").values_list("number", "rows")[:5000]:
        last, total = number, total + rows
        if total >= SLICE:
            break
    return last


def keep(report: Report, *, now: datetime) -> TrailCheck:
    return TrailCheck.objects.create(
        at=now, first=report.first, last=report.last, rows=report.rows, anchored=report.anchored,
        problems=report.problems[:50],
    )  # fmt: skip
