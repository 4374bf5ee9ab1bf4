"""Attributes that time itself moves: days since something happened, and age.

"Days" are elapsed 24-hour days to the second. Each leaf also says at which instant it can flip
while nothing happens, so that a tick visits exactly the players who are due.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django.db.models import Case, DateTimeField, ExpressionWrapper, F, Func, Q, Value, When
from django.db.models.lookups import GreaterThan, LessThanOrEqual

from config.lib.clock import NEVER
from segments.language.attributes import Attribute, Wrong
from segments.language.numbers import pair, read_int, whole, with_unit
from segments.language.quantities import Params, Quantity
from segments.language.record import Record
from segments.language.tree import At, Leaf

_INSTANT = DateTimeField()


def _thresholds(value: Any) -> tuple[int, ...]:
    return value if isinstance(value, tuple) else () if value is None else (value,)


@dataclass(frozen=True, kw_only=True)
class Since(Attribute):
    """Elapsed 24-hour days since an instant of the player. Where it never happened, only 'never' holds."""

    of: Quantity
    unit: str = "days"
    verb: str = ""  # "have not played anything"
    can_never: bool = True
    most: int = 3650

    operators: ClassVar[Mapping[str, str]] = {
        "at_least": "is at least",
        "less_than": "is less than",
        "between": "is between",
        "never": "has never happened",
    }
    by_time: ClassVar[bool] = True

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

    def condition(self, leaf: Leaf, at: At) -> Q:
        anchor = self.of.sql(leaf.params)
        happened = Q(GreaterThan(anchor, Value(NEVER, _INSTANT)))
        if leaf.op == "never":
            return ~happened
        days = _thresholds(leaf.value)
        edges = [Value(at.now - timedelta(days=number), _INSTANT) for number in days]
        if leaf.op == "less_than":
            return happened & Q(GreaterThan(anchor, edges[0]))
        found = happened & Q(LessThanOrEqual(anchor, edges[0]))
        return found & Q(GreaterThan(anchor, edges[1])) if leaf.op == "between" else found

    def holds(self, leaf: Leaf, record: Record, at: At) -> bool:
        anchor = self.of.read(record, leaf.params)
        if leaf.op == "never" or anchor == NEVER:
            return leaf.op == "never" and anchor == NEVER
        elapsed, days = at.now - anchor, [timedelta(days=number) for number in _thresholds(leaf.value)]
        if leaf.op == "less_than":
            return elapsed < days[0]
        return elapsed >= days[0] and (leaf.op != "between" or elapsed < days[1])

    def flips(self, leaf: Leaf, at: At) -> list[Any]:
        anchor, found = self.of.sql(leaf.params), []
        for number in _thresholds(leaf.value):
            span = timedelta(days=number)
            ahead = Q(GreaterThan(anchor, Value(at.now - span, _INSTANT)))
            happened = Q(GreaterThan(anchor, Value(NEVER, _INSTANT)))
            then = ExpressionWrapper(anchor + Value(span), output_field=_INSTANT)
            found.append(Case(When(ahead & happened, then=then), output_field=_INSTANT))
        return found

    def next_flip(self, leaf: Leaf, record: Record, at: At) -> datetime | None:
        anchor = self.of.read(record, leaf.params)
        if anchor == NEVER:
            return None
        instants = [anchor + timedelta(days=number) for number in _thresholds(leaf.value)]
        return min((instant for instant in instants if instant > at.now), default=None)

    def shown(self, leaf: Leaf, record: Record, at: At) -> str:
        anchor = self.of.read(record, leaf.params)
        if anchor == NEVER:
            return "never"
        elapsed = at.now - anchor
        hours = elapsed.seconds // 3600
        return f"{with_unit(elapsed.days, 'days')} {hours} h" if elapsed.days < 100 else with_unit(elapsed.days, "days")

    def says(self, leaf: Leaf) -> str:
        words = {param.key: param.choices[leaf.params[param.key]].lower() for param in self.params}
        if leaf.op == "never":
            return f"who have never {self.verb}".format(**words)
        if leaf.op == "between":
            low, high = leaf.value
            return f"who last {self.verb} between {low:,} and {with_unit(high, 'days')} ago".format(**words)
        days = with_unit(leaf.value, "days")
        if leaf.op == "less_than":
            return f"who {self.verb} less than {days} ago".format(**words)
        return (self.phrase or "who last " + self.verb + " at least {value} ago").format(value=days, **words)

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

    def holds(self, leaf: Leaf, record: Record, at: At) -> bool:
        return super().holds(self._as_since(leaf), record, at) != (leaf.op == "not_within")

    @staticmethod
    def _as_since(leaf: Leaf) -> Leaf:
        return Leaf(leaf.attribute, "less_than", leaf.value, leaf.params)

    def shown(self, leaf: Leaf, record: Record, at: At) -> str:
        ago = super().shown(leaf, record, at)
        return "never so many" if ago == "never" else f"so many in {ago}"

    def says(self, leaf: Leaf) -> str:
        times = self.params[0].choices[leaf.params["count"]]
        who = "who" if leaf.op == "within" else "of whom it is not true that they"
        return f"{who} {self.what} at least {times} within the last {with_unit(leaf.value, 'days')}"


def years_before(day: date, years: int) -> date:
    """The latest birthday of somebody who is `years` old on `day`. Born on 29 February turns on 1 March."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February, and no such day then
        return day.replace(year=day.year - years, day=28)


