"""Rounds, categories, stakes and results."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction
from typing import Any

from tests.language.brute_force.house import Moment
from tests.language.brute_force.reading import reads
from tests.language.brute_force.told import CATEGORIES, Life

Params = dict[str, str]


def newest(moments: Iterable[datetime]) -> datetime | None:
    return max(moments, default=None)


def share(part: int, whole: int, least: int = 1) -> Fraction | None:
    """Per cent; unknown where there is less than `least` to go by."""
    return Fraction(100 * part, whole) if whole >= least else None


@reads("days_since_play", "since", "inactivity")
def last_play(life: Life, at: Moment, params: Params) -> datetime | None:
    return newest(moment for moment, _ in life.played)


@reads("days_since_play_in", "since", "inactivity")
def last_play_in(life: Life, at: Moment, params: Params) -> datetime | None:
    return newest(moment for moment, category in life.played if category == params["category"])


@reads("active_days_30d", "number", "lifecycle")
def active_days(life: Life, at: Moment, params: Params) -> int:
    return len({day for day in map(life.house.day, life.real) if at.within(day, 30)})


def _staked(life: Life, at: Moment) -> Counter[str]:
    """Per category, over 90 days."""
    found: Counter[str] = Counter()
    for one in life.rounds:
        if at.within(one.day, 90):
            found[one.category] += one.stake
    return found


@reads("top_category", "word", "product_affinity")
def top_category(life: Life, at: Moment, params: Params) -> str:
    """Of equals the one named first in the catalogue."""
    staked = _staked(life, at)
    best = max(staked.values(), default=0)
    return next((category for category in CATEGORIES if staked[category] == best), "") if best else ""


@reads("category_share", "number", "product_affinity")
def category_share(life: Life, at: Moment, params: Params) -> Fraction | None:
    staked = _staked(life, at)
    return share(staked[params["category"]], sum(staked.values()))


@reads("category_stake", "money", "product_affinity")
def category_stake(life: Life, at: Moment, params: Params) -> int:
    return sum(one.stake for one in life.rounds if one.category == params["category"])


@reads("stake_30d", "money")
def stake_30d(life: Life, at: Moment, params: Params) -> int:
    return sum(one.stake for one in life.rounds if at.within(one.day, 30))


@reads("stake", "money")
def stake(life: Life, at: Moment, params: Params) -> int:
    return sum(one.stake for one in life.rounds)


def _bets(life: Life) -> int:
    return sum(one.bets for one in life.rounds)


@reads("stake_average", "money")
def stake_average(life: Life, at: Moment, params: Params) -> Fraction | None:
    return Fraction(stake(life, at, {}), _bets(life)) if _bets(life) else None


@reads("net_loss", "money", "loss")
def net_loss(life: Life, at: Moment, params: Params) -> int:
    return sum(one.real - one.won_real for one in life.rounds)


@reads("rounds", "number")
def rounds(life: Life, at: Moment, params: Params) -> int:
    return _bets(life)


@reads("bet_to_deposit", "number")
def bet_to_deposit(life: Life, at: Moment, params: Params) -> Fraction | None:
    paid = sum(one.amount for one in life.deposits)
    if not _bets(life) or not paid:
        return None
    return 100 * Fraction(stake(life, at, {}), _bets(life)) / Fraction(paid, len(life.deposits))


@reads("sports", "words", "product_affinity")
def sports(life: Life, at: Moment, params: Params) -> set[str]:
    return {bet.common("sport") for bet in life.bets} - {""}


@reads("leagues", "words", "product_affinity")
def leagues(life: Life, at: Moment, params: Params) -> set[str]:
    return {bet.common("league") for bet in life.bets if bet.common("sport")} - {""}


def most_often(words: Iterable[Any], order: Any = None) -> Any:
    """Of equals the first in `order`, '' of nothing."""
    counted = Counter(words)
    return min(counted, key=lambda word: (-counted[word], order(word) if order else word)) if counted else ""
