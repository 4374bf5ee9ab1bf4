"""How somebody plays: lengths, hours, weekdays, endings, favourites."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from tests.language.brute_force.house import Moment
from tests.language.brute_force.of_play import Params, most_often, share
from tests.language.brute_force.reading import reads
from tests.language.brute_force.told import Life, Sitting

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PARTS = ("night", "morning", "afternoon", "evening")


def _average(sittings: Sequence[Sitting], count: int) -> Fraction | None:
    """Minutes of the newest `count`; unknown with fewer."""
    newest = sittings[:count]
    return Fraction(sum(one.seconds for one in newest), 60 * count) if len(newest) == count else None


def _in(life: Life, category: str) -> list[Sitting]:
    return [one for one in life.sittings if one.category == category]


@reads("last5_average", "number")
def last5_average(life: Life, at: Moment, params: Params) -> Fraction | None:
    return _average(life.sittings, 5)


@reads("last10_average", "number")
def last10_average(life: Life, at: Moment, params: Params) -> Fraction | None:
    return _average(life.sittings, 10)


@reads("last5_average_in", "number", "product_affinity")
def last5_average_in(life: Life, at: Moment, params: Params) -> Fraction | None:
    return _average(_in(life, params["category"]), 5)


@reads("last10_average_in", "number", "product_affinity")
def last10_average_in(life: Life, at: Moment, params: Params) -> Fraction | None:
    return _average(_in(life, params["category"]), 10)


@reads("session_average", "number")
def session_average(life: Life, at: Moment, params: Params) -> Fraction | None:
    return _average(life.sittings, len(life.sittings)) if life.sittings else None


@reads("sessions", "number")
def sessions(life: Life, at: Moment, params: Params) -> int:
    return len(life.sittings)


@reads("sessions_in", "number", "product_affinity")
def sessions_in(life: Life, at: Moment, params: Params) -> int:
    return len(_in(life, params["category"]))


def _within(life: Life, at: Moment, days: int) -> list[Sitting]:
    return [one for one in life.sittings if at.within(one.day, days)]


@reads("sessions_7d", "number")
def sessions_7d(life: Life, at: Moment, params: Params) -> int:
    return len(_within(life, at, 7))


@reads("sessions_30d", "number")
def sessions_30d(life: Life, at: Moment, params: Params) -> int:
    return len(_within(life, at, 30))


@reads("sessions_90d", "number")
def sessions_90d(life: Life, at: Moment, params: Params) -> int:
    return len(_within(life, at, 90))


@reads("minutes_30d", "number")
def minutes_30d(life: Life, at: Moment, params: Params) -> Fraction:
    return Fraction(sum(one.seconds for one in _within(life, at, 30)), 60)


@reads("sessions_within", "within", "lifecycle")
def sessions_within(life: Life, at: Moment, params: Params) -> datetime | None:
    count = int(params["count"])
    return life.sittings[count - 1].start if len(life.sittings) >= count else None


def _by_night(leaf: Mapping[str, Any]) -> set[str]:
    """Who plays at night is selected by a sign of harm."""
    return {"rg_need"} if leaf.get("params", {}).get("part") == "night" else {""}


@reads("time_of_day", "number", _by_night)
def time_of_day(life: Life, at: Moment, params: Params) -> Fraction | None:
    hours = [one.start.astimezone(life.house.zone).hour for one in life.sittings]
    return share(sum(_PARTS[hour // 6] == params["part"] for hour in hours), len(hours), least=5)


@reads("weekday_share", "number")
def weekday_share(life: Life, at: Moment, params: Params) -> Fraction | None:
    wanted = ("saturday", "sunday") if params["day"] == "weekend" else (params["day"],)
    hits = sum(_WEEKDAYS[one.day.weekday()] in wanted for one in life.sittings)
    return share(hits, len(life.sittings), least=5)


@reads("device", "word")
def device(life: Life, at: Moment, params: Params) -> str:
    return str(most_often(one.device for one in life.sittings[:10] if one.device))


@reads("favourite_title", "word", "product_affinity")
def favourite_title(life: Life, at: Moment, params: Params) -> str:
    return str(most_often((one.game for one in life.sittings[:10] if one.game), list(life.house.games).index))


@reads("favourite_provider", "word", "product_affinity")
def favourite_provider(life: Life, at: Moment, params: Params) -> str:
    names = (life.house.games[one.game][1] for one in life.sittings[:10] if one.game)
    return str(most_often(name for name in names if name))


@reads("losing_sessions", "number", "loss")
def losing_sessions(life: Life, at: Moment, params: Params) -> Fraction | None:
    staked = [one for one in life.sittings if one.staked]
    return share(sum(one.result < 0 for one in life.sittings), len(staked), least=5)


@reads("favourite_type", "word", "product_affinity")
def favourite_type(life: Life, at: Moment, params: Params) -> str:
    names = (life.house.games[one.game][2] for one in life.sittings[:10] if one.game)
    return str(most_often(name for name in names if name))


# --- by category and window


@reads("category_sessions_share", "number", "product_affinity")
def category_sessions_share(life: Life, at: Moment, params: Params) -> Fraction | None:
    return share(len(_in(life, params["category"])), len(life.sittings))


@reads("category_time_share", "number", "product_affinity")
def category_time_share(life: Life, at: Moment, params: Params) -> Fraction | None:
    return share(seconds(_in(life, params["category"])), seconds(life.sittings))


def seconds(sittings: Iterable[Sitting]) -> int:
    return sum(one.seconds for one in sittings)


@reads("session_average_in", "number", "product_affinity")
def session_average_in(life: Life, at: Moment, params: Params) -> Fraction | None:
    mine = _in(life, params["category"])
    return _average(mine, len(mine)) if mine else None


@reads("sessions_in_window", "number", "product_affinity")
def sessions_in_window(life: Life, at: Moment, params: Params) -> int:
    return len([one for one in _in(life, params["category"]) if at.within(one.day, int(params["window"]))])


@reads("session_average_window", "number")
def session_average_window(life: Life, at: Moment, params: Params) -> Fraction | None:
    mine = _within(life, at, int(params["window"]))
    return _average(mine, len(mine)) if mine else None


@reads("minutes_in", "number", "product_affinity")
def minutes_in(life: Life, at: Moment, params: Params) -> Fraction:
    mine = [one for one in _within(life, at, int(params["window"])) if one.category == params["category"]]
    return Fraction(seconds(mine), 60)
