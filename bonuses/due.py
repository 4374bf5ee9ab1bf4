"""Whose bonus is handed over soon, so that what has to be asked before can be asked before."""

from datetime import datetime

from bonuses.models import Gift, Grant


def players(until: datetime, limit: int) -> list[int]:
    """Bonuses given by hand that wait for a register, and those on their way to the PAM by then, soonest first."""
    gifts = Gift.objects.filter(state=Gift.State.WAITING, due_at__lte=until).order_by("due_at")
    waiting = Grant.objects.filter(credit=Grant.Credit.PENDING, credit_due_at__lte=until).order_by("credit_due_at")
    found = dict.fromkeys(gifts.values_list("player_id", flat=True)[:limit])
    found |= dict.fromkeys(waiting.values_list("player_id", flat=True)[:limit])
    return list(found)[:limit]
