"""The officer's desk: what waits for a person, what waits for a signature, what happened lately."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet
from django.db.models.functions import TruncDate

from compliance import counsel, retention, wall
from compliance.cases import queue
from compliance.jurisdictions import PACKS
from compliance.lint import overriding
from compliance.markers import definitions
from compliance.models import Case, Consent, FollowUp, Interaction, Measure, Operator, Override, PersonLink
from compliance.rules import Rule
from compliance.vocabulary import EXCLUSIONS, LIMITS
from players.models import Brand, Licence, Quarantine
from players.models.imports import Import

SHOWN = 12
DAYS = 14
AHEAD = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One kind of thing in the queue. `page`: URL name, '' when it has none here."""

    text: str
    count: int
    page: str
    query: str = ""
    tone: str = "yellow"


def waiting(brands: QuerySet[Brand], *, now: datetime) -> list[Waiting]:
    """Only what is there."""
    cases = Case.objects.filter(closed_at=None, player__brand__in=brands)
    contests = cases.annotate(
        asked=Max("log__at", filter=Q(log__kind=Interaction.Kind.CONTEST)),
        answered=Max("log__at", filter=Q(log__kind=Interaction.Kind.ANSWER)),
    ).filter(Q(answered=None) | Q(asked__gt=F("answered")), asked__isnull=False)
    links = PersonLink.objects.filter(status=PersonLink.Status.OPEN)
    links = links.filter(Q(low__brand__in=brands) | Q(high__brand__in=brands))
    late = FollowUp.objects.filter(done_at=None, due_at__lte=now, case__player__brand__in=brands)
    unread = Quarantine.objects.filter(feed__brand__in=brands, resolved_at=None)
    imports = Import.objects.filter(
        brand__in=brands, kind__in=[Import.Kind.CONSENTS, Import.Kind.SUPPRESSIONS], refused__gt=0,
        created_at__gte=now - timedelta(days=7),
    )  # fmt: skip
    found = [
        Waiting("new cases nobody has taken", cases.filter(owner=None, acted_at=None).count(), "compliance:cases", tone="red"),
        Waiting("players contest a decision", contests.count(), "compliance:cases", tone="red"),
        Waiting("follow-ups are overdue", late.count(), "compliance:cases"),
        Waiting("accounts that are probably one person", links.count(), "compliance:persons"),
        Waiting("events about restrictions could not be read", unread.filter(kind__startswith="rg.").count(),
                "integration:quarantine", tone="red"),
        Waiting("events about consents could not be read", unread.filter(kind__startswith="consent.").count(),
                "integration:quarantine"),
        Waiting("consent files with refused lines, 7 days", imports.count(), "players:imports"),
    ]  # fmt: skip
    return [one for one in found if one.count]


@dataclass(frozen=True, slots=True)
class Signature:
    """Something a second person signs. `where`: the brand, or the licence. `page`: URL name, with a number where each has
    a page of its own."""

    text: str
    where: str
    asked_by: Operator
    since: datetime
    page: str
    number: int | None
    is_own: bool
    query: str = ""


def signatures(brands: QuerySet[Brand], operator: Operator) -> list[Signature]:
    """Policy switches, findings to overrule, levels to lower, definitions, times that data are kept, answers of counsel. Campaigns wait on a
    page of their own."""
    rows: list[Signature] = []

    def add(text: str, where: Brand | str, by: Operator, since: datetime, page: str, number: int) -> None:
        rows.append(Signature(text, str(where), by, since, page, number, by.pk == operator.pk))

    for one in wall.waiting_switches(brands):
        word = "on" if one.enabled else "off"
        add(f"Switch {one.rule} {word}", one.brand, one.asked_by, one.asked_at, "compliance:sign", one.pk)
    for row in overriding.waiting(brands):
        add(
            f"Overrule {row.rule}: {row.sentence}", row.brand, row.asked_by, row.asked_at, "compliance:override", row.pk
        )
    for review in queue.waiting_reviews(brands):
        text = f"Lower the level of {review.case.player.external_id}: {review.before} to {review.after}"
        add(text, review.case.player.brand, review.asked_by, review.asked_at, "compliance:case-sign", review.pk)
    for asked in definitions.unsigned(brands):
        what = "scale of levels" if asked.marker == definitions.SCALE_KEY else f"definition of {asked.marker}"
        own, query = asked.asked_by_id == operator.pk, f"?brand={asked.brand_id}"
        rows.append(
            Signature(
                f"New {what}", asked.brand.name, asked.asked_by, asked.asked_at, "compliance:markers", None, own, query
            )
        )
    for kept in retention.waiting(Licence.objects.filter(brands__in=brands)):
        text = f"Keep {kept.get_data_display().lower()} for {kept.days} days"
        add(text, kept.licence.jurisdiction, kept.asked_by, kept.asked_at, "compliance:retention-sign", kept.pk)
    for told in counsel.waiting(Licence.objects.filter(brands__in=brands).distinct()):
        text = f"Counsel's answer to {told.rule}: {told.reason}"
        add(text, told.licence.jurisdiction, told.asked_by, told.asked_at, "compliance:counsel-sign", told.pk)
    return sorted(rows, key=lambda one: one.since)


