"""Every six months a player is reminded to look at account and limits (GB-17): plainly, by a journey that starts with
`rg.review_due`. Counted from the last reminder, whatever was done with the limits meanwhile; the first six months begin
when we came to know the player.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from compliance.models import LimitReview, Standing
from players.facts import NewFact, record
from players.models import Brand, Fact, Player

RULE, LICENCES = "GB-17", ("GB",)
DUE = "rg.review_due"
EVERY = timedelta(days=182)
AHEAD = timedelta(days=7)  # the journey is told so long before, so that quiet hours and a full week make nobody late
_AGAIN = timedelta(days=30)  # while nobody reminds them
_BATCH, _BATCHES = 500, 20
_AWAY = (Standing.Verdict.EXCLUDED, Standing.Verdict.AWAITING_RETURN)
_BEGIN = """
    INSERT INTO compliance_limitreview (player_id, reminded_at)
    SELECT p.id, GREATEST(p.registered_at, p.known_since) FROM players_player p
    JOIN players_brand b ON b.id = p.brand_id JOIN players_licence l ON l.id = b.licence_id
    WHERE l.jurisdiction = ANY(%(licences)s) AND NOT p.is_test AND GREATEST(p.registered_at, p.known_since) <= %(until)s
      AND NOT EXISTS (SELECT FROM compliance_limitreview r WHERE r.player_id = p.id)
    ORDER BY p.id ON CONFLICT DO NOTHING
"""


def due(brands: QuerySet[Brand], *, until: datetime) -> "QuerySet[Any]":
    """Players with `reminded_at`, the longest ago first, whose six months are over by then. Who is excluded plays not."""
    rows = Player.objects.filter(
        limit_review__reminded_at__lte=until - EVERY, brand__in=brands.filter(licence__jurisdiction__in=LICENCES),
        is_test=False, status=Player.Status.ACTIVE,
    ).exclude(person__standing__verdict__in=_AWAY)  # fmt: skip
    rows = rows.annotate(reminded_at=F("limit_review__reminded_at")).select_related("brand")
    return rows.order_by("reminded_at", "pk")


def tell(*, now: datetime) -> int:
    """A fact for each who is due, so that a journey can remind them; how many there were."""
    with connection.cursor() as db:
        db.execute(_BEGIN, {"licences": list(LICENCES), "until": now + AHEAD - EVERY})
    told = 0
    for _ in range(_BATCHES):
        found = _tell_some(now)
        told += found
        if found < _BATCH:
            break
    return told


def _tell_some(now: datetime) -> int:
    told = Fact.objects.filter(player=OuterRef("pk"), kind=DUE, occurred_at__gt=now - _AGAIN)
    rows = due(Brand.objects.all(), until=now + AHEAD).filter(~Exists(told))[:_BATCH]
    with transaction.atomic():
        new = [
            NewFact(
                kind=DUE, player_id=player.pk, occurred_at=now, key=f"{DUE}:{player.pk}:{now:%Y-%m-%d}",
                data={"rule": RULE, "reminded_at": player.reminded_at.isoformat()},
            )
            for player in rows
        ]  # fmt: skip
        return len(record(new, now=now))


def note(facts: Sequence[Fact], now: datetime) -> None:
    """Of messages sent: those of a journey that was started by this duty."""
    said = {fact.player_id: fact.occurred_at for fact in facts if fact.data.get("started_by") == DUE}
    LimitReview.objects.bulk_create(
        [LimitReview(player_id=pk, reminded_at=at) for pk, at in sorted(said.items())],
        update_conflicts=True, unique_fields=["player"], update_fields=["reminded_at"],
    )  # fmt: skip
