"""How far each feed, and each family of events in it, can be trusted: fresh, late or stale, with hysteresis.

Going down is immediate, coming back takes `PAUSE` of arrivals without a gap: a feed that flickers must not
start and stop campaigns. Whoever acts on `stale` reads the column; a feed never heard of is stale.

What else besides silence makes one late or stale:

    a number that never came      its family is late after the family's patience, stale after more; a hole in the
                                  restrictions or consents is stale at once, until it is filled
    a share in quarantine         over 1 % of five minutes' events: the feed is late
    a restriction nobody can read and nobody can pin on a player: the feed is stale until somebody has looked
    restrictions or consents      stale: the whole feed is, because then nothing promotional may go
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Count, Min, Sum

from players import restricting
from players.families import FAMILIES, Limits, limits_of
from players.models import Feed, FeedFamily, FeedGap, FeedTally, Quarantine
from players.pam.conformance import PREFIX as EXAMPLES

log = structlog.get_logger(__name__)

PAUSE = timedelta(seconds=30)
# Requests of one sender overtake each other; a hole that closes by itself is none.
GRACE = timedelta(seconds=10)
POISON_WINDOW = timedelta(minutes=5)
POISON_SHARE, POISON_LEAST = 0.01, 3

FRESH, LATE, STALE = Feed.Freshness.FRESH, Feed.Freshness.LATE, Feed.Freshness.STALE
_RANK = {FRESH: 0, LATE: 1, STALE: 2}
Verdict = tuple[Feed.Freshness, str]  # and why


def judge(*, now: datetime) -> list[Feed]:
    """Brings the freshness of every feed and family up to `now`; returns the feeds that changed."""
    with transaction.atomic():
        feeds = list(Feed.objects.select_for_update(no_key=True).select_related(None).order_by("id"))
        families = _families_by_feed()
        holes, unread, poisoned = _holes(), _with_unread_restrictions(), _poisoned(now)
        changed = []
        for feed in feeds:
            floors = [(STALE, "unread")] if feed.pk in unread else []
            floors += [(LATE, "quarantine")] if feed.pk in poisoned else []
            for family in families.get(feed.pk, []):
                floors += _judge_family(feed, family, holes, now)
            before = feed.freshness
            _settle(feed, heard_at(feed), limits_for(feed), floors, now)
            if feed.freshness != before:
                changed.append(feed)
                log.warning(
                    "feed_freshness_changed", feed=feed.pk, name=feed.name, before=before, after=feed.freshness,
                    because=feed.because,
                )  # fmt: skip
    return changed


def is_stale(brand_id: int) -> bool:
    """True when a feed of the brand cannot be trusted, or when there is none: unknown is no."""
    states = list(Feed.objects.filter(brand_id=brand_id).values_list("freshness", flat=True))
    return not states or STALE in states


def heard_at(feed: Feed) -> datetime | None:
    """The newest sign of life, event or heartbeat."""
    return max((at for at in (feed.last_event_at, feed.heartbeat_at) if at), default=None)


def limits_for(feed: Feed) -> Limits:
    usual = limits_of(feed.name)
    late = timedelta(seconds=feed.late_after) if feed.late_after else usual.late
    stale = timedelta(seconds=feed.stale_after) if feed.stale_after else max(usual.stale, late)
    return Limits(late, max(stale, late))


def family_heard_at(feed: Feed, family: FeedFamily) -> datetime | None:
    """A family nobody speaks of in heartbeats lives as long as the feed does: few players is not silence."""
    if not feed.by_family or family.heartbeat_at is None:
        return heard_at(feed)
    return max(at for at in (family.last_event_at, family.heartbeat_at) if at)


def _judge_family(
    feed: Feed, family: FeedFamily, holes: dict[tuple[int, str], datetime], now: datetime
) -> list[Verdict]:
    """Settles one family; returns what it means for the feed as a whole."""
    opened = holes.get((feed.pk, family.family))
    if not family.family:  # the whole feed is numbered: a hole may be anything, a restriction too
        return _hole(opened, limits_for(feed), True, now)
    about = FAMILIES.get(family.family)
    usual = about.limits if about else limits_for(feed)
    own = feed.late_after or feed.stale_after
    limits, closes = limits_for(feed) if own else usual, bool(about and about.closes)
    _settle(family, family_heard_at(feed, family), limits, _hole(opened, limits, closes, now), now)
    if closes and family.freshness == STALE:
        return [(STALE, f"family:{family.family}")]
    return []


def _hole(opened: datetime | None, limits: Limits, closes: bool, now: datetime) -> list[Verdict]:
    age = now - opened if opened else timedelta(0)
    if age <= GRACE:
        return []
    if closes or age > limits.stale:
        return [(STALE, "gap")]
    return [(LATE, "gap")] if age > limits.late else []


def _settle(
    one: Feed | FeedFamily, heard: datetime | None, limits: Limits, floors: Iterable[Verdict], now: datetime
) -> None:
    """Writes the verdict down if it, its reason or the way back to fresh has changed."""
    was = (one.freshness, one.arriving_since, one.because)
    given = list(floors)
    floor = max(given, key=lambda verdict: _RANK[verdict[0]], default=(FRESH, ""))
    silence = now - heard if heard else timedelta.max
    # A family has half a minute of its own to come back, the feed does not add another; what makes one late has a
    # memory of its own.
    if silence > PAUSE or any(state == STALE and not why.startswith("family:") for state, why in given):
        one.arriving_since = None
    elif one.arriving_since is None:
        one.arriving_since = now
    verdict = _verdict(one, limits, silence, now)
    if _RANK[floor[0]] > _RANK[verdict]:
        verdict = floor[0]
    if verdict != one.freshness:
        one.freshness, one.freshness_since = verdict, now
    one.because = _because(one, floor, silence > limits.late)
    if (one.freshness, one.arriving_since, one.because) != was:
        one.save(update_fields=["freshness", "freshness_since", "arriving_since", "because"])


def _because(one: Feed | FeedFamily, floor: Verdict, is_silent: bool) -> str:
    if one.freshness == FRESH:
        return ""
    return floor[1] or ("silence" if is_silent else "returning")


def _verdict(one: Feed | FeedFamily, limits: Limits, silence: timedelta, now: datetime) -> Feed.Freshness:
    before = Feed.Freshness(one.freshness)
    if silence > limits.stale:
        return STALE
    if silence > limits.late:
        return STALE if before == STALE else LATE
    if before != FRESH and one.arriving_since and now - one.arriving_since >= PAUSE:
        return FRESH
    return before


def _families_by_feed() -> dict[int, list[FeedFamily]]:
    found: dict[int, list[FeedFamily]] = {}
    for family in FeedFamily.objects.select_for_update(no_key=True).order_by("feed_id", "family"):
        if family.last_event_at or family.heartbeat_at or not family.family:
            found.setdefault(family.feed_id, []).append(family)
    return found


def _holes() -> dict[tuple[int, str], datetime]:
    """(feed, family) -> since when a number is missing."""
    gaps = FeedGap.objects.filter(closed_at=None).values("feed_id", "family").annotate(opened=Min("opened_at"))
    return {(gap["feed_id"], gap["family"]): gap["opened"] for gap in gaps.order_by()}


def _with_unread_restrictions() -> set[int]:
    """Feeds with a restriction we could not read and cannot pin on a player: until somebody has looked at
    it, nobody knows whom it protects."""
    waiting = Quarantine.objects.filter(restricting.rows(), player=None, resolved_at=None, external_id="")
    return set(waiting.values_list("feed_id", flat=True).distinct())


def _poisoned(now: datetime) -> set[int]:
    since = now - POISON_WINDOW
    sums = FeedTally.objects.filter(minute__gte=since, minute__lte=now).values("feed_id").order_by()
    rows = sums.annotate(good=Sum("accepted"), again=Sum("duplicate"), bad=Sum("quarantined"))
    suspects = {row["feed_id"]: row for row in rows if row["bad"] >= POISON_LEAST}
    # An integrator's bad examples are refused as they must be: no sign of trouble.
    examples = Quarantine.objects.filter(feed__in=suspects, received_at__gte=since, event_id__startswith=EXAMPLES)
    for feed_id, n in examples.order_by().values_list("feed_id").annotate(n=Count("id")):
        suspects[feed_id]["bad"] -= n
    return {
        feed_id
        for feed_id, row in suspects.items()
        if row["bad"] >= POISON_LEAST and row["bad"] > POISON_SHARE * (row["good"] + row["again"] + row["bad"])
    }


@dataclass(frozen=True, slots=True)
class Trouble:
    """One feed, or one family of it, that cannot be relied on. `family` '' = the feed as a whole."""

    feed: Feed
    family: str
    freshness: str
    because: str
    since: datetime | None
    heard_at: datetime | None

    @property
    def label(self) -> str:
        return FAMILIES[self.family].label if self.family in FAMILIES else ""


def troubles(brand_ids: Iterable[int], families: Iterable[str] | None = None) -> list[Trouble]:
    """What of these brands is late or stale; `families`: only what matters to somebody who reads these.

    A feed that is wholly in trouble is named once, not once per family.
    """
    wanted = set(FAMILIES if families is None else families)
    feeds = Feed.objects.filter(brand_id__in=list(brand_ids)).select_related("brand").order_by("brand__name", "name")
    rows: dict[int, list[FeedFamily]] = {}
    for row in FeedFamily.objects.filter(feed__in=feeds, family__in=wanted).exclude(freshness=FRESH):
        if row.last_event_at:
            rows.setdefault(row.feed_id, []).append(row)
    found = []
    for feed in feeds:
        if feed.freshness != FRESH:
            found.append(Trouble(feed, "", feed.freshness, feed.because, feed.freshness_since, heard_at(feed)))
        if feed.freshness == STALE:
            continue
        found += [
            Trouble(feed, row.family, row.freshness, row.because, row.freshness_since, family_heard_at(feed, row))
            for row in rows.get(feed.pk, [])
        ]
    return found
