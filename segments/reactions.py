"""What segments do when players have moved on."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from players.batches import Batch
from players.models import Fact, Player
from segments.membership import refresh


def refresh_touched(batch: Batch) -> None:
    """Fold stage: only the touched players, against the live segments of their brand."""
    refresh(batch.player_ids, now=batch.now, cause="events", is_replay=batch.is_replay, is_locked=batch.holds_locks)


def refresh_told(facts: Sequence[Fact], now: datetime) -> None:
    """Consents, restrictions, identity, messages: no play and no money, so no fold. A restriction is of the person:
    every account of theirs is looked at."""
    told = {fact.player_id for fact in facts}
    if restricted := {fact.player_id for fact in facts if fact.kind.startswith("rg.")}:
        people = Player.objects.filter(pk__in=restricted).values("person_id")
        told |= set(Player.objects.filter(person_id__in=people).values_list("pk", flat=True))
    with transaction.atomic():
        refresh(sorted(told), now=now, cause="account")
