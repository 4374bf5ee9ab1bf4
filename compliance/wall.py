"""Is the wall standing? Figures for the compliance pages, counted from the records, never kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from compliance import troubles
from compliance.checks import GATED, holes
from compliance.jurisdictions import PACKS
from compliance.models import BrandStop, Decision, Measure, PolicySwitch, RegisterCheck
from compliance.models.decision import PROMOTIONS
from compliance.vocabulary import EXCLUSIONS
from config.lib import flow
from players.models import Brand, Feed

# What closes a person to everything promotional. A restriction in words nobody understood does as well.
CLOSING: tuple[str, ...] = (
    *sorted(EXCLUSIONS),
    Measure.Kind.TIME_OUT.value,
    Measure.Kind.MARKETING_BLOCK.value,
    Measure.Kind.UNKNOWN.value,
)


@dataclass(frozen=True)
class Handing:
    """One kind of thing that is handed over to somebody outside, as the app that does it tells (config/flow.py)."""

    what: str  # message, bonus credit
    unmatched: int  # tries whose end nobody knows
    since: datetime | None  # the oldest of them
    oldest: datetime | None  # when the longest of those under way was begun
    strange: int | None = None  # in the provider's own log, and not handed over so by us; None: nobody compared


@dataclass(frozen=True)
class Wall:
    checks: int  # promotional questions of 30 days
    breaches: int  # yes to a person who was restricted at that moment
    feeds: list[Feed]
    registers: list[Any]  # register, newest, definite, asked
    holes: list[tuple[str, str]]
    gated: tuple[str, ...]
    failed: troubles.Failed
    handing: list[Handing]

    @property
    def unmatched(self) -> int:
        return sum(one.unmatched for one in self.handing)

    @property
    def strange(self) -> int | None:
        told = [one.strange for one in self.handing if one.strange is not None]
        return sum(told) if told else None

    @property
    def unmatched_since(self) -> datetime | None:
        return min((one.since for one in self.handing if one.since), default=None)

    @property
    def worst(self) -> Handing | None:
        """Under way for longer than any other."""
        going = [one for one in self.handing if one.oldest]
        return min(going, key=lambda one: one.oldest, default=None)  # type: ignore[arg-type, return-value]


def standing_wall(brands: QuerySet[Brand], *, now: datetime) -> Wall:
    since = now - timedelta(days=30)
    asked = Decision.objects.filter(
        player__brand__in=brands, purpose__in=PROMOTIONS, decided_at__gte=since, player__is_test=False
    ).exclude(channel="bonus")
    registers = (
        RegisterCheck.objects.filter(player__brand__in=brands, asked_at__gte=since)
        .values("register")
        .annotate(
            newest=Max("asked_at"),
            asked=Count("id", distinct=True),
            definite=Count("id", distinct=True, filter=~Q(result="unavailable")),
        )
        .order_by("register")
    )
    return Wall(
        checks=asked.count(),
        breaches=breaches(asked).count(),
        feeds=list(Feed.objects.filter(brand__in=brands).select_related("brand").order_by("brand__name", "name")),
        registers=list(registers),
        holes=holes("default"),
        gated=GATED,
        failed=troubles.lately(brands, now=now, held=True),
        handing=list(flow.gather("HANDED_OVER", brands)),
    )


def breaches(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """Promotional allows given while a restriction that forbids them was known. There must be none. The day after a
    time-out is a policy: it counts unless the decision says that it was off."""
    known = Measure.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=OuterRef("decided_at")),
        person_id=OuterRef("person_id"), kind__in=CLOSING, received_at__lte=OuterRef("decided_at"),
    )  # fmt: skip
    endless = Q(ends_at=None) | ~Q(kind=Measure.Kind.TIME_OUT)
    running = known.filter(endless | Q(ends_at__gt=OuterRef("decided_at")))
    day_after = known.filter(endless | Q(ends_at__gt=OuterRef("decided_at") - timedelta(hours=24)))
    allowed = decisions.filter(purpose__in=PROMOTIONS, outcome=Decision.Outcome.ALLOW)
    off = Q(inputs__dossier__switched_off__contains=["POL-01"])
    return allowed.filter(Exists(day_after)).filter(
        Exists(running) | Q(inputs__dossier__switched_off__isnull=True) | ~off
    )


def refused_by_rule(brands: QuerySet[Brand], *, now: datetime, days: int = 7) -> list[tuple[str, int]]:
    """(rule id, refusals) of the last days, most first; a decision counts for every rule that refused it."""
    rows = (
        Decision.objects.filter(player__brand__in=brands, decided_at__gte=now - timedelta(days=days))
        .exclude(outcome=Decision.Outcome.ALLOW)
        .filter(player__is_test=False)
        .values_list("reasons")
        .annotate(times=Count("id"))
        .order_by()
    )
    tally: dict[str, int] = {}
    for reasons, times in rows:
        for reason in reasons:
            rule = reason.partition(" ")[2] or reason
            tally[rule] = tally.get(rule, 0) + times
    return sorted(tally.items(), key=lambda item: (-item[1], item[0]))


def waiting_switches(brands: QuerySet[Brand]) -> QuerySet[PolicySwitch]:
    waiting = PolicySwitch.objects.filter(brand__in=brands, signed_by=None, declined_by=None)
    return waiting.select_related("brand__licence", "asked_by").order_by("asked_at")


def stops(brands: QuerySet[Brand]) -> QuerySet[BrandStop]:
    return BrandStop.objects.filter(brand__in=brands, lifted_at=None).select_related("brand", "stopped_by")


def sentences() -> dict[str, str]:
    """rule id -> its sentence, over all packs."""
    return {rule.id: rule.sentence for pack in PACKS.values() for rule in pack.every}
