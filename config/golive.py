"""Going live with a brand, step by step: what is done, how long it took, what comes next."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Min

from campaigns.models import Attempt
from compliance.models import Standing
from config.lib.words import number
from players.families import FAMILIES
from players.models import Baseline, Brand, ConformanceRun, Feed, FeedFamily, FeedKey, Player, TotalsDay
from players.pam import Connector, connector_named

# Without these nothing can be decided about a player; the others are for brands that have them.
FIRST_EVENTS = ("profile", "identity", "consents", "restrictions", "payments", "rounds")


@dataclass(frozen=True)
class Step:
    """`href` is a URL name; `after` the time since the step before it was done."""

    key: str
    title: str
    done_at: datetime | None
    todo: str
    href: str
    link: str
    detail: str = ""
    after: timedelta | None = None


@dataclass(frozen=True)
class GoLive:
    brand: Brand
    steps: list[Step]
    connectors: list[tuple[Feed, Connector, ConformanceRun | None]]
    elapsed: timedelta | None  # from the key to the last step, or to now

    @property
    def done(self) -> int:
        return sum(step.done_at is not None for step in self.steps)

    @property
    def is_live(self) -> bool:
        return self.done == len(self.steps)

    @property
    def next(self) -> Step | None:
        return next((step for step in self.steps if step.done_at is None), None)


def going_live(brand: Brand, *, now: datetime) -> GoLive:
    steps = list(_timed(_steps(brand)))
    begun = steps[0].done_at
    ends = [step.done_at for step in steps if step.done_at]
    finished = max(ends) if len(ends) == len(steps) else now
    feeds = Feed.objects.filter(brand=brand).order_by("name")
    runs = {run.feed_id: run for run in ConformanceRun.objects.filter(feed__in=feeds).order_by("at")}
    connectors = [(feed, connector_named(feed.connector), runs.get(feed.pk)) for feed in feeds]
    return GoLive(brand, steps, connectors, finished - begun if begun else None)


def _timed(steps: Iterator[Step]) -> Iterator[Step]:
    before: datetime | None = None
    for step in steps:
        after = step.done_at - before if step.done_at and before and step.done_at > before else None
        yield replace(step, after=after)
        before = max(filter(None, (before, step.done_at)), default=None)


def _steps(brand: Brand) -> Iterator[Step]:
    issued = FeedKey.objects.filter(feed__brand=brand).aggregate(at=Min("created"))["at"]
    yield Step(
        "key", "Key issued", issued, "Issue a key for the feed and give it to whoever runs the PAM.",
        "integration:keys", "API keys",
    )  # fmt: skip
    yield from _first_events(brand)
    yield _conformance(brand)
    yield _baseline(brand)
    reconciled = TotalsDay.objects.filter(brand=brand).aggregate(at=Min("matched_at"))["at"]
    yield Step(
        "reconciled", "First reconciled day", reconciled,
        "Let the PAM send the totals of a day that is over (PUT /api/v1/totals/<day>), or upload them as CSV.",
        "integration:reconciliation", "Reconciliation",
    )  # fmt: skip
    yield Step(
        "sent", "First message sent with a recorded yes", _first_send(brand),
        "Launch a campaign: its first message shows that a recorded yes came first.", "campaigns:list", "Campaigns",
    )  # fmt: skip


def _first_events(brand: Brand) -> Iterator[Step]:
    rows = FeedFamily.objects.filter(feed__brand=brand).exclude(first_event_at=None)
    first = dict(rows.order_by().values_list("family").annotate(at=Min("first_event_at")))
    for key in FIRST_EVENTS:
        family = FAMILIES[key]
        yield Step(
            f"first:{key}", f"First event: {family.label.lower()}", first.get(key),
            f"Let the PAM send its first event of this family ({', '.join(family.starts)}…).", "api-docs", "API docs",
        )  # fmt: skip


def _conformance(brand: Brand) -> Step:
    runs = ConformanceRun.objects.filter(feed__brand=brand)
    passed = next((run for run in runs.order_by("at") if run.total and run.passed == run.total), None)
    last = runs.order_by("-at").first()
    return Step(
        "conformance", "Conformance run passed", passed.at if passed else None,
        "Run manage.py pam_conformance against this address with the feed's key: it posts a good and a bad example of every event.",
        "players-api:schemas", "Event schemas", detail=f"last run: {last.passed} of {last.total} examples" if last else "",
    )  # fmt: skip


def _baseline(brand: Brand) -> Step:
    applied = Baseline.objects.filter(feed__brand=brand, status=Baseline.Status.APPLIED)
    first = applied.order_by("applied_at").first()
    last = Baseline.objects.filter(feed__brand=brand).order_by("-pk").first()
    detail = ""
    if last and last.status != Baseline.Status.APPLIED:
        detail = f"{last.snapshot}: {last.get_status_display().lower()} {last.detail}".strip()
    elif last:
        strangers = f", {last.unknown} named that we do not know" if last.unknown else ""
        detail = f"{number(last.applied)} players{strangers}"
    at = first.applied_at if first else None
    unknown = Standing.objects.filter(person__players__brand=brand, declared_at=None).exists()
    if at is None and not unknown:
        at = Player.objects.filter(brand=brand).aggregate(at=Min("created_at"))["at"]
        detail = "not needed: each registration stated its restrictions" if at else detail
    return Step(
        "baseline", "Restrictions and consents of everybody known", at,
        "Send a dated full snapshot (POST /api/v1/baseline, or manage.py baseline). Until then unknown means no.",
        "integration:coverage", "Coverage", detail=detail,
    )  # fmt: skip


def _first_send(brand: Brand) -> datetime | None:
    sent = Attempt.objects.filter(player__brand=brand, status=Attempt.Status.ACCEPTED).exclude(sent_at=None)
    return sent.order_by("id").values_list("sent_at", flat=True).first()
