"""What bonuses do when something happened. Batches, idempotent; see config/flow.py."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from bonuses import counting, following
from bonuses.taking_back import take_back
from players.models import Fact, Player
from segments import membership

if TYPE_CHECKING:
    from players.folding import Batch


def count_wagers(batch: "Batch") -> None:
    counting.count(batch.player_ids, batch.round_ids, now=batch.now, played=batch.played)
    take_back(batch.rollback_ids, now=batch.now)


def follow_pam(facts: Sequence[Fact], now: datetime) -> None:
    following.follow(facts, now=now)


def stop_wagering(facts: Sequence[Fact], now: datetime) -> None:
    """An exclusion stops every bonus of the person; its expiry is never moved."""
    people = Player.objects.filter(pk__in={fact.player_id for fact in facts}).values_list("person_id", flat=True)
    with transaction.atomic():
        players = Player.objects.filter(person__in=set(people)).values_list("pk", flat=True)
        counting.stop_excluded(counting.lock_open_of(list(players)), now=now)


def refresh_segments(facts: Sequence[Fact], now: datetime) -> None:
    """Segments that ask about bonuses change without a round being played."""
    with transaction.atomic():
        membership.refresh(sorted({fact.player_id for fact in facts}), now=now, cause="bonus")
