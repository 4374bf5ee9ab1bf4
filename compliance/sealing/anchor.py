"""The newest hash, signed, where the database cannot reach it.

One line per checkpoint in `AUDIT_ANCHOR_DIR`/checkpoints-<month>.jsonl, and one per restore that somebody declared
(`restoring`) in restorations.jsonl: what was signed of blocks that are not there since does not count any more. Each change
of the key (`rotating`) stands in keys.jsonl; a key that is not the one in use signs nothing here. A file that is only added
to can lie on a mounted bucket with object lock, or be mailed on by whoever shall be able to say later what was there.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction

from compliance.models import Block
from compliance.sealing import signing
from compliance.sealing.verifier import epoch_of, living, message, restored_message, short


def path(now: datetime) -> Path:
    """A file a month: what is looked for lies in one or two of them."""
    return Path(settings.AUDIT_ANCHOR_DIR) / f"checkpoints-{now:%Y-%m}.jsonl"


def _files() -> list[Path]:
    return sorted(Path(settings.AUDIT_ANCHOR_DIR).glob("checkpoints-*.jsonl"))


def write(*, now: datetime) -> dict[str, Any] | None:
    """A checkpoint of the newest block, unless there is one; None then. Raises ImproperlyConfigured without the key in use.

    None too where the trail is not the one that was signed: nothing is signed on top of another one."""
    with alone():
        block, last = Block.objects.order_by("-number").first(), newest()
        if block is None or (last and (last["block"] >= block.number or not is_here(last))):
            return None
        point: dict[str, Any] = {"block": block.number, "hash": bytes(block.hash).hex(), "at": now.isoformat()}
        if last and epoch_of(last) > 1:
            point["epoch"] = epoch_of(last)
        return _append(path(now), point, message(point))


@contextmanager
def alone() -> Iterator[None]:
    """Nobody signs beside a change of the key, or what the old one signs last would come behind its retirement."""
    with transaction.atomic():
        with connection.cursor() as db:
            db.execute("SELECT pg_advisory_xact_lock(7007, 1)")
        yield


def write_restored(told: dict[str, Any]) -> dict[str, Any]:
    """`told`: what `verifier.restored_message` reads. Signs it and keeps it for ever."""
    return _append(_restorations(), told, restored_message(told))


def _append(file: Path, said: dict[str, Any], words: bytes) -> dict[str, Any]:
    if amiss := trouble():
        raise ImproperlyConfigured(amiss)
    seed = signing.seed()
    return append(file, said | {"key": signing.public_key(seed).hex(), "signature": signing.sign(seed, words).hex()})


def append(file: Path, signed: dict[str, Any]) -> dict[str, Any]:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as raw:
        raw.write(json.dumps(signed) + "\n")
        raw.flush()
        os.fsync(raw.fileno())
    return signed


def is_here(point: dict[str, Any]) -> bool:
    """The trail holds the block that was signed."""
    if point["block"] == 0:
        return True  # a restore to before the first block
    return Block.objects.filter(number=point["block"], hash=bytes.fromhex(point["hash"])).exists()


def _restorations() -> Path:
    return Path(settings.AUDIT_ANCHOR_DIR) / "restorations.jsonl"


def restored() -> list[dict[str, Any]]:
    """Every restore that was declared, oldest first."""
    return _lines(_restorations())


def changes_of_keys() -> Path:
    return Path(settings.AUDIT_ANCHOR_DIR) / "keys.jsonl"


def changed() -> list[dict[str, Any]]:
    """Every change of the key, oldest first."""
    return _lines(changes_of_keys())


def trusted() -> set[str]:
    """This installation's own key: it was put there by hand, from outside."""
    with suppress(ImproperlyConfigured):
        return {signing.public_key(signing.seed()).hex()}
    return set()


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n")[:-1]] if file.exists() else []


def key_in_use() -> str:
    """The public half of the key that signs; '' before the first signature."""
    changes, last = changed(), newest()
    return str(changes[-1]["key"] if changes else last["key"] if last else "")


def read(first: int = 1, last: int | None = None) -> list[dict[str, Any]]:
    """Those of blocks `first` to `last`, oldest first, but for what a restore has ended. A half line at the end (a
    crash) does not count."""
    found: list[dict[str, Any]] = []
    told = restored()
    for file in _files():
        end = _last_of(file)
        if end is None or end["block"] < first:
            continue
        points = living(map(json.loads, file.read_text(encoding="utf-8").split("\n")[:-1]), told)
        found += [point for point in points if point["block"] >= first and (last is None or point["block"] <= last)]
        if last is not None and living([end], told) and end["block"] >= last:
            break
    return found


def newest() -> dict[str, Any] | None:
    """The last checkpoint; after a restore, until there is one, the block it went back to."""
    last = next(filter(None, map(_last_of, reversed(_files()))), None)
    told = restored()
    return told[-1] if told and (last is None or epoch_of(last) < epoch_of(told[-1])) else last


def _last_of(file: Path) -> dict[str, Any] | None:
    """The last whole line, without reading the ones before it."""
    with file.open("rb") as raw:
        raw.seek(max(raw.seek(0, os.SEEK_END) - 4096, 0))
        lines = raw.read().split(b"\n")[:-1]
    return json.loads(lines[-1]) if lines else None


def trouble() -> str:
    """Why nothing can be anchored, in a sentence; '' when all is well."""
    try:
        mine = signing.public_key(signing.seed()).hex()
    except ImproperlyConfigured as error:
        return str(error)
    if (used := key_in_use()) and used != mine:
        return (
            f"AUDIT_SIGNING_KEY is key {short(mine)}, and key {short(used)} is in use"
            " (manage.py audit rotate changes it in order)."
        )
    folder = Path(settings.AUDIT_ANCHOR_DIR)
    there = next(place for place in (folder, *folder.parents) if place.exists())
    return "" if os.access(there, os.W_OK) else f"{folder} cannot be written to."
