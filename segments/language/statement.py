"""The question "which of these rules hold for which of these players" as text, compiled once for a set of rules and
a day.

Compiling fifty rules takes Django longer than PostgreSQL needs to answer them for a thousand players. Between two
batches of a day only the instant and the players differ, and both stay recognisable among the parameters.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Never

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, Case, F, Func, QuerySet, Value, When
from django.db.models.expressions import RawSQL

from players.models import PlayerState
from segments.language.compile import condition, next_flip
from segments.language.tree import At, Group

Rules = Sequence[tuple[int, Group]]  # each with the id it is known by

_IDS = ArrayField(BigIntegerField())
_PLAYERS = object()
_KEPT_AT_MOST = 64
_kept: dict[tuple[Any, ...], tuple[str, tuple[Any, ...]]] = {}


class Instant(datetime):
    """The `now` of a rule that is compiled for later: what lies so long before it stays known as that, and whatever
    else somebody may reckon from it is refused, because it would be kept as if it never changed."""

    back: timedelta

    @classmethod
    def of(cls, now: datetime) -> "Instant":
        found = cls(now.year, now.month, now.day, now.hour, now.minute, now.second, now.microsecond, now.tzinfo)
        found.back = timedelta(0)
        return found

    def __sub__(self, span: Any) -> "Instant":  # type: ignore[override]
        if not isinstance(span, timedelta):
            self._refuse()
        found = Instant.of(datetime.__sub__(self, span))
        found.back = self.back + span
        return found

    def _refuse(self, *_: Any, **__: Any) -> Never:
        raise TypeError("A rule may take a span from its instant, or ask for the day; nothing else can be compiled.")

    __add__ = __radd__ = replace = astimezone = date = time = timestamp = _refuse


class _Later(At):
    """`at` with its instant left open; the day stays, and the text is kept for that day only."""

    def __init__(self, at: At) -> None:
        super().__init__(Instant.of(at.now), at.zone, at.day_start_hour)
        object.__setattr__(self, "_days", (at.today, at.gaming_day))

    today = property(lambda self: self._days[0])
    gaming_day = property(lambda self: self._days[1])


class _OneOf(Func):
    template, arg_joiner, output_field = "%(expressions)s)", " = ANY(", BooleanField()


def verdicts(rules: Rules, player_ids: Sequence[int], at: At) -> tuple[str, list[Any]]:
    """SQL and parameters: player, the ids of the rules that hold (ascending), next flip, what next_check_at is.
    One SELECT, whatever the number of rules and players."""
    key = (repr(rules), at.zone.key, at.day_start_hour, at.today, at.gaming_day)
    if key not in _kept:
        if len(_kept) >= _KEPT_AT_MOST:
            _kept.clear()
        _kept[key] = _asked(rules, _Later(at)).query.sql_with_params()
    sql, params = _kept[key]
    ids = list(player_ids)
    return sql, [
        at.now - one.back if isinstance(one, Instant) else ids if one is _PLAYERS else one for one in params
    ]  # fmt: skip


def _asked(rules: Rules, at: At) -> QuerySet[PlayerState, Any]:
    hits = [
        Case(When(condition(rule, at), then=Value(key)), default=None, output_field=BigIntegerField())
        for key, rule in sorted(rules, key=lambda pair: pair[0])
    ]
    inside = Func(*hits, template="ARRAY_REMOVE(ARRAY[%(expressions)s]::bigint[], NULL)", output_field=_IDS)
    return (
        PlayerState.objects.filter(_OneOf(F("player_id"), RawSQL("%s::bigint[]", [_PLAYERS])))
        .annotate(
            inside=Case(When(player__is_test=True, then=Value([], _IDS)), default=inside, output_field=_IDS),
            flip=next_flip([rule for _, rule in rules], at),
        )
        .order_by()
        .values_list("player_id", "inside", "flip", "next_check_at")
    )
