#!/usr/bin/env python3
"""Verifies an exported audit trail. One file, nothing but Python 3.9 or newer: no library is to be installed by, or trusted
by, whoever checks. That is why it carries the checking half of Ed25519 itself, at the end (RFC 8032; signing is done
elsewhere, by a library); tests/trail/test_signatures.py holds it to the standard's vectors and to that library.

    python3 verify.py FOLDER [--checkpoints FILE] [--key HEX [--key HEX …]]

The folder holds  blocks.txt              one line per block: its hash, a space, its header
                  rows-<trail>.jsonl      one line per row, in the order they were sealed in
                  checkpoints.jsonl       signed hashes, written outside the database while it was running
                  restorations.jsonl      if ever an older copy of the database was put back: who declared it, signed
                  keys.jsonl              if ever the key was changed: from which block on, signed by both keys
                  manifest.json           every file of the folder, those for people to read too, with its SHA-256, signed

or, where only some rows were handed out, proofs.jsonl instead of the rows: per block the lines, the hashes of the rows
beside them and of all groups; and of the blocks those from each up to the next checkpoint.

Take the checkpoints and the keys from where the operator cannot reach them (your own mailbox, your own copy): those in
the folder only prove that the folder agrees with itself. One of the keys there have been is enough, every one you were
given is better.

How it is made, so that you can check it with tools of your own:
  row hash    = SHA-256 of the line, as bytes, without its newline
  group hash  = SHA-256 of up to 64 row hashes, one after the other
  content     = SHA-256 of the block's group hashes, one after the other
  header      = JSON [number, hash of the block before, trail, after xid, after id, last xid, last id, rows, sealed at,
                content]; the block holds every row of that trail with (after xid, after id) < (xid, id) <= (last …)
  block hash  = SHA-256 of the header
  signature   = Ed25519 over the JSON ["pitboss-checkpoint-1", number, block hash, time]; behind a restore with its epoch

A restore that was declared begins a new epoch behind the last block that was still there. Checkpoints of the epochs before
it count up to that block; those of later blocks are of what was lost, and the report says by whose word. Not declared, it
is what it looks like: the end was cut off.

Each checkpoint names the key that signed it. A key is changed behind the last checkpoint it signed: what it signs of later
blocks does not count, nor what the new one signs of earlier ones. A change is signed by the key that goes and by the one
that comes, so that who knows either may trust the other; where the old one was lost, only who was told the new one.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

GROUP = 64
GENESIS = "0" * 64


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


class Rows:
    """The lines of one trail, read once, from the front."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = iter(lines)
        self._held: tuple[tuple[int, int], bytes] | None = None
        self._last = (0, 0)

    def _next(self) -> tuple[tuple[int, int], bytes] | None:
        if self._held is None:
            line = next(self._lines, None)
            if line is not None:
                line = line.rstrip(b"\n")
                xid, pk, _ = line[1:].split(b",", 2)
                self._held = (int(xid), int(pk)), line
        return self._held

    def take(self, last: tuple[int, int]) -> tuple[list[bytes], int]:
        """(hashes of the rows up to `last`, rows that come before the one in front of them)"""
        hashes, disordered = [], 0
        while (row := self._next()) is not None and row[0] <= last:
            disordered += row[0] <= self._last
            self._last, self._held = max(self._last, row[0]), None
            hashes.append(hashlib.sha256(row[1]).digest())
        return hashes, disordered

    def rest(self) -> int:
        return len(self.take((1 << 63, 1 << 63))[0])


def content(hashes: list[bytes]) -> tuple[bytes, list[bytes]]:
    """(hash over the groups, the group hashes)"""
    groups = [sha256(b"".join(hashes[start : start + GROUP])) for start in range(0, len(hashes), GROUP)]
    return sha256(b"".join(groups)), groups


