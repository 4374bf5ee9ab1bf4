"""Sums over windows of the rule's choice: the last so many gaming days, today included."""

from fractions import Fraction

from tests.language.brute_force.house import Moment
from tests.language.brute_force.of_play import Params, share
from tests.language.brute_force.reading import reads
from tests.language.brute_force.told import CATEGORIES, Life, Payment, Round


def _rounds(life: Life, at: Moment, params: Params) -> list[Round]:
    """All of them where the attribute knows no window."""
    days = int(params.get("window", 0))
    return [one for one in life.rounds if not days or at.within(one.day, days)]


def _staked(rounds: list[Round]) -> int:
    return sum(one.stake for one in rounds)


def _ggr(rounds: list[Round]) -> int:
    return sum(one.stake - one.won for one in rounds)


def _cash(rounds: list[Round]) -> int:
    return sum(one.real - one.won_real for one in rounds)


def _bets(rounds: list[Round]) -> int:
    return sum(one.bets for one in rounds)


def _paid(payments: list[Payment], at: Moment, params: Params) -> list[Payment]:
    days = int(params.get("window", 0))
    return [one for one in payments if not days or at.within(one.day, days)]


def _sum(payments: list[Payment]) -> int:
    return sum(one.amount for one in payments)


@reads("active_days", "number", "lifecycle")
def active_days(life: Life, at: Moment, params: Params) -> int:
    return len({day for day in map(life.house.day, life.real) if at.within(day, int(params["window"]))})


@reads("category_stake_window", "money", "product_affinity")
def category_stake_window(life: Life, at: Moment, params: Params) -> int:
    return _staked([one for one in _rounds(life, at, params) if one.category == params["category"]])


@reads("rounds_in", "number", "product_affinity")
def rounds_in(life: Life, at: Moment, params: Params) -> int:
    return _bets([one for one in life.rounds if one.category == params["category"]])


@reads("categories_played", "number", "product_affinity")
def categories_played(life: Life, at: Moment, params: Params) -> int:
    return len({category for _, category in life.played})


@reads("top_category_by", "word", "product_affinity")
def top_category_by(life: Life, at: Moment, params: Params) -> str:
    """Of equals the first in the list."""
    if params["by"] == "stake":
        weighed = [(one.category, one.stake) for one in life.rounds]
    else:
        weighed = [(one.category, one.seconds if params["by"] == "seconds" else 1) for one in life.sittings]
    found = {category: sum(weight for of, weight in weighed if of == category) for category in CATEGORIES}
    best = max(found.values())
    return next(category for category in CATEGORIES if found[category] == best) if best else ""


@reads("deposit_sum_window", "money", "deposit_level")
def deposit_sum_window(life: Life, at: Moment, params: Params) -> int:
    return _sum(_paid(life.deposits, at, params))


@reads("deposits_window", "number", "deposit_level")
def deposits_window(life: Life, at: Moment, params: Params) -> int:
    return len(_paid(life.deposits, at, params))


@reads("deposit_average_window", "money", "deposit_level")
def deposit_average_window(life: Life, at: Moment, params: Params) -> Fraction | None:
    paid = _paid(life.deposits, at, params)
    return Fraction(_sum(paid), len(paid)) if paid else None


@reads("withdrawal_average", "money")
def withdrawal_average(life: Life, at: Moment, params: Params) -> Fraction | None:
    return Fraction(_sum(life.withdrawals), len(life.withdrawals)) if life.withdrawals else None


@reads("net_deposits", "money", "loss")
@reads("net_deposits_window", "money", "loss")
def net_deposits(life: Life, at: Moment, params: Params) -> int:
    return _sum(_paid(life.deposits, at, params)) - _sum(_paid(life.withdrawals, at, params))


@reads("stake_window", "money")
def stake_window(life: Life, at: Moment, params: Params) -> int:
    return _staked(_rounds(life, at, params))


@reads("stake_average_window", "money")
def stake_average_window(life: Life, at: Moment, params: Params) -> Fraction | None:
    mine = _rounds(life, at, params)
    return Fraction(_staked(mine), _bets(mine)) if _bets(mine) else None


@reads("stake_trend", "number")
def stake_trend(life: Life, at: Moment, params: Params) -> Fraction | None:
    lately, ever = _rounds(life, at, params), life.rounds
    if not _bets(lately) or not _staked(ever):
        return None
    return 100 * Fraction(_staked(lately), _bets(lately)) / Fraction(_staked(ever), _bets(ever))


@reads("stake_change", "number")
def stake_change(life: Life, at: Moment, params: Params) -> Fraction | None:
    return share(3 * stake_window(life, at, {"window": "30"}), stake_window(life, at, {"window": "90"}))


@reads("rounds_window", "number")
def rounds_window(life: Life, at: Moment, params: Params) -> int:
    return _bets(_rounds(life, at, params))


@reads("ggr", "money", "loss")
@reads("ggr_window", "money", "loss")
def ggr(life: Life, at: Moment, params: Params) -> int:
    return _ggr(_rounds(life, at, params))


@reads("net_loss_window", "money", "loss")
def net_loss_window(life: Life, at: Moment, params: Params) -> int:
    return _cash(_rounds(life, at, params))


@reads("hold", "number", "loss")
@reads("hold_window", "number", "loss")
def hold(life: Life, at: Moment, params: Params) -> Fraction | None:
    mine = _rounds(life, at, params)
    return share(_ggr(mine), _staked(mine))


@reads("stake_to_deposit", "number", "deposit_level")
def stake_to_deposit(life: Life, at: Moment, params: Params) -> Fraction | None:
    return share(_staked(life.rounds), _sum(life.deposits))


@reads("bonus_stake_share", "number")
def bonus_stake_share(life: Life, at: Moment, params: Params) -> Fraction | None:
    return share(sum(one.bonus for one in life.rounds), _staked(life.rounds))


@reads("ngr", "money", "loss")
def ngr(life: Life, at: Moment, params: Params) -> int:
    return _cash(life.rounds) - sum(one.released for one in life.grants)
