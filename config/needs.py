"""What waits for this operator: approvals and alerts, each a sentence with a link. Only what really waits."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Count, F, IntegerField, Max, Min, QuerySet, Value
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from bonuses.models import Grant
from campaigns.models import Version
from compliance import troubles
from compliance.markers import definitions
from compliance.models import (
    AuditEntry,
    BrandStop,
    CounselAnswer,
    LevelReview,
    MarkerVersion,
    Override,
    PolicySwitch,
    Retention,
)
from config.lib.clock import utcnow
from players import access, restricting
from players.models import Brand, Feed, Quarantine, TotalsDay

PROBED_LATELY = timedelta(days=7)


@dataclass(frozen=True)
class Need:
    kind: str  # approval | alert
    tone: str
    text: str
    href: str
    since: datetime | None = None


def needs(request: HttpRequest) -> list[Need]:
    """Approvals first, then alerts; asked once per request."""
    known: list[Need] | None = getattr(request, "_needs", None)
    if known is None:
        brands = access.shown_brands(request)
        known = [need for source in _with_something_to_say() for need in source(request, brands)]
        request._needs = known  # type: ignore[attr-defined]
    return known


def feeds_for(request: HttpRequest) -> list[Feed]:
    """Every feed of the operator's brands, read once per request: the light and the alerts both ask."""
    known: list[Feed] | None = getattr(request, "_feeds", None)
    if known is None:
        known = list(Feed.objects.filter(brand__in=access.brands(request)).select_related("brand"))
        request._feeds = known  # type: ignore[attr-defined]
    return known


def _may(request: HttpRequest, permission: str) -> bool:
    return bool(request.user.may(permission))  # type: ignore[union-attr]


def _at(name: str, *args: object) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _campaigns_waiting(request: HttpRequest, brands: list[Brand]) -> Iterator[Need]:
    """Nobody approves what they wrote themselves."""
    if not _may(request, "campaigns.approve"):
        return
    rows = Version.objects.filter(status=Version.Status.SUBMITTED, campaign__brand__in=brands)
    for row in rows.exclude(author_id=request.user.pk).select_related("campaign__brand", "author").order_by("id")[:20]:
        text = f"{row.campaign.name} ({row.campaign.brand.name}) waits for approval, sent by {row.author.name}"
        yield Need("approval", "blue", text, _at("campaigns:launch", row.campaign_id), row.submitted_at)


def _settings_waiting(request: HttpRequest, brands: list[Brand]) -> Iterator[Need]:
    """Policies to switch, how long a licence keeps data, what counsel has answered: a second officer signs. One question
    for all, asked on every page."""
    if not _may(request, "compliance.edit"):
        return
    open_ones = {"signed_at": None, "declined_at": None}
    switches = PolicySwitch.objects.filter(**open_ones, brand__in=brands).annotate(
        page=Value("compliance:sign"), what=F("rule"), where=F("brand__name"), much=Cast("enabled", IntegerField())
    )
    times = Retention.objects.filter(**open_ones, licence__brands__in=brands).annotate(
        page=Value("compliance:retention-sign"), what=F("data"), where=F("licence__jurisdiction"), much=F("days")
    )
    answers = CounselAnswer.objects.filter(**open_ones, licence__brands__in=brands).annotate(
        page=Value("compliance:counsel-sign"), what=F("rule"), where=F("licence__jurisdiction"), much=Value(0)
    )
    columns = ("asked_at", "pk", "page", "what", "where", "much")
    mine = [rows.exclude(asked_by_id=request.user.pk).values_list(*columns) for rows in (switches, times, answers)]
    for since, pk, to, what, where, much in mine[0].union(*mine[1:]).order_by("asked_at", "pk")[:20]:
        text = f"{what} at {where} is to be turned {'on' if much else 'off'}: a second person signs"
        if to == "compliance:retention-sign":
            text = f"{Retention.Data(what).label} under {where} is to be kept {much} days: a second person signs"
        elif to == "compliance:counsel-sign":
            text = f"Counsel's answer to {what} under {where} is written down: a second person signs"
        yield Need("approval", "blue", text, _at(to, pk), since)


