"""Why a feed, or a family of events in it, cannot be relied on, in words; and the banner that says so on pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.lib.clock import utcnow
from players import freshness
from players.families import FAMILIES
from players.freshness import Trouble
from players.models import Feed

REASONS = {
    "silence": "nothing heard for {silence}",
    "gap": "events are missing in its numbering",
    "quarantine": "more than 1 % of the last five minutes is in quarantine",
    "unread": "a restriction could not be read, and nobody knows whose it is",
    "returning": "it is back, and is watched for half a minute",
}


@dataclass(frozen=True)
class Warned:
    """One line of the banner."""

    is_stale: bool
    what: str
    why: str
    since: datetime | None


def warnings(brand_ids: Iterable[int], families: Iterable[str] | None = None) -> list[Warned]:
    """What those must know who rely on these families of these brands."""
    return [_warned(trouble) for trouble in freshness.troubles(brand_ids, families)]


def because(reason: str, heard_at: datetime | None, now: datetime) -> str:
    """'silence' -> 'nothing heard for 7 min'."""
    if reason == "silence" and heard_at is None:
        return "nothing has been heard of it yet"
    family = FAMILIES.get(reason.removeprefix("family:"))
    if family:
        return f"{family.label.lower()} cannot be relied on"
    return REASONS.get(reason, "").format(silence=_span(now - heard_at) if heard_at else "")


def _warned(trouble: Trouble) -> Warned:
    what = (
        f"{trouble.label} of {trouble.feed.brand.name}" if trouble.label else f"The feed of {trouble.feed.brand.name}"
    )
    is_stale = trouble.freshness == Feed.Freshness.STALE
    return Warned(is_stale, what, because(trouble.because, trouble.heard_at, utcnow()), trouble.since)


def _span(gap: timedelta) -> str:
    minutes = int(gap.total_seconds() // 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"
