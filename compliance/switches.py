"""Policy switches: one person asks, another signs. A law has no switch."""

from datetime import datetime

from django.db import transaction

from compliance import audit
from compliance.jurisdictions import PACKS
from compliance.models import Operator, PolicySwitch
from players.models import Brand


class CannotSwitch(ValueError):
    """The rule has no switch, or the same person signs."""


def switchable(jurisdiction: str) -> set[str]:
    pack = PACKS.get(jurisdiction)
    return {rule.id for rule in pack.on(pack.since) if rule.switchable} if pack else set()


def is_on(brand: Brand, rule: str) -> bool:
    newest = PolicySwitch.objects.filter(brand=brand, rule=rule).exclude(signed_by=None)
    last = newest.order_by("-signed_at", "-pk").first()
    return last.enabled if last else True


def ask(brand: Brand, rule: str, enabled: bool, actor: Operator, reason: str, *, now: datetime) -> PolicySwitch:
    if rule not in switchable(brand.licence.jurisdiction):
        raise CannotSwitch(f"{rule} has no switch under this licence.")
    with transaction.atomic():
        row = PolicySwitch.objects.create(
            brand=brand, rule=rule, enabled=enabled, reason=reason, asked_by=actor, asked_at=now
        )
        after = {"rule": rule, "on": enabled}
        audit.record(actor, "policy.asked", f"policy:{row.pk}", brand=brand.pk, reason=reason, after=after)
    return row


def sign(switch: PolicySwitch, actor: Operator, *, now: datetime) -> PolicySwitch:
    """In force for every question asked after the commit; an allow already given lives a minute at most."""
    with transaction.atomic():
        row = PolicySwitch.objects.select_related("brand").get(pk=switch.pk)
        if row.asked_by_id == actor.pk:
            raise CannotSwitch("A second person signs.")
        if PolicySwitch.objects.filter(pk=row.pk, signed_by=None).update(signed_by=actor, signed_at=now):
            audit.record(
                actor, "policy.signed", f"policy:{row.pk}", brand=row.brand_id, reason=row.reason,
                before={"rule": row.rule, "on": not row.enabled}, after={"rule": row.rule, "on": row.enabled},
            )  # fmt: skip
    row.refresh_from_db()
    return row