class Report:
    def __init__(self) -> None:
        self.problems: list[tuple[int, str]] = []  # (block, what is wrong); block 0: with the folder
        self.blocks = self.rows = self.first = self.last = self.checkpoints = 0
        self.anchored = 0  # the newest block whose hash is the one that was signed outside
        self.unsealed: dict[str, int] = {}
        self.restored: list[dict[str, Any]] = []  # restores that were declared and signed
        self.changes: list[dict[str, Any]] = []  # of keys, in order
        self.head = GENESIS

    @property
    def intact(self) -> bool:
        return not self.problems

    def wrong(self, block: int, what: str) -> None:
        self.problems.append((block, what))

    @property
    def stories(self) -> list[str]:
        return [
            f"restored on {one['at']} by {one['by']} ({one['reason']}): from block {one['block'] + 1} on epoch"
            f" {one['epoch']}; what was sealed as block {one['block'] + 1} to {one['lost']} until then, signed outside on"
            f" {one['lost_at']} at last, is not here"
            for one in self.restored
        ] + [
            f"key {short(one['before'])} {'was retired' if one['signature'] else 'was lost'} with block {one['block']} of"
            f" epoch {one['epoch']} on {one['at']} by {one['by']} ({one['reason']}): from then on it is key {short(one['key'])}"
            for one in self.changes
        ]


def verify(
    blocks: Iterable[str],
    rows: Mapping[str, Rows],
    checkpoints: Sequence[dict[str, Any]],
    keys: Collection[str] = (),
    first: int | None = None,
    restorations: Sequence[dict[str, Any]] = (),
    changes: Sequence[dict[str, Any]] = (),
) -> Report:
    """`blocks`: lines "hash header" as text; `rows`: trail -> Rows; `checkpoints`, `restorations`, `changes` (of keys):
    dicts; `keys`: hex, those that are trusted, none = theirs; `first`: the block it must begin with, None = any."""
    report = Report()
    hashes: dict[int, str] = {}
    reached: dict[str, tuple[int, int]] = {}
    for line in blocks:
        stored, _, header = line.rstrip("\n").partition(" ")
        number, before, trail, after_xid, after_id, xid, pk, count, _, digest = json.loads(header)
        if hashlib.sha256(header.encode()).hexdigest() != stored:
            report.wrong(number, "the header does not hash to what is stored as its hash")
        _link(report, number, before)
        if reached.get(trail, (after_xid, after_id)) != (after_xid, after_id):
            report.wrong(number, "does not begin where the last block of its trail ends")
        if trail not in reached and (early := len(rows[trail].take((after_xid, after_id))[0])):
            report.wrong(number, f"{early} rows stand before the first block of their trail")
        found, disordered = rows[trail].take((xid, pk))
        _compare(report, number, trail, count, digest, found, disordered)
        report.blocks, report.rows, report.last = report.blocks + 1, report.rows + len(found), number
        report.head = hashes[number] = stored
        reached[trail] = xid, pk
    if first and report.blocks and report.first != first:
        report.wrong(first, f"is missing: the first one here is {report.first}")
    report.unsealed = {trail: rest for trail, lines in rows.items() if (rest := lines.rest())}
    known = Keys(report, changes, keys, checkpoints)
    _restored(report, restorations, known, hashes)
    _against(report, hashes, known.accepted(_counting(report, checkpoints)))
    return report


def _link(report: Report, number: int, before: str) -> None:
    if not report.blocks:
        report.first = number
        if number == 1 and before != GENESIS:
            report.wrong(number, "is the first and names one before it")
        return
    if number != report.last + 1:
        report.wrong(number, f"comes after block {report.last}: what stood between is missing")
    elif before != report.head:
        report.wrong(number, "does not hold the hash of the block before it")


def _compare(
    report: Report, number: int, trail: str, count: int, digest: str, found: list[bytes], disordered: int
) -> None:
    if len(found) != count:
        gone = f"{count - len(found)} are missing" if len(found) < count else f"{len(found) - count} too many are there"
        report.wrong(number, f"{trail}: {count} rows were sealed, {gone}")
    elif content(found)[0].hex() != digest:
        report.wrong(number, f"{trail}: a row is not what was sealed")
    if disordered:
        report.wrong(number, f"{trail}: {disordered} rows are out of order")


