"""Bonuses: as the PAM tells of them, and those granted here."""

from collections import defaultdict
from fractions import Fraction

from tests.language.brute_force.house import Moment
from tests.language.brute_force.of_play import Params, share
from tests.language.brute_force.reading import reads
from tests.language.brute_force.told import Life

_TAKEN = {"claimed", "active", "completed", "lost"}
_OPEN = {"claimed", "active", "stopped"}


def _told(life: Life) -> dict[tuple[str, str], set[str]]:
    """Every status of every bonus the PAM has spoken of."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for kind in ("bonus.status", "bonus.claimed", "bonus.forfeited", "bonus.expired"):
        for _, said in life.events[kind]:
            ref = ("ours", said["grant_ref"]) if "grant_ref" in said else ("theirs", said["bonus_ref"])
            found[ref].add(said.get("status") or kind.removeprefix("bonus."))
    return found


@reads("bonuses_offered", "number")
def bonuses_offered(life: Life, at: Moment, params: Params) -> int:
    return len(_told(life))


@reads("bonus_uptake", "number")
def bonus_uptake(life: Life, at: Moment, params: Params) -> Fraction | None:
    told = _told(life)
    return share(sum(bool(statuses & _TAKEN) for statuses in told.values()), len(told), least=3)


@reads("open_bonuses", "number")
def open_bonuses(life: Life, at: Moment, params: Params) -> int:
    return sum(one.status in _OPEN for one in life.grants)


@reads("bonus_count", "number")
def bonus_count(life: Life, at: Moment, params: Params) -> int:
    return sum(one.status != "cancelled" for one in life.grants)


@reads("bonus_sum", "money")
def bonus_sum(life: Life, at: Moment, params: Params) -> int:
    return sum(one.amount for one in life.grants if one.status != "cancelled")


@reads("bonus_to_deposit", "number")
def bonus_to_deposit(life: Life, at: Moment, params: Params) -> Fraction | None:
    return share(bonus_sum(life, at, {}), sum(one.amount for one in life.deposits))
