"""Somebody who owns the database changes the trail in seven ways. With what was signed outside each is found."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from compliance.models import AuditEntry, Block
from compliance.sealing import anchor, bundle, checking
from config.lib.clock import utcnow
from tests.trail.world import seal, sealed_trail, superuser

pytestmark = pytest.mark.django_db(transaction=True)
Db = psycopg.Connection[Any]


def edit(db: Db, rows: list[AuditEntry]) -> None:
    db.execute("UPDATE compliance_auditentry SET reason = 'another' WHERE id = %s", [rows[7].pk])


def delete(db: Db, rows: list[AuditEntry]) -> None:
    db.execute("DELETE FROM compliance_auditentry WHERE id = %s", [rows[7].pk])


def insert(db: Db, rows: list[AuditEntry]) -> None:
    db.execute(
        "INSERT INTO compliance_auditentry (id, at, kind, subject, reason, payload, xid)"
        " SELECT 1000000, at, kind, 'campaign:999', reason, payload, xid FROM compliance_auditentry WHERE id = %s",
        [rows[7].pk],
    )


def reorder(db: Db, rows: list[AuditEntry]) -> None:
    one, other = rows[6].pk, rows[8].pk
    for old, new in ((one, -1), (other, one), (-1, other)):
        db.execute("UPDATE compliance_auditentry SET id = %s WHERE id = %s", [new, old])


def cut_tail(db: Db, rows: list[AuditEntry]) -> None:
    last = Block.objects.order_by("-number")[0]
    db.execute("DELETE FROM compliance_auditentry WHERE (xid, id) > (%s, %s)", [last.after_xid, last.after_id])
    db.execute("DELETE FROM compliance_block WHERE number = %s", [last.number])


def edit_and_reseal(db: Db, rows: list[AuditEntry]) -> None:
    edit(db, rows)
    db.execute("DELETE FROM compliance_block WHERE number > 1")
    db.commit()
    for most in (5, 5, 5):
        db.execute("SELECT compliance_seal('audit', %s)", [most])
        db.commit()


def missing_block(db: Db, rows: list[AuditEntry]) -> None:
    block = Block.objects.get(number=3)
    db.execute(
        "DELETE FROM compliance_auditentry WHERE (xid, id) > (%s, %s) AND (xid, id) <= (%s, %s)",
        [block.after_xid, block.after_id, block.last_xid, block.last_id],
    )
    db.execute("DELETE FROM compliance_block WHERE number = 3")


FOUND_BY_THE_CHAIN = [edit, delete, insert, reorder, missing_block]
FOUND_BY_THE_ANCHOR = [cut_tail, edit_and_reseal]


@pytest.mark.parametrize("tamper", [*FOUND_BY_THE_CHAIN, *FOUND_BY_THE_ANCHOR])
def test_what_a_superuser_does_to_the_trail_is_found(tamper: Callable[[Db, Any], None], tmp_path: Path) -> None:
    rows = sealed_trail()
    assert checking.check().problems == []

    with superuser() as db:
        tamper(db, rows)

    assert not checking.check().intact
    assert checking.check(checkpoints=[]).intact == (tamper in FOUND_BY_THE_ANCHOR), "what the chain alone can tell"
    bundle.write(tmp_path / "export", now=utcnow())
    said = b"".join(file.read_bytes() for file in sorted(anchor.path(utcnow()).parent.glob("checkpoints-*")))
    (tmp_path / "kept").write_bytes(said)
    alone = subprocess.run(
        [sys.executable, "-I", tmp_path / "export" / "verify.py", tmp_path / "export", "--checkpoints", tmp_path / "kept"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (alone.returncode, alone.stdout.splitlines()[-1][:10]) == (1, "NOT INTACT"), alone.stdout + alone.stderr


def test_blocks_cut_off_the_front_are_missed() -> None:
    sealed_trail()
    with superuser() as db:
        db.execute("DELETE FROM compliance_block WHERE number <= 2")

    assert (1, "is missing: the first one here is 3") in checking.check().problems


def test_a_checkpoint_signed_by_somebody_else_does_not_count() -> None:
    sealed_trail()
    *_, last = anchor.read()

    forged = {**last, "hash": "ab" * 32}

    assert [what for _, what in checking.check(checkpoints=[forged]).problems] == [
        "its checkpoint is not signed by that key"
    ]


def test_the_application_cannot_choose_where_in_the_past_its_row_lies() -> None:
    rows = sealed_trail()
    sneaked = AuditEntry.objects.create(at=utcnow(), kind="a.b", subject="c:1", xid=rows[0].xid)

    sneaked.refresh_from_db()

    assert sneaked.xid > AuditEntry.objects.get(pk=rows[-1].pk).xid
    seal()
    assert checking.check().problems == []
