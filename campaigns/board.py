"""Figures of campaigns, counted set-based. Test players are left out."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet

from campaigns.models import Campaign, Delivery, Enrolment, Trace, Version


@dataclass
class Row:
    campaign: Campaign
    version: Version
    inside: int = 0
    entered: int = 0
    kept_out: int = 0
    goal: int = 0
    sent: int = 0
    refused: int = 0


def rows(campaigns: Iterable[Campaign]) -> list[Row]:
    """One row per campaign with its newest version; figures over all versions."""
    found = {c.id: c for c in campaigns}
    newest: dict[int, Version] = {}
    for version in Version.objects.filter(campaign__in=found).select_related("trigger_segment").order_by("number"):
        newest[version.campaign_id] = version
    runs = _by_campaign(
        Enrolment.objects.filter(campaign__in=found, player__is_test=False).values("campaign_id"),
        inside=Count("id", filter=Q(state="active")),
        entered=Count("id", filter=~Q(state__in=["control", "holdout"])),
        kept_out=Count("id", filter=Q(state__in=["control", "holdout"])),
        goal=Count("id", filter=Q(goal_at__isnull=False) & ~Q(state__in=["control", "holdout"])),
    )
    said = _by_campaign(
        Delivery.objects.filter(enrolment__campaign__in=found, player__is_test=False).values("enrolment__campaign_id"),
        sent=Count("id", filter=Q(status="sent")),
        refused=Count("id", filter=Q(status__in=["refused", "dropped", "failed"])),
    )
    return [Row(c, newest[c.id], **runs.get(c.id, {}), **said.get(c.id, {})) for c in found.values() if c.id in newest]


def _by_campaign(counted: QuerySet, **counts: Count) -> dict[int, dict[str, int]]:
    key = next(iter(counted.query.values_select))
    return {row.pop(key): row for row in counted.annotate(**counts).order_by()}


@dataclass
class StepCounts:
    waiting: int = 0
    reached: int = 0
    sent: int = 0
    refused: int = 0


@dataclass
class Live:
    steps: dict[int, StepCounts] = field(default_factory=dict)
    states: Counter = field(default_factory=Counter)
    refusals: list[tuple[str, int]] = field(default_factory=list)


def live(version: Version) -> Live:
    """What goes on in one version: counts per step, runs by state, refusals by code."""
    board = Live()
    runs = Enrolment.objects.filter(version=version, player__is_test=False)
    for row in runs.values("state").annotate(n=Count("id")):
        board.states[row["state"]] = row["n"]
    for row in runs.filter(state="active").values("step_id").annotate(n=Count("id")):
        if row["step_id"]:
            board.steps.setdefault(row["step_id"], StepCounts()).waiting = row["n"]
    said = Delivery.objects.filter(enrolment__version=version, player__is_test=False)
    for row in said.values("step_id", "status").annotate(n=Count("id")):
        counts = board.steps.setdefault(row["step_id"], StepCounts())
        if row["status"] == Delivery.Status.SENT:
            counts.sent = row["n"]
        elif row["status"] in (Delivery.Status.REFUSED, Delivery.Status.DROPPED, Delivery.Status.FAILED):
            counts.refused += row["n"]
    passed = Trace.objects.filter(enrolment__version=version, step__isnull=False, enrolment__player__is_test=False)
    for row in passed.values("step_id").annotate(n=Count("enrolment", distinct=True)):
        board.steps.setdefault(row["step_id"], StepCounts()).reached = row["n"]
    refused = said.filter(status__in=["refused", "dropped", "failed"]).values("code").annotate(n=Count("id"))
    board.refusals = [(row["code"], row["n"]) for row in refused.order_by("-n")]
    return board
