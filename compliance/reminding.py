"""Whoever has a limit is reminded of it every six months (GB-17): plainly, by a journey that starts with `rg.review_due`.

Setting, lowering or raising a limit is a look at it, and so is the reminder; the six months begin with the last of them.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.db.models.functions import Greatest

from compliance.models import LimitReview, Measure, Standing
from compliance.vocabulary import LIMITS
from players.facts import NewFact, record
from players.models import Brand, Fact, Player

RULE, LICENCES = "GB-17", ("GB",)
DUE = "rg.review_due"
EVERY = timedelta(days=182)
AHEAD = timedelta(days=7)  # the journey is told so long before, so that quiet hours and a full week make nobody late
_AGAIN = timedelta(days=30)  # while nobody reminds them
_BATCH = 500
_AWAY = (Standing.Verdict.EXCLUDED, Standing.Verdict.AWAITING_RETURN)


def due(brands: QuerySet[Brand], *, until: datetime) -> "QuerySet[Any]":
    """Players with `looked_at`, the longest ago first, whose six months are over by then. Who is excluded plays not."""
    touched = Greatest("measures__effective_at", "measures__tightened_at", "measures__relaxed_at")
    holders = Player.objects.filter(
        brand__in=brands.filter(licence__jurisdiction__in=LICENCES), is_test=False, status=Player.Status.ACTIVE,
        measures__kind__in=LIMITS, measures__status=Measure.Status.ACTIVE,
    ).exclude(person__standing__verdict__in=_AWAY)  # fmt: skip
    looked = holders.annotate(looked_at=Greatest(Max(touched), Max("limit_review__reminded_at")))
    return looked.filter(looked_at__lte=until - EVERY).select_related("brand").order_by("looked_at", "pk")


def tell(*, now: datetime) -> int:
    """A fact for each who is due, so that a journey can remind them; how many there were."""
    told = Fact.objects.filter(player=OuterRef("pk"), kind=DUE, occurred_at__gt=now - _AGAIN)
    rows = due(Brand.objects.all(), until=now + AHEAD).filter(~Exists(told))[:_BATCH]
    with transaction.atomic():
        new = [
            NewFact(
                kind=DUE, player_id=player.pk, occurred_at=now, key=f"{DUE}:{player.pk}:{now:%Y-%m-%d}",
                data={"rule": RULE, "looked_at": player.looked_at.isoformat()},
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
