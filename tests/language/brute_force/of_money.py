"""Deposits, withdrawals, refusals, balances."""

from collections.abc import Callable
from datetime import datetime
from fractions import Fraction

from tests.language.brute_force.house import DAY, Moment
from tests.language.brute_force.of_play import Params, most_often
from tests.language.brute_force.reading import Read, reads
from tests.language.brute_force.told import Life, Payment

_LEVEL = "deposit_level"


@reads("days_since_deposit", "since", "inactivity")
def last_deposit(life: Life, at: Moment, params: Params) -> datetime | None:
    return life.deposits[0].at if life.deposits else None


@reads("days_since_first_deposit", "since", "lifecycle")
def first_deposit(life: Life, at: Moment, params: Params) -> datetime | None:
    return life.deposits[-1].at if life.deposits else None


@reads("days_since_withdrawal", "since")
def last_withdrawal(life: Life, at: Moment, params: Params) -> datetime | None:
    return life.withdrawals[0].at if life.withdrawals else None


def _windows(key: str, of: Callable[[Life], list[Payment]], days: int | None, criterion: str) -> tuple[Read, Read]:
    """How many, and how much, of the last `days`; None = ever."""

    def these(life: Life, at: Moment) -> list[Payment]:
        return [one for one in of(life) if days is None or at.within(one.day, days)]

    def count(life: Life, at: Moment, params: Params) -> int:
        return len(these(life, at))

    def amount(life: Life, at: Moment, params: Params) -> int:
        return sum(one.amount for one in these(life, at))

    end = "" if days is None else f"_{days}d"
    return reads(f"{key}s{end}", "number", criterion)(count), reads(f"{key}_sum{end}", "money", criterion)(amount)


for _days in (None, 7, 30, 90):
    _windows("deposit", lambda life: life.deposits, _days, _LEVEL)
for _days in (None, 30):
    _windows("withdrawal", lambda life: life.withdrawals, _days, "")


@reads("deposit_average", "money", _LEVEL)
def deposit_average(life: Life, at: Moment, params: Params) -> Fraction | None:
    paid = [one.amount for one in life.deposits]
    return Fraction(sum(paid), len(paid)) if paid else None


@reads("largest_deposit", "money", _LEVEL)
def largest_deposit(life: Life, at: Moment, params: Params) -> int:
    return max((one.amount for one in life.deposits), default=0)


@reads("deposit_gap", "number")
def deposit_gap(life: Life, at: Moment, params: Params) -> Fraction | None:
    if len(life.deposits) < 2:
        return None
    return Fraction((life.deposits[0].at - life.deposits[-1].at) / DAY).limit_denominator(10**9) / (
        len(life.deposits) - 1
    )


@reads("payment_method", "word")
def payment_method(life: Life, at: Moment, params: Params) -> str:
    return str(most_often(one.method for one in life.deposits[:10] if one.method))


@reads("deposits_within", "within", _LEVEL)
def deposits_within(life: Life, at: Moment, params: Params) -> datetime | None:
    return _kth([one.at for one in life.deposits], params)


@reads("declined_deposits", "number")
def declined_deposits(life: Life, at: Moment, params: Params) -> int:
    return len(_declined(life))


@reads("days_since_declined", "since", _LEVEL)
def last_declined(life: Life, at: Moment, params: Params) -> datetime | None:
    return max(_declined(life), default=None)


@reads("declined_within", "within", "rg_need")
def declined_within(life: Life, at: Moment, params: Params) -> datetime | None:
    return _kth(_declined(life), params)


def _declined(life: Life) -> list[datetime]:
    return life.moments_of("deposit.rejected", but_not=["deposit.approved"])


@reads("cancelled_within", "within", "rg_need")
def cancelled_within(life: Life, at: Moment, params: Params) -> datetime | None:
    return _kth(life.moments_of("withdrawal.cancelled"), params)


def _kth(newest_first: list[datetime], params: Params) -> datetime | None:
    count = int(params["count"])
    return newest_first[count - 1] if len(newest_first) >= count else None


@reads("deposits_in_play", "number", "rg_need")
def deposits_in_play(life: Life, at: Moment, params: Params) -> int:
    return sum(any(s.start <= one.at <= s.end for s in life.sittings) for one in life.deposits[:10])


@reads("deposits_after_loss", "number", "rg_need")
def deposits_after_loss(life: Life, at: Moment, params: Params) -> int:
    lost = [s for s in life.sittings if s.result < 0]
    return sum(any(s.end < one.at <= s.end + DAY for s in lost) for one in life.deposits[:10])


@reads("chargebacks", "number")
def chargebacks(life: Life, at: Moment, params: Params) -> int:
    return len(life.moments_of("deposit.charged_back"))


def _balance(life: Life, name: str) -> int:
    """As last reported; of two of one instant the larger one."""
    told = [(at, said["real"], said["bonus"]) for at, said in life.events["balance.changed"]]
    _, real, bonus = max(told, default=(None, 0, 0))
    return int(real if name == "real" else bonus)


@reads("balance", "money")
def balance(life: Life, at: Moment, params: Params) -> int:
    return _balance(life, "real")


@reads("balance_bonus", "money")
def balance_bonus(life: Life, at: Moment, params: Params) -> int:
    return _balance(life, "bonus")
