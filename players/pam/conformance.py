"""The contract as examples: what must be accepted, and what must be refused with which reason and where.

Written from the kinds themselves, so a new kind or field brings its examples along. The tests and
`manage.py pam_conformance` go through the same list. Examples are marked by their event_id: coverage, watermarks
and the numbering of a feed look past them (`is_example`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from players.pam.generic import DOCUMENTED, VERSION
from players.pam.generic.fields import count, text
from players.pam.generic.kinds import Kind, pointer_to
from players.pam.generic.schemas import EXAMPLE_AT, example
from players.pam.generic.shapes import list_of, object_of

# A test player, left out of every count: the examples exclude, block and bet on his behalf.
PLAYER = "pitboss-conformance"
NOBODY = PLAYER + "-nobody"
PREFIX = "conformance-"

ACCEPTED, DUPLICATE, QUARANTINED = "accepted", "duplicate", "quarantined"

# What a run tells of itself, checked like everything that comes in.
MOST_DETAILS = 100
_DETAIL = object_of({name: text(300) for name in ("case", "expected", "got")}, {})
REPORT = object_of(
    {"passed": count(100_000, "How many passed"), "total": count(100_000, "How many there are"),
     "version": count(1000, "The version of the events"), "details": list_of(_DETAIL, MOST_DETAILS, least=0)},
    {},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """One event and what must become of it. `pointer` is relative to the event."""

    name: str
    event: dict[str, Any]
    status: str = ACCEPTED
    reason: str = ""
    pointer: str = ""

    def judge(self, result: dict[str, Any], index: int) -> dict[str, str] | None:
        """None when `result` of the receipt is as expected; otherwise what was expected and what came."""
        pointer = f"/{index}{self.pointer}" if self.status == QUARANTINED else ""
        expected = (self.status, self.reason, pointer)
        got = (result.get("status", ""), result.get("reason", ""), result.get("pointer", ""))
        if got == expected:
            return None
        return {"case": self.name, "expected": _words(expected), "got": _words(got)}


def _words(outcome: tuple[str, str, str]) -> str:
    return " ".join(word for word in outcome if word)


def is_example(event_id: str) -> bool:
    return event_id.startswith(PREFIX)


def rounds(run: str) -> list[list[Case]]:
    """Four rounds, each to be sent after the one before it was answered. `run` makes the ids its own."""
    fine = list(good(run))
    seen = [case for case in fine if "player" in case.event]
    again = [replace(case, name=f"{case.name} again", status=DUPLICATE) for case in seen]
    other = [
        replace(case, name=f"{case.name} with other content", status=QUARANTINED, reason="conflict",
                pointer="/event_id", event=case.event | {"replay": False})
        for case in seen
    ]  # fmt: skip
    return [fine, again, other, [*bad(run), *_envelopes(run)]]


def good(run: str) -> Iterator[Case]:
    """Every kind once, the registration first."""
    for kind in sorted(DOCUMENTED, key=lambda kind: kind.name != "player.registered"):
        yield Case(kind.name, _event(kind, run, "good"))


def bad(run: str) -> Iterator[Case]:
    """Every kind, wrong in every way its fields and its whole can tell."""
    for kind in DOCUMENTED:
        for number, (name, properties, reason, pointer) in enumerate(_wrong(kind)):
            event = _event(kind, run, f"bad{number}") | {"properties": properties}
            yield Case(f"{kind.name}: {name}", event, QUARANTINED, reason, "/properties" + pointer)


def _wrong(kind: Kind) -> Iterator[tuple[str, dict[str, Any], str, str]]:
    right = _example(kind)
    for name in sorted(kind.required):
        without = {key: value for key, value in right.items() if key != name}
        yield f"{name} missing", without, "missing", pointer_to(name)
    unknown = "Not a name" if kind.is_open else "no_such_property"
    yield f"{unknown} given", right | {unknown: 1}, "unknown_property", pointer_to(unknown)
    if kind.is_open:
        yield "nested", {"nested": {"a": 1}}, "wrong_type", "/nested"
        yield "a fraction", {"share": 0.5}, "wrong_type", "/share"
        yield "an address", {"friend": "anna@example.com"}, "personal_data", "/friend"
        yield "too many", {f"p{n}": n for n in range(21)}, "too_many", ""
    for name, field in kind.fields.items():
        for value, reason in field.wrong:
            yield f"{name} {str(value)[:20]!r}", right | {name: value}, reason, pointer_to(name)
    for case in kind.wrong:
        yield f"{case.reason} {case.pointer}", case.properties, case.reason, case.pointer


def _envelopes(run: str) -> Iterator[Case]:
    """The envelope, wrong in each of its members."""
    right = {
        "event": "player.login", "player": PLAYER, "occurred_at": EXAMPLE_AT, "replay": True, "properties": {},
    }  # fmt: skip
    changes: tuple[tuple[str, dict[str, Any], str], ...] = (
        ("event", {"event": "player.teleported"}, "unknown_event"),
        ("event", {"event": "custom.Not A Name"}, "unknown_event"),
        ("event", {"event": 7}, "unknown_event"),
        ("event_id", {"event_id": ""}, "empty"),
        ("event_id", {"event_id": 12}, "wrong_type"),
        ("event_id", {"event_id": PREFIX + "x" * 100}, "too_long"),
        ("player", {"player": "x" * 65}, "too_long"),
        ("player", {"player": NOBODY}, "unknown_player"),
        ("occurred_at", {"occurred_at": "2026-03-03T12:00:00"}, "no_zone"),
        ("occurred_at", {"occurred_at": "2026-02-30T12:00:00Z"}, "bad_time"),
        ("occurred_at", {"occurred_at": "1999-12-31T00:00:00Z"}, "too_old"),
        ("occurred_at", {"occurred_at": "2999-01-01T00:00:00Z"}, "in_the_future"),
        ("replay", {"replay": "yes"}, "wrong_type"),
        ("version", {"version": VERSION + 98}, "unknown_version"),
        ("brand", {"brand": "no such brand"}, "wrong_brand"),
        ("comment", {"comment": "hello"}, "unknown_field"),
        ("properties", {"properties": []}, "not_an_object"),
    )
    for number, (name, change, reason) in enumerate(changes):
        event = {"event_id": f"{PREFIX}{run}-envelope{number}"} | right | change
        yield Case(f"envelope: {name} {reason}", event, QUARANTINED, reason, pointer_to(name))
    for name in ("event", "event_id", "player", "occurred_at"):
        event = {"event_id": f"{PREFIX}{run}-without-{name}"} | right
        del event[name]
        yield Case(f"envelope: {name} missing", event, QUARANTINED, "missing", pointer_to(name))


def _event(kind: Kind, run: str, what: str) -> dict[str, Any]:
    event = example(kind) | {"event_id": f"{PREFIX}{run}-{kind.name}-{what}", "properties": _example(kind)}
    if kind.has_player:
        event |= {"player": PLAYER, "replay": True}
    return event


def _example(kind: Kind) -> dict[str, Any]:
    return kind.example | ({"is_test": True} if kind.name == "player.registered" else {})