def turns(birth: date, years: int) -> date:
    """The day somebody born on `birth` becomes `years` old."""
    try:
        return birth.replace(year=birth.year + years)
    except ValueError:
        return date(birth.year + years, 3, 1)


class _Turns(Func):
    """`turns` in SQL, as the instant that day begins in the brand's zone."""

    template = (
        "((%(birth)s + make_interval(years => %(years)s)"
        " + CASE WHEN to_char(%(birth)s, 'MMDD') = '0229'"
        " AND to_char(%(birth)s + make_interval(years => %(years)s), 'MMDD') = '0228'"
        " THEN interval '1 day' ELSE interval '0' END) AT TIME ZONE %(zone)s)"
    )
    output_field = _INSTANT

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> tuple[str, tuple[Any, ...]]:
        birth, params = compiler.compile(self.get_source_expressions()[0])
        sql = self.template % {"birth": birth, "years": "%s", "zone": "%s"}
        years, zone = self.extra["years"], self.extra["zone"]
        return sql, (*params, years, *params, *params, years, zone)


@dataclass(frozen=True, kw_only=True)
class Age(Attribute):
    """Full years, turning at midnight in the brand's zone. Unknown birth date: no condition holds."""

    unit: str = "years"

    operators: ClassVar[Mapping[str, str]] = {
        "at_least": "is at least",
        "less_than": "is less than",
        "between": "is between",
    }
    by_time: ClassVar[bool] = True

    def check(self, op: str, value: Any, params: Params) -> Any:
        return pair(value, 0, 130) if op == "between" else whole(value, 0, 130)

    @staticmethod
    def _edges(leaf: Leaf) -> tuple[int | None, int | None]:
        """(at least so old, younger than)."""
        if leaf.op == "between":
            return leaf.value[0], leaf.value[1] + 1
        return (leaf.value, None) if leaf.op == "at_least" else (None, leaf.value)

    def condition(self, leaf: Leaf, at: At) -> Q:
        low, high = self._edges(leaf)
        found = Q(player__birth_date__isnull=False)
        if low is not None:
            found &= Q(player__birth_date__lte=years_before(at.today, low))
        if high is not None:
            found &= Q(player__birth_date__gt=years_before(at.today, high))
        return found

    def holds(self, leaf: Leaf, record: Record, at: At) -> bool:
        birth, (low, high) = record.player.birth_date, self._edges(leaf)
        if birth is None:
            return False
        return (low is None or turns(birth, low) <= at.today) and (high is None or turns(birth, high) > at.today)

    def flips(self, leaf: Leaf, at: At) -> list[Any]:
        found: list[Any] = []
        for years in self._edges(leaf):
            if years is not None:
                young = Q(player__birth_date__gt=years_before(at.today, years))
                then = _Turns(F("player__birth_date"), years=years, zone=at.zone.key)
                found.append(Case(When(young, then=then), output_field=_INSTANT))
        return found

    def next_flip(self, leaf: Leaf, record: Record, at: At) -> datetime | None:
        birth = record.player.birth_date
        if birth is None:
            return None
        days = [turns(birth, years) for years in self._edges(leaf) if years is not None]
        return min((datetime.combine(day, time(), at.zone) for day in days if day > at.today), default=None)

    def shown(self, leaf: Leaf, record: Record, at: At) -> str:
        birth = record.player.birth_date
        if birth is None:
            return "unknown"
        years = at.today.year - birth.year
        return with_unit(years if turns(birth, years) <= at.today else years - 1, "years")

    def says(self, leaf: Leaf) -> str:
        if leaf.op == "between":
            return f"who are between {leaf.value[0]} and {leaf.value[1]} years old"
        return f"who are {'at least' if leaf.op == 'at_least' else 'younger than'} {leaf.value} years old"

    def typed(self, op: str, raw: Sequence[str], params: Params) -> Any:
        numbers = [read_int(text) if text.strip() else None for text in raw[: self.inputs(op)]]
        return numbers if op == "between" else (numbers[0] if numbers else None)
