"""The audit trail: what a person did that matters, with their reason. Append-only by privilege, sealed
by `compliance.sealing`."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from django.core.serializers.json import DjangoJSONEncoder

from compliance.models import AuditEntry, Operator
from config.lib import prepared
from config.lib.clock import utcnow


def record(
    actor: Operator | None,
    kind: str,
    subject: str,
    *,
    brand: int | None,
    reason: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """One entry, in the caller's transaction. `kind` like 'campaign.approved', `subject` like 'campaign:12'.

    `brand`: whose officers may read it; None for what concerns several brands or all, then only who sees all may.
    """
    made = AuditEntry(**entry(actor, kind, subject, brand=brand, reason=reason, before=before, after=after)._asdict())
    made.save(force_insert=True)
    return made


class Entry(NamedTuple):
    """The columns of an AuditEntry. Not a model: making one takes as long as writing it."""

    at: datetime
    actor_id: int | None
    kind: str
    subject: str
    brand_id: int | None
    reason: str
    payload: str


def record_many(entries: Iterable[Entry]) -> None:
    """Many at once, made by `entry`, in the caller's transaction. As one parameter: several times as fast."""
    found = list(entries)
    for start in range(0, len(found), 1000):
        rows = [(one.at.isoformat(), *one[1:]) for one in found[start : start + 1000]]
        prepared.run(_INSERT, {"rows": orjson.dumps(rows).decode()})


_INSERT = """
    INSERT INTO compliance_auditentry (at, actor_id, kind, subject, brand_id, reason, payload)
    SELECT (r->>0)::timestamptz, (r->>1)::bigint, r->>2, r->>3, (r->>4)::bigint, r->>5, r->>6
    FROM jsonb_array_elements(%(rows)s::jsonb) AS r
"""


def entry(
    actor: Operator | None,
    kind: str,
    subject: str,
    *,
    brand: int | None,
    reason: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    actor_id: int | None = None,
) -> Entry:
    """An entry as `record` writes it, not written yet.

    The payload is canonical text (sorted keys, no spaces), so that a copy of it outside hashes to the same.
    The time is the moment of writing, whatever clock the caller works with.
    """
    change = {name: value for name, value in (("before", before), ("after", after)) if value is not None}
    return Entry(
        at=utcnow(),
        actor_id=actor.pk if actor else actor_id,
        kind=kind,
        subject=subject[:120],
        brand_id=brand,
        reason=reason[:300],
        payload=_canonical(change),
    )


_canonical = DjangoJSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def only(brands: Iterable[int]) -> int | None:
    """The one brand all of it is about, else None."""
    found = set(brands)
    return found.pop() if len(found) == 1 else None
