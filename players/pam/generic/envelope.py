"""One event, checked: envelope, kind, properties."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from config.lib import secrecy
from players.pam.generic import KINDS, VERSION, custom
from players.pam.generic.fields import SEQUENCE, instant, text
from players.pam.generic.kinds import Kind, Refused, checked, pointer_to
from players.pam.generic.reading import Repeated, Unreadable

FUTURE = timedelta(days=1)
_ENVELOPE = frozenset(
    {"event", "event_id", "player", "occurred_at", "replay", "sequence", "properties", "brand", "version"}
)
_event_id, _player = text(100).check, text(64).check


@dataclass(slots=True)
class Reading:
    """An event as it will be kept. `digest`: 16 bytes of the canonical body."""

    kind: Kind
    event_id: str
    external_id: str
    occurred_at: datetime
    is_replay: bool
    body: dict[str, Any]
    digest: bytes

    @property
    def kept(self) -> dict[str, Any]:
        """What inbox and facts may know of the body."""
        return {"told": sorted(self.body)} if self.kind.secret else self.body


def read(item: Any, latest: datetime) -> Reading:
    """Raises Refused, its pointer relative to the event. `latest`: nothing may have happened after it."""
    if type(item) is not dict:
        raise Refused(*_not_an_object(item))
    kind = _kind(item)
    at = ""
    try:
        at = "event_id"
        event_id = _event_id(item[at])
        at = "player"
        external_id = _player(item[at]) if kind.has_player else ""
        at = "occurred_at"
        occurred_at = instant(item[at])
    except KeyError:
        raise Refused("missing", f"{at} is missing.", "/" + at) from None
    except Refused as refused:
        raise refused.under("/" + at) from None
    if occurred_at > latest:
        raise Refused("in_the_future", "occurred_at lies more than a day ahead of our clock.", "/occurred_at")
    is_replay = item.get("replay", False)
    if type(is_replay) is not bool:
        raise Refused("wrong_type", "replay is true or false.", "/replay")
    if "sequence" in item:
        _sequence(item["sequence"])
    if not item.keys() <= _ENVELOPE or (external_id == "" and "player" in item):
        extra = next((name for name in item if name not in _ENVELOPE), "player")
        raise Refused("unknown_field", f"{_ENVELOPE_SENTENCE}", pointer_to(extra))
    if "version" in item and (type(item["version"]) is not int or item["version"] != VERSION):
        raise Refused("unknown_version", f"This is version {VERSION} of the events.", "/version")
    body = _properties(kind, item.get("properties", {}), occurred_at)
    # Of what is kept in no log not even a fingerprint that numbers could be tried against.
    under = secrecy.key("event") if kind.secret else b""
    digest = blake2b(_canonical(item).encode(), digest_size=16, key=under).digest()
    return Reading(kind, event_id, external_id, occurred_at, is_replay, body, digest)


def _sequence(value: Any) -> None:
    """Kept by `players.arrivals`, which tells from it whether one is missing."""
    checked("/sequence", SEQUENCE.check, value)


_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), check_circular=False).encode
_ENVELOPE_SENTENCE = f"An event has these members and no others: {', '.join(sorted(_ENVELOPE))}."


def _not_an_object(item: Any) -> tuple[str, str, str]:
    if isinstance(item, Unreadable):
        return "malformed", str(item), ""
    if isinstance(item, Repeated):
        key = item.repeated
        return "repeated_key", f'The member "{key}" is there twice; each may appear once.', pointer_to(key)
    return "not_an_object", "An event is a JSON object.", ""


def _kind(item: dict[str, Any]) -> Kind:
    name = item.get("event")
    found = (KINDS.get(name) or custom.named(name)) if type(name) is str else None
    if found is not None:
        return found
    if "event" not in item:
        raise Refused("missing", "event, the kind of the event, is missing.", "/event")
    raise Refused("unknown_event", "No such kind of event; the kinds are listed at /api/docs/.", "/event")


def _properties(kind: Kind, given: Any, occurred_at: datetime) -> dict[str, Any]:
    if type(given) is not dict:
        reason, detail, pointer = _not_an_object(given)
        raise Refused(reason, detail.replace("An event is", "properties are"), "/properties" + pointer)
    checks = kind.checks
    body: dict[str, Any] = {}
    name = ""
    try:
        for name, value in given.items():
            body[name] = checks[name](value)
    except KeyError:
        known = "names of lower-case letters, digits and _" if kind.is_open else ", ".join(sorted(checks)) or "none"
        detail = f"{kind.name} has no such property; it knows: {known}."
        raise Refused("unknown_property", detail, pointer_to("properties", name)) from None
    except Refused as refused:
        raise refused.under(pointer_to("properties", name)) from None
    if not kind.required <= body.keys():
        name = min(kind.required - body.keys())
        raise Refused("missing", f"{kind.name} needs {name}.", pointer_to("properties", name))
    if kind.whole is not None:
        kind.whole(body, occurred_at)
    return body
