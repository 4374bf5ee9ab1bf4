"""The instants at which rules are asked: in the middle of a day, and around every hour that is not like the others."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

_SECOND = timedelta(seconds=1)


def _around(*at: datetime) -> list[datetime]:
    return [edge + shift for edge in at for shift in (-_SECOND, timedelta(0), _SECOND)]


def _utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


SPRING: Sequence[datetime] = sorted(
    [
        _utc(2026, 3, 28, 12, 34, 56),
        _utc(2026, 3, 29, 0, 30),  # half an hour before the clocks of London and Malta go forward
        *_around(_utc(2026, 3, 29, 1)),  # they do
        *_around(_utc(2026, 3, 29, 23)),  # midnight of London, after a day of 23 hours
        *_around(_utc(2026, 3, 30, 4)),  # the gaming day of Malta turns, six hours into Monday
        _utc(2026, 4, 5, 2, 59, 59),  # Saturday 23:59:59 in Santiago; a second later it is 23:00 again
        *_around(_utc(2026, 4, 5, 4)),  # midnight there, an hour late
    ]
)
AUTUMN: Sequence[datetime] = sorted(
    [
        *_around(_utc(2026, 9, 6, 4)),  # there is no midnight in Santiago: after 23:59:59 it is 01:00
        _utc(2026, 9, 20, 17, 5, 1),
        *_around(_utc(2026, 10, 24, 23)),  # midnight of London, before a day of 25 hours
        _utc(2026, 10, 25, 0, 30),  # half past one, for the first time
        _utc(2026, 10, 25, 1, 30),  # and again
        *_around(_utc(2026, 10, 26)),  # midnight of London, after it
    ]
)
SHORT: Sequence[datetime] = (SPRING[0], _utc(2026, 3, 29, 22, 59, 59), _utc(2026, 3, 29, 23))
