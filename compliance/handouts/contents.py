"""What belongs into a file: rows of the trails, and beside them what is not sealed but explains them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from compliance.models import AuditEntry, Consent, Decision, Handout, Measure, RegisterCheck
from compliance.vocabulary import PRECEDENCE
from players.models import Player

MOST = 200_000  # rows of one file: more is a matter for `manage.py audit export`


class TooMany(ValueError):
    """More rows than one file takes."""


@dataclass(frozen=True)
class Contents:
    trails: dict[str, list[Any]]  # trail -> rows, oldest first
    measures: list[Measure]

    @property
    def rows(self) -> int:
        return sum(len(rows) for rows in self.trails.values())


def collect(wanted: Handout) -> Contents:
    found = {trail: _ordered(rows) for trail, rows in _trails(wanted)}
    return Contents(found, _measures(wanted))


def _ordered(rows: QuerySet[Any]) -> list[Any]:
    found = list(rows.order_by("xid", "pk")[: MOST + 1])
    if len(found) > MOST:
        raise TooMany("More than 200 000 rows: choose a shorter period.")
    return found


def _trails(wanted: Handout) -> Iterator[tuple[str, QuerySet[Any]]]:
    players = people(wanted)
    mine = Q(player__in=players) if wanted.player_id else Q(player__brand=wanted.brand_id)
    decisions = Decision.objects.select_related("player").filter(
        mine, decided_at__gte=wanted.since, decided_at__lt=wanted.until
    )
    if wanted.kind == Handout.Kind.RULE:
        yield "decision", decisions.filter(reasons__overlap=[f"{code} {wanted.rule}" for code in PRECEDENCE])
        return
    yield "decision", decisions
    # Consents and restrictions of before the period are what held within it.
    yield "consent", Consent.objects.filter(mine, recorded_at__lt=wanted.until)
    persons = players.values("person_id")
    yield (
        "register",
        RegisterCheck.objects.filter(person__in=persons, asked_at__gte=wanted.since, asked_at__lt=wanted.until),
    )
    entries = AuditEntry.objects.filter(at__gte=wanted.since, at__lt=wanted.until)
    if wanted.player_id:
        yield "audit", entries.filter(subject__in=[f"player:{pk}" for pk in players.values_list("pk", flat=True)])
    else:
        yield "audit", entries.filter(brand=wanted.brand_id)


def people(wanted: Handout) -> QuerySet[Player]:
    """The accounts it is about: of one person all at that brand, else everybody there."""
    at_brand = Player.objects.filter(brand=wanted.brand_id)
    return at_brand.filter(person_id=wanted.player.person_id) if wanted.player else at_brand


def _measures(wanted: Handout) -> list[Measure]:
    if wanted.kind == Handout.Kind.RULE:
        return []
    rows = Measure.objects.filter(person__in=people(wanted).values("person_id"), received_at__lt=wanted.until)
    return list(rows.select_related("player").order_by("received_at", "pk")[:MOST])