def overrides_in_force(brands: QuerySet[Brand]) -> QuerySet[Override]:
    rows = Override.objects.filter(brand__in=brands).exclude(signed_by=None)
    return rows.select_related("brand", "asked_by", "signed_by").order_by("-signed_at")[:SHOWN]


@dataclass(frozen=True, slots=True)
class Series:
    """Per day, oldest first."""

    label: str
    total: int
    points: list[dict[str, Any]] = field(default_factory=list)


def lately(brands: QuerySet[Brand], *, now: datetime) -> list[Series]:
    """Limits, time-outs, exclusions and opt-outs of the last days, on the day the player did it."""
    first = (now - timedelta(days=DAYS - 1)).replace(hour=0, minute=0, second=0, microsecond=0)
    told = Measure.objects.filter(
        player__brand__in=brands, player__is_test=False, effective_at__gte=first, effective_at__lte=now
    )
    by_day: dict[tuple[str, date], int] = {}
    for kind, day, times in (
        told.filter(kind__in=SERIES)
        .annotate(day=TruncDate("effective_at"))
        .values_list("kind", "day")
        .annotate(times=Count("id"))
        .order_by()
    ):
        label = SERIES[kind]
        by_day[label, day] = by_day.get((label, day), 0) + times
    no = Consent.objects.filter(player__brand__in=brands, player__is_test=False, granted=False, occurred_at__gte=first)
    opted = no.annotate(day=TruncDate("occurred_at")).values_list("day")
    for day, players in opted.annotate(players=Count("player", distinct=True)).order_by():
        by_day["Opted out", day] = players
    days = [first.date() + timedelta(days=number) for number in range(DAYS)]
    return [_series(label, days, by_day) for label in dict.fromkeys([*SERIES.values(), "Opted out"])]


# What players told us; what the operator imposed is no word of theirs.
SERIES: dict[str, str] = {
    **dict.fromkeys(sorted(LIMITS), "Limits set"),
    Measure.Kind.TIME_OUT.value: "Time-outs",
    **dict.fromkeys([*sorted(EXCLUSIONS), Measure.Kind.PRODUCT_EXCLUSION.value], "Exclusions"),
}


def _series(label: str, days: list[date], by_day: dict[tuple[str, date], int]) -> Series:
    counts = [by_day.get((label, day), 0) for day in days]
    points = [{"label": f"{day:%-d %b}", "value": count} for day, count in zip(days, counts, strict=True)]
    return Series(label, sum(counts), points)


def changing(brands: QuerySet[Brand], *, now: datetime) -> list[tuple[date, str, Rule]]:
    """(day, what happens, rule) of the next 90 days, for the licences of these brands."""
    today, until = now.date(), (now + AHEAD).date()
    found = []
    for rule in _rules(brands):
        if today < rule.effective_from <= until:
            found.append((rule.effective_from, "begins", rule))
        if rule.effective_to is not None and today < rule.effective_to <= until:
            found.append((rule.effective_to, "ends", rule))
    return sorted(found, key=lambda one: (one[0], one[2].id))


def for_counsel(brands: QuerySet[Brand], *, now: datetime) -> list[Rule]:
    """Rules in force that the sources leave open."""
    return [rule for rule in _rules(brands) if rule.family == "counsel" and rule.in_force(now.date())]


def _rules(brands: QuerySet[Brand]) -> list[Rule]:
    licences = sorted(set(brands.values_list("licence__jurisdiction", flat=True)))
    return list({rule.id: rule for name in licences if name in PACKS for rule in PACKS[name].every}.values())
