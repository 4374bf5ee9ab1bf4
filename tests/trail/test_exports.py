"""A regulator's file verifies outside; what a player gets names nobody else."""

import csv
import hashlib
import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from compliance import audit, gate, wordings
from compliance.handouts import asking
from compliance.models import AuditEntry, Handout
from compliance.sealing import anchor, signing, verifier
from config.lib.clock import utcnow
from players.models import Player
from tests import cast
from tests.spec.test_4_the_gate import promo
from tests.trail.world import seal, superuser


@pytest.fixture
def asked(tmp_path: Path, settings: Any) -> Any:
    """Bo asked of twice beside a hundred others, sealed, signed; and what makes an export of it."""
    settings.DATA_DIR = tmp_path
    bo, olivia = cast.bo(), cast.olivia()
    with transaction.atomic():
        gate.clear_many([promo(cast.anna(), reference="m1"), promo(bo, reference="m2")], now=cast.noon())
        audit.record_many(audit.entry(None, "a.b", f"player:{900 + n}", brand=bo.brand_id) for n in range(100))
        audit.record(olivia, "player.revealed", f"player:{bo.pk}", brand=bo.brand_id, reason="He called about a bill")
    for n in range(3):
        seal()
        audit.record(olivia, "a.b", f"player:{n}", brand=None)
    seal()
    anchor.write(now=utcnow())

    def make(kind: str, player: Player | None = bo, rule: str = "", sealed: bool = False) -> Path:
        now = utcnow()
        with transaction.atomic():
            asking.ask(kind, bo.brand, player, rule, now - timedelta(days=2), now + timedelta(days=1), olivia,
                       "The regulator asked for it", now=now)  # fmt: skip
        if sealed:
            seal()
            anchor.write(now=utcnow())
        assert asking.work(clock=utcnow) == 1
        row = Handout.objects.latest("pk")
        assert row.status == "ready", row.error
        zipfile.ZipFile(asking.path_of(row)).extractall(tmp_path / "out")
        return tmp_path / "out" / row.name

    return make


def verified(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", folder / "verify.py", folder], capture_output=True, text=True, check=False
    )


@pytest.mark.django_db(transaction=True)
def test_a_regulators_file_about_one_player_verifies_without_the_rest(asked: Any) -> None:
    wordings.record(cast.northlight(), "v3", "Yes, write to me", "One box, not ticked", cast.olivia(), now=utcnow())
    folder = asked("player", sealed=True)

    done = verified(folder)

    assert done.stdout.splitlines()[-1:] == ["INTACT"], done.stdout + done.stderr
    assert 'v3,"Yes, write to me","One box, not ticked"' in (folder / "wordings.csv").read_text()
    proofs = (folder / "proofs.jsonl").read_text()
    assert "He called about a bill" in proofs
    assert '"player:901"' not in proofs.replace("\\", ""), "what concerns others stays at home"
    assert (folder / "timeline.pdf").read_bytes().startswith(b"%PDF")
    with (folder / "decisions.csv").open(newline="") as file:
        [asked_of] = csv.DictReader(file)
    assert asked_of["reasons"].startswith("DENY_SELF_EXCLUDED")
    rested = {name: asked_of[name] for name in ("restricted", "exclusions", "harm", "chosen_by")}
    assert rested == {
        "restricted": "excluded",
        "exclusions": "self_exclusion/own",
        "harm": "unknown",
        "chosen_by": "all",
    }
    assert asked_of["consent"].startswith("casino/email: yes to “v3” on registration, 20")
    assert asked_of["registers"].startswith("gamstop/marketing: clear, asked 20")
    assert "self_exclusion" in (folder / "restrictions.csv").read_text()
    manifest = json.loads((folder / "manifest.json").read_text())
    assert {"decisions.csv", "proofs.jsonl", "timeline.pdf", "verify.py"} <= set(manifest["files"])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", ["line", "member", "header", "checkpoint"])
def test_whatever_is_changed_in_the_file_is_found(asked: Any, change: str) -> None:
    folder = asked("player", sealed=True)
    file = folder / {"header": "blocks.txt", "checkpoint": "checkpoints.jsonl"}.get(change, "proofs.jsonl")
    lines = file.read_text().splitlines()
    if change in ("line", "member"):
        proof = json.loads(lines[0])
        if change == "line":
            proof["rows"][0][1] = proof["rows"][0][1].replace("promotional", "transactional")
            assert proof != json.loads(lines[0])
        else:
            proof["members"]["0"][0] = "00" * 32
        lines[0] = json.dumps(proof)
    else:
        lines[0] = (
            lines[0].replace('"sig', '"key": "' + "11" * 32 + '", "sig')
            if change == "checkpoint"
            else "0" + lines[0][1:]
        )
    file.write_text("\n".join(lines) + "\n")

    done = verified(folder)

    assert done.returncode == 1, done.stdout


