"""The key that signs is changed in order: what the old one signed holds, what it signs afterwards does not."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from compliance.models import AuditEntry, Block
from compliance.sealing import anchor, bundle, checking, signing, state
from compliance.sealing.verifier import changed_message, message, restored_message
from config.lib.clock import utcnow
from tests import cast
from tests.trail.test_restored import copy_of_the_database, declare
from tests.trail.test_seven_tamperings import cut_tail
from tests.trail.world import act, seal, sealed_trail, superuser

pytestmark = pytest.mark.django_db(transaction=True)
OLD, NEW, STRANGE = ("11" * 32, "22" * 32, "33" * 32)
WHY = "The holder of the old key has left"


def public(seed: str) -> str:
    return signing.public_key(bytes.fromhex(seed)).hex()


@pytest.fixture(autouse=True)
def signed_with_the_old_one(settings: Any) -> None:
    settings.AUDIT_SIGNING_KEY = OLD
    cast.olivia()


def rotate(tmp_path: Path, to: str = NEW, **more: Any) -> None:
    file = tmp_path / "new.key"
    file.write_text(to + "\n")
    call_command("audit", "rotate", "--to", str(file), "--by", cast.olivia().email, "--reason", WHY, **more)


def rotated_trail(settings: Any, tmp_path: Path) -> None:
    """Blocks 1 to 4 under the old key, the rest under the new one."""
    sealed_trail()
    rotate(tmp_path)
    settings.AUDIT_SIGNING_KEY = NEW
    sealed_trail(2)


def alone(tmp_path: Path, *keys: str, **changed: list[dict[str, Any]]) -> tuple[int, str]:
    """The stand-alone verifier over an export; `changed`: files of it as somebody made them."""
    folder = tmp_path / f"export{len(list(tmp_path.iterdir()))}"
    bundle.write(folder, now=utcnow())
    for name, told in changed.items():
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(one) + "\n" for one in told))
    bundle.manifest(folder, {}, now=utcnow())
    command: list[str | Path] = [sys.executable, "-I", folder / "verify.py", folder]
    for key in keys:
        command += ["--key", public(key)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout


def point(seed: str, block: int | None = None, epoch: int = 1) -> dict[str, Any]:
    """A checkpoint of a block that is there, whoever may sign it."""
    row = Block.objects.get(number=block) if block else Block.objects.latest("number")
    told: dict[str, Any] = {"block": row.number, "hash": bytes(row.hash).hex(), "at": utcnow().isoformat()}
    told |= {"epoch": epoch} if epoch > 1 else {}
    return told | signed(seed, message(told))


def signed(seed: str, words: bytes) -> dict[str, str]:
    return {"key": public(seed), "signature": signing.sign(bytes.fromhex(seed), words).hex()}


def write(told: list[dict[str, Any]]) -> None:
    anchor.path(utcnow()).write_text("".join(json.dumps(one) + "\n" for one in told))


def test_what_the_old_key_signed_holds_whichever_key_one_was_given(settings: Any, tmp_path: Path) -> None:
    rotated_trail(settings, tmp_path)

    assert {one["key"] for one in anchor.read()} == {public(OLD), public(NEW)}
    assert checking.check().problems == []
    call_command("audit", "verify", "--key", public(OLD), "--key", public(NEW).upper())
    for keys in ((), (OLD,), (NEW,), (OLD, NEW), (NEW, OLD)):
        code, said = alone(tmp_path, *keys)
        assert (code, said.splitlines()[-1]) == (0, "INTACT"), said
        assert f"Key {public(OLD)[:16]} was retired with block" in said
        assert f"by Olivia ({WHY}): from then on it is key {public(NEW)[:16]}" in said
    assert alone(tmp_path, STRANGE)[0] == 1
    code, said = alone(tmp_path, OLD, NEW, STRANGE)
    assert (code, "signed nothing here" in said) == (1, True)
    with pytest.raises(CommandError):
        call_command("audit", "verify", "--key", public(STRANGE))


def test_what_a_retired_key_signs_of_later_blocks_is_refused_by_both(settings: Any, tmp_path: Path) -> None:
    rotated_trail(settings, tmp_path)
    told = [*anchor.read(), point(OLD)]
    code, said = alone(tmp_path, OLD, checkpoints=told)
    assert (code, "was signed by key " + public(OLD)[:16] + ", which was retired with block" in said) == (1, True)
    write(told)
    assert any("which was retired with block" in what for _, what in checking.check().problems)
    with pytest.raises(CommandError, match="not intact"):
        call_command("audit", "verify")


def test_a_new_key_signs_nothing_of_what_was_before_it(settings: Any, tmp_path: Path) -> None:
    rotated_trail(settings, tmp_path)
    code, said = alone(tmp_path, checkpoints=[point(NEW, 2), *anchor.read()])
    assert (code, f"when key {public(OLD)[:16]} was in use" in said) == (1, True)


def test_after_the_change_the_old_key_signs_nothing_more_here(settings: Any, tmp_path: Path) -> None:
    sealed_trail()
    rotate(tmp_path)
    told = anchor.read()
    act(99)
    seal()

    assert "AUDIT_SIGNING_KEY is key" in state.state(now=utcnow()).trouble
    with pytest.raises(CommandError, match="rotate changes it in order"):
        call_command("audit", "seal")
    assert anchor.read() == told
    settings.AUDIT_SIGNING_KEY = NEW
    call_command("audit", "seal")
    found = anchor.newest()
    assert found is not None
    assert (found["key"], found["block"]) == (public(NEW), Block.objects.latest("number").number)
    [one] = state.state(now=utcnow()).changed
    assert (one["by"], one["block"]) == ("Olivia", told[-1]["block"])
    entry = AuditEntry.objects.get(kind="trail.key_changed")
    assert (entry.actor, entry.reason) == (cast.olivia(), WHY)


def test_a_key_put_in_place_without_a_word_signs_nothing_and_is_taken_by_nobody(settings: Any, tmp_path: Path) -> None:
    sealed_trail()
    settings.AUDIT_SIGNING_KEY = STRANGE
    act(99)
    seal()
    with pytest.raises(CommandError):
        call_command("audit", "seal")
    told = [*anchor.read(), point(STRANGE)]
    code, said = alone(tmp_path, checkpoints=told)
    assert (code, "and no change of keys is told" in said) == (1, True)
    assert alone(tmp_path, OLD, checkpoints=told)[0] == 1
    assert alone(tmp_path, OLD, STRANGE, checkpoints=told)[0] == 0, "whoever was given both takes both"
    assert alone(tmp_path, OLD, STRANGE, checkpoints=[*told[:-2], point(STRANGE, 3), point(OLD)])[0] == 1, (
        "but not back again"
    )


def test_a_lost_key_is_followed_by_one_that_only_who_was_told_of_it_takes(settings: Any, tmp_path: Path) -> None:
    sealed_trail()
    settings.AUDIT_SIGNING_KEY = NEW
    rotate(tmp_path, lost=True)
    sealed_trail(2)

    assert checking.check().problems == []
    assert alone(tmp_path, NEW)[0] == alone(tmp_path, OLD, NEW)[0] == 0
    for keys in ((), (OLD,)):
        code, said = alone(tmp_path, *keys)
        assert (code, "is called lost" in said) == (1, True)


@pytest.mark.slow
@pytest.mark.parametrize("change", ["by", "gone", "old did not sign", "new did not sign", "later", "order"])
def test_a_change_of_keys_is_worth_its_two_signatures(change: str, settings: Any, tmp_path: Path) -> None:
    rotated_trail(settings, tmp_path)
    [told] = anchor.changed()
    words = changed_message(told)
    more: list[dict[str, Any]] = []
    if change == "by":
        told["by"] = "Nobody"
    elif change == "old did not sign":
        told["signature"] = signed(STRANGE, words)["signature"]
    elif change == "new did not sign":
        told["accepted"] = signed(STRANGE, words)["signature"]
    elif change == "later":
        told["block"] += 1
        words = changed_message(told)
        told |= {"accepted": signed(NEW, words)["signature"]}
    elif change == "order":
        more = [told]
    assert alone(tmp_path, OLD, keys=[] if change == "gone" else [told, *more])[0] == 1


@pytest.mark.slow
def test_with_a_stolen_old_key_nobody_cuts_the_tail_by_telling_of_a_restore(settings: Any, tmp_path: Path) -> None:
    rotated_trail(settings, tmp_path)
    kept = anchor.read()
    first = kept[0]
    for lost in (first, kept[1], kept[-1]):
        told = {"epoch": 2, "block": first["block"], "hash": first["hash"], "lost": lost["block"], "lost_hash": lost["hash"],
                "lost_at": lost["at"], "at": utcnow().isoformat(), "by": "Olivia", "reason": WHY}  # fmt: skip
        assert alone(tmp_path, OLD, restorations=[told | signed(OLD, restored_message(told))])[0] == 1


@pytest.mark.slow
def test_a_key_may_be_changed_behind_a_restore_and_a_restore_declared_behind_a_change(
    settings: Any, tmp_path: Path
) -> None:
    rotated_trail(settings, tmp_path)
    with copy_of_the_database():
        sealed_trail(2)
    declare()
    sealed_trail(2)
    rotate(tmp_path, STRANGE)
    settings.AUDIT_SIGNING_KEY = STRANGE
    rows = sealed_trail(2)

    assert checking.check().problems == []
    for keys in ((OLD,), (NEW,), (STRANGE,), (OLD, NEW, STRANGE)):
        assert alone(tmp_path, *keys)[0] == 0
    kept = anchor.read()
    with superuser() as db:
        cut_tail(db, rows)
    assert alone(tmp_path, OLD, checkpoints=kept)[0] == 1


def test_a_key_that_was_used_is_not_used_again_and_a_demo_changes_its_own(settings: Any, tmp_path: Path) -> None:
    settings.AUDIT_SIGNING_KEY = ""
    with pytest.raises(CommandError, match="Nothing was signed yet"):
        rotate(tmp_path)
    sealed_trail()
    rotate(tmp_path)
    assert signing.seed() == bytes.fromhex(NEW)
    sealed_trail(2)
    with pytest.raises(CommandError, match="used before"):
        rotate(tmp_path)
    assert checking.check().problems == []
