"""Attributes of the birth date: age, and the birthday to come. Days are calendar days of the brand's zone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.db.models import Case, DateField, DateTimeField, F, Func, Q, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThan

from segments.language.attributes import Attribute
from segments.language.numbers import pair, read_int, whole, with_unit
from segments.language.quantities import Params
from segments.language.record import Record
from segments.language.tree import At, Leaf

_INSTANT = DateTimeField()


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
        return min((midnight(day, at) for day in days if day > at.today), default=None)

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


class _NextBirthday(Func):
    """The first birthday on or after `today`; somebody born on 29 February has it on 1 March in other years."""

    output_field = DateField()

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> tuple[str, tuple[Any, ...]]:
        birth, params = compiler.compile(self.get_source_expressions()[0])
        today: date = self.extra["today"]

        def in_year(year: int) -> str:
            moved = f"({birth} + make_interval(years => {year} - extract(year FROM {birth})::int))"
            late = f"to_char({birth}, 'MMDD') = '0229' AND to_char({moved}, 'MMDD') = '0228'"
            return f"({moved}::date + CASE WHEN {late} THEN 1 ELSE 0 END)"

        this, following = in_year(today.year), in_year(today.year + 1)
        day = f"date '{today.isoformat()}'"
        sql = f"(CASE WHEN {this} >= {day} THEN {this} ELSE {following} END)"
        return sql, tuple(params) * sql.count(birth)


class _Midnight(Func):
    """The instant a calendar day of the zone begins, `shift` days after the date given."""

    output_field = _INSTANT

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> tuple[str, tuple[Any, ...]]:
        day, params = compiler.compile(self.get_source_expressions()[0])
        return f"((({day} + %s)::timestamp) AT TIME ZONE %s)", (*params, self.extra["shift"], self.extra["zone"])


@dataclass(frozen=True, kw_only=True)
class Birthday(Attribute):
    """Whether the next birthday falls within so many calendar days, today included. Unknown: no condition holds."""

    unit: str = "days"

    operators: ClassVar[Mapping[str, str]] = {
        "within": "falls within the next",
        "not_within": "does not fall within the next",
    }
    by_time: ClassVar[bool] = True

    def check(self, op: str, value: Any, params: Params) -> Any:
        return whole(value, 1, 92)

    @staticmethod
    def _next(birth: date, today: date) -> date:
        this = turns(birth, today.year - birth.year)
        return this if this >= today else turns(birth, today.year + 1 - birth.year)

    def condition(self, leaf: Leaf, at: At) -> Q:
        known = Q(player__birth_date__isnull=False)
        edge = Value(at.today + timedelta(days=leaf.value), DateField())
        soon = Q(LessThan(Coalesce(_NextBirthday(F("player__birth_date"), today=at.today), edge), edge))
        return known & (~soon if leaf.op == "not_within" else soon)

    def holds(self, leaf: Leaf, record: Record, at: At) -> bool:
        birth = record.player.birth_date
        if birth is None:
            return False
        soon = self._next(birth, at.today) < at.today + timedelta(days=leaf.value)
        return soon != (leaf.op == "not_within")

    def flips(self, leaf: Leaf, at: At) -> list[Any]:
        birthday, edge = _NextBirthday(F("player__birth_date"), today=at.today), at.today + timedelta(days=leaf.value)
        soon = Q(player__birth_date__isnull=False) & Q(LessThan(birthday, Value(edge, DateField())))
        later = Q(player__birth_date__isnull=False) & ~Q(LessThan(birthday, Value(edge, DateField())))
        over = _Midnight(birthday, shift=1, zone=at.zone.key)
        near = _Midnight(birthday, shift=1 - leaf.value, zone=at.zone.key)
        return [Case(When(soon, then=over), When(later, then=near), output_field=_INSTANT)]

    def next_flip(self, leaf: Leaf, record: Record, at: At) -> datetime | None:
        birth = record.player.birth_date
        if birth is None:
            return None
        day = self._next(birth, at.today)
        shift = 1 if day < at.today + timedelta(days=leaf.value) else 1 - leaf.value
        return midnight(day + timedelta(days=shift), at)

    def shown(self, leaf: Leaf, record: Record, at: At) -> str:
        birth = record.player.birth_date
        if birth is None:
            return "unknown"
        days = (self._next(birth, at.today) - at.today).days
        return f"in {with_unit(days, 'days')}" if days else "today"

    def says(self, leaf: Leaf) -> str:
        verb = "does not fall" if leaf.op == "not_within" else "falls"
        return f"whose birthday {verb} within the next {with_unit(leaf.value, 'days')}, today included"

    def typed(self, op: str, raw: Sequence[str], params: Params) -> Any:
        return read_int(raw[0]) if raw and raw[0].strip() else None


def midnight(day: date, at: At) -> datetime:
    """As PostgreSQL reads local times; see `At.starts`."""
    return At(at.now, at.zone).starts(day)