@pytest.mark.django_db(transaction=True)
def test_what_is_for_people_to_read_is_what_was_handed_out(asked: Any) -> None:
    folder = asked("player", sealed=True)
    table, paper, manifest = (folder / name for name in ("decisions.csv", "timeline.pdf", "manifest.json"))
    told = json.loads(manifest.read_text())

    def signed_anew(seed: bytes) -> str:
        body = {name: value for name, value in told.items() if name not in ("key", "signature")}
        body["files"] = body["files"] | {"decisions.csv": {"sha256": hashlib.sha256(b"x").hexdigest(), "bytes": 1}}
        words = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
        more = {"key": signing.public_key(seed).hex(), "signature": signing.sign(seed, words).hex()} if seed else {}
        return json.dumps(body | more)

    for change, said in (
        ({table: table.read_text().replace(",deny,", ",allow,")}, "decisions.csv is not the file"),
        ({paper: "another story"}, "timeline.pdf is not the file"),
        ({paper: None}, "timeline.pdf is missing"),
        ({manifest: None}, "manifest.json is missing"),
        ({manifest: json.dumps(told | {"blocks": [1, 999]})}, "manifest.json is not what was signed"),
        ({table: "x", manifest: signed_anew(b"")}, "manifest.json is not signed"),
        ({table: "x", manifest: signed_anew(bytes(32))}, "which signed nothing else here"),
    ):  # fmt: skip
        before = {file: file.read_bytes() for file in change}
        for file, words in change.items():
            file.unlink() if words is None else file.write_text(words)
        report = verifier.folder(folder)
        assert [what for number, what in report.problems if number == 0 and said in what], (said, report.problems)
        for file, raw in before.items():
            file.write_bytes(raw)
    assert verifier.folder(folder).intact


@pytest.mark.django_db(transaction=True)
def test_a_row_changed_in_the_database_does_not_verify_in_an_export(asked: Any) -> None:
    with superuser() as db:
        db.execute("UPDATE compliance_auditentry SET reason = 'No reason' WHERE kind = 'player.revealed'")

    done = verified(asked("player", sealed=True))

    assert "NOT INTACT" in done.stdout


@pytest.mark.django_db(transaction=True)
def test_what_a_player_gets_about_themselves_names_no_staff(asked: Any) -> None:
    folder = asked("access")

    everything = "".join(file.read_text() for file in folder.iterdir())

    assert json.loads((folder / "about-you.json").read_text())[0]["account"]["first_name"] == "Bo"
    assert [one["outcome"] for one in json.loads((folder / "messages.json").read_text())] == ["Refused"]
    assert "Olivia" not in everything
    assert "He called" not in everything
    assert "anna" not in everything
    assert not (folder / "proofs.jsonl").exists()


@pytest.mark.django_db(transaction=True)
def test_one_rule_and_a_whole_period(asked: Any) -> None:
    of_rule = asked("rule", None, "X-01", sealed=True)
    assert len((of_rule / "decisions.csv").read_text().splitlines()) == 2
    assert not (of_rule / "audits.csv").exists()

    of_period = asked("period", None, sealed=True)
    assert len((of_period / "decisions.csv").read_text().splitlines()) == 3
    assert verified(of_period).returncode == 0


@pytest.mark.django_db
def test_an_officer_asks_takes_and_leaves_a_trail(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    bo, olivia = cast.bo(), cast.olivia()
    client.force_login(olivia)
    given = {"kind": "access", "player": "bo", "since": "2026-01-01", "until": "2027-01-01", "reason": "Bo wrote to us"}

    assert client.get(reverse("compliance:exports")).status_code == 200
    assert client.post(reverse("compliance:exports"), given | {"player": "nobody"}).status_code == 422
    assert client.post(reverse("compliance:exports"), given | {"kind": "rule", "rule": "XX-1"}).status_code == 422
    assert client.post(reverse("compliance:exports"), given).status_code == 302
    row = Handout.objects.get()
    assert client.get(reverse("compliance:export-file", args=[row.pk])).status_code == 404
    asking.work(clock=utcnow)
    taken = client.get(reverse("compliance:export-file", args=[row.pk]))
    assert b"".join(taken.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    kinds = AuditEntry.objects.filter(subject=f"player:{bo.pk}", kind__startswith="export.").order_by("pk")
    assert list(kinds.values_list("kind", flat=True)) == ["export.asked", "export.made", "export.downloaded"]

    asking.purge(now=row.expires_at)

    assert not asking.path_of(row).exists()
    assert client.get(reverse("compliance:export-file", args=[row.pk])).status_code == 404
    client.force_login(cast.carla())
    assert client.get(reverse("compliance:exports")).status_code == 403
