"""Whose bonus is handed over soon, so that what has to be asked before can be asked before."""

from datetime import datetime

from bonuses.models import Grant


def players(until: datetime, limit: int) -> list[int]:
    """Bonuses on their way to the PAM by then, soonest first."""
    waiting = Grant.objects.filter(credit=Grant.Credit.PENDING, credit_due_at__lte=until).order_by("credit_due_at")
    return list(dict.fromkeys(waiting.values_list("player_id", flat=True)[:limit]))
