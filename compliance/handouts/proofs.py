"""What verifies some rows without the rest: the fingerprints beside them in their block, and the blocks up to the next
one that was signed outside. A fingerprint tells nothing of the row it was made from."""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from compliance.models import Block
from compliance.sealing import anchor, chain, checking
from compliance.sealing.state import blocks_of
from compliance.sealing.verifier import GROUP, content, sha256


def write(folder: Path, trails: dict[str, list[Any]]) -> int:
    """proofs.jsonl, blocks.txt and checkpoints.jsonl; how many rows are not sealed yet and so not in it."""
    numbers: set[int] = set()
    unsealed = 0
    with (folder / "proofs.jsonl").open("w", encoding="utf-8") as file:
        for trail, rows in trails.items():
            by_block: dict[int, set[int]] = defaultdict(set)
            for row, number in _located(trail, rows):
                if number is None:
                    unsealed += 1
                else:
                    by_block[number].add(row.pk)
            for block in Block.objects.filter(number__in=by_block).order_by("number").iterator(200):
                file.write(json.dumps(_proof(block, by_block[block.number]), ensure_ascii=False) + "\n")
            numbers |= by_block.keys()
    signed = _chain(folder, sorted(numbers))
    (folder / "checkpoints.jsonl").write_text("".join(json.dumps(point) + "\n" for point in signed), encoding="utf-8")
    return unsealed


def _located(trail: str, rows: list[Any]) -> Iterator[tuple[Any, int | None]]:
    for start in range(0, len(rows), 1000):
        part = rows[start : start + 1000]
        found = blocks_of(trail, part)
        yield from ((row, found.get(row.pk)) for row in part)


def _proof(block: Block, wanted: set[int]) -> dict[str, Any]:
    """{block, trail, groups: every group's hash, members: hashes of the groups that matter, rows: [place, line]}"""
    edges = (block.after_xid, block.after_id), (block.last_xid, block.last_id)
    with checking.snapshot():
        lines = list(checking.lines(block.trail, *edges))
    hashes = [sha256(line) for line in lines]
    rows = [(place, line.decode()) for place, line in enumerate(lines) if int(line[1:].split(b",", 2)[1]) in wanted]
    groups = sorted({place // GROUP for place, _ in rows})
    members = {number: [h.hex() for h in hashes[number * GROUP : (number + 1) * GROUP]] for number in groups}
    all_groups = [group.hex() for group in content(hashes)[1]]
    return {"block": block.number, "trail": block.trail, "groups": all_groups, "members": members, "rows": rows}


def _chain(folder: Path, numbers: list[int]) -> list[dict[str, Any]]:
    """Writes the headers from each block to the next one signed; returns those checkpoints."""
    points: dict[int, dict[str, Any]] = {}
    reached = 0
    with (folder / "blocks.txt").open("w", encoding="utf-8") as file:
        for number in numbers:
            if number <= reached:
                continue
            point = next(iter(anchor.read(number)), None)
            end = point["block"] if point else _newest()
            with checking.snapshot():
                file.writelines(f"{header}\n" for header in checking.headers(number, end))
            reached = end
            if point:
                points[end] = point
    return list(points.values())


def _newest() -> int:
    block = chain.reach().block
    return block.number if block else 0
