"""What is read at once, and what is read again soon.

Somebody says that a player is harmed, or a detector outside says so: the gate closes before the answer arrives.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from compliance.markers import levels
from compliance.markers.catalogue import DISCLOSURES
from compliance.markers.definitions import of_brand
from compliance.models import ExternalScore, Level, MarkerHit, MarkerSource, Watch
from config.lib.clock import NEVER
from players.models import Fact, Player


def hear(facts: Sequence[Fact], now: datetime) -> None:
    """Contacts, visits to the tools, scores from outside."""
    players = Player.objects.select_related("brand__licence").in_bulk({fact.player_id for fact in facts})
    MarkerSource.objects.bulk_create(
        [MarkerSource(brand_id=brand, kind=kind, first_at=now)
         for brand, kind in sorted({(players[fact.player_id].brand_id, fact.kind) for fact in facts})],
        ignore_conflicts=True,
    )  # fmt: skip
    said = [fact for fact in facts if fact.kind == "rg.contact" and fact.data.get("topic") in DISCLOSURES]
    scored = [fact for fact in facts if fact.kind == "rg.risk_scored"]
    _disclosed(said, players, now)
    _scored(scored, now)
    people = {players[fact.player_id].person_id for fact in (*said, *scored)}
    if people:
        levels.put_in_force(people, now=now, cause="disclosure" if said else "score")
    look_again([fact for fact in facts if fact.kind != "rg.risk_scored"], now)


def look_again(facts: Sequence[Fact], now: datetime) -> None:
    """Limits, breaks, exclusions: nothing in the state moves, so the walk is told."""
    Watch.objects.bulk_create(
        [Watch(player_id=pk, read_at=NEVER, due_at=now) for pk in sorted({fact.player_id for fact in facts})],
        update_conflicts=True, unique_fields=["player"], update_fields=["due_at"],
    )  # fmt: skip


def _disclosed(facts: Sequence[Fact], players: dict[int, Player], now: datetime) -> None:
    rows = []
    for fact in facts:
        signed = of_brand(players[fact.player_id].brand)
        until = fact.occurred_at + timedelta(days=signed.scale.days)
        if signed.of["M26"].is_on and until > now:
            rows.append(
                MarkerHit(player_id=fact.player_id, marker="M26", version=signed.of["M26"].version, found={"times": 1},
                          first_at=fact.occurred_at, at=fact.occurred_at, seen_at=now, counts_until=until)
            )  # fmt: skip
    MarkerHit.objects.bulk_create(rows, ignore_conflicts=True)


def _scored(facts: Sequence[Fact], now: datetime) -> None:
    ExternalScore.objects.bulk_create(
        [ExternalScore(player_id=fact.player_id, level=Level(fact.data["level"]), model=fact.data["model"],
                       version=fact.data["version"], score=fact.data.get("score"), at=fact.occurred_at, recorded_at=now,
                       key=fact.key)
         for fact in facts],
        ignore_conflicts=True,
    )  # fmt: skip
