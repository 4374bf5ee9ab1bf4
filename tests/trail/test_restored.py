"""An older copy of the database is put back: the trail does not verify until a person declares it, and then says so."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from compliance.models import AuditEntry, Block, TrailCheck
from compliance.sealing import anchor, bundle, chain, checking, signing, state
from compliance.sealing.verifier import restored_message
from config.lib.clock import utcnow
from tests import cast
from tests.trail.test_seven_tamperings import Db, cut_tail, edit
from tests.trail.world import act, seal, sealed_trail, superuser

pytestmark = pytest.mark.django_db(transaction=True)
COPIED = ("compliance_block", "compliance_auditentry", "compliance_trailcheck")
WHY = "Disk lost; the backup of 04:00 was put back"


@contextmanager
def copy_of_the_database() -> Iterator[None]:
    """What happens to the trail within is undone at the end, as by a backup that is put back; no sequence goes back."""
    with superuser() as db:
        for table in COPIED:
            db.execute(f"DROP TABLE IF EXISTS {table}_then")  # noqa: S608
            db.execute(f"CREATE TABLE {table}_then AS TABLE {table}")
    yield
    with superuser() as db:
        for table in COPIED:
            db.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER; DELETE FROM {table}")  # noqa: S608
            db.execute(f"INSERT INTO {table} SELECT * FROM {table}_then")  # noqa: S608
            db.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER; DROP TABLE {table}_then")


def restored_trail() -> None:
    """Blocks 1 to 4; a copy; blocks 5 to 8 with a checkpoint; the copy is put back."""
    cast.olivia()
    sealed_trail()
    with copy_of_the_database():
        sealed_trail()
    assert Block.objects.count() == 4


def verify(capsys: pytest.CaptureFixture[str]) -> str:
    call_command("audit", "verify")
    return capsys.readouterr().out


def declare() -> None:
    call_command("audit", "restored", "--by", cast.olivia().email, "--reason", WHY)


def alone(tmp_path: Path, *more: str) -> subprocess.CompletedProcess[str]:
    folder = tmp_path / f"export{len(list(tmp_path.iterdir()))}"
    bundle.write(folder, now=utcnow())
    kept = tmp_path / "kept"
    kept.write_bytes(b"".join(file.read_bytes() for file in sorted(anchor.path(utcnow()).parent.glob("checkpoints-*"))))
    command: list[str | Path] = [sys.executable, "-I", folder / "verify.py", folder, "--checkpoints", kept, *more]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_fails_until_it_is_declared_and_then_says_who_and_from_which_block(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    restored_trail()
    with pytest.raises(CommandError, match="not intact"):
        verify(capsys)
    assert "block 8: was signed outside on" in capsys.readouterr().out
    assert alone(tmp_path).returncode == 1
    [entry] = [act(90)]
    seal()

    declare()

    assert "from block 5 on epoch 2; what was sealed as block 5 to 8" in verify(capsys)
    done = alone(tmp_path, "--key", signing.public_key(signing.seed()).hex())
    assert done.stdout.splitlines()[-1] == "INTACT", done.stdout + done.stderr
    assert f"by Olivia ({WHY}): from block 5 on epoch 2" in done.stdout
    said = AuditEntry.objects.get(kind="trail.restored")
    assert (said.actor, said.reason) == (cast.olivia(), WHY)
    assert json.loads(said.payload)["after"] | {"signed_outside_until": ""} == {
        "epoch": 2, "from_block": 5, "lost_until_block": 8, "signed_outside_until": "",
    }  # fmt: skip
    assert Block.objects.latest("number").number == 6
    assert chain.block_of("audit", entry.xid, entry.pk).number == 5  # type: ignore[union-attr]
    point = anchor.newest()
    assert point is not None
    assert (point["block"], point["epoch"]) == (6, 2)


def test_the_pages_see_it_by_themselves_and_are_calm_once_it_is_declared() -> None:
    restored_trail()
    broken = checking.check_next(now=utcnow())
    assert broken is not None
    assert broken.problems
    assert state.state(now=utcnow()).tone == "red"

    declare()

    assert TrailCheck.objects.latest("pk").problems == []
    found = state.state(now=utcnow())
    assert (found.broken, [one["by"] for one in found.restored]) == (None, ["Olivia"])
    sealed_trail(5)  # the numbers of the lost blocks are given again
    assert Block.objects.latest("number").number > 8
    assert checking.check().problems == []
    assert checking.check_next(now=utcnow()).problems == []  # type: ignore[union-attr]


@pytest.mark.slow
def test_nothing_is_signed_on_top_of_a_copy_nobody_declared(capsys: pytest.CaptureFixture[str]) -> None:
    restored_trail()
    sealed_trail(6)  # far beyond what was signed

    assert anchor.newest()["block"] == 8  # type: ignore[index]
    with pytest.raises(CommandError, match="not intact"):
        verify(capsys)
    declare()
    assert "from block 5 on epoch 2" in verify(capsys)
    assert anchor.newest()["block"] == 11  # type: ignore[index]


@pytest.mark.slow
@pytest.mark.parametrize("tamper", [cut_tail, edit])
def test_behind_a_declared_restore_what_is_cut_or_changed_is_found_as_before(
    tamper: Callable[[Db, Any], None], tmp_path: Path
) -> None:
    restored_trail()
    declare()
    rows = sealed_trail()
    assert checking.check().problems == []

    with superuser() as db:
        tamper(db, rows)

    assert not checking.check().intact
    assert alone(tmp_path).returncode == 1


def test_a_restore_explains_only_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    rows = sealed_trail()
    cast.olivia()
    with pytest.raises(CommandError, match="no restore to declare"):
        declare()
    with superuser() as db:
        edit(db, rows)
        cut_tail(db, rows)

    with pytest.raises(CommandError, match="does not explain this: block 2 audit: a row is not what was sealed"):
        declare()

    assert not AuditEntry.objects.filter(kind="trail.restored").exists()
    assert anchor.restored() == []


def test_only_an_officer_declares_and_says_why() -> None:
    restored_trail()
    for by, reason in ((cast.carla().email, WHY), (cast.olivia().email, "because"), ("nobody@example.test", WHY)):
        with pytest.raises(CommandError):
            call_command("audit", "restored", "--by", by, "--reason", reason)
    with pytest.raises(DatabaseError, match="somebody signs"), transaction.atomic(), connection.cursor() as db:
        db.execute("SELECT compliance_new_epoch()")
    assert not checking.check().intact


@pytest.mark.slow
@pytest.mark.parametrize("change", ["reason", "key", "order", "gone"])
def test_a_declaration_is_worth_its_signature(change: str, tmp_path: Path) -> None:
    restored_trail()
    declare()
    file = anchor.path(utcnow()).parent / "restorations.jsonl"
    told = json.loads(file.read_text())
    if change == "reason":
        told["reason"] = "nothing happened"
    elif change == "order":
        told["epoch"] = 3
    elif change == "key":
        seed = bytes(32)
        told |= {"key": signing.public_key(seed).hex()}
        told |= {"signature": signing.sign(seed, restored_message(told)).hex()}
    file.write_text("" if change == "gone" else json.dumps(told) + "\n")

    assert not checking.check().intact
    assert alone(tmp_path).returncode == 1


def test_a_cut_tail_is_not_explained_by_a_restore_that_a_stranger_declares(tmp_path: Path) -> None:
    rows = sealed_trail()
    cut_off, point, stranger = Block.objects.latest("number"), anchor.newest(), bytes(range(32))
    assert point is not None
    with superuser() as db:
        cut_tail(db, rows)
    here = Block.objects.latest("number")
    told = {"epoch": 2, "block": here.number, "hash": bytes(here.hash).hex(), "lost": cut_off.number,
            "lost_hash": point["hash"], "lost_at": point["at"], "at": utcnow().isoformat(), "by": "Nobody",
            "reason": WHY, "key": signing.public_key(stranger).hex()}  # fmt: skip
    told |= {"signature": signing.sign(stranger, restored_message(told)).hex()}
    (anchor.path(utcnow()).parent / "restorations.jsonl").write_text(json.dumps(told) + "\n")

    assert not checking.check().intact
    bundle.write(tmp_path / "export", now=utcnow())
    for more in ([], ["--key", signing.public_key(signing.seed()).hex()]):
        done = subprocess.run([sys.executable, "-I", tmp_path / "export" / "verify.py", tmp_path / "export", *more],
                              capture_output=True, text=True, check=False)  # fmt: skip
        assert done.returncode == 1, done.stdout
        assert "restore" in done.stdout


@pytest.fixture
def later_cluster() -> Iterator[None]:
    """Transactions are numbered a million higher than they are: then comes a cluster where they begin anew."""
    shift = (
        "CREATE OR REPLACE FUNCTION compliance_epoch_shift() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT %d::bigint'"
    )
    with superuser() as db:
        db.execute(shift % 1_000_000)
    yield
    with superuser() as db:
        db.execute(shift % 0)


def test_in_a_cluster_where_transaction_numbers_begin_anew_nothing_is_lost(
    later_cluster: None, capsys: pytest.CaptureFixture[str]
) -> None:
    cast.olivia()
    sealed_trail()
    left = act(80)  # in the copy, and not sealed yet
    with copy_of_the_database():
        sealed_trail()
    with superuser() as db:
        db.execute(
            "CREATE OR REPLACE FUNCTION compliance_epoch_shift() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT 0::bigint'"
        )
    since = [act(number) for number in range(91, 94)]
    since[0].refresh_from_db()
    assert since[0].xid < Block.objects.get(number=1).last_xid
    with pytest.raises(DatabaseError, match="transaction ids went back"):
        seal()

    declare()
    seal()

    assert "from block 5 on epoch 2" in verify(capsys)
    for row in (left, *since, AuditEntry.objects.get(kind="trail.restored")):
        row.refresh_from_db()
        assert chain.block_of("audit", row.xid, row.pk).number >= 5  # type: ignore[union-attr]
    assert chain.reach().waiting == 0
    act(99)
    seal()
    assert checking.check().problems == []
