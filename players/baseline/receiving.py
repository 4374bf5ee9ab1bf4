"""Keeping the parts of a baseline, and deciding whether the whole of it can be believed."""

import json
from datetime import datetime
from hashlib import blake2b
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Sum

from config.lib.wake import wake_on_commit
from players.baseline.reading import COUNTS, Part
from players.models import Baseline, BaselineChunk, BaselineName, Feed
from players.pam.generic.kinds import Refused
from players.registration import known_players

SMALLEST = 0.1  # of the one before: whatever is smaller is taken for a broken file


class Conflict(Exception):
    """What is asked does not go with what was said before; the sentence says what would."""

    def __init__(self, detail: str, code: str = "conflict") -> None:
        super().__init__(detail)
        self.detail, self.code = detail, code


@transaction.atomic
def receive(feed: Feed, part: Part, *, now: datetime) -> Baseline:
    """Keeps the chunk in `part`, if there is one. Raises Conflict, or Refused with a pointer."""
    baseline = _opened(feed, part, now)
    if part.chunk is None:
        return baseline
    digest = _digest(part.rows)
    known = BaselineChunk.objects.filter(baseline=baseline, number=part.chunk).first()
    if known is not None:
        if bytes(known.digest) != digest:
            raise Conflict(f"Chunk {part.chunk} of {baseline.snapshot} was received with another content.")
        return baseline
    if baseline.status != Baseline.Status.RECEIVING:
        raise Conflict(f"{baseline.snapshot} is complete; a new statement is a snapshot with another name.", "complete")
    _name_once(baseline, part)
    _in_their_currency(feed, part)
    BaselineChunk.objects.create(
        baseline=baseline, number=part.chunk, digest=digest, rows=part.rows, players=len(part.rows),
        restrictions=sum(len(row[1]) for row in part.rows), consents=sum(len(row[2]) for row in part.rows),
    )  # fmt: skip
    return baseline


def _opened(feed: Feed, part: Part, now: datetime) -> Baseline:
    baseline = Baseline.objects.select_for_update().filter(feed=feed, snapshot=part.snapshot).first()
    if baseline is None:
        for name in ("as_of", "declared"):
            if getattr(part, name) is None:
                raise Refused("missing", "The first request of a snapshot says as_of and declared.", f"/{name}")
        counts: Any = part.declared
        assert part.as_of is not None
        baseline, _ = Baseline.objects.get_or_create(
            feed=feed, snapshot=part.snapshot, defaults={"as_of": part.as_of, "opened_at": now, **counts}
        )
    told = {name: getattr(baseline, name) for name in COUNTS}
    if part.as_of not in (None, baseline.as_of) or part.declared not in (None, told):
        raise Conflict(f"{baseline.snapshot} was begun with another date or other counts; give this one another name.")
    return baseline


def _name_once(baseline: Baseline, part: Part) -> None:
    assert part.chunk is not None
    names = [row[0] for row in part.rows]
    earlier = dict(
        BaselineName.objects.filter(baseline=baseline, external_id__in=names).values_list("external_id", "chunk")
    )
    for index, name in enumerate(names):
        if name in earlier:
            raise Refused("repeated", f"Chunk {earlier[name]} names this player too.", f"/players/{index}/player")
    BaselineName.objects.bulk_create(
        BaselineName(baseline=baseline, external_id=name, chunk=part.chunk) for name in names
    )


def _in_their_currency(feed: Feed, part: Part) -> None:
    known = known_players(feed.brand_id, [row[0] for row in part.rows])
    for index, (name, restrictions, _) in enumerate(part.rows):
        for number, (_, _, said) in enumerate(restrictions):
            currency = known[name].currency if name in known else None
            if currency and said.get("currency", currency) != currency:
                pointer = f"/players/{index}/restrictions/{number}/properties/currency"
                raise Refused("wrong_currency", f"This player's account is in {currency}.", pointer)


def commit(baseline: Baseline, *, now: datetime, although_smaller: bool = False) -> Baseline:
    """The whole of it has been sent. Raises Conflict while something is missing; refuses what cannot be true.

    Committing again changes nothing. `although_smaller`: somebody has looked and says that it is right.
    """
    with transaction.atomic():
        baseline = Baseline.objects.select_for_update().get(pk=baseline.pk)
        if baseline.status != Baseline.Status.RECEIVING:
            return baseline
        wrong = _incomplete(baseline)
        if wrong:
            raise Conflict(wrong, "incomplete")
        baseline.detail = _unbelievable(baseline, although_smaller)
        baseline.status = Baseline.Status.REFUSED if baseline.detail else Baseline.Status.APPLYING
        baseline.committed_at = now
        baseline.save(update_fields=["status", "detail", "committed_at"])
        wake_on_commit("players.tasks.apply_baselines")
    return baseline


def received(baseline: Baseline) -> dict[str, int]:
    sums = baseline.chunks.aggregate(**{name: Sum(name, default=0) for name in COUNTS})
    return {name: int(sums[name]) for name in COUNTS}


def _incomplete(baseline: Baseline) -> str:
    chunks = baseline.chunks.aggregate(n=Count("id"), last=Max("number"))
    if chunks["n"] != (chunks["last"] or 0):
        have = set(baseline.chunks.values_list("number", flat=True))
        missing = [number for number in range(1, chunks["last"]) if number not in have]
        return f"Chunks are missing: {', '.join(map(str, missing[:20]))}."
    got = received(baseline)
    wrong = [
        f"{got[name]} of {getattr(baseline, name)} {name}" for name in COUNTS if got[name] != getattr(baseline, name)
    ]
    return f"Received {', '.join(wrong)}: send the rest, then commit again." if wrong else ""


def _unbelievable(baseline: Baseline, although_smaller: bool) -> str:
    if not baseline.players:
        return "It is empty: nobody becomes known, and nobody is lifted."
    before = (
        Baseline.objects.filter(feed__brand=baseline.feed.brand_id, status=Baseline.Status.APPLIED)
        .order_by("-as_of", "-pk")
        .first()
    )
    if before is None:
        return ""
    if baseline.as_of < before.as_of:
        return f"A newer one, {before.snapshot}, has been applied."
    if baseline.players <= before.players * SMALLEST and not although_smaller:
        return (
            f"It names {baseline.players} players, the one before named {before.players}: taken for a broken file."
            " Nothing of it was applied, nobody is lifted."
        )
    return ""


def _digest(rows: list[list[Any]]) -> bytes:
    return blake2b(json.dumps(rows, sort_keys=True).encode(), digest_size=16).digest()
