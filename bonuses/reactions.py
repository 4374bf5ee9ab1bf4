"""What bonuses do when something happened. Batches, idempotent; see config/flow.py."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from bonuses import counting, following, gifts
from bonuses.taking_back import take_back
from config.lib.wake import wake_on_commit
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


def hear_registers(facts: Sequence[Fact], now: datetime) -> None:
    """A self-exclusion register has answered: what was given by hand and waits for it need not wait any longer."""
    definite = {fact.player_id for fact in facts if fact.data.get("result") in ("clear", "listed")}
    if definite and gifts.hear(definite, now=now):
        wake_on_commit("bonuses.tasks.give_waiting")


def refresh_segments(facts: Sequence[Fact], now: datetime) -> None:
    """Segments that ask about bonuses change without a round being played."""
    with transaction.atomic():
        membership.refresh(sorted({fact.player_id for fact in facts}), now=now, cause="bonus")