def _overrides_waiting(request: HttpRequest, brands: list[Brand]) -> Iterator[Need]:
    if not _may(request, "compliance.edit"):
        return
    rows = Override.objects.filter(signed_at=None, declined_at=None, brand__in=brands)
    for row in rows.exclude(asked_by_id=request.user.pk).select_related("brand", "asked_by").order_by("id")[:20]:
        text = f"{row.asked_by.name} asks to overrule {row.rule} at {row.brand.name}: {row.sentence}"
        yield Need("approval", "blue", text, _at("compliance:override", row.pk), row.asked_at)


def _levels_waiting(request: HttpRequest, brands: list[Brand]) -> Iterator[Need]:
    """Levels of harm to lower, and definitions of signs of harm: a second officer signs."""
    if not _may(request, "compliance.edit"):
        return
    reviews = LevelReview.objects.filter(signed_at=None, declined_at=None, case__player__brand__in=brands)
    for row in reviews.exclude(asked_by_id=request.user.pk).select_related("case__player__brand").order_by("id")[:20]:
        text = f"The level of {row.case.player.external_id} ({row.case.player.brand.name}) is to be lowered: a second person signs"
        yield Need("approval", "blue", text, _at("compliance:case-sign", row.pk), row.asked_at)
    for asked in definitions.unsigned(brands):
        if asked.asked_by_id != request.user.pk:
            text = f"A new definition of {asked.marker} at {asked.brand.name} waits: a second person signs"
            yield Need("approval", "blue", text, f"{_at('compliance:markers')}?brand={asked.brand_id}", asked.asked_at)


def _returned(request: HttpRequest, brands: list[Brand]) -> Iterator[Need]:
    if not _may(request, "campaigns.edit"):
        return
    rows = Version.objects.filter(status=Version.Status.DRAFT, campaign__brand__in=brands, author_id=request.user.pk)
    for row in rows.exclude(note="").select_related("campaign")[:20]:
        text = f"{row.campaign.name} was returned: {row.note}"
        yield Need("alert", "yellow", text, _at("campaigns:detail", row.campaign_id), row.submitted_at)


def _paused(request: HttpRequest, brands: list[Brand]) -> Iterator[Need]:
    if not _may(request, "campaigns.edit"):
        return
    rows = Version.objects.filter(status=Version.Status.PAUSED, campaign__brand__in=brands)
    for row in rows.select_related("campaign")[:20]:
        text = f"{row.campaign.name} is paused{f': {row.note}' if row.note else ''}"
        yield Need("alert", "yellow", text, _at("campaigns:live", row.campaign_id))


def _stopped(request: HttpRequest, brands: list[Brand]) -> Iterator[Need]:
    for row in BrandStop.objects.filter(lifted_at=None, brand__in=brands).select_related("brand", "stopped_by"):
        text = f"All promotions of {row.brand.name} are stopped by {row.stopped_by.name}: {row.reason}"
        may_see = _may(request, "campaigns.stop_all")
        yield Need("alert", "red", text, _at("compliance:stop") if may_see else "", row.stopped_at)


def _gate_failed(request: HttpRequest, brands: list[Brand]) -> Iterator[Need]:
    """Nothing left that should not have: what could not be decided was refused. But it will be again."""
    if not _may(request, "compliance.view"):
        return
    if not troubles.anywhere(now=utcnow()):
        return
    failed = troubles.lately(brands, now=utcnow())
    if failed.total:
        text = f"The gate failed in the last 24 hours: {failed.sentence}"
        yield Need("alert", "red", text, _at("compliance:home"), failed.since)


def _limits_probed(request: HttpRequest, brands: list[Brand]) -> Iterator[Need]:
    """Somebody asked about players with ever other amounts: so limits are found out."""
    if not _may(request, "compliance.view"):
        return
    rows = AuditEntry.objects.filter(kind=AuditEntry.PROBED, brand__in=brands, at__gt=utcnow() - PROBED_LATELY)
    found = rows.aggregate(n=Count("id"), since=Max("at"))
    if found["n"]:
        times = "once" if found["n"] == 1 else f"{found['n']} times"
        text = f"Asked about players with too many different amounts, {times} in 7 days: refused, and in the trail"
        yield Need("alert", "red", text, f"{_at('compliance:audit')}?kind=clearances.", found["since"])


def _feeds(request: HttpRequest, brands: list[Brand]) -> Iterator[Need]:
    if not _may(request, "integration.view"):
        return
    shown = {brand.pk for brand in brands}
    for feed in feeds_for(request):
        if feed.freshness == Feed.Freshness.FRESH or feed.brand_id not in shown:
            continue
        stale = feed.freshness == Feed.Freshness.STALE
        text = f"Feed {feed.name} of {feed.brand.name} is {'stale: what depends on it pauses' if stale else 'late'}"
        yield Need("alert", "red" if stale else "yellow", text, _at("integration:feeds"), feed.freshness_since)


