"""Policy switches: one person asks, another signs. A law has no switch."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Least

from compliance import audit, effects, standings
from compliance.jurisdictions import OFF_BY_DEFAULT, PACKS
from compliance.models import Measure, Operator, PolicySwitch
from players.models import Brand

DAY_AFTER = "POL-01"  # the one policy that Standing is derived by
_DAY = timedelta(hours=24)


class CannotSwitch(ValueError):
    """The rule has no switch, or the same person signs."""


def switchable(jurisdiction: str) -> set[str]:
    pack = PACKS.get(jurisdiction)
    return {rule.id for rule in pack.every if rule.switchable} if pack else set()


def is_on(brand: Brand, rule: str) -> bool:
    newest = PolicySwitch.objects.filter(brand=brand, rule=rule).exclude(signed_by=None)
    last = newest.order_by("-signed_at", "-pk").first()
    return last.enabled if last else rule not in OFF_BY_DEFAULT


def off_at(rule: str) -> set[int]:
    """Brands where two people have switched it off."""
    return {brand for (brand, name), on in signed(Brand.objects.all()).items() if name == rule and not on}


def signed(brands: Iterable[Brand]) -> dict[tuple[int, str], bool]:
    """(brand, rule) -> on or off, of every switch two people have ever turned; in one query."""
    rows = PolicySwitch.objects.filter(brand__in=brands).exclude(signed_by=None).order_by("signed_at", "pk")
    return {(row.brand_id, row.rule): row.enabled for row in rows}


def ask(brand: Brand, rule: str, enabled: bool, actor: Operator, reason: str, *, now: datetime) -> PolicySwitch:
    if rule not in switchable(brand.licence.jurisdiction):
        raise CannotSwitch(f"{rule} has no switch under this licence.")
    if PolicySwitch.objects.filter(brand=brand, rule=rule, signed_by=None, declined_by=None).exists():
        raise CannotSwitch(f"Somebody has asked for {rule} already; that is signed or declined first.")
    effect = effects.of_switch(brand, rule, enabled, now=now)
    with transaction.atomic():
        row = PolicySwitch.objects.create(
            brand=brand, rule=rule, enabled=enabled, reason=reason, asked_by=actor, asked_at=now
        )
        after = {"rule": rule, "on": enabled} | effect.told()
        audit.record(actor, "policy.asked", f"policy:{row.pk}", brand=brand.pk, reason=reason, after=after)
    return row


def sign(switch: PolicySwitch, actor: Operator, *, now: datetime) -> PolicySwitch:
    """In force for every question asked after the commit; an allow already given lives a minute at most."""
    effect = effects.of_switch(switch.brand, switch.rule, switch.enabled, now=now)
    with transaction.atomic():
        row = _locked(switch)
        if row.asked_by_id == actor.pk:
            raise CannotSwitch("A second person signs.")
        if row.declined_by_id:
            raise CannotSwitch("It was declined by now.")
        if row.signed_by_id is None:
            row.signed_by, row.signed_at = actor, now
            audit.record(
                actor, "policy.signed", f"policy:{row.pk}", brand=row.brand_id, reason=row.reason,
                before={"rule": row.rule, "on": not row.enabled},
                after={"rule": row.rule, "on": row.enabled} | effect.told(),
            )  # fmt: skip
            row.save(update_fields=["signed_by", "signed_at"])  # the database lets it through behind its entry only
            if row.rule == DAY_AFTER:
                standings.derive(_resting(now), now=now)
    return row


def _resting(now: datetime) -> list[int]:
    """Who is on a time-out, or was within the last day: what closes them is derived anew in the same transaction."""
    over = Least("ends_at", "ended_at")  # of PostgreSQL: of what is told
    found = Measure.objects.filter(kind=Measure.Kind.TIME_OUT).annotate(over=over).filter(over__gt=now - _DAY)
    return list(found.values_list("person_id", flat=True))


def decline(switch: PolicySwitch, actor: Operator, reason: str, *, now: datetime) -> PolicySwitch:
    """By anybody who could sign, and by whoever asked."""
    with transaction.atomic():
        row = _locked(switch)
        if row.signed_by_id:
            raise CannotSwitch("It was signed by now. Ask to switch it back instead.")
        if row.declined_by_id is None:
            row.declined_by, row.declined_at = actor, now
            after = {"rule": row.rule, "asked_for": "on" if row.enabled else "off"}
            audit.record(actor, "policy.declined", f"policy:{row.pk}", brand=row.brand_id, reason=reason, after=after)
            row.save(update_fields=["declined_by", "declined_at"])
    return row


def _locked(switch: PolicySwitch) -> PolicySwitch:
    """Two people may press at once."""
    rows = PolicySwitch.objects.select_for_update(of=("self",)).select_related("brand__licence")
    return rows.get(pk=switch.pk)
