from typing import Any

import pytest
from django.db import transaction

from compliance.markers.reading import Readings, read
from compliance.models import MarkerNorm, MarkerSource
from players import facts
from players.models import Player
from tests.folding.casino import DAY, NOW, brand, fold_all, player, receive
from tests.markers.edges import EDGES, Edge


def live_through(edges: tuple[Edge, ...]) -> tuple[Any, dict[Edge, Player]]:
    """A brand and its players, one per edge, folded together."""
    house = brand()
    people = {edge: player(house, NOW - edge.days_ago * DAY) for edge in edges}
    receive(house, [event for edge, who in people.items() for event in edge.events(who.pk)], NOW)
    fold_all(NOW)
    told = [
        facts.NewFact(kind, who.pk, at, f"{who.pk}:{n}:{kind}", dict(data))
        for edge, who in people.items()
        for n, (at, kind, data) in enumerate(edge.facts)
    ]
    # The feed has told such things for longer than any marker looks back.
    MarkerSource.objects.bulk_create(
        MarkerSource(brand=house, kind=kind, first_at=NOW - 63 * DAY) for kind in ("rg.contact", "rg.tool_viewed")
    )
    with transaction.atomic():
        facts.record(told, now=NOW)
    return house, people


@pytest.fixture(scope="package")
def told(django_db_setup: None, django_db_blocker: Any) -> tuple[Readings, dict[Edge, int]]:
    """Everybody of `edges`, lived through and read once for all tests: what comes back is plain data."""
    with django_db_blocker.unblock(), transaction.atomic():
        house, people = live_through(EDGES)
        MarkerNorm.objects.bulk_create(
            MarkerNorm(brand=house, name=name, p95=p95, players=1000, computed_at=NOW)
            for name, p95 in (("stake_variation/1", 0.5), ("early_days", 4), ("early_bets", 9))
        )
        readings = read(house, [who.pk for who in people.values()], now=NOW)
        transaction.set_rollback(True)
    return readings, {edge: who.pk for edge, who in people.items()}
