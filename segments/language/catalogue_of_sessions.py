"""Built-in attributes of sessions: how many, how long, when, on what. Most are read from rows beside the state row,
joined only by rules that name one of these."""

from dataclasses import dataclass
from typing import Any

from segments.language.attributes import Criterion, Family, Param, register
from segments.language.catalogue import CATEGORY, WINDOW_NOTE
from segments.language.choices import Choice
from segments.language.instants import Within
from segments.language.numbers import Number
from segments.language.quantities import AtMost, Chosen, Column, OfCategory, habit
from segments.language.tree import Leaf
from segments.language.windows import READING, WINDOW, InWindow

_CLOCK = "Hours of the brand's time zone."
_FIVE = "Players with fewer than 5 sessions do not match."
_PARTS = {
    "night": "Night, 00:00–05:59", "morning": "Morning, 06:00–11:59", "afternoon": "Afternoon, 12:00–17:59",
    "evening": "Evening, 18:00–23:59",
}  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS = {day: day.capitalize() for day in _WEEKDAYS} | {"weekend": "Saturday or Sunday"}
_FINISHED = "Finished game sessions."


def counted(*numbers: int) -> Param:
    return Param("count", "At least", {str(n): f"{n} times" if n > 1 else "once" for n in numbers})


def kth(of: Any, what: str, *numbers: int) -> Chosen:
    """The instant of the k-th newest, for the k the rule names."""
    return Chosen("count", {str(n): of(f"{what}{n}_at") for n in numbers})


@dataclass(frozen=True, kw_only=True)
class TimeOfDay(Number):
    """Play at night is a sign of harm: who is selected by it gets protection messages only."""

    def selects_by(self, leaf: Leaf) -> frozenset[str]:
        return frozenset({Criterion.RG_NEED.value}) if _is_night(leaf) else super().selects_by(leaf)

    def sensitivity_of(self, leaf: Leaf) -> str:
        return "rg" if _is_night(leaf) else self.sensitivity


def _is_night(leaf: Leaf) -> bool:
    """Also where it is only compared with."""
    named = [(leaf.attribute, leaf.params)] + ([(leaf.than.attribute, leaf.than.params)] if leaf.than else [])
    return ("time_of_day", "night") in [(key, params.get("part")) for key, params in named]


