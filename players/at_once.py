"""What is in force before the PAM gets its answer: profile, identity, blocks, consents, responsible gambling.

Short transactions, people in id order. Everybody with a restriction has a transaction of their own, so
that an exclusion never waits behind a crowd; the others share one in small groups.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, transaction

from config.lib import flow
from players.facts import NewFact, record
from players.models import Fact, Player
from players.pam.generic.envelope import Reading
from players.registration import Known, save_profile, tell_kyc_since

GROUP = 50
_ACCOUNT = {
    "player.blocked": Player.Status.SUSPENDED,
    "player.closed": Player.Status.CLOSED,
    "player.unblocked": Player.Status.ACTIVE,
}
_PROFILE_KINDS = ("player.registered", "player.updated", "player.kyc", *_ACCOUNT)
# Which field of the account each of these is about; the others name theirs.
_OWN = {"player.kyc": ["kyc"], **dict.fromkeys(_ACCOUNT, ["status"])}
_CAUTION = (
    "none", "submitted", "pending", "verified", "expired", "rejected",
    "player.unblocked", "player.blocked", "player.closed",
)  # fmt: skip
_NEWEST_COUNTS = {*_PROFILE_KINDS, "rg.baseline", "rg.announced"}
_A_LITTLE = timedelta(minutes=1)
_DEADLOCK, _AGAIN = "40P01", 2
# Nobody's restriction waits behind a crowd.
_ALONE = ("rg.", *_ACCOUNT)


@dataclass(frozen=True, slots=True)
class Matched:
    """A checked event and the player it is about. `is_new`: the event that created the player."""

    reading: Reading
    player: Known
    feed_id: int
    is_new: bool = False


def apply(matched: Sequence[Matched], *, now: datetime) -> None:
    """Idempotent: what was applied before changes nothing."""
    for group in _groups([_by_our_clock(one, now) for one in matched]):
        for left in range(_AGAIN, -1, -1):
            try:
                _apply_together(group, now)
                break
            except OperationalError as error:  # undone as a whole, and the same words change nothing twice
                if left == 0 or getattr(error.__cause__, "sqlstate", "") != _DEADLOCK:
                    raise


def _apply_together(group: list[Matched], now: datetime) -> None:
    with transaction.atomic():
        # Whoever is closed here is locked first and in one go, before any row of theirs: a join or an erasure does so too.
        flow.hook("LOCK", {one.player.id for one in group if _closes(one)})
        _save_profiles([one for one in group if one.reading.kind.name in _PROFILE_KINDS])
        _identify([one for one in group if one.reading.kind.secret], now)
        record([_fact(one) for one in group], now=now)
        tell_kyc_since(one.player.id for one in group if one.reading.kind.name == "player.kyc")


def _closes(one: Matched) -> bool:
    """Will somebody who hears of it lock the person? A yes locks nobody."""
    name, body = one.reading.kind.name, one.reading.body
    return (
        name in _PROFILE_KINDS or name == "consent.announced" or name == "consent.changed" and not body.get("granted")
    )


def _by_our_clock(one: Matched, now: datetime) -> Matched:
    """Of these the newest word counts, and one stamped for later today would be the newest until then. A clock that is
    a little ahead stays as it is: the order of its own words is worth more than the moment."""
    reading = one.reading
    if reading.kind.name not in _NEWEST_COUNTS or reading.occurred_at <= now + _A_LITTLE:
        return one
    return replace(one, reading=replace(reading, occurred_at=now))


def _identify(matched: Sequence[Matched], now: datetime) -> None:
    if matched:
        flow.hook("IDENTIFY", [(m.player.id, m.reading.occurred_at, m.reading.body) for m in matched], now=now)


def _groups(matched: Iterable[Matched]) -> Iterator[list[Matched]]:
    by_person: dict[int, list[Matched]] = {}
    for one in matched:
        by_person.setdefault(one.player.person_id, []).append(one)
    crowd: list[Matched] = []
    identities: list[Matched] = []
    people = 0
    for _, events in sorted(by_person.items()):
        if telling := [one for one in events if one.reading.kind.secret]:
            # Last and among themselves: they may lock other people, who come before this one.
            events = [one for one in events if not one.reading.kind.secret]
            identities += telling
        if not events:
            continue
        if any(one.reading.kind.name.startswith(_ALONE) for one in events):
            yield events
            continue
        crowd += events
        people += 1
        if people == GROUP:
            yield crowd
            crowd, people = [], 0
    if crowd:
        yield crowd
    for start in range(0, len(identities), GROUP):
        yield identities[start : start + GROUP]


def _fact(one: Matched) -> NewFact:
    reading = one.reading
    name, key = reading.kind.name, f"{reading.kind.name}:{one.feed_id}:{reading.event_id}"
    data: dict[str, Any] = reading.kept
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
    told = last_told(ids)
    for one in matched:  # what created the player in this very request counts as told
        if one.is_new:
            told |= {(one.player.id, field): _place(one.reading) for field in one.reading.body}
    changes: dict[int, dict[str, Any]] = {}
    for one in sorted(late, key=lambda m: _place(m.reading)):
        place = _place(one.reading)
        for field, value in _as_fields(one.reading).items():
            if place >= told.get((one.player.id, field), place):
                told[one.player.id, field] = place
                changes.setdefault(one.player.id, {})[field] = value
    for player_id, fields in sorted(changes.items()):
        if own := {name: fields[name] for name in ("kyc", "status") if name in fields}:
            Player.objects.filter(id=player_id).update(**own)
        save_profile(player_id, fields)


def _as_fields(reading: Reading) -> dict[str, Any]:
    name = reading.kind.name
    if name in _ACCOUNT:
        return {"status": _ACCOUNT[name]}
    return {"kyc": reading.body["status"]} if name == "player.kyc" else reading.body


def _place(reading: Reading) -> tuple[datetime, int]:
    """Where it stands among what is said of the same field."""
    return reading.occurred_at, caution(reading.kind.name, reading.body)


def caution(kind: str, data: Mapping[str, Any]) -> int:
    """Of two words of one instant the more careful one counts, whichever comes first."""
    word = str(data.get("status", "")) if kind == "player.kyc" else kind
    return _CAUTION.index(word) if word in _CAUTION else -1


def last_told(player_ids: list[int]) -> dict[tuple[int, str], tuple[datetime, int]]:
    """(player, field) -> place of the newest fact that set it."""
    told: dict[tuple[int, str], tuple[datetime, int]] = {}
    facts = Fact.objects.filter(player_id__in=player_ids, kind__in=_PROFILE_KINDS)
    for player_id, kind, occurred_at, data in facts.values_list("player_id", "kind", "occurred_at", "data"):
        place = (occurred_at, caution(kind, data))
        for field in _OWN.get(kind) or data.get("fields", []):
            told[player_id, field] = max(place, told.get((player_id, field), place))
    return told


def fail_closed(player: Known, feed_id: int, reference: str, kind: str, *, now: datetime) -> None:
    """A responsible-gambling event we could not read: nobody knows what it said, so this player is denied."""
    with transaction.atomic():
        # Without an id of its own each is another one: the second must close as the first did.
        own = reference if reference != "none" else f"{player.id}:{now.timestamp():.6f}"
        key = f"rg.unreadable:{feed_id}:{own}"
        record([NewFact("rg.unreadable", player.id, now, key, {"event": kind, "reference": reference})], now=now)
