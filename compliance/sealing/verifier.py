#!/usr/bin/env python3
"""Verifies an exported audit trail. One file, nothing but Python 3.9 or newer: no library is to be installed by, or trusted
by, whoever checks. That is why it carries the checking half of Ed25519 itself, at the end (RFC 8032; signing is done
elsewhere, by a library); tests/trail/test_signatures.py holds it to the standard's vectors and to that library.

    python3 verify.py FOLDER [--checkpoints FILE] [--key HEX]

The folder holds  blocks.txt              one line per block: its hash, a space, its header
                  rows-<trail>.jsonl      one line per row, in the order they were sealed in
                  checkpoints.jsonl       signed hashes, written outside the database while it was running
                  restorations.jsonl      if ever an older copy of the database was put back: who declared it, signed

or, where only some rows were handed out, proofs.jsonl instead of the rows: per block the lines, the hashes of the rows
beside them and of all groups; and of the blocks those from each up to the next checkpoint.

Take the checkpoints and the key from where the operator cannot reach them (your own mailbox, your own copy): those in
the folder only prove that the folder agrees with itself.

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
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
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
        self.problems: list[tuple[int, str]] = []  # (block, what is wrong)
        self.blocks = self.rows = self.first = self.last = self.checkpoints = 0
        self.anchored = 0  # the newest block whose hash is the one that was signed outside
        self.unsealed: dict[str, int] = {}
        self.restored: list[dict[str, Any]] = []  # restores that were declared and signed
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
        ]


def verify(
    blocks: Iterable[str],
    rows: Mapping[str, Rows],
    checkpoints: Sequence[dict[str, Any]],
    key: str | None = None,
    first: int | None = None,
    restorations: Sequence[dict[str, Any]] = (),
) -> Report:
    """`blocks`: lines "hash header" as text; `rows`: trail -> Rows; `checkpoints`, `restorations`: dicts; `key`: hex,
    None = theirs; `first`: the block it must begin with, None = any."""
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
    _restored(report, restorations, hashes)
    _against(report, hashes, _counting(report, checkpoints), key)
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


def _restored(report: Report, told: Sequence[dict[str, Any]], hashes: Mapping[int, str] | None = None) -> None:
    """Which restores somebody declared, by their signature; each went back to a block that has to be here."""
    for epoch, one in enumerate(told, 2):
        number = one["block"]
        signed = bytes.fromhex(one["key"]), restored_message(one), bytes.fromhex(one["signature"])
        if one["epoch"] != epoch or not signature_holds(*signed):
            report.wrong(number, "a restore is told of that nobody signed, or in another order")
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


def living(points: Iterable[dict[str, Any]], restorations: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Without those of blocks that a later restore went back behind."""
    return [
        point
        for point in points
        if not any(one["epoch"] > epoch_of(point) and point["block"] > one["block"] for one in restorations)
    ]


def _against(report: Report, hashes: Mapping[int, str], checkpoints: Sequence[dict[str, Any]], key: str | None) -> None:
    """What was said outside, at the time, against what is here now. The newest covers all before it: an older one's
    signature only matters where it says something else."""
    newest = max((point["block"] for point in checkpoints), default=0)
    beyond = None
    for point in checkpoints:
        number, said = point["block"], point["hash"]
        public = key or point["key"]
        trusted = number < newest and (number < report.first or hashes.get(number) == said)
        if not trusted and not signature_holds(
            bytes.fromhex(public), message(point), bytes.fromhex(point["signature"])
        ):
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
    key: str | None = None,
    restorations: Sequence[dict[str, Any]] = (),
) -> Report:
    """Rows handed out without the rest of their blocks: each lies in a block that a signed one follows from."""
    report = Report()
    _restored(report, restorations)
    chain: dict[int, tuple[str, str]] = {}
    for line in blocks:
        stored, _, header = line.rstrip("\n").partition(" ")
        chain[json.loads(header)[0]] = stored, header
    signed: dict[int, str] = {}
    for point in _counting(report, checkpoints):
        if point["block"] not in chain:
            continue
        if signature_holds(bytes.fromhex(key or point["key"]), message(point), bytes.fromhex(point["signature"])):
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


def folder(path: Path | str, checkpoints: Path | str | None = None, key: str | None = None) -> Report:
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
            if (path / "proofs.jsonl").exists():
                with (path / "proofs.jsonl").open(encoding="utf-8") as proofs:
                    report = verify_some(proofs, blocks, points, key, told)
            else:
                report = verify(blocks, rows, points, key, restorations=told)
        trusted = {key} if key else {point["key"] for point in points} if checkpoints else None
        for told_of in report.restored:
            if trusted is not None and told_of["key"] not in trusted:
                report.wrong(told_of["block"], "the restore from it is not declared by the key that you trust")
        return report
    finally:
        for one in opened:
            one.close()


def _read(file: Path) -> list[dict[str, Any]]:
    if file.name == "restorations.jsonl" and not file.exists():
        return []
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--checkpoints", help="Your own copy; otherwise the one in the folder.")
    parser.add_argument("--key", help="The operator's public key as you were given it (64 hex digits).")
    chosen = parser.parse_args(arguments)
    report = folder(chosen.folder, chosen.checkpoints, chosen.key)
    if report.first > 1 and not (Path(chosen.folder) / "proofs.jsonl").exists():
        sys.stdout.write(f"This is a part: what was sealed before block {report.first} is not here.\n")
    for story in report.stories:
        sys.stdout.write(story[0].upper() + story[1:] + "\n")
    for number, what in report.problems:
        sys.stdout.write(f"PROBLEM  block {number}: {what}\n")
    sys.stdout.write(
        f"{report.rows} rows in blocks {report.first} to {report.last}, {sum(report.unsealed.values())} not sealed yet;"
        f" {report.checkpoints} checkpoints hold, the newest for block {report.anchored}\n"
    )
    sys.stdout.write("INTACT\n" if report.intact else f"NOT INTACT: {len(report.problems)} problems\n")
    return 0 if report.intact else 1


if __name__ == "__main__":
    sys.exit(main())