class Keys:
    """Which key may have signed what: each from the change that brought it to the change that retired it."""

    def __init__(
        self,
        report: Report,
        changes: Sequence[dict[str, Any]],
        trusted: Collection[str],
        points: Sequence[dict[str, Any]],
    ) -> None:
        """`points`: all checkpoints, those that a restore has ended as well."""
        self._report, self._changes, self.trusted, self._points = report, report.changes, set(trusted), points
        for one in changes:
            last = self._changes[-1] if self._changes else None
            words, lost = changed_message(one), not one["signature"]
            holds = signed_by(one["key"], words, one["accepted"])
            holds = holds and (lost or signed_by(one["before"], words, one["signature"]))
            if not holds or (last and (one["before"] != last["key"] or place_of(one) < place_of(last))):
                report.wrong(one["block"], "a change of keys is told that these keys did not sign, or in another order")
                return
            if lost and one["key"] not in self.trusted:
                came = f"key {short(one['before'])} is called lost and key {short(one['key'])} put in its place"
                report.wrong(one["block"], f"{came}: trust that one by --key if you were told of it")
                return
            self._changes.append(one)

    @property
    def _all(self) -> list[str]:
        """In the order they came; none while nobody told of a change."""
        return [self._changes[0]["before"], *(one["key"] for one in self._changes)] if self._changes else []

    def wrong(self, key: str, place: tuple[int, int]) -> str:
        """Why this key cannot have signed what comes at that place; '' when it may."""
        if self.trusted and not self.trusted & set(self._all or [key]):
            return "its checkpoint is not signed by that key"
        if not self._changes:
            return ""
        used = [self._all[0], *(one["key"] for one in self._changes if place_of(one) < place)]
        if key == used[-1]:
            return ""
        if key in used:
            gone = next(one for one in self._changes if one["before"] == key)
            return f"was signed by key {short(key)}, which was retired with block {gone['block']}"
        return f"was signed by key {short(key)} when key {short(used[-1])} was in use"

    def accepted(self, points: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """Those that name the key in use as theirs; the others are problems."""
        found: list[dict[str, Any]] = []
        seen: list[str] = []
        for point in sorted(points, key=place_of):
            key = point["key"]
            why = self.wrong(key, place_of(point))
            if not why and not self._changes and seen and key != seen[-1] and (key in seen or not self.trusted):
                why = f"was signed by key {short(key)} after key {short(seen[-1])}, and no change of keys is told"
            if why:
                self._report.wrong(point["block"], why)
                continue
            found.append(point)
            seen += [key] if key not in seen[-1:] else []
        for key in sorted(self.trusted - {*seen, *self._all}) if len(self.trusted) > 1 else ():
            silent = f"key {short(key)}, which you trust, signed nothing here, and no change to it is told"
            self._report.wrong(self._report.last, f"{silent}: what it signed may have been left out")
        return found

    def restored(self, one: Mapping[str, Any]) -> str:
        """Why this restore cannot have been declared by its key, behind what it says was signed last."""
        behind = one["epoch"] - 1, one["lost"] + 1
        if any(change["epoch"] == behind[0] and change["block"] >= behind[1] for change in self._changes):
            return "a restore is told of that comes before a change of keys of the same epoch"
        if self._changes:
            return self.wrong(one["key"], behind)
        before = max((point for point in self._points if epoch_of(point) < one["epoch"]), key=place_of, default=one)
        if self.trusted and one["key"] not in self.trusted:
            return "the restore from it is not declared by the key that you trust"
        if before["key"] != one["key"]:
            came = f"key {short(one['key'])} declared a restore"
            return f"{came} where key {short(before['key'])} had signed, and no change of keys is told"
        return ""


def _restored(
    report: Report, told: Sequence[dict[str, Any]], keys: Keys, hashes: Mapping[int, str] | None = None
) -> None:
    """Which restores somebody declared, by their signature; each went back to a block that has to be here."""
    for epoch, one in enumerate(told, 2):
        number = one["block"]
        if one["epoch"] != epoch or not signed_by(one["key"], restored_message(one), one["signature"]):
            report.wrong(number, "a restore is told of that nobody signed, or in another order")
            return
        if why := keys.restored(one):
            report.wrong(number, why)
            return
        if living([one], told) and number and hashes is not None and hashes.get(number, one["hash"]) != one["hash"]:
            report.wrong(number, "is not the block that the restore went back to")
        report.restored.append(one)


def _counting(report: Report, checkpoints: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The checkpoints that say something of what is here; one of an epoch nobody declared is none of them."""
    found = living(checkpoints, report.restored)
    if strange := [point for point in found if epoch_of(point) > len(report.restored) + 1]:
        report.wrong(strange[0]["block"], f"was signed in epoch {epoch_of(strange[0])}, of which no restore is told")
    return [point for point in found if epoch_of(point) <= len(report.restored) + 1]


def epoch_of(point: Mapping[str, Any]) -> int:
    return int(point.get("epoch", 1))


def place_of(point: Mapping[str, Any]) -> tuple[int, int]:
    return epoch_of(point), int(point["block"])


def short(key: str) -> str:
    """How a key is called among people: its first 16 digits."""
    return key[:16]


def living(points: Iterable[dict[str, Any]], restorations: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Without those of blocks that a later restore went back behind."""
    return [
        point
        for point in points
        if not any(one["epoch"] > epoch_of(point) and point["block"] > one["block"] for one in restorations)
    ]


def _against(report: Report, hashes: Mapping[int, str], checkpoints: Sequence[dict[str, Any]]) -> None:
    """What was said outside, at the time, against what is here now. The newest covers all before it: an older one's
    signature only matters where it says something else."""
    newest = max((point["block"] for point in checkpoints), default=0)
    beyond = None
    for point in checkpoints:
        number, said = point["block"], point["hash"]
        trusted = number < newest and (number < report.first or hashes.get(number) == said)
        if not trusted and not signed_by(point["key"], message(point), point["signature"]):
            report.wrong(number, "its checkpoint is not signed by that key")
        elif number > report.last:
            beyond = point if beyond is None or number > beyond["block"] else beyond
        elif number >= report.first and hashes.get(number) != said:
            report.wrong(number, "has another hash than the one signed outside: what it holds was changed and resealed")
        elif number >= report.first:
            report.checkpoints, report.anchored = report.checkpoints + 1, max(report.anchored, number)
    if beyond:
        cut = "the end was cut off, or an older copy was put back and nobody has declared it"
        report.wrong(beyond["block"], f"was signed outside on {beyond['at']} and is not here: {cut}")


def verify_some(
    proofs: Iterable[str],
    blocks: Iterable[str],
    checkpoints: Sequence[dict[str, Any]],
    keys: Collection[str] = (),
    restorations: Sequence[dict[str, Any]] = (),
    changes: Sequence[dict[str, Any]] = (),
) -> Report:
    """Rows handed out without the rest of their blocks: each lies in a block that a signed one follows from."""
    report = Report()
    known = Keys(report, changes, keys, checkpoints)
    _restored(report, restorations, known)
    chain: dict[int, tuple[str, str]] = {}
    for line in blocks:
        stored, _, header = line.rstrip("\n").partition(" ")
        chain[json.loads(header)[0]] = stored, header
    signed: dict[int, str] = {}
    for point in known.accepted(_counting(report, checkpoints)):
        if point["block"] not in chain:
            continue
        if signed_by(point["key"], message(point), point["signature"]):
            signed[point["block"]] = point["hash"]
        else:
            report.wrong(point["block"], "its checkpoint is not signed by that key")
    for line in proofs:
        proof = json.loads(line)
        _prove(report, proof, chain)
        _lead(report, proof["block"], chain, signed)
        report.blocks, report.rows = report.blocks + 1, report.rows + len(proof["rows"])
        report.first = min(report.first or proof["block"], proof["block"])
        report.last = max(report.last, proof["block"])
    report.checkpoints = len(signed)
    return report


def _prove(report: Report, proof: dict[str, Any], chain: Mapping[int, tuple[str, str]]) -> None:
    number, groups = proof["block"], [bytes.fromhex(group) for group in proof["groups"]]
    header = json.loads(chain[number][1]) if number in chain else None
    if header is None or header[2] != proof["trail"] or sha256(b"".join(groups)).hex() != header[9]:
        report.wrong(number, "the groups are not those of the block")
        return
    for place, line in proof["rows"]:
        members = [bytes.fromhex(member) for member in proof["members"][str(place // GROUP)]]
        if sha256(line.encode()) != members[place % GROUP] or sha256(b"".join(members)) != groups[place // GROUP]:
            report.wrong(number, f"{proof['trail']}: a row is not what was sealed")


def _lead(report: Report, start: int, chain: Mapping[int, tuple[str, str]], signed: Mapping[int, str]) -> None:
    """From the block to the next one that was signed, each holding the hash of the one before it."""
    number, before = start, None
    while number in chain:
        stored, header = chain[number]
        if sha256(header.encode()).hex() != stored or (before and json.loads(header)[1] != before):
            report.wrong(number, "the chain of blocks is broken")
            return
        if number in signed:
            if signed[number] != stored:
                report.wrong(number, "has another hash than the one signed outside")
            report.anchored = max(report.anchored, number)
            return
        number, before = number + 1, stored
    report.wrong(start, "no block that was signed outside follows from it")


def message(point: Mapping[str, Any]) -> bytes:
    words = ["pitboss-checkpoint-1", point["block"], point["hash"], point["at"]]
    words += [epoch_of(point)] if epoch_of(point) > 1 else []
    return json.dumps(words, separators=(",", ":")).encode()


def restored_message(told: Mapping[str, Any]) -> bytes:
    """block, hash: of the last that was still there (0: none); lost, …: of the last one signed before it."""
    names = ("epoch", "block", "hash", "lost", "lost_hash", "lost_at", "at", "by", "reason")
    return json.dumps(["pitboss-restored-1", *(told[name] for name in names)], separators=(",", ":")).encode()


def changed_message(told: Mapping[str, Any]) -> bytes:
    """epoch, block, hash: of the last checkpoint that the key before signed."""
    names = ("epoch", "block", "hash", "before", "key", "at", "by", "reason")
    return json.dumps(["pitboss-key-1", *(told[name] for name in names)], separators=(",", ":")).encode()


def signed_by(key: str, words: bytes, signature: str) -> bool:
    return signature_holds(bytes.fromhex(key), words, bytes.fromhex(signature))


# Ed25519 (RFC 8032), to check only, so nothing here is secret: points of the curve as (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z.
PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
Point = tuple[int, int, int, int]
CURVE = -121665 * pow(121666, PRIME - 2, PRIME) % PRIME


def add(a: Point, b: Point) -> Point:
    minus, plus = (a[1] - a[0]) * (b[1] - b[0]) % PRIME, (a[1] + a[0]) * (b[1] + b[0]) % PRIME
    cross, twice = 2 * a[3] * b[3] * CURVE % PRIME, 2 * a[2] * b[2] % PRIME
    e, f, g, h = plus - minus, twice - cross, twice + cross, plus + minus
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def multiply(number: int, point: Point) -> Point:
    total: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = add(total, point)
        point, number = add(point, point), number >> 1
    return total


def _root(y: int, sign: int) -> int | None:
    """The x that belongs to this y, or None when the curve has no such point."""
    square = (y * y - 1) * pow(CURVE * y * y + 1, PRIME - 2, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * pow(2, (PRIME - 1) // 4, PRIME) % PRIME
    if (x * x - square) % PRIME or (x == 0 and sign):
        return None
    return PRIME - x if x & 1 != sign else x


def encode(point: Point) -> bytes:
    inverse = pow(point[2], PRIME - 2, PRIME)
    x, y = point[0] * inverse % PRIME, point[1] * inverse % PRIME
    return (y | (x & 1) << 255).to_bytes(32, "little")


def decode(raw: bytes) -> Point | None:
    number = int.from_bytes(raw, "little")
    y, sign = number & (1 << 255) - 1, number >> 255
    x = _root(y, sign) if y < PRIME else None
    return None if x is None else (x, y, 1, x * y % PRIME)


_base = decode((4 * pow(5, PRIME - 2, PRIME) % PRIME).to_bytes(32, "little"))
assert _base is not None
BASE = _base


def signature_holds(public: bytes, words: bytes, signature: bytes) -> bool:
    if len(public) != 32 or len(signature) != 64:
        return False
    key, point, scalar = decode(public), decode(signature[:32]), int.from_bytes(signature[32:], "little")
    if key is None or point is None or scalar >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + words).digest(), "little") % ORDER
    return encode(multiply(scalar, BASE)) == encode(add(point, multiply(challenge, key)))


def folder(path: Path | str, checkpoints: Path | str | None = None, keys: Collection[str] = ()) -> Report:
    """Verifies what lies in a folder; raises OSError or ValueError when it cannot be read at all."""
    path = Path(path)
    opened: list[BinaryIO] = []
    try:
        rows = {}
        for file in sorted(path.glob("rows-*.jsonl")):
            opened.append(file.open("rb"))
            rows[file.stem.partition("-")[2]] = Rows(opened[-1])
        with (path / "blocks.txt").open(encoding="utf-8") as blocks:
            points, told = _read(Path(checkpoints or path / "checkpoints.jsonl")), _read(path / "restorations.jsonl")
            changes = _read(path / "keys.jsonl")
            if (path / "proofs.jsonl").exists():
                with (path / "proofs.jsonl").open(encoding="utf-8") as proofs:
                    report = verify_some(proofs, blocks, points, keys, told, changes)
            else:
                report = verify(blocks, rows, points, keys, restorations=told, changes=changes)
        _handed_out(report, path, keys, {*(one["key"] for one in [*points, *told]), *_of_changes(changes)})
        trusted = set(keys) or ({point["key"] for point in points} if checkpoints else set())
        trusted |= _of_changes(report.changes)
        for told_of in report.restored:
            if (keys or checkpoints) and told_of["key"] not in trusted:
                report.wrong(told_of["block"], "the restore from it is not declared by the key that you trust")
        return report
    finally:
        for one in opened:
            one.close()


def _of_changes(changes: Iterable[dict[str, Any]]) -> set[str]:
    return {key for one in changes for key in (one["before"], one["key"])}


def _handed_out(report: Report, path: Path, trusted: Collection[str], used: Collection[str]) -> None:
    """manifest.json: every file of the folder as it was handed out, signed. What is for people to read is in no block."""
    if not (path / "manifest.json").exists():
        report.wrong(0, "manifest.json is missing: nothing tells which files were handed out")
        return
    body = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    key, signature = body.pop("key", ""), body.pop("signature", "")
    words = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
    if key and not signed_by(key, words, signature):
        report.wrong(0, "manifest.json is not what was signed")
    elif key and ((trusted and not {key, *used} & set(trusted)) or (used and key not in used)):
        report.wrong(0, f"manifest.json is signed by key {short(key)}, which signed nothing else here")
    elif not key and (used or trusted):
        report.wrong(0, "manifest.json is not signed")
    for name, told in body["files"].items():
        file = path / name
        if not file.is_file():
            report.wrong(0, f"{name} is missing")
        elif hashlib.sha256(file.read_bytes()).hexdigest() != told["sha256"]:
            report.wrong(0, f"{name} is not the file that was handed out")


def _read(file: Path) -> list[dict[str, Any]]:
    if file.name in ("restorations.jsonl", "keys.jsonl") and not file.exists():
        return []
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--checkpoints", help="Your own copy; otherwise the one in the folder.")
    told = "A public key of the operator as you were given it (64 hex digits); again for each other one."
    parser.add_argument("--key", action="append", default=[], metavar="HEX", help=told)
    chosen = parser.parse_args(arguments)
    report = folder(chosen.folder, chosen.checkpoints, [key.lower() for key in chosen.key])
    if report.first > 1 and not (Path(chosen.folder) / "proofs.jsonl").exists():
        sys.stdout.write(f"This is a part: what was sealed before block {report.first} is not here.\n")
    for story in report.stories:
        sys.stdout.write(story[0].upper() + story[1:] + "\n")
    for number, what in report.problems:
        sys.stdout.write(f"PROBLEM  block {number}: {what}\n" if number else f"PROBLEM  {what}\n")
    sys.stdout.write(
        f"{report.rows} rows in blocks {report.first} to {report.last}, {sum(report.unsealed.values())} not sealed yet;"
        f" {report.checkpoints} checkpoints hold, the newest for block {report.anchored}\n"
    )
    sys.stdout.write("INTACT\n" if report.intact else f"NOT INTACT: {len(report.problems)} problems\n")
    return 0 if report.intact else 1


if __name__ == "__main__":
    sys.exit(main())
