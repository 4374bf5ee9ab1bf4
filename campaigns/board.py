"""Figures of campaigns, counted set-based. Test players are left out."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from campaigns.models import Campaign, Delivery, Enrolment, Trace, Version
from segments.sizes import tens

NOT_SENT = [Delivery.Status.REFUSED, Delivery.Status.DROPPED, Delivery.Status.FAILED]


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
    starts: str = ""
    tone: str = "muted"
    tells: bool = False  # of protection: only tens may be told

    @property
    def shown(self) -> dict[str, Any]:
        counts = {name: getattr(self, name) for name in ("inside", "entered", "sent", "refused", "goal")}
        return {name: tens(count) for name, count in counts.items()} if self.tells else counts


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
        refused=Count("id", filter=Q(status__in=NOT_SENT)),
    )
    return [_row(c, newest[c.id], runs.get(c.id, {}) | said.get(c.id, {})) for c in found.values() if c.id in newest]


def _row(campaign: Campaign, version: Version, counts: dict[str, int]) -> Row:
    row = Row(campaign, version)
    for name, count in counts.items():
        setattr(row, name, count)
    return row


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
    states: Counter[str] = field(default_factory=Counter)
    refusals: list[tuple[str, int]] = field(default_factory=list)
    later: list[tuple[str, int, datetime]] = field(default_factory=list)  # why, how many, the next one's moment

    def at(self, step_id: int | None) -> StepCounts:
        return self.steps.setdefault(step_id or 0, StepCounts())


@dataclass(frozen=True)
class StepWords:
    """The same in tens, for a journey that tells of protection."""

    waiting: str
    reached: str
    sent: str
    refused: str


@dataclass(frozen=True)
class LiveWords:
    steps: dict[int, StepWords]
    states: dict[str, str]


def in_tens(live: Live, version: Version) -> LiveWords:
    """Every step and state has a word, so that none is told by its absence."""
    found = {pk: live.at(pk) for pk in version.steps.values_list("pk", flat=True)}
    return LiveWords(
        {
            pk: StepWords(tens(one.waiting), tens(one.reached), tens(one.sent), tens(one.refused))
            for pk, one in found.items()
        },
        {state: tens(live.states[state]) for state in Enrolment.State.values},
    )


def live(version: Version) -> Live:
    """What goes on in one version: counts per step, runs by state, refusals by code."""
    board = Live()
    runs = Enrolment.objects.filter(version=version, player__is_test=False)
    board.states.update(dict(runs.values_list("state").annotate(n=Count("id"))))
    for step_id, count in (
        runs.filter(state="active", step__isnull=False).values_list("step_id").annotate(n=Count("id"))
    ):
        board.at(step_id).waiting = count
    said = Delivery.objects.filter(enrolment__version=version, player__is_test=False)
    for step_id, status, count in said.values_list("step_id", "status").annotate(n=Count("id")):
        if status == Delivery.Status.SENT:
            board.at(step_id).sent = count
        elif status in NOT_SENT:
            board.at(step_id).refused += count
    passed = Trace.objects.filter(enrolment__version=version, step__isnull=False, enrolment__player__is_test=False)
    for step_id, count in passed.values_list("step_id").annotate(n=Count("enrolment", distinct=True)):
        board.at(step_id).reached = count
    refused = said.filter(status__in=NOT_SENT).values("code").annotate(n=Count("id"))
    later = said.filter(status=Delivery.Status.PLANNED).exclude(code="").values("code")
    for row in later.annotate(n=Count("id"), next=Min("due_at")).order_by("-n"):
        board.later.append((row["code"], row["n"], row["next"]))
    board.refusals = [(row["code"], row["n"]) for row in refused.order_by("-n")]
    return board
