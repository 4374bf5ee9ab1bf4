"""Writing down what became of deliveries, for the run they belong to and for the player's timeline."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from campaigns.models import Delivery, Trace
from players import looking_again
from players.facts import NewFact, record

_TRACE: dict[str, str] = {
    Delivery.Status.SENT: Trace.Kind.SENT,
    Delivery.Status.REFUSED: Trace.Kind.REFUSED,
    Delivery.Status.PLANNED: Trace.Kind.LATER,
}
_WRITE = """
UPDATE campaigns_delivery d
SET status = r.status, code = r.code, detail = r.detail, due_at = coalesce(r.due_at, d.due_at),
    decision_id = coalesce(r.decision_id, d.decision_id), variant_id = coalesce(r.variant_id, d.variant_id),
    settled_at = CASE WHEN r.status IN ('planned', 'ready', 'sending') THEN NULL ELSE %(now)s END
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r(id bigint, status text, code text, detail text, due_at timestamptz,
     decision_id bigint, variant_id bigint)
WHERE d.id = r.id
"""
# The run waits at the message until it is settled; then it goes on.
_GO_ON = """
UPDATE campaigns_enrolment e SET due_at = %(now)s
FROM campaigns_delivery d
WHERE d.id = ANY(%(ids)s) AND e.id = d.enrolment_id AND e.step_id = d.step_id AND e.state = 'active' AND e.due_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    delivery: Delivery
    status: str
    code: str = ""
    detail: str = ""
    due_at: datetime | None = None
    decision_id: int | None = None
    variant_id: int | None = None


def settle(outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """Deliveries with enrolment.version.campaign loaded; inside the caller's transaction."""
    if not outcomes:
        return
    rows = [
        {"id": o.delivery.id, "status": o.status, "code": o.code, "detail": o.detail[:200],
         "due_at": o.due_at.isoformat() if o.due_at else None, "decision_id": o.decision_id, "variant_id": o.variant_id}
        for o in outcomes
    ]  # fmt: skip
    over = [o for o in outcomes if o.status not in Delivery.OPEN]
    with connection.cursor() as db:
        db.execute(_WRITE, {"rows": json.dumps(rows), "now": now})
        db.execute(_GO_ON, {"ids": [o.delivery.id for o in over], "now": now})
    Trace.objects.bulk_create([_trace(o, now) for o in outcomes if _worth_a_line(o)])
    record([_fact(o, now) for o in over], now=now)
    looking_again.soon((o.delivery.player_id for o in over if o.status == Delivery.Status.SENT), now=now)


def _worth_a_line(o: Outcome) -> bool:
    return o.status not in (Delivery.Status.READY, Delivery.Status.SENDING)


def _trace(o: Outcome, now: datetime) -> Trace:
    return Trace(
        enrolment_id=o.delivery.enrolment_id,
        player_id=o.delivery.player_id,
        at=now,
        kind=Trace.Kind.LOST if o.code in ("exclusive_group", "spacing") else _TRACE.get(o.status, Trace.Kind.REFUSED),
        step_id=o.delivery.step_id,
        delivery_id=o.delivery.id,
        detail=(f"{o.code}: {o.detail}" if o.detail else o.code)[:200],
    )


def _fact(o: Outcome, now: datetime) -> NewFact:
    delivery = o.delivery
    sent = o.status == Delivery.Status.SENT
    return NewFact(
        kind="message.sent" if sent else "message.refused",
        player_id=delivery.player_id,
        occurred_at=now,
        key=f"message.settled:{delivery.id}",
        data={
            "delivery_id": delivery.id,
            "campaign_id": delivery.enrolment.campaign_id,
            "campaign": delivery.enrolment.version.campaign.name,
            "channel": delivery.channel,
            "purpose": delivery.purpose,
            "started_by": delivery.enrolment.version.trigger_fact,
            "code": o.code,
            "decision_id": o.decision_id or delivery.decision_id,
        },
    )
