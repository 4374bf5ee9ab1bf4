"""The stop button of a brand: from the commit on, nothing promotional leaves."""

from datetime import datetime

from django.db import connection, transaction

from compliance import audit
from compliance.models import BrandStop, Operator
from config.lib import locks
from players.models import Brand


def stop(brand: Brand, actor: Operator, reason: str, *, now: datetime) -> BrandStop:
    """Waits for hand-offs in flight (one provider timeout at most). Stopping a stopped brand changes nothing."""
    with transaction.atomic():
        _lock(brand)
        standing = BrandStop.objects.filter(brand=brand, lifted_at=None).first()
        if standing is not None:
            return standing
        row = BrandStop.objects.create(brand=brand, stopped_at=now, stopped_by=actor, reason=reason)
        audit.record(actor, "promotions.stopped", f"brand:{brand.pk}", brand=brand.pk, reason=reason)
        return row


def lift(brand: Brand, actor: Operator, reason: str, *, now: datetime) -> bool:
    """False if there was nothing to lift."""
    with transaction.atomic():
        _lock(brand)
        standing = BrandStop.objects.filter(brand=brand, lifted_at=None)
        if not standing.exists():
            return False
        # First the signature: the database lifts nothing without one.
        audit.record(actor, "promotions.resumed", f"brand:{brand.pk}", brand=brand.pk, reason=reason)
        standing.update(lifted_at=now, lifted_by=actor)
        return True


def _lock(brand: Brand) -> None:
    """Advisory, not a row lock: sixteen senders sharing a row would starve the one who wants to stop them."""
    with connection.cursor() as db:
        db.execute("SELECT pg_advisory_xact_lock(%s, %s)", [locks.BRAND, brand.pk])
