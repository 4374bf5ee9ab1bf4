"""A brand's days: its zone, the hour its gaming day begins, and the instant rules are asked at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

DAY = timedelta(hours=24)


@dataclass(frozen=True)
class Runs:
    """Rounds of a run, bad below this return in per cent, rounds after one it still stopped play, cases needed."""

    rounds: int = 20
    bad: int = 80
    stop: int = 5
    cases: int = 10


@dataclass(frozen=True)
class House:
    """A brand as it matters to its players' days. `games`: external id -> (category, provider, type),
    oldest first."""

    slug: str
    zone: ZoneInfo
    day_start: int = 0
    pause: int = 0  # minutes without a round that end a session; 0: the PAM says when it ends
    games: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    runs: "Runs" = field(default_factory=lambda: Runs())

    def day(self, at: datetime) -> date:
        return (at.astimezone(self.zone).replace(tzinfo=None) - timedelta(hours=self.day_start)).date()

    def midnight_after(self, day: date) -> datetime:
        """When the next day of the calendar begins."""
        return House("", self.zone).opens(day + timedelta(days=1))

    def opens(self, day: date) -> datetime:
        """The first second of that gaming day, found by looking."""
        low = datetime(day.year, day.month, day.day, tzinfo=UTC) - DAY
        high = low + 3 * DAY
        while high - low > timedelta(seconds=1):
            middle = low + (high - low) // 2
            middle = middle.replace(microsecond=0)
            low, high = (low, middle) if self.day(middle) >= day else (middle, high)
        return high


@dataclass(frozen=True)
class Moment:
    now: datetime
    house: House

    @cached_property
    def gaming_day(self) -> date:
        return self.house.day(self.now)

    @cached_property
    def date(self) -> date:
        return self.now.astimezone(self.house.zone).date()

    def within(self, day: date, days: int) -> bool:
        """One of the last `days` gaming days, today included."""
        return 0 <= (self.gaming_day - day).days < days
