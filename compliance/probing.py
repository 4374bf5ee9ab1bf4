"""Questions that would find a limit out.

Outside compliance a refusal is one word, but at which amount it begins tells of the limit: each answer halves where it
may be. It cannot be answered and kept secret, so it is answered seldom. Of one player `MOST` different amounts may be
asked in `WITHIN`, about as many as a brand has offers; the same amount again costs nothing, a retry least of all. One
more is not put to the gate: it is refused before anybody looks at a limit, so the refusal is the same for whoever has
none, and compliance hears of it.

Counted are questions that nothing follows from: other senders' (the API) and lists that leave. What we send ourselves is
approved by a second person and reaches the player.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q

from compliance import audit
from compliance.asking import Request
from compliance.models import AuditEntry, Decision, Operator
from compliance.models.decision import Purpose
from compliance.rules import deposit_wanted
from config.lib import locks

MOST = 5
WITHIN = timedelta(days=30)
REFUSED = "Asked about with too many different amounts: compliance was told"

_Amount = tuple[str, int, str]
_FREE = Q(reference__startswith="outside:") | Q(reference__startswith="export:")


def exceeding(requests: Sequence[Request], brand_id: int, *, now: datetime) -> set[int]:
    """Players of whom one amount too many is asked. Inside atomic and before the gate; of a brand one after the other,
    or two at once would not see each other."""
    asked = {one.player_id: amount for one in requests if (amount := _amount(one))}
    if not asked:
        return set()
    with connection.cursor() as db:
        db.execute("SELECT pg_advisory_xact_lock(%s, %s)", [locks.ASKING, brand_id])
    known: dict[int, set[_Amount]] = defaultdict(set)
    rows = Decision.objects.filter(_FREE, player__in=asked, decided_at__gt=now - WITHIN)
    for player_id, plain in rows.values_list("player_id", "inputs__request"):
        if amount := _amount(Request.from_snapshot(plain)):
            known[player_id].add(amount)
    return {pk for pk, amount in asked.items() if amount not in known[pk] and len(known[pk]) >= MOST}


def _amount(request: Request) -> _Amount | None:
    """What is held against limits; only promotions ask for money."""
    wanted = deposit_wanted(request) if request.purpose == Purpose.PROMOTIONAL else None
    return (wanted.kind, wanted.amount, wanted.currency) if wanted else None


def note(players: Collection[int], about: str, brand_id: int, *, by: Operator | None = None, key: str = "") -> None:
    """In the trail, once for one question or list: who asked, about whom."""
    after = {"api_key": key, "players": sorted(players), "different_amounts": MOST, "days": WITHIN.days}
    audit.record(
        by, AuditEntry.PROBED, about, brand=brand_id, after={name: value for name, value in after.items() if value}
    )
