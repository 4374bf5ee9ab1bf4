"""Bonuses: as the PAM tells of them, and those granted here."""

from collections import defaultdict
from datetime import datetime
from fractions import Fraction

from tests.language.brute_force.house import Moment
from tests.language.brute_force.of_play import Params, share
from tests.language.brute_force.reading import reads
from tests.language.brute_force.told import Life

_TAKEN = {"claimed", "active", "completed", "lost"}
_COURSE = ("offered", "claimed", "active", "completed", "lost", "expired", "forfeited", "cancelled")
_OPEN = {"claimed", "active", "stopped"}


def _told(life: Life) -> dict[tuple[str, str], list[tuple[datetime, int, str]]]:
    """Every status of every bonus the PAM has spoken of, oldest first; of one instant, in the course of a bonus."""
    found: dict[tuple[str, str], list[tuple[datetime, int, str]]] = defaultdict(list)
    for kind in ("bonus.status", "bonus.claimed", "bonus.forfeited", "bonus.expired"):
        for when, said in life.events[kind]:
            ref = ("ours", said["grant_ref"]) if "grant_ref" in said else ("theirs", said["bonus_ref"])
            status = said.get("status") or kind.removeprefix("bonus.")
            found[ref].append((when, _COURSE.index(status), status))
    return {ref: sorted(told) for ref, told in found.items()}


@reads("bonuses_offered", "number")
def bonuses_offered(life: Life, at: Moment, params: Params) -> int:
    return len(_told(life))


@reads("bonus_uptake", "number")
def bonus_uptake(life: Life, at: Moment, params: Params) -> Fraction | None:
    told = _told(life)
    taken = sum(any(status in _TAKEN for _, _, status in statuses) for statuses in told.values())
    return share(taken, len(told), least=3)


@reads("open_offers", "number")
def open_offers(life: Life, at: Moment, params: Params) -> int:
    return sum(statuses[-1][2] == "offered" for statuses in _told(life).values())


@reads("days_since_bonus", "since")
def last_bonus(life: Life, at: Moment, params: Params) -> datetime | None:
    """Given here, or taken of the platform's own."""
    got = [one.at for one in life.grants if one.status != "cancelled"]
    for (whose, _), statuses in _told(life).items():
        taken = [when for when, _, status in statuses if status in _TAKEN]
        got += [taken[0]] if taken and whose == "theirs" else []
    return max(got, default=None)


@reads("bonus_released", "money")
def bonus_released(life: Life, at: Moment, params: Params) -> int:
    return sum(one.released for one in life.grants)


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
