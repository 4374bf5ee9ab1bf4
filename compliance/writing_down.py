"""What happened to a player that somebody may have to prove later goes into the audit trail, in the transaction that
records it: a message handed over, a bonus given or ended, a restriction as its source told it."""

from collections.abc import Sequence
from datetime import datetime

from compliance import audit
from config.lib import prepared
from config.lib.prepared import bigints
from players.models import Fact

_BRANDS = "SELECT id, brand_id FROM players_player WHERE id = ANY (%(players)s::bigint[])"


def write_down(facts: Sequence[Fact], now: datetime) -> None:
    brands: dict[int, int] = dict(prepared.run(_BRANDS, {"players": bigints({fact.player_id for fact in facts})}))
    audit.record_many(
        audit.entry(None, fact.kind, f"player:{fact.player_id}", brand=brands[fact.player_id], actor_id=fact.actor_id,
                    after={**fact.data, "occurred_at": fact.occurred_at})
        for fact in facts
    )  # fmt: skip
