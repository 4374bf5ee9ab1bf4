from datetime import datetime

from bonuses.closing import end_early
from bonuses.models import Grant


def run(*, now: datetime, limit: int = 500) -> int:
    """Ends bonuses whose time is over; what is left of them stays with the house. Returns how many."""
    due = Grant.objects.open().filter(expires_at__lte=now).order_by("expires_at")
    times = dict(due.values_list("pk", "expires_at")[:limit])
    return end_early(times, "expired", "time is over", at=times, now=now, actor_id=None)
