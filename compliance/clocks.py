"""Duties with a deadline, least time left first: each counted from rows that are there, none is kept."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from compliance import contacting, reminding
from compliance.cases import queue
from compliance.cases.opening import REQUESTS
from compliance.models import AuditEntry, Interaction, Measure, Operator
from compliance.vocabulary import EXCLUSIONS
from players.models import Brand, FeedKey, Owed, Player

SHOWN = 12
MOST = 500  # of one duty without a case
PROMPTLY = timedelta(hours=24)  # what a law calls promptly, in our own house
FLAGGED_WITHIN = timedelta(days=2)  # GB-01
_ALIKE = 3
_AT_ONCE = timedelta(minutes=1)  # what our own apps take when nothing is wrong
_OWN = {"campaigns": "our journeys", "bonuses": "our bonuses", "segments": "our segments"}
READ = "suppressions.read"


@dataclass(frozen=True, slots=True)
class Clock:
    """`red`: less than a quarter of the time is left, or none. `page`: where it is done, if that is no case."""

    at: datetime
    duty: str
    rule: str
    player: Player
    owner: Operator | None
    case: int | None
    red: bool
    overdue: bool
    page: str = "compliance:case-open"

    def left(self, now: datetime) -> float:
        """Seconds; none when it is over."""
        return max(0.0, (self.at - now).total_seconds())


@dataclass(frozen=True, slots=True)
class Alike:
    """A duty that many players wait for: the first of them stand in the list, here is how many more."""

    duty: str
    rule: str
    count: int

    @property
    def or_more(self) -> bool:
        """Nobody counted further."""
        return self.count + _ALIKE >= MOST


def running(brands: QuerySet[Brand], *, now: datetime) -> list[Clock]:
    """Least time left first."""
    found = [
        Clock(
            one.at, one.duty, one.rule, one.case.player, one.case.owner, one.case.pk, one.left(now) < 0.25, one.at <= now
        )
        for one in queue.deadlines(brands, now=now)
    ]  # fmt: skip
    for source in (_contacts, _flags, _reviews, _requests):
        found += source(brands, now)
    return sorted(found, key=lambda clock: clock.at)


def gathered(found: list[Clock]) -> tuple[list[Clock], list[Alike], int]:
    """The first of them, of each duty without a case no more than three, so that a hundred alike bury nothing; then how
    many more there are of those duties, and of the others.
    """
    shown: list[Clock] = []
    more: dict[tuple[str, str], int] = {}
    for clock in found:
        key = (clock.duty, clock.rule)
        here = sum((one.duty, one.rule) == key and one.case is None for one in shown)
        if clock.case is None and (here >= _ALIKE or len(shown) >= SHOWN):
            more[key] = more.get(key, 0) + 1
        elif len(shown) < SHOWN:
            shown.append(clock)
    alike = [Alike(duty, rule, count) for (duty, rule), count in more.items()]
    return shown, alike, len(found) - len(shown) - sum(more.values())


def _clock(at: datetime, whole: timedelta, duty: str, rule: str, player: Player, now: datetime, page: str) -> Clock:
    return Clock(at, duty, rule, player, None, None, (at - now) < whole / 4, at <= now, page)


def _contacts(brands: QuerySet[Brand], now: datetime) -> Iterator[Clock]:
    for duty in contacting.waiting(brands):
        at = duty.since + PROMPTLY
        yield _clock(at, PROMPTLY, duty.text, contacting.RULE, duty.player, now, "compliance:case-open")


def _flags(brands: QuerySet[Brand], now: datetime) -> Iterator[Clock]:
    """Exclusions that some system does not know of yet (GB-01). Ours are told in the transaction that records it; other
    senders know when they have read the list of whom nobody may write to since.
    """
    british = brands.filter(licence__jurisdiction="GB")
    missing: dict[Measure, dict[str, datetime]] = {}
    for key, read_at in _readers(british):
        rows = _exclusions().filter(person__players__brand=key.feed.brand_id)
        for row in rows.filter(received_at__gt=read_at).distinct()[:MOST] if read_at else rows.distinct()[:MOST]:
            missing.setdefault(row, {})[key.name] = max(row.received_at, key.created) + FLAGGED_WITHIN
    for row, name in _unsettled(british, now):
        missing.setdefault(row, {})[name] = row.received_at + FLAGGED_WITHIN
    for row, systems in missing.items():
        if row.player is not None:
            duty = f"Exclusion to be known everywhere, not confirmed by {', '.join(sorted(systems))}"
            page = "players:detail"
            yield _clock(min(systems.values()), FLAGGED_WITHIN, duty, "GB-01", row.player, now, page)


def _exclusions() -> QuerySet[Measure]:
    rows = Measure.objects.filter(kind__in=EXCLUSIONS, player__is_test=False).exclude(status=Measure.Status.ENDED)
    return rows.select_related("player__brand").order_by("received_at")


def _readers(brands: QuerySet[Brand]) -> Iterator[tuple[FeedKey, datetime | None]]:
    """Keys of other senders, and when each last began to read the list."""
    keys = FeedKey.objects.filter(feed__brand__in=brands, scopes__contains=[FeedKey.Scope.SUPPRESSIONS], revoked=False)
    keys = keys.filter(Q(expiry_date=None) | Q(expiry_date__gt=timezone.now())).select_related("feed")
    read: dict[str, datetime] = {}
    rows = AuditEntry.objects.filter(kind=READ, brand__in=brands).values("payload").annotate(at=Max("at")).order_by()
    for payload, at in rows.values_list("payload", "at") if keys else ():
        name = json.loads(payload).get("after", {}).get("api_key", "")
        read[name] = max(at, read.get(name, at))
    for key in keys:
        yield key, read.get(key.prefix)


def _unsettled(brands: QuerySet[Brand], now: datetime) -> Iterator[tuple[Measure, str]]:
    """Exclusions an app of ours has heard of and not dealt with: normally that is over before anybody looks."""
    owed = Owed.objects.filter(fact__kind="rg.self_excluded", fact__player__brand__in=brands)
    owed = owed.filter(fact__recorded_at__lte=now - _AT_ONCE).select_related("fact")[:MOST]
    for row in owed:
        name = _OWN.get(row.reaction.partition(".")[0], "our own records")
        if row.fact is not None:
            ref = str(row.fact.data.get("measure_id"))
            yield from ((one, name) for one in _exclusions().filter(player=row.fact.player_id, ref=ref))


def _reviews(brands: QuerySet[Brand], now: datetime) -> Iterator[Clock]:
    """Who is to be reminded of account and limits within a week, or should have been (GB-17)."""
    for player in reminding.due(brands, until=now + reminding.AHEAD)[:MOST]:
        at = player.reminded_at + reminding.EVERY
        duty = "Remind the player to look at their limits"
        yield _clock(at, reminding.AHEAD, duty, reminding.RULE, player, now, "players:detail")


def _requests(brands: QuerySet[Brand], now: datetime) -> Iterator[Clock]:
    """Players who asked to lift or shorten a restriction and wait for the decision (MT-02)."""
    asked = Interaction.objects.filter(kind=Interaction.Kind.LIFT_ASKED, case__player__brand__in=brands)
    asked = asked.filter(case__player__brand__licence__jurisdiction__in=REQUESTS)
    answered = dict(
        Interaction.objects.filter(kind=Interaction.Kind.LIFT_ANSWER, case__in=asked.values("case"))
        .values("case").annotate(at=Max("at")).values_list("case", "at")
    )  # fmt: skip
    for row in asked.select_related("case__player__brand__licence", "case__owner").order_by("at"):
        case = row.case
        if case.pk in answered and answered[case.pk] >= row.at:
            continue
        rule, within = REQUESTS[case.player.brand.licence.jurisdiction]
        at = row.at + within
        duty = "Decide and tell the player, who asked to lift a restriction"
        yield Clock(at, duty, rule, case.player, case.owner, case.pk, (at - now) < within / 4, at <= now)
