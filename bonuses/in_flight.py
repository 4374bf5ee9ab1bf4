"""Bonus credits the PAM gave no clear answer to, and those being handed over at this moment."""

from collections.abc import Iterator

from django.db.models import Count, Min, QuerySet

from bonuses.crediting import LEASE
from bonuses.models import Grant
from compliance.wall import Handing
from players.models import Brand


def told(brands: QuerySet[Brand]) -> Iterator[Handing]:
    mine = Grant.objects.filter(player__brand__in=brands, player__is_test=False)
    lost = mine.filter(credit=Grant.Credit.AMBIGUOUS).aggregate(n=Count("pk"), since=Min("granted_at"))
    due = mine.filter(credit=Grant.Credit.SENDING).aggregate(first=Min("credit_due_at"))["first"]
    yield Handing("bonus credit", lost["n"], lost["since"], due - LEASE if due else None)
