"""The newest hash, signed, where the database cannot reach it.

One line per checkpoint in `AUDIT_ANCHOR_DIR`/checkpoints-<month>.jsonl. A file that is only added to can lie on a mounted
bucket with object lock, or be mailed on by whoever shall be able to say later what was there.
"""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from compliance.models import Block
from compliance.sealing import signing
from compliance.sealing.verifier import message


def path(now: datetime) -> Path:
    """A file a month: what is looked for lies in one or two of them."""
    return Path(settings.AUDIT_ANCHOR_DIR) / f"checkpoints-{now:%Y-%m}.jsonl"


def _files() -> list[Path]:
    return sorted(Path(settings.AUDIT_ANCHOR_DIR).glob("checkpoints-*.jsonl"))


def write(*, now: datetime) -> dict[str, Any] | None:
    """A checkpoint of the newest block, unless there is one; None then. Raises ImproperlyConfigured without a key."""
    block, last = Block.objects.order_by("-number").first(), newest()
    if block is None or (last and last["block"] >= block.number):
        return None
    seed = signing.seed()
    point: dict[str, Any] = {"block": block.number, "hash": bytes(block.hash).hex(), "at": now.isoformat()}
    point |= {"key": signing.public_key(seed).hex(), "signature": signing.sign(seed, message(point)).hex()}
    path(now).parent.mkdir(parents=True, exist_ok=True)
    with path(now).open("a", encoding="utf-8") as file:
        file.write(json.dumps(point) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return point


def read(first: int = 1, last: int | None = None) -> list[dict[str, Any]]:
    """Those of blocks `first` to `last`, oldest first. A half line at the end (a crash) does not count."""
    found: list[dict[str, Any]] = []
    for file in _files():
        end = _last_of(file)
        if end is None or end["block"] < first:
            continue
        points = map(json.loads, file.read_text(encoding="utf-8").split("\n")[:-1])
        found += [point for point in points if point["block"] >= first and (last is None or point["block"] <= last)]
        if last is not None and end["block"] >= last:
            break
    return found


def newest() -> dict[str, Any] | None:
    return next(filter(None, map(_last_of, reversed(_files()))), None)


def _last_of(file: Path) -> dict[str, Any] | None:
    """The last whole line, without reading the ones before it."""
    with file.open("rb") as raw:
        raw.seek(max(raw.seek(0, os.SEEK_END) - 4096, 0))
        lines = raw.read().split(b"\n")[:-1]
    return json.loads(lines[-1]) if lines else None


def trouble() -> str:
    """Why nothing can be anchored, in a sentence; '' when all is well."""
    try:
        signing.seed()
    except ImproperlyConfigured as error:
        return str(error)
    folder = Path(settings.AUDIT_ANCHOR_DIR)
    there = next(place for place in (folder, *folder.parents) if place.exists())
    return "" if os.access(there, os.W_OK) else f"{folder} cannot be written to."
