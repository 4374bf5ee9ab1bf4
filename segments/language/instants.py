"""Attributes that time itself moves: days since something happened.

"Days" are read in one of two ways, as the rule says: elapsed 24-hour days to the second, or gaming days of the
brand ("yesterday" is one day ago from midnight on). Each leaf also says at which instant it can flip while
nothing happens, so that a tick visits exactly the players who are due.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db.models import Case, DateTimeField, ExpressionWrapper, Func, Q, Value, When
from django.db.models.lookups import GreaterThan, LessThanOrEqual

from config.lib.clock import NEVER
from segments.language.attributes import BEHAVIOUR, Attribute, Criterion, Family, Param, Wrong
from segments.language.numbers import pair, read_int, whole, with_unit
from segments.language.quantities import Params, Quantity, there
from segments.language.record import Record
from segments.language.tree import At, Leaf

_INSTANT = DateTimeField()
READING = Param(
    "days", "Days are", {"hours": "24-hour days", "calendar": "calendar days of the brand"}, default="hours"
)


def _by_calendar(leaf: Leaf) -> bool:
    return READING.chosen(leaf.params) == "calendar"


class _DayTurn(Func):
    """The instant the gaming day `days` after the one of `anchor` begins, as `At.starts` tells it."""

    template = (
        "(((((%(anchor)s AT TIME ZONE %(p)s) - make_interval(hours => %(p)s))::date + %(p)s)::timestamp"
        " + make_interval(hours => %(p)s)) AT TIME ZONE %(p)s)"
    )
    output_field = _INSTANT

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> tuple[str, tuple[Any, ...]]:
        anchor, params = compiler.compile(self.get_source_expressions()[0])
        at, days = self.extra["at"], self.extra["days"]
        sql = self.template % {"anchor": anchor, "p": "%s"}
        return sql, (*params, at.zone.key, at.day_start_hour, days, at.day_start_hour, at.zone.key)


def ago(leaf: Leaf, days: int, at: At) -> datetime:
    """The latest instant that lies `days` back, in the reading of the leaf."""
    if _by_calendar(leaf):
        return at.starts(at.gaming_day - timedelta(days=days - 1)) - timedelta(microseconds=1)
    return at.now - timedelta(days=days)


def turns_ago(leaf: Leaf, anchor: datetime, days: int, at: At) -> datetime:
    """The instant from which on `anchor` lies `days` back."""
    if _by_calendar(leaf):
        return at.starts(at.day_of(anchor) + timedelta(days=days))
    return anchor + timedelta(days=days)


def turns_ago_sql(leaf: Leaf, anchor: Any, days: int, at: At) -> Any:
    if _by_calendar(leaf):
        return _DayTurn(anchor, at=at, days=days)
    return ExpressionWrapper(anchor + Value(timedelta(days=days)), output_field=_INSTANT)


@dataclass(frozen=True, kw_only=True)
class Since(Attribute):
    """Days since an instant of the player. Where it never happened, only 'never' holds."""

    of: Quantity
    unit: str = "days"
    verb: str = ""  # "played": who have not …, who last …
    most: int = 3650

    operators: ClassVar[Mapping[str, str]] = {
        "at_least": "is at least",
        "less_than": "is less than",
        "between": "is between",
        "is": "is exactly",
        "never": "has never happened",
    }
    by_time: ClassVar[bool] = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "params", (*self.params, READING))

    def inputs(self, op: str) -> int:
        return 0 if op == "never" else super().inputs(op)

    def check(self, op: str, value: Any, params: Params) -> Any:
        if op == "never":
            if value is not None:
                raise Wrong("“Never” takes no number.")
            return None
        if op != "between":
            return whole(value, 0, self.most)
        low, high = pair(value, 0, self.most)
        if low == high:
            raise Wrong("The second number must be larger: at least the first, less than the second.")
        return low, high

    @staticmethod
    def _bounds(leaf: Leaf) -> tuple[int | None, int | None]:
        """(at least so many days ago, less than so many days ago)."""
        if leaf.op == "between":
            return leaf.value
        if leaf.op == "is":
            return leaf.value, leaf.value + 1
        return (None, leaf.value) if leaf.op == "less_than" else (leaf.value, None)

    def _edges(self, leaf: Leaf) -> list[int]:
        return [] if leaf.op == "never" else [days for days in self._bounds(leaf) if days is not None]

    def condition(self, leaf: Leaf, at: At) -> Q:
        anchor = self.of.sql(leaf.params)
        found = there(self.of, leaf.params) & Q(GreaterThan(anchor, Value(NEVER, _INSTANT)))
        if leaf.op == "never":
            return ~found
        least, less = self._bounds(leaf)
        if least is not None:
            found &= Q(LessThanOrEqual(anchor, Value(ago(leaf, least, at), _INSTANT)))
        if less is not None:
            found &= Q(GreaterThan(anchor, Value(ago(leaf, less, at), _INSTANT)))
        return found

    def keeps_the_absent(self, leaf: Leaf, *, negated: bool) -> bool:
        """It was long ago, or never. How long a player has been one is another matter (lifecycle)."""
        if self.family not in BEHAVIOUR - {Family.BONUSES} or self.criterion is Criterion.LIFECYCLE or leaf.than:
            return False
        if leaf.op == "never":
            return not negated
        return leaf.op != "at_least" if negated else leaf.op != "less_than"

    def holds(self, leaf: Leaf, record: Record, at: At) -> bool:
        anchor = self.of.read(record, leaf.params)
        if leaf.op == "never" or anchor == NEVER:
            return bool(leaf.op == "never" and anchor == NEVER)
        least, less = self._bounds(leaf)
        long_ago = least is None or anchor <= ago(leaf, least, at)
        return bool(long_ago and (less is None or anchor > ago(leaf, less, at)))

    def flips(self, leaf: Leaf, at: At) -> list[Any]:
        anchor, found = self.of.sql(leaf.params), []
        happened = Q(GreaterThan(anchor, Value(NEVER, _INSTANT)))
        for days in self._edges(leaf):
            ahead = Q(GreaterThan(anchor, Value(ago(leaf, days, at), _INSTANT)))
            found.append(
                Case(When(ahead & happened, then=turns_ago_sql(leaf, anchor, days, at)), output_field=_INSTANT)
            )
        return found

    def next_flip(self, leaf: Leaf, record: Record, at: At) -> datetime | None:
        anchor = self.of.read(record, leaf.params)
        if anchor == NEVER:
            return None
        ahead = [days for days in self._edges(leaf) if anchor > ago(leaf, days, at)]
        return min((turns_ago(leaf, anchor, days, at) for days in ahead), default=None)

    def shown(self, leaf: Leaf, record: Record, at: At) -> str:
        anchor = self.of.read(record, leaf.params)
        if anchor == NEVER:
            return "never"
        if _by_calendar(leaf):
            return self._days((at.gaming_day - at.day_of(anchor)).days, leaf)
        elapsed = at.now - anchor
        hours = elapsed.seconds // 3600
        return f"{with_unit(elapsed.days, 'days')} {hours} h" if elapsed.days < 100 else with_unit(elapsed.days, "days")

    def says(self, leaf: Leaf) -> str:
        words = self.param_words(leaf)
        if leaf.op == "never":
            return f"who have never {self.verb}".format(**words)
        if leaf.op == "between":
            low, high = leaf.value
            return f"who last {self.verb} between {low:,} and {self._days(high, leaf)} ago".format(**words)
        days = self._days(leaf.value, leaf)
        if leaf.op == "less_than":
            return f"who {self.verb} less than {days} ago".format(**words)
        if leaf.op == "is":
            return f"who last {self.verb} {days} ago".format(**words)
        return (self.phrase or "who last " + self.verb + " at least {value} ago").format(value=days, **words)

    @staticmethod
    def _days(number: int, leaf: Leaf) -> str:
        return with_unit(number, "calendar days" if _by_calendar(leaf) else "days")

    def typed(self, op: str, raw: Sequence[str], params: Params) -> Any:
        numbers = [read_int(text) if text.strip() else None for text in raw[: self.inputs(op)]]
        return numbers if op == "between" else (numbers[0] if numbers else None)


@dataclass(frozen=True, kw_only=True)
class Within(Since):
    """'At least k within the last d days': the k-th newest lies less than d days back, exact to the second."""

    operators: ClassVar[Mapping[str, str]] = {"within": "within the last", "not_within": "not within the last"}
    what: str = ""  # "played", "deposited"

    def check(self, op: str, value: Any, params: Params) -> Any:
        return whole(value, 1, self.most)

    def condition(self, leaf: Leaf, at: At) -> Q:
        found = super().condition(self._as_since(leaf), at)
        return ~found if leaf.op == "not_within" else found

    def keeps_the_absent(self, leaf: Leaf, *, negated: bool) -> bool:
        return (leaf.op == "not_within") != negated

    def holds(self, leaf: Leaf, record: Record, at: At) -> bool:
        return super().holds(self._as_since(leaf), record, at) != (leaf.op == "not_within")

    @staticmethod
    def _as_since(leaf: Leaf) -> Leaf:
        return Leaf(leaf.attribute, "less_than", leaf.value, leaf.params)

    def shown(self, leaf: Leaf, record: Record, at: At) -> str:
        ago = super().shown(leaf, record, at)
        return "never so many" if ago == "never" else f"so many in {ago}"

    def says(self, leaf: Leaf) -> str:
        times = self.param_words(leaf)["count"]
        who = "who" if leaf.op == "within" else "of whom it is not true that they"
        return f"{who} {self.what} at least {times} within the last {self._days(leaf.value, leaf)}"
