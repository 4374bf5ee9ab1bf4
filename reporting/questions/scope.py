"""Which players and days a question is about."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from players.models import Brand, Player


@dataclass(frozen=True)
class Period:
    """Gaming days, both ends included."""

    first: date
    last: date

    def __str__(self) -> str:
        if self == Period.month(self.first.year, self.first.month):
            return f"{self.first:%B %Y}"
        return f"{self.first:%-d %b %Y} – {self.last:%-d %b %Y}"

    @classmethod
    def month(cls, year: int, month: int) -> "Period":
        following = date(year + month // 12, month % 12 + 1, 1)
        return cls(date(year, month, 1), following - timedelta(days=1))

    @property
    def before(self) -> "Period":
        """The month before a month; otherwise as many days, ending the day before."""
        if self == Period.month(self.first.year, self.first.month):
            day = self.first - timedelta(days=1)
            return Period.month(day.year, day.month)
        days = (self.last - self.first).days + 1
        return Period(self.first - timedelta(days=days), self.first - timedelta(days=1))


@dataclass(frozen=True)
class Scope:
    """Test players are never in it."""

    brand: Brand
    currency: str
    period: Period
    player_id: int | None = None
    affiliates_only: bool = False

    def players(self) -> "QuerySet[Player]":
        found = Player.objects.filter(brand=self.brand, currency=self.currency, is_test=False)
        if self.affiliates_only:
            found = found.exclude(affiliate="")
        return found.filter(pk=self.player_id) if self.player_id else found

    @property
    def starts_at(self) -> datetime:
        return day_start(self.brand, self.period.first)

    @property
    def ends_before(self) -> datetime:
        return day_start(self.brand, self.period.last + timedelta(days=1))

    def on(self, period: Period) -> "Scope":
        return replace(self, period=period)


def day_start(brand: Brand, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, brand.day_start_hour, tzinfo=ZoneInfo(brand.timezone))
