"""How far a numbered stream has come without a hole. Pure: numbers in, ranges out.

`high` is the highest number seen or announced; `gaps` are the ranges below it that never came. Everything
below the first gap has arrived: that is the watermark.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Range = tuple[int, int]  # first and last, both included

# Somebody counts anew rather than loses this many: what was missing cannot be told any more.
RESTART = 1_000_000
MOST_GAPS = 200


@dataclass
class Stream:
    high: int = 0
    is_numbered: bool = False
    gaps: list[Range] = field(default_factory=list)
    restarted: bool = False

    @property
    def watermark(self) -> int:
        return self.gaps[0][0] - 1 if self.gaps else self.high

    @property
    def missing(self) -> int:
        return sum(last - first + 1 for first, last in self.gaps)

    def arrived(self, numbers: Iterable[int]) -> None:
        """Events with these numbers are here, in whatever order and however often."""
        for first, last in runs(numbers):
            if not self.is_numbered or first > self.high + RESTART:
                self._start(first - 1)
            if first > self.high + 1:
                self.gaps.append((self.high + 1, first - 1))
            self.high = max(self.high, last)
            self.gaps = [piece for gap in self.gaps for piece in without(gap, (first, last))]
        self._bound()

    def announced(self, high: int) -> None:
        """A heartbeat: everything up to `high` has been sent. What has not arrived is missing."""
        fell_back = self.high - high > 1000 and high * 2 < self.high
        if not self.is_numbered:
            self.high = max(self.high, high)  # nothing to compare it with: as far as they say
        elif fell_back or high > self.high + RESTART:
            self._start(high)
        elif high > self.high:
            self.gaps.append((self.high + 1, high))
            self.high = high
            self._bound()

    def _start(self, high: int) -> None:
        self.restarted = self.restarted or self.is_numbered
        self.high, self.is_numbered, self.gaps = high, True, []

    def _bound(self) -> None:
        """Thousands of holes say no more than a few hundred: the oldest are drawn together, and stay an alarm."""
        self.gaps.sort()
        if len(self.gaps) > MOST_GAPS:
            surplus = len(self.gaps) - MOST_GAPS
            self.gaps = [(self.gaps[0][0], self.gaps[surplus][1]), *self.gaps[surplus + 1 :]]


def runs(numbers: Iterable[int]) -> list[Range]:
    """1 2 3 7 8 -> (1, 3) (7, 8)."""
    found: list[Range] = []
    for number in sorted(set(numbers)):
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def without(gap: Range, came: Range) -> Sequence[Range]:
    """What is left of a gap."""
    first, last = gap
    if came[1] < first or came[0] > last:
        return (gap,)
    left = [(first, came[0] - 1)] if first < came[0] else []
    return left + ([(came[1] + 1, last)] if came[1] < last else [])
