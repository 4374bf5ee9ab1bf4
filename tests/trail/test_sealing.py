"""Rows are sealed once each, in the order they committed, however late a transaction ends."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, connections, transaction

from compliance import gate
from compliance.models import AuditEntry, Block, Decision, TrailCheck
from compliance.models.decision import Purpose
from compliance.sealing import anchor, bundle, chain, checking, signing, verifier
from config.lib.clock import utcnow
from tests import cast
from tests.trail.world import act, seal, sealed_trail, superuser

pytestmark = pytest.mark.django_db(transaction=True)


def app_connection() -> psycopg.Connection:
    return psycopg.connect(**{
        name: value for name, value in connections["default"].get_connection_params().items()
        if name in {"host", "port", "dbname", "user", "password"}
    })  # fmt: skip


def test_a_row_that_commits_after_later_ones_is_not_lost() -> None:
    with app_connection() as slow:
        slow.execute("INSERT INTO compliance_auditentry (at, kind, subject, reason, payload)"
                     " VALUES (now(), 'a.slow', 'campaign:1', '', '{}')")  # fmt: skip
        act(2)
        assert chain.seal() == 0, "the later one waits: something that comes before it may still commit"
        slow.commit()

    assert seal() == 2
    assert checking.check().problems == []
    assert seal() == 0


def test_decisions_consents_and_register_answers_are_sealed_too() -> None:
    anna = cast.anna()
    with transaction.atomic():
        [answer] = gate.clear_many(
            [gate.Request(anna.pk, Purpose.PROMOTIONAL, "email", frozenset({"casino"}), frozenset({"all"}), "x")],
            now=cast.noon(),
        )

    seal()

    row = Decision.objects.get(pk=answer.decision_id)
    block = chain.block_of("decision", row.xid, row.pk)
    assert block is not None
    assert set(Block.objects.values_list("trail", flat=True)) >= {"decision", "consent", "register"}
    assert chain.reach().waiting == 0
    assert checking.check().rows == 1 + 2 + 1
    with superuser() as db:
        db.execute("UPDATE compliance_consent SET origin = 'elsewhere' WHERE player_id = %s", [anna.pk])
        db.execute("UPDATE compliance_registercheck SET by = 'us' WHERE player_id = %s", [anna.pk])
    assert sorted(what for _, what in checking.check().problems) == [
        "consent: a row is not what was sealed", "register: a row is not what was sealed",
    ]  # fmt: skip


def test_full_blocks_follow_each_other() -> None:
    with transaction.atomic():
        for number in range(150):
            act(number)

    assert seal(most=40) == 150

    assert list(Block.objects.order_by("number").values_list("rows", flat=True)) == [40, 40, 40, 30]
    assert checking.check().problems == []
    entry = AuditEntry.objects.order_by("id")[40]
    assert chain.block_of("audit", entry.xid, entry.pk).number == 2  # type: ignore[union-attr]


def test_the_application_writes_no_blocks_of_its_own() -> None:
    sealed_trail(1)

    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Block.objects.update(rows=0)


def test_what_was_sealed_is_looked_at_and_then_the_old_again() -> None:
    sealed_trail(4)
    now = utcnow()

    new = checking.check_next(now=now)
    old = checking.check_next(now=now + timedelta(minutes=1))

    assert new is not None
    assert old is not None
    assert (new.first, new.last, new.rows, new.anchored, new.problems) == (1, 4, 20, 4, [])
    assert (old.first, old.last) == (1, 4)
    sealed_trail(1)
    assert checking.check_next(now=now).first == 5  # type: ignore[union-attr]
    with superuser() as db:
        db.execute("UPDATE compliance_auditentry SET reason = 'x' WHERE subject = 'campaign:0'")
    checking.check_next(now=now)
    assert TrailCheck.objects.order_by("-pk")[0].problems == [
        [1, "audit: a row is not what was sealed"], [5, "audit: a row is not what was sealed"],
    ]  # fmt: skip


def test_a_checkpoint_is_written_once_and_a_torn_line_does_not_count() -> None:
    sealed_trail(2)
    assert anchor.write(now=utcnow()) is None
    with anchor.path(utcnow()).open("a") as file:
        file.write('{"block": 3, "ha')

    assert [point["block"] for point in anchor.read()] == [2]
    assert anchor.read(first=3) == []
    assert checking.check().anchored == 2


@pytest.mark.parametrize("text", ['line\nbreak\ttab "quoted" back\\slash', "Zoë, 你好, \U0001f3b0, \x7f", "\x01\x1f"])
def test_any_text_verifies_outside(text: str, tmp_path: Path) -> None:
    act(1)
    AuditEntry.objects.create(at=utcnow(), kind="a.b", subject=text, reason=text, payload=f'{{"after":"{text}"}}')
    seal()
    anchor.write(now=utcnow())

    made = bundle.write(tmp_path / "export", now=utcnow())

    assert set(made["files"]) >= {"blocks.txt", "rows-audit.jsonl", "checkpoints.jsonl", "verify.py"}
    done = subprocess.run([sys.executable, "-I", tmp_path / "export" / "verify.py", tmp_path / "export", "--key",
                           signing.public_key(signing.seed()).hex()], capture_output=True, text=True, check=False)  # fmt: skip
    assert done.stdout.splitlines()[-1:] == ["INTACT"], done.stdout + done.stderr
    assert "2 rows in blocks 1 to 1" in done.stdout


def test_a_part_of_the_trail_verifies_by_itself(tmp_path: Path) -> None:
    sealed_trail(4)

    bundle.write(tmp_path / "part", 3, 4, now=utcnow())

    report = verifier.folder(tmp_path / "part")
    assert (report.problems, report.first, report.rows, report.anchored) == ([], 3, 10, 4)


def test_a_copy_restored_into_another_cluster_is_not_sealed_as_if_nothing_had_happened() -> None:
    """Its transaction numbers begin anew: what comes now would lie in the sealed past."""
    sealed_trail(1)
    with superuser() as db:
        db.execute("UPDATE compliance_block SET last_xid = 9000000000")
    act(99)

    with pytest.raises(DatabaseError, match="transaction ids went back"):
        seal()
