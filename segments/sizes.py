"""How many, told so that nobody can be singled out by counting.

A count is an oracle: "players born on 17 May 1985 in Malta" = 1 and "… with a deposit over 1 000" = 1 tells what one
person did. Below ten no count is told. That alone is not enough: 14 players with a condition and 13 without it tell
of the fourteenth. So whoever may not see personal data is told a size in tens of a rule that asks for such data,
and the tens are shifted by an amount between −4 and +4 drawn from the set of players found:

- the same players always give the same answer, however the rule is worded: asking again averages nothing out;
- one player more is another set with another shift: no pair of sizes tells of one player, and the step from one
  ten to the next is at no fixed count that could be felt for by narrowing;
- "all but a few" is a small count too: nearly everybody is told as everybody.

"""

import hashlib
import hmac
from dataclasses import dataclass

from django.conf import settings
from django.db.models import BigIntegerField, Count, F, Func, QuerySet, Sum, Value

from players.models import Brand, PlayerState
from segments.language.compile import population
from segments.models import Membership
from segments.permitted import Sight

SMALL = 10


@dataclass(frozen=True)
class Size:
    """`count` None: fewer than ten, or not told exactly."""

    count: int | None
    words: str
    is_exact: bool

    def __str__(self) -> str:
        return self.words


def exactly(count: int) -> Size:
    return Size(count, f"{count:,}", True)


_FEW = Size(None, f"< {SMALL}", False)


def tens(count: int) -> str:
    """Of people nobody but compliance may count: rounded down, and below ten not told, not even that there is none."""
    return f"about {count // SMALL * SMALL:,}" if count >= SMALL else f"< {SMALL}"


def told(count: int, sight: Sight) -> Size:
    """A count that is not about personal data."""
    return exactly(count) if sight.small or count >= SMALL else _FEW


def size_of(found: QuerySet[PlayerState] | QuerySet[Membership], everybody: int, sight: Sight) -> Size:
    """One scan."""
    if sight.exact:
        return told(found.count(), sight)
    marks = Func(F("player_id"), Value(0), function="hashint8extended", output_field=BigIntegerField())
    row = found.order_by().aggregate(count=Count("pk"), marks=Sum(marks))
    return in_tens(row["count"], everybody, row["marks"])


def members_size(found: QuerySet[Membership], brand: Brand, sight: Sight) -> Size:
    """Of those who are in a segment now."""
    if sight.exact:
        return told(found.count(), sight)
    return size_of(found, population(brand).count(), sight)


def in_tens(count: int, everybody: int, marks: object) -> Size:
    """`marks`: the same for the same set of players, another one for any other."""
    shifted = count + _shift(f"{count}/{marks}")
    if count < SMALL or shifted < SMALL:
        return _FEW
    if everybody - count < SMALL or everybody - shifted < SMALL:
        shifted = everybody
    tens = shifted // SMALL * SMALL
    return Size(tens, f"about {tens:,}", False)


def _shift(of: str) -> int:
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"segments.sizes {of}".encode(), hashlib.sha256)
    return int.from_bytes(digest[:8]) % 9 - 4