register(
    Number(
        key="last5_average", label="Average length of last 5 sessions", family=Family.SESSIONS, common=True,
        help="Total length of the five newest sessions in any category, divided by five.", unit="minutes",
        example="30, 40, 50, 60 and 70 minutes: 50 minutes. Exactly 45 minutes is not “more than 45”.",
        words="duration session length long last n time spent",
        of=Column("last5_seconds"), per=Column("last5_sessions"), per_least=5, up=60, most=1440,
        phrase="whose last 5 sessions lasted {cmp} {value} on average", note=_FIVE,
    ),
    Number(
        key="last10_average", label="Average length of last 10 sessions", family=Family.SESSIONS, unit="minutes",
        help="Total length of the ten newest sessions in any category, divided by ten.",
        example="Ten sessions of 400 minutes together: 40 minutes.", words="duration session length long last n",
        of=habit("last10_seconds"), per=habit("last10_sessions"), per_least=10, up=60, most=1440,
        phrase="whose last 10 sessions lasted {cmp} {value} on average",
        note="Players with fewer than 10 sessions do not match.",
    ),
    *(
        Number(
            key=f"last{n}_average_in", label=f"Average length of last {n} sessions in a category", unit="minutes",
            family=Family.SESSIONS, params=(CATEGORY,), up=60, most=1440, per_least=n,
            help=f"Total length of the {n} newest sessions in the category you choose, divided by {n}.",
            example=f"The {n} newest slots sessions took {n * 30} minutes together: 30 minutes.",
            words="duration session length long last n",
            of=OfCategory(f"last{n}_seconds"), per=AtMost(OfCategory("sessions"), n),
            phrase=f"whose last {n} sessions of {{category}} lasted {{cmp}} {{value}} on average",
            note=f"Players with fewer than {n} sessions in the category do not match.",
            criterion=Criterion.PRODUCT_AFFINITY,
        )
        for n in (5, 10)
    ),
    Within(
        key="sessions_within", label="Sessions within some days", family=Family.SESSIONS, common=True,
        help="Whether the player started at least so many sessions within the days you enter.",
        example="Five sessions since Monday 18:00; “at least 5 times within 7 days” ends next Monday at 18:00.",
        words="frequency often visits count",
        params=(counted(3, 5, 8, 10),), of=kth(habit, "session", 3, 5, 8, 10), what="played",
        note="1 day = 24 hours, exact to the second, or calendar days of the brand.", criterion=Criterion.LIFECYCLE,
    ),
    *(
        Number(
            key=f"sessions_{n}d", label=f"Sessions, last {n} days", family=Family.SESSIONS, help=_FINISHED,
            example=f"Eight sessions started in the last {n} days: 8 sessions.", words="frequency often visits count",
            unit="sessions", of=Column("sessions_30d") if n == 30 else habit(f"sessions_{n}d"),
            phrase=f"who had {{cmp}} {{value}} in the last {n} days", note=WINDOW_NOTE, common=n == 30,
        )
        for n in (7, 30, 90)
    ),
    Number(
        key="sessions", label="Sessions, all time", family=Family.SESSIONS, help=_FINISHED,
        example="Two sessions in March and three in May: 5 sessions.", words="frequency visits count lifetime total",
        unit="sessions", of=Column("sessions"), phrase="who have had {cmp} {value}",
    ),
    Number(
        key="sessions_in", label="Sessions in a category", family=Family.SESSIONS, unit="sessions",
        help="Finished sessions in the category you choose, all time.", params=(CATEGORY,),
        example="40 slots sessions and 3 of live casino: for live casino it is 3 sessions.",
        words="frequency visits count slots live table poker bingo",
        of=OfCategory("sessions"), phrase="who have had {cmp} {value} of {category}",
        criterion=Criterion.PRODUCT_AFFINITY,
    ),
    Number(
        key="sessions_in_window", label="Sessions in a category and a window", family=Family.SESSIONS, unit="sessions",
        help="Finished sessions in the category you choose that started in the window you choose.",
        example="Twelve live casino sessions in the last 30 days: 12 sessions.", words="frequency visits count regulars",
        params=(CATEGORY, WINDOW), of=InWindow(("sessions",), in_category=True),
        phrase="who had {cmp} {value} of {category} in the {window}", note=READING,
        criterion=Criterion.PRODUCT_AFFINITY,
    ),
    Number(
        key="session_average", label="Average session length", family=Family.SESSIONS, unit="minutes",
        help="Total length of all sessions divided by their number.", of=Column("session_seconds"),
        example="Three sessions of 10, 20 and 60 minutes: 30 minutes.", words="duration session length time spent",
        per=Column("sessions"), up=60, most=1440, phrase="whose sessions lasted {cmp} {value} on average",
        note="Players without a session do not match.",
    ),
    Number(
        key="session_average_in", label="Average session length in a category", family=Family.SESSIONS, unit="minutes",
        help="Total length of all sessions in the category you choose, divided by their number.", params=(CATEGORY,),
        example="Three live blackjack sessions of 120 minutes each: 120 minutes.", words="duration length time spent",
        of=OfCategory("seconds"), per=OfCategory("sessions"), up=60, most=1440,
        phrase="whose sessions of {category} lasted {cmp} {value} on average",
        note="Players without a session in the category do not match.", criterion=Criterion.PRODUCT_AFFINITY,
    ),
    Number(
        key="session_average_window", label="Average session length in a window", family=Family.SESSIONS,
        help="Total length of the sessions started in the window you choose, divided by their number.", unit="minutes",
        example="Four sessions of 120 minutes together in the last 7 days: 30 minutes.", words="duration time spent",
        params=(WINDOW,), of=InWindow(("seconds",)), per=InWindow(("sessions",)), up=60, most=1440,
        phrase="whose sessions of the {window} lasted {cmp} {value} on average",
        note=f"{READING} Players without a session in the window do not match.",
    ),
    Number(
        key="minutes_30d", label="Time played, last 30 days", family=Family.SESSIONS, unit="minutes", up=60,
        help="Length of all sessions added up.", of=habit("seconds_30d"), per=None, most=50_000,
        example="Ten sessions of 30 minutes: 300 minutes.", words="duration hours time spent",
        phrase="who played {cmp} {value} in the last 30 days", note=WINDOW_NOTE,
    ),
    Number(
        key="minutes_in", label="Time played in a category and a window", family=Family.SESSIONS, unit="minutes",
        help="Length of the sessions in the category you choose that started in the window you choose, added up.",
        example="Six hours at live tables in the last 7 days: 360 minutes.", words="duration hours time spent",
        params=(CATEGORY, WINDOW), of=InWindow(("seconds",), in_category=True), up=60, most=600_000,
        phrase="who played {category} for {cmp} {value} in the {window}", note=READING,
        criterion=Criterion.PRODUCT_AFFINITY,
    ),
    TimeOfDay(
        key="time_of_day", label="Share of sessions at a time of day", family=Family.SESSIONS, unit="%", most=100,
        help="Sessions started in the part of the day you choose, as a share of all sessions.",
        example="8 of 20 sessions started between 00:00 and 05:59: 40 % at night.",
        words="night morning evening hour clock when late",
        params=(Param("part", "Time of day", _PARTS),), of=Chosen("part", {part: habit(part) for part in _PARTS}),
        per=habit(*_PARTS), per_least=5, down=100, phrase="with {cmp} {value} of their sessions in the {part}",
        note=f"{_CLOCK} {_FIVE} Night is a sign of harm: for protection messages only.",
    ),
    Number(
        key="weekday_share", label="Share of sessions on a weekday", family=Family.SESSIONS, unit="%", most=100,
        help="Sessions started on the day you choose, as a share of all sessions.",
        example="6 of 12 sessions on a Saturday or Sunday: 50 % at the weekend.", words="weekend day of week payday",
        params=(Param("day", "Day", _DAYS),),
        of=Chosen("day", {day: habit(day) for day in _WEEKDAYS} | {"weekend": habit("saturday", "sunday")}),
        per=habit(*_WEEKDAYS), per_least=5, down=100, phrase="with {cmp} {value} of their sessions on {day}",
        note=f"Gaming days of the brand: a Friday night is Friday's. {_FIVE}",
    ),
    Choice(
        key="device", label="Usual device", family=Family.SESSIONS, of=habit("device"), is_open=True, longest=12,
        help="Most often used in the last 10 sessions.", blank="unknown",
        example="7 of the last 10 sessions on a phone: mobile.", words="phone mobile desktop tablet app",
        options=lambda: {"mobile": "Mobile", "desktop": "Desktop", "tablet": "Tablet"},
        phrase="whose usual device {verb} {value}",
    ),
)  # fmt: skip
