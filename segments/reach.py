"""How many of the found could be written to. A hint for planning: the gate decides again for each of them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from compliance.models import Consent, Standing
from players.models import Contact, PlayerState

SMALL = 10


@dataclass(frozen=True)
class Reach:
    """E-mail. Who is protected is known as a class only, and a small class not at all."""

    matched: int
    consented: int
    addressed: int
    open: int

    @property
    def protected(self) -> str:
        hidden = self.addressed - self.open
        return f"{hidden:,}" if hidden >= SMALL else f"< {SMALL}"

    @property
    def reachable(self) -> str:
        """Rounded down where the exact number would give the small class away."""
        if self.addressed - self.open >= SMALL or self.addressed == 0:
            return f"{self.open:,}"
        return f"about {self.addressed // SMALL * SMALL:,}" if self.addressed >= SMALL else f"< {SMALL}"


def reach(found: QuerySet[PlayerState], *, now: datetime) -> Reach:
    """One scan. Consent: the newest answer per product rules, any product will do here."""
    email = Consent.objects.filter(player=OuterRef("player_id"), channel="email")
    newer = Consent.objects.filter(
        player=OuterRef("player_id"),
        channel="email",
        product=OuterRef("product"),
        occurred_at__gt=OuterRef("occurred_at"),
    )
    consented = Exists(email.filter(granted=True).filter(~Exists(newer)))
    address = Exists(Contact.objects.filter(player=OuterRef("player_id"), channel="email", bounced_at=None))
    standing = Standing.objects.filter(person=OuterRef("player__person_id"), promotions_ok=True)
    may = Exists(standing.filter(Q(valid_until=None) | Q(valid_until__gt=now)))
    found = found.order_by().annotate(said_yes=consented, has_address=address, unprotected=may)
    numbers = found.aggregate(
        matched=Count("pk"),
        consented=Count("pk", filter=Q(said_yes=True)),
        addressed=Count("pk", filter=Q(said_yes=True, has_address=True)),
        open=Count("pk", filter=Q(said_yes=True, has_address=True, unprotected=True)),
    )
    return Reach(**numbers)
