"""What is in force before the PAM gets its answer: profile, identity, consents, responsible gambling.

Short transactions, people in id order. Everybody with an rg event has a transaction of their own, so
that an exclusion never waits behind a crowd; the others share one in small groups.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from players.facts import NewFact, record
from players.models import Fact, Player
from players.pam.generic.envelope import Reading
from players.registration import Known, save_profile

GROUP = 50
_PROFILE_KINDS = ("player.registered", "player.updated", "player.kyc")


@dataclass(frozen=True, slots=True)
class Matched:
    """A checked event and the player it is about. `is_new`: the event that created the player."""

    reading: Reading
    player: Known
    feed_id: int
    is_new: bool = False


def apply(matched: Sequence[Matched], *, now: datetime) -> None:
    """Idempotent: what was applied before changes nothing."""
    for group in _groups(matched):
        with transaction.atomic():
            _save_profiles([one for one in group if one.reading.kind.name in _PROFILE_KINDS])
            record([_fact(one) for one in group], now=now)


def _groups(matched: Iterable[Matched]) -> Iterator[list[Matched]]:
    by_person: dict[int, list[Matched]] = {}
    for one in matched:
        by_person.setdefault(one.player.person_id, []).append(one)
    crowd: list[Matched] = []
    people = 0
    for _, events in sorted(by_person.items()):
        if any(one.reading.kind.name.startswith("rg.") for one in events):
            yield events
            continue
        crowd += events
        people += 1
        if people == GROUP:
            yield crowd
            crowd, people = [], 0
    if crowd:
        yield crowd


def _fact(one: Matched) -> NewFact:
    reading = one.reading
    name, key = reading.kind.name, f"{reading.kind.name}:{one.feed_id}:{reading.event_id}"
    data: dict[str, Any] = reading.body
    if name == "player.registered":
        key = f"{name}:{one.player.id}"  # an account is opened once, whichever feed says so
    if name in ("player.registered", "player.updated"):
        # Names of what changed; the values are personal data and facts are kept for years.
        data = {"fields": sorted(reading.body)}
        if "restrictions" in reading.body:
            data["restrictions"] = reading.body["restrictions"]
    return NewFact(name, one.player.id, reading.occurred_at, key, data, is_replay=reading.is_replay)


def _save_profiles(matched: Sequence[Matched]) -> None:
    """Newest event time wins per field, whatever order the events come in."""
    late = [one for one in matched if not one.is_new]
    if not late:
        return
    ids = sorted({one.player.id for one in late})
    list(Player.objects.select_for_update(no_key=True).filter(id__in=ids).order_by("id").values_list("id"))
    told = _last_told(ids)
    for one in matched:  # what created the player in this very request counts as told
        if one.is_new:
            told |= {(one.player.id, field): one.reading.occurred_at for field in one.reading.body}
    changes: dict[int, dict[str, Any]] = {}
    for one in sorted(late, key=lambda m: m.reading.occurred_at):
        body = _as_fields(one.reading)
        for field, value in body.items():
            when = told.get((one.player.id, field))
            if when is None or one.reading.occurred_at >= when:
                told[one.player.id, field] = one.reading.occurred_at
                changes.setdefault(one.player.id, {})[field] = value
    for player_id, fields in sorted(changes.items()):
        if "kyc" in fields:
            Player.objects.filter(id=player_id).update(kyc=fields["kyc"])
        save_profile(player_id, fields)


def _as_fields(reading: Reading) -> dict[str, Any]:
    return {"kyc": reading.body["status"]} if reading.kind.name == "player.kyc" else reading.body


def _last_told(player_ids: list[int]) -> dict[tuple[int, str], datetime]:
    """(player, field) -> event time of the newest fact that set it."""
    told: dict[tuple[int, str], datetime] = {}
    facts = Fact.objects.filter(player_id__in=player_ids, kind__in=_PROFILE_KINDS).order_by("occurred_at")
    for player_id, kind, occurred_at, data in facts.values_list("player_id", "kind", "occurred_at", "data"):
        for field in ["kyc"] if kind == "player.kyc" else data.get("fields", []):
            told[player_id, field] = occurred_at
    return told


def fail_closed(player: Known, feed_id: int, reference: str, kind: str, *, now: datetime) -> None:
    """A responsible-gambling event we could not read: nobody knows what it said, so this player is denied."""
    with transaction.atomic():
        key = f"rg.unreadable:{feed_id}:{reference}"
        record([NewFact("rg.unreadable", player.id, now, key, {"event": kind, "reference": reference})], now=now)
