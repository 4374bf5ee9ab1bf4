"""What one request about a baseline says, checked with the checks of the events themselves."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from players.pam.generic import KINDS
from players.pam.generic.fields import instant, text
from players.pam.generic.kinds import Kind, Refused, checked, pointer_to
from players.pam.generic.reading import Repeated

MOST_PLAYERS = 500  # of one chunk: one transaction each
AHEAD = timedelta(minutes=5)
OLDEST = timedelta(days=7)  # what happened since must have been told by events
COUNTS = ("players", "restrictions", "consents")
_MEMBERS = frozenset({"snapshot", "as_of", "declared", "chunk", "players", "commit"})
_snapshot, _player = text(64).check, text(64).check
# Words that end a restriction say nothing about what is in force; the statements themselves are the baseline.
STATES = frozenset({"rg.limit_set", "rg.time_out", "rg.self_excluded", "rg.blocked"})
Word = list[Any]  # [kind, occurred_at as ISO text, properties]


@dataclass(frozen=True, slots=True)
class Part:
    """`rows`: [external id, restrictions, consents] per player, each restriction and consent a Word."""

    snapshot: str
    as_of: datetime | None
    declared: dict[str, int] | None
    chunk: int | None
    rows: list[list[Any]] = field(default_factory=list)
    commit: bool = False


def read_part(given: Any, *, now: datetime) -> Part:
    """Raises Refused with a pointer into the body."""
    if isinstance(given, Repeated) or not isinstance(given, dict):
        raise Refused("not_an_object", "The body is an object in which each member appears once.")
    for name in given:
        if name not in _MEMBERS:
            raise Refused("unknown_field", f"It has: {', '.join(sorted(_MEMBERS))}.", pointer_to(name))
    if "snapshot" not in given:
        raise Refused("missing", "Name the snapshot.", "/snapshot")
    wants_rows = "players" in given or "chunk" in given
    part = Part(
        snapshot=checked("/snapshot", _snapshot, given["snapshot"]),
        as_of=_as_of(given.get("as_of"), now) if "as_of" in given else None,
        declared=_declared(given["declared"]) if "declared" in given else None,
        chunk=_chunk(given.get("chunk")) if wants_rows else None,
        rows=_rows(given.get("players")) if wants_rows else [],
        commit=_flag(given.get("commit", False)),
    )
    if not part.commit and not wants_rows:
        raise Refused("missing", "Send a chunk of players, or commit: true.", "/players")
    return part


def _as_of(value: Any, now: datetime) -> datetime:
    when: datetime = checked("/as_of", instant, value)
    if when > now + AHEAD:
        raise Refused("in_the_future", "A snapshot is of now or of the past.", "/as_of")
    if when < now - OLDEST:
        raise Refused("too_old", "A snapshot is at most 7 days old: later restrictions would be missing.", "/as_of")
    return when


def _declared(value: Any) -> dict[str, int]:
    if isinstance(value, Repeated) or not isinstance(value, dict) or set(value) != set(COUNTS):
        raise Refused("missing", f"Declare how many there are of each: {', '.join(COUNTS)}.", "/declared")
    for name in COUNTS:
        if type(value[name]) is not int or not 0 <= value[name] < 2**31:
            raise Refused("wrong_type", "A count is a whole number from 0 on.", f"/declared/{name}")
    return dict(value)


def _chunk(value: Any) -> int:
    if type(value) is not int or not 1 <= value <= 1_000_000:
        raise Refused("wrong_type", "Chunks are numbered 1, 2, 3 …", "/chunk")
    return value


def _flag(value: Any) -> bool:
    if type(value) is not bool:
        raise Refused("wrong_type", "commit is true or false.", "/commit")
    return value


def _rows(value: Any) -> list[list[Any]]:
    if type(value) is not list:
        raise Refused("wrong_type", "players is an array.", "/players")
    if len(value) > MOST_PLAYERS:
        raise Refused("too_many", f"A chunk carries at most {MOST_PLAYERS} players.", "/players")
    rows, seen = [], set()
    for index, item in enumerate(value):
        row = checked(f"/players/{index}", _row, item)
        if row[0] in seen:
            raise Refused("repeated", "This player is named twice.", f"/players/{index}/player")
        seen.add(row[0])
        rows.append(row)
    return rows


def _row(item: Any) -> list[Any]:
    if isinstance(item, Repeated) or not isinstance(item, dict):
        raise Refused("not_an_object", "A player is an object in which each member appears once.")
    for name in item:
        if name not in ("player", "restrictions", "consents"):
            raise Refused("unknown_field", "A player has: player, restrictions, consents.", pointer_to(name))
    if "player" not in item or "restrictions" not in item:
        name = "player" if "player" not in item else "restrictions"
        raise Refused("missing", "player and restrictions must be there; [] states that there are none.", f"/{name}")
    restrictions = _list(item["restrictions"], "restrictions", _restriction, lambda word: word[2]["measure_id"])
    consents = _list(
        item.get("consents", []), "consents", _consent, lambda word: (word[2]["product"], word[2]["channel"])
    )
    return [checked("/player", _player, item["player"]), restrictions, consents]


def _list(value: Any, name: str, read: Any, key: Any) -> list[Word]:
    if type(value) is not list:
        raise Refused("wrong_type", f"{name} is an array.", f"/{name}")
    found, seen = [], set()
    for index, one in enumerate(value):
        word = checked(f"/{name}/{index}", read, one)
        if key(word) in seen:
            raise Refused("repeated", "This is stated twice.", f"/{name}/{index}")
        seen.add(key(word))
        found.append(word)
    return found


def _restriction(value: Any) -> Word:
    if isinstance(value, Repeated) or not isinstance(value, dict) or not value.keys() <= {
        "event", "occurred_at", "properties"
    }:  # fmt: skip
        raise Refused("unknown_field", "A restriction has: event, occurred_at, properties.")
    if value.get("event") not in STATES:
        raise Refused("unknown_value", f"One of: {', '.join(sorted(STATES))}.", "/event")
    return _word(KINDS[value["event"]], value.get("occurred_at"), value.get("properties"), "/properties")


def _consent(value: Any) -> Word:
    if isinstance(value, Repeated) or not isinstance(value, dict):
        raise Refused("not_an_object", "A consent is an object in which each member appears once.")
    said = {name: one for name, one in value.items() if name != "occurred_at"}
    return _word(KINDS["consent.changed"], value.get("occurred_at"), said, "")


def _word(kind: Kind, when: Any, properties: Any, prefix: str) -> Word:
    if when is None:
        raise Refused("missing", "occurred_at says since when.", "/occurred_at")
    at = checked("/occurred_at", instant, when)
    if isinstance(properties, Repeated) or not isinstance(properties, dict):
        raise Refused("not_an_object", "properties are an object in which each member appears once.", prefix)
    body = {}
    for name, one in properties.items():
        if name not in kind.checks:
            known = ", ".join(sorted(kind.checks))
            raise Refused("unknown_property", f"{kind.name} knows: {known}.", prefix + pointer_to(name))
        body[name] = checked(prefix + pointer_to(name), kind.checks[name], one)
    for name in sorted(kind.required - body.keys()):
        raise Refused("missing", f"{kind.name} needs {name}.", prefix + pointer_to(name))
    if kind.whole is not None:
        try:
            kind.whole(body, at)
        except Refused as refused:
            pointer = refused.pointer.removeprefix("/properties")
            raise Refused(refused.reason, refused.detail, prefix + pointer) from None
    return [kind.name, at.isoformat(), body]
