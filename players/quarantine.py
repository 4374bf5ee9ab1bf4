"""Events that could not be applied: kept whole, with the reason, until they can be."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, cast

from django.db.models import Q

from config.lib import prepared
from config.lib.secrecy import SealedBytes
from players import restricting
from players.intake import QUARANTINED, Item
from players.models import Feed, Quarantine
from players.pam import shapes
from players.pam.generic.reading import Malformed, Unreadable, is_storable, parse

KEPT_OF_MALFORMED = 64 * 1024  # bytes of a body that is not JSON
MOST_AT_ONCE = 1000


def _clean(text: str, longest: int) -> str:
    """Storable: what comes here is exactly what was refused for being odd."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")[:longest]


def keep(items: Sequence[Item], *, now: datetime) -> list[int]:
    """Writes the refused ones down; returns the ids of the rows of those whose player is unknown."""
    rows = [_row(item) for item in items if item.outcome == QUARANTINED and item.parked_id is None]
    if not rows:
        return []
    columns = dict(zip(_KEPT, map(list, zip(*rows, strict=True)), strict=True))
    return [id_ for id_, reason in prepared.run(_KEEP, columns | {"now": now}) if reason == "unknown_player"]


# One bad event in a hundred must not slow down the others: one statement, planned once.
_KEPT = {
    "feed_id": "bigint", "event_id": "text", "kind": "text", "player_id": "bigint", "external_id": "text",
    "raw": "bytea", "shape": "text", "reason": "text", "pointer": "text", "detail": "text",
}  # fmt: skip
_KEEP = f"""
    INSERT INTO players_quarantine ({", ".join(_KEPT)}, received_at, resolution)
    SELECT bad.*, %(now)s::timestamptz, ''
    FROM unnest({", ".join(f"%({name})s::{type_}[]" for name, type_ in _KEPT.items())}) AS bad
    RETURNING id, reason
"""  # noqa: S608  our own columns


_RAW = cast(SealedBytes, Quarantine._meta.get_field("raw"))


def _row(item: Item) -> tuple[Any, ...]:
    refused = item.refusal
    assert refused is not None
    kind = item.claimed_kind
    if item.may_restrict:
        kind = restricting.written(kind) if restricting.is_kind(kind) else restricting.UNREADABLE
    return (
        str(item.feed_id),
        _clean(item.event_id, 100),
        _clean(kind, 40),
        str(item.player.id) if item.player else None,  # as text: one type whatever the ids are, so one plan
        _clean(item.claimed_player, 64),
        _RAW.sealed(item.raw()),
        item.aside.shape,
        refused.reason,
        _clean(item.prefix + refused.pointer, 200),
        _clean(refused.detail, 500),
    )


def keep_malformed(feed: Feed, raw: bytes, detail: str, *, now: datetime) -> None:
    kind = restricting.UNREADABLE if restricting.in_bytes(raw) else ""
    Quarantine.objects.create(
        feed=feed, received_at=now, kind=kind, raw=raw[:KEPT_OF_MALFORMED], reason="malformed",
        detail=_clean(detail, 500),
    )  # fmt: skip


def items_of(rows: Iterable[Quarantine]) -> list[Item]:
    return [_item(row) for row in rows]


def _item(row: Quarantine) -> Item:
    raw = bytes(row.raw)
    if row.shape:
        value, aside = shapes.read_again(row.feed, row.shape, raw)
        return Item(value, partial(bytes, raw), row.feed_id, parked_id=row.id, aside=aside)
    try:
        value = parse(raw)
        if not is_storable(value):
            value = Unreadable("A text holds a character that cannot be stored.")
    except Malformed as error:
        value = Unreadable(error)
    return Item(value, partial(bytes, raw), row.feed_id, parked_id=row.id)


def waiting_for(brand_id: int, external_ids: Iterable[str]) -> list[Item]:
    """What came before its player did; also what could not be read about their restrictions."""
    rows = (
        Quarantine.objects.filter(
            Q(reason="unknown_player") | restricting.rows(),
            feed__brand_id=brand_id,
            external_id__in=list(external_ids),
            resolved_at=None,
        )
        .select_related("feed")
        .order_by("id")
    )
    restrictions = rows.filter(restricting.rows())
    others = rows.exclude(restricting.rows())[:MOST_AT_ONCE]
    return items_of([*restrictions, *others])


def settle(items: Iterable[Item], *, now: datetime) -> None:
    """Quarantine rows that were tried again: resolved, or with the reason of today."""
    words = {"accepted": "Applied.", "duplicate": "Was applied already."}
    for item in items:
        if item.parked_id is None:
            continue
        row = Quarantine.objects.filter(id=item.parked_id)
        refused = item.refusal
        if refused is None:
            row.update(resolved_at=now, resolution=words[item.outcome], player=item.player.id if item.player else None)
        else:
            row.update(
                reason=refused.reason, pointer=_clean(refused.pointer, 200), detail=_clean(refused.detail, 500),
                player=item.player.id if item.player else None,
            )  # fmt: skip
