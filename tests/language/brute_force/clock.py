"""A clock that strikes as the beat of production does (config/celery.py), without waiting for what finds no work.

A tick visits whoever is due and nobody else, so that one with nobody due changes nothing: the clock jumps to the
first beat at or after the next due instant. Whoever is never due because nobody armed the timer shows as a member
who should not be one.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from django.db.models import Min

from config.celery import app
from players import batches, stages, windows
from players.models import Brand, Owed, PlayerState
from segments import membership
from tests.language.brute_force.house import House

_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Beat:
    task: str
    run: Callable[[datetime], object]
    due: Callable[[], datetime | None]
    phase: timedelta
    last: datetime = _EPOCH

    @property
    def every(self) -> timedelta:
        return timedelta(seconds=app.conf.beat_schedule[self.task]["schedule"])

    def strikes(self) -> datetime | None:
        """When it will next find something to do."""
        due = self.due()
        if due is None:
            return None
        after = max(due, self.last + timedelta(microseconds=1)) - _EPOCH - self.phase
        return _EPOCH + self.phase + -(-after // self.every) * self.every


class Clock:
    def __init__(self, houses: Iterable[House], now: datetime, dice: Random) -> None:
        self.now, self.houses = now, {house.slug: house for house in houses}

        def beat(task: str, run: Callable[[datetime], object], due: Callable[[], datetime | None]) -> Beat:
            every = app.conf.beat_schedule[task]["schedule"]
            return Beat(task, run, due, timedelta(seconds=dice.random() * every), now)

        self.beats = [
            beat("players.tasks.roll_windows", lambda at: windows.roll(now=at), self._day_turns),
            beat("players.tasks.tick_stages", lambda at: stages.tick(now=at), lambda: _first("next_stage_at")),
            beat("players.tasks.settle_stages", lambda at: batches.settle(now=at), _first_owed),
            beat("segments.tasks.tick", lambda at: membership.tick(now=at), lambda: _first("next_check_at")),
        ]

    def until(self, then: datetime) -> Iterator[datetime]:
        """Each instant at which a task found work, after it has done it."""
        while True:
            ahead = [(at, n) for n, beat in enumerate(self.beats) if (at := beat.strikes()) is not None and at <= then]
            if not ahead:
                break
            at, n = min(ahead)
            self.beats[n].last = at
            self.beats[n].run(at)
            yield at
        self.now = then

    def _day_turns(self) -> datetime | None:
        """When the first of the gaming days the windows are true for is over."""
        days = Brand.objects.exclude(window_day=None).values_list("slug", "window_day")
        return min((self.houses[slug].opens(day + timedelta(days=1)) for slug, day in days), default=None)


def _first(timer: str) -> datetime | None:
    found: datetime | None = PlayerState.objects.aggregate(first=Min(timer))["first"]
    return found


def _first_owed() -> datetime | None:
    found: datetime | None = Owed.objects.filter(fact=None).aggregate(first=Min("due_at"))["first"]
    return found
