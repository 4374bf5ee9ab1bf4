"""Turning a committed baseline into facts, part by part; interrupted at any point it goes on where it was."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from players.facts import NewFact, record
from players.models import Baseline, BaselineChunk, BaselineName, Fact
from players.registration import Known, known_players

_WORDS = ("rg.limit_set", "rg.limit_removed", "rg.time_out", "rg.self_excluded", "rg.blocked", "rg.lifted")
_ENDED = ("rg.limit_removed", "rg.lifted")


def apply_pending(*, now: datetime, limit: int = 200) -> int:
    """Applies up to `limit` parts of committed baselines, each in transactions of its own; returns how many."""
    done = 0
    while done < limit and _apply_one(now):
        done += 1
    _finish(now)
    return done


def _apply_one(now: datetime) -> bool:
    waiting = BaselineChunk.objects.filter(applied_at=None, baseline__status=Baseline.Status.APPLYING)
    chunk = waiting.select_related("baseline__feed").order_by("baseline_id", "number").first()
    if chunk is None:
        return False
    named = known_players(chunk.baseline.feed.brand_id, [row[0] for row in chunk.rows])
    # A crash in between leaves consents without the restrictions known: still a no.
    with transaction.atomic():
        record(list(_consents(chunk, named)), now=now)
    with transaction.atomic():
        mine = BaselineChunk.objects.select_for_update().get(pk=chunk.pk)
        if mine.applied_at is not None:
            return True  # another worker was quicker
        told = _tell(chunk, named)
        record(told.facts, now=now)
        mine.applied_at, mine.rows = now, []
        mine.save(update_fields=["applied_at", "rows"])
        BaselineName.objects.filter(baseline=chunk.baseline_id, external_id__in=[row[0] for row in chunk.rows]).delete()
        Baseline.objects.filter(pk=chunk.baseline_id).update(
            applied=F("applied") + told.known, unknown=F("unknown") + len(chunk.rows) - len(named),
            doubtful=F("doubtful") + told.doubtful, unnamed=F("unnamed") + told.unnamed,
        )  # fmt: skip
    return True


def _finish(now: datetime) -> None:
    done = Baseline.objects.filter(status=Baseline.Status.APPLYING).exclude(chunks__applied_at=None)
    done.update(status=Baseline.Status.APPLIED, applied_at=now)


def _consents(chunk: BaselineChunk, named: dict[str, Known]) -> Iterator[NewFact]:
    for external_id, _, consents in chunk.rows:
        player = named.get(external_id)
        if player is None:
            continue
        for kind, at, said in consents:
            key = f"{kind}:b{chunk.baseline_id}:{player.id}:{said['product']}/{said['channel']}"
            yield NewFact(kind, player.id, datetime.fromisoformat(at), key, said, is_replay=True)


@dataclass(slots=True)
class _Told:
    facts: list[NewFact] = field(default_factory=list)
    known: int = 0
    doubtful: int = 0
    unnamed: int = 0


def _tell(chunk: BaselineChunk, named: dict[str, Known]) -> _Told:
    """The restrictions that are news, and the statement that there are no others."""
    baseline, told = chunk.baseline, _Told()
    held, doubted = _held(known.id for known in named.values()), _doubted(named, baseline.as_of)
    for external_id, restrictions, _ in chunk.rows:
        player = named.get(external_id)
        if player is None:
            continue
        ours = held.get(player.id, {})
        for number, (kind, at, said) in enumerate(restrictions):
            newest = ours.get(str(said["measure_id"]))
            if newest is None or newest.sequence < said["sequence"]:
                key = f"{kind}:b{baseline.pk}:{player.id}:{number}"
                told.facts.append(NewFact(kind, player.id, datetime.fromisoformat(at), key, said, is_replay=True))
        stated = {str(said["measure_id"]) for _, _, said in restrictions}
        told.unnamed += sum(word.in_force_at(baseline.as_of) for measure, word in ours.items() if measure not in stated)
        if player.id in doubted:
            told.doubtful += 1
            continue
        told.known += 1
        key, said = f"rg.baseline:b{baseline.pk}:{player.id}", {"restrictions": [], "snapshot": baseline.snapshot}
        told.facts.append(NewFact("rg.baseline", player.id, baseline.as_of, key, said, is_replay=True))
    return told


@dataclass(frozen=True, slots=True)
class _Word:
    """The newest word about one restriction."""

    kind: str
    sequence: int
    at: datetime
    said: dict[str, Any]

    def in_force_at(self, moment: datetime) -> bool:
        ends = self.said.get("ends_at")
        over = ends is not None and self.kind == "rg.time_out" and datetime.fromisoformat(ends) <= moment
        return self.kind not in _ENDED and self.at <= moment and not over


def _held(player_ids: Iterable[int]) -> dict[int, dict[str, _Word]]:
    """Per player and restriction, the word with the highest sequence."""
    held: dict[int, dict[str, _Word]] = {}
    facts = Fact.objects.filter(player_id__in=list(player_ids), kind__in=_WORDS).order_by("id")
    for player_id, kind, at, data in facts.values_list("player_id", "kind", "occurred_at", "data"):
        words, word = held.setdefault(player_id, {}), _Word(kind, int(data["sequence"]), at, data)
        before = words.get(str(data["measure_id"]))
        if before is None or before.sequence <= word.sequence:
            words[str(data["measure_id"])] = word
    return held


def _doubted(named: dict[str, Known], as_of: datetime) -> set[int]:
    """Of whom something newer than the snapshot could not be read: it cannot vouch for them."""
    ids = [known.id for known in named.values()]
    unread = Fact.objects.filter(player_id__in=ids, kind="rg.unreadable", recorded_at__gt=as_of)
    return set(unread.values_list("player_id", flat=True))
