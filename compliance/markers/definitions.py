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
    """Asked for, and neither signed by a second person nor declined; only the newest of a marker may still be signed."""
    return {row.marker: row for row in unsigned([brand])}


def unsigned(brands: Iterable[Brand]) -> list[MarkerVersion]:
    """Of several brands, the newest of each marker, while nobody else has signed or declined it."""
    rows = MarkerVersion.objects.filter(brand__in=brands).select_related("asked_by", "brand").order_by("number")
    last = {(row.brand_id, row.marker): row for row in rows}
    return [row for row in last.values() if row.signed_by_id is None and row.declined_by_id is None]


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
                     after=_told(row))  # fmt: skip
    return row


def _told(row: MarkerVersion) -> dict[str, Any]:
    return {"version": row.number, "points": row.points, "on": row.is_on, "values": row.values}


class CannotSign(ValueError):
    """The message says why."""


def sign(row: MarkerVersion, actor: Operator, *, now: datetime) -> None:
    with transaction.atomic():
        row = _locked(row)
        if row.asked_by_id == actor.pk:
            raise CannotSign("You asked for it: somebody else has to sign.")
        if row.signed_by_id is not None:
            return
        if waiting(row.brand).get(row.marker) != row:
            raise CannotSign("It was declined by now, or a newer version was asked for.")
        row.signed_by, row.signed_at = actor, now
        audit.record(actor, "marker.signed", f"marker:{row.marker}", brand=row.brand_id, reason=row.reason,
                     after=_told(row))  # fmt: skip
        row.save(update_fields=["signed_by", "signed_at"])  # the database lets it through behind its entry only


def decline(row: MarkerVersion, actor: Operator, reason: str, *, now: datetime) -> None:
    """By anybody who could sign, and by whoever asked."""
    with transaction.atomic():
        row = _locked(row)
        if row.signed_by_id is not None:
            raise CannotSign("It was signed by now. Ask for a new version instead.")
        if row.declined_by_id is None:
            row.declined_by, row.declined_at = actor, now
            audit.record(actor, "marker.declined", f"marker:{row.marker}", brand=row.brand_id, reason=reason,
                         after={"version": row.number})  # fmt: skip
            row.save(update_fields=["declined_by", "declined_at"])


def _locked(row: MarkerVersion) -> MarkerVersion:
    """Two people may press at once."""
    return MarkerVersion.objects.select_for_update(of=("self",)).select_related("brand").get(pk=row.pk)
