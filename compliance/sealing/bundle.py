"""The trail as files: what an outsider is handed, with the verifier and its instructions."""

import hashlib
import json
import shutil
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from compliance.models import Block
from compliance.sealing import anchor, checking, signing, verifier
from compliance.sealing.chain import TABLES

# The columns of a line, in its order. Nothing of a sealed table is left out of it; what ever should be is named in
# UNSEALED with its reason, as {table: {column: reason}}.
FIELDS = {
    "audit": ["xid", "id", "at", "operator", "kind", "subject", "brand", "reason", "payload"],
    "decision": ["xid", "id", "at", "person", "player", "purpose", "channel", "outcome", "code", "reasons",
                 "reference", "ruleset", "generation", "retry_at", "inputs"],
    "consent": ["xid", "id", "at", "player", "product", "channel", "granted", "wording", "screen", "origin",
                "occurred_at", "key"],
    "register": ["xid", "id", "asked_at", "received_at", "person", "player", "register", "purpose", "result", "by",
                 "reference", "detail", "asked_with", "took_ms"],
}  # fmt: skip
UNSEALED: dict[str, dict[str, str]] = {}


def write(folder: Path, first: int = 1, last: int | None = None, *, now: datetime) -> dict[str, Any]:
    """Blocks `first` to `last` with every row they hold, into an empty folder; returns the manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    with checking.snapshot():
        newest = Block.objects.order_by("-number").values_list("number", flat=True).first() or 0
        last = min(last, newest) if last is not None else newest
        _lines(folder / "blocks.txt", (header.encode() for header in checking.headers(first, last)))
        for trail in TABLES:
            edges = checking.edges(str(trail), first, last)
            _lines(folder / f"rows-{trail}.jsonl", checking.lines(str(trail), *edges))
    said = [json.dumps(point).encode() for point in anchor.read(first, last)]
    _lines(folder / "checkpoints.jsonl", said)
    declared(folder)
    shutil.copy(str(verifier.__file__), folder / "verify.py")
    return manifest(folder, {"blocks": [first, last], "fields": FIELDS}, now=now)


def declared(folder: Path) -> None:
    """Restores and changes of keys, where there were any."""
    for name, told in (("restorations", anchor.restored()), ("keys", anchor.changed())):
        if told:
            _lines(folder / f"{name}.jsonl", [json.dumps(one).encode() for one in told])


def _lines(path: Path, found: Iterable[bytes]) -> None:
    with path.open("wb") as file:
        file.writelines(line + b"\n" for line in found)


def manifest(folder: Path, about: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    """manifest.json: every file with its hash, signed with the installation's key when there is one."""
    files = {
        str(path.relative_to(folder)): {"sha256": _digest(path), "bytes": path.stat().st_size}
        for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "manifest.json"
    }  # fmt: skip
    body: dict[str, Any] = {**about, "made_at": now.isoformat(), "files": files}
    with suppress(ImproperlyConfigured):
        seed = signing.seed()
        signature = signing.sign(seed, json.dumps(body, sort_keys=True, separators=(",", ":")).encode())
        body = {**body, "key": signing.public_key(seed).hex(), "signature": signature.hex()}
    (folder / "manifest.json").write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")
    return body


def public_key() -> str:
    return "" if anchor.trouble() else signing.public_key(signing.seed()).hex()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
