"""The operator's own block: one click and a reason; it ends only by a person."""

import uuid
from datetime import datetime

from django.db import transaction

from compliance import audit, standings
from compliance.models import Measure, Operator
from players.models import Player

_SOURCE = "operator"


def block(player: Player, kind: str, actor: Operator, reason: str, *, now: datetime) -> Measure:
    """`kind`: Measure.Kind.MARKETING_BLOCK or BONUS_BLOCK. Blocking twice changes nothing."""
    with transaction.atomic():
        person_id = standings.lock_players([player.pk])[player.pk]
        running = _running(person_id, kind)
        if running:
            return running
        row = Measure.objects.create(
            person_id=person_id, player=player, kind=kind, source=_SOURCE, ref=uuid.uuid4().hex,
            origin=Measure.Origin.OPERATOR, requested_at=now, received_at=now, effective_at=now,
        )  # fmt: skip
        audit.record(actor, f"player.{kind}", f"player:{player.pk}", brand=player.brand_id, reason=reason)
        return row


def lift(player: Player, kind: str, actor: Operator, reason: str, *, now: datetime) -> bool:
    with transaction.atomic():
        person_id = standings.lock_players([player.pk])[player.pk]
        row = _running(person_id, kind)
        if row is None:
            return False
        # First the signature: the database ends no block without one.
        audit.record(actor, f"player.{kind}_lifted", f"player:{player.pk}", brand=player.brand_id, reason=reason)
        row.status, row.ended_at, row.ended_by = Measure.Status.ENDED, now, Measure.Ending.OPERATOR
        row.save(update_fields=["status", "ended_at", "ended_by"])
        return True


def current(player: Player, kind: str) -> Measure | None:
    return _running(player.person_id, kind)


def _running(person_id: int, kind: str) -> Measure | None:
    return Measure.objects.filter(person_id=person_id, kind=kind, source=_SOURCE, status=Measure.Status.ACTIVE).first()
