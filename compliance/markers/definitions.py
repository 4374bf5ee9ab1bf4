"""Which definition of each marker rules at a brand: the newest that two people signed, else the one Pitboss ships."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from compliance import audit
from compliance.markers.catalogue import BY_ID, BY_JURISDICTION, MARKERS, SCALE, Marker, Scale
from compliance.models import MarkerVersion, Operator
from players.models import Brand

SCALE_KEY = "scale"


@dataclass(frozen=True)
class Definition:
    """`version` 0: as Pitboss ships it, nobody at this brand has changed it."""

    marker: Marker
    version: int
    is_on: bool
    points: int
    values: Mapping[str, Any]
    signed: MarkerVersion | None = None

    @property
    def sentence(self) -> str:
        return self.marker.in_words(dict(self.values))


@dataclass(frozen=True)
class Definitions:
    of: Mapping[str, Definition]
    scale: Scale
    scale_version: int = 0

    def parameters(self) -> dict[str, Any]:
        """m13_declined=3, …: what the statements are asked with."""
        return {f"{key.lower()}_{name}": value for key, one in self.of.items() for name, value in one.values.items()}


def of_brand(brand: Brand) -> Definitions:
    signed = newest(brand)
    local = BY_JURISDICTION.get(brand.licence.jurisdiction, {})
    found = {}
    for marker in MARKERS:
        row = signed.get(marker.id)
        values = marker.values | local.get(marker.id, {}) | (row.values if row else {})
        found[marker.id] = Definition(
            marker, row.number if row else 0, row.is_on if row else True, row.points if row else marker.points,
            values, row,
        )  # fmt: skip
    scale = signed.get(SCALE_KEY)
    return Definitions(found, replace(SCALE, **scale.values) if scale else SCALE, scale.number if scale else 0)


def newest(brand: Brand) -> dict[str, MarkerVersion]:
    rows = MarkerVersion.objects.filter(brand=brand).exclude(signed_by=None).select_related("asked_by", "signed_by")
    return {row.marker: row for row in rows.order_by("number")}


def waiting(brand: Brand) -> dict[str, MarkerVersion]:
    """Asked for, and not signed by a second person yet; only the newest of a marker may still be signed."""
    rows = MarkerVersion.objects.filter(brand=brand).select_related("asked_by").order_by("number")
    last = {row.marker: row for row in rows}
    return {key: row for key, row in last.items() if row.signed_by_id is None}


def unsigned(brands: Iterable[Brand]) -> list[MarkerVersion]:
    """Of several brands, the newest of each marker, while nobody else has signed it."""
    rows = MarkerVersion.objects.filter(brand__in=brands).select_related("asked_by", "brand").order_by("number")
    last = {(row.brand_id, row.marker): row for row in rows}
    return [row for row in last.values() if row.signed_by_id is None]


def ask(brand: Brand, key: str, actor: Operator, reason: str, *, values: Mapping[str, Any], points: int, is_on: bool,
        now: datetime) -> MarkerVersion:  # fmt: skip
    """A new version, in force once somebody else has signed it. Raises KeyError for a marker nobody knows."""
    known = SCALE.__dict__ if key == SCALE_KEY else BY_ID[key].values
    if unknown := set(values) - set(known):
        raise KeyError(", ".join(sorted(unknown)))
    with transaction.atomic():
        Brand.objects.select_for_update(no_key=True).get(pk=brand.pk)  # one number each
        last = MarkerVersion.objects.filter(brand=brand, marker=key).aggregate(last=Max("number"))["last"] or 0
        row = MarkerVersion.objects.create(
            brand=brand, marker=key, number=last + 1, values=dict(values), points=points, is_on=is_on, reason=reason,
            asked_by=actor, asked_at=now,
        )  # fmt: skip
        audit.record(actor, "marker.asked", f"marker:{key}", brand=brand.pk, reason=reason,
                     after={"version": row.number, "points": points, "on": is_on, **values})  # fmt: skip
    return row


class NotYours(ValueError):
    """Who asked for a definition cannot sign it too."""


def sign(row: MarkerVersion, actor: Operator, *, now: datetime) -> None:
    if row.asked_by_id == actor.pk:
        raise NotYours
    with transaction.atomic():
        row.signed_by, row.signed_at = actor, now
        row.save(update_fields=["signed_by", "signed_at"])
        audit.record(actor, "marker.signed", f"marker:{row.marker}", brand=row.brand_id, reason=row.reason,
                     after={"version": row.number})  # fmt: skip