def _quarantine(request: HttpRequest, brands: list[Brand]) -> Iterator[Need]:
    if not _may(request, "integration.view"):
        return
    waiting = Quarantine.objects.filter(resolved_at=None, feed__brand__in=brands)
    if not any(_may(request, one) for one in ("integration.edit", "compliance.view")):
        waiting = waiting.exclude(restricting.rows())
    found = waiting.aggregate(n=Count("id"), since=Min("received_at"))
    if found["n"]:
        events = "event waits" if found["n"] == 1 else "events wait"
        yield Need(
            "alert", "yellow", f"{found['n']} {events} in quarantine", _at("integration:quarantine"), found["since"]
        )


def _credits(request: HttpRequest, brands: list[Brand]) -> Iterator[Need]:
    if not _may(request, "reports.finance"):
        return
    unclear = Grant.objects.filter(credit=Grant.Credit.AMBIGUOUS, player__brand__in=brands)
    found = unclear.aggregate(n=Count("id"), since=Min("granted_at"))
    if found["n"]:
        text = f"{found['n']} bonus credits without a clear answer of the PAM"
        yield Need("alert", "red", text, _at("bonuses:grants"), found["since"])


def _days_that_differ(request: HttpRequest, brands: list[Brand]) -> Iterator[Need]:
    if not _may(request, "reconciliation.edit"):
        return
    rows = TotalsDay.objects.filter(status=TotalsDay.Status.DIFFERS, brand__in=brands).select_related("brand")
    for row in rows.order_by("day", "id")[:20]:
        text = f"{row.day:%-d %b %Y} of {row.brand.name} differs from the PAM's totals"
        yield Need("alert", "yellow", text, _at("integration:reconciliation-day", row.pk), row.compared_at)


Source = Callable[[HttpRequest, list[Brand]], Iterator[Need]]
# Each with the rows, at whichever brand, without which it has nothing to say; without any it is always asked.
SOURCES: tuple[tuple[Source, tuple[QuerySet[Any], ...]], ...] = (
    (_campaigns_waiting, (Version.objects.filter(status=Version.Status.SUBMITTED),)),
    (
        _settings_waiting,
        (
            PolicySwitch.objects.filter(signed_at=None, declined_at=None),
            Retention.objects.filter(signed_by=None, declined_by=None),
            CounselAnswer.objects.filter(signed_at=None, declined_at=None),
        ),
    ),
    (_overrides_waiting, (Override.objects.filter(signed_at=None, declined_at=None),)),
    (
        _levels_waiting,
        (LevelReview.objects.filter(signed_at=None), MarkerVersion.objects.filter(signed_by=None, declined_by=None)),
    ),
    (_stopped, (BrandStop.objects.filter(lifted_at=None),)),
    (_gate_failed, ()),
    (_limits_probed, (AuditEntry.objects.filter(kind=AuditEntry.PROBED, brand__isnull=False),)),
    (_returned, (Version.objects.filter(status=Version.Status.DRAFT).exclude(note=""),)),
    (_paused, (Version.objects.filter(status=Version.Status.PAUSED),)),
    (_feeds, ()),
    (_quarantine, (Quarantine.objects.filter(resolved_at=None),)),
    (_credits, (Grant.objects.filter(credit=Grant.Credit.AMBIGUOUS),)),
    (_days_that_differ, (TotalsDay.objects.filter(status=TotalsDay.Status.DIFFERS),)),
)


def _with_something_to_say() -> list[Source]:
    """In one question to the database: mostly nobody has, and each asking for itself was a twentieth of a page."""
    with connection.cursor() as db:
        db.execute(*_question())
        return [source for (source, _), there in zip(SOURCES, db.fetchone(), strict=True) if there]


@cache
def _question() -> tuple[str, list[Any]]:
    columns, params = [], []
    for _, rows in SOURCES:
        asked = [one.values("pk").query.sql_with_params() for one in rows]
        columns.append(" OR ".join(f"EXISTS ({text})" for text, _ in asked) or "true")
        params += [value for _, values in asked for value in values]
    return f"SELECT {', '.join(columns)}", params  # noqa: S608 - Django's own words
