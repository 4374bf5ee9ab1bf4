"""What happened to a player that somebody may have to prove later goes into the audit trail, in the transaction that
records it: a message handed over, a bonus given or ended, a restriction as its source told it."""

from collections.abc import Sequence
from datetime import datetime

from compliance import audit
from players.models import Fact, Player


def write_down(facts: Sequence[Fact], now: datetime) -> None:
    brands = dict(Player.objects.filter(pk__in={fact.player_id for fact in facts}).values_list("pk", "brand_id"))
    audit.record_many(
        audit.entry(None, fact.kind, f"player:{fact.player_id}", brand=brands[fact.player_id], actor_id=fact.actor_id,
                    after={**fact.data, "occurred_at": fact.occurred_at})
        for fact in facts
    )  # fmt: skip
