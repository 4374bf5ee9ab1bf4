"""Bonuses: as the PAM tells of them, and those granted here."""

from collections import defaultdict
from datetime import datetime
from fractions import Fraction

from tests.language.brute_force.house import DAY, Moment
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


def _taken(life: Life, whose: tuple[str, ...]) -> list[datetime]:
    """When each bonus the PAM told of was first taken."""
    told = {ref: [when for when, _, status in statuses if status in _TAKEN] for ref, statuses in _told(life).items()}
    return [taken[0] for (of, _), taken in told.items() if taken and of in whose]


@reads("days_since_bonus", "since")
def last_bonus(life: Life, at: Moment, params: Params) -> datetime | None:
    """Given here, or taken of the platform's own."""
    return max([one.at for one in life.grants if one.status != "cancelled"] + _taken(life, ("theirs",)), default=None)


@reads("deposits_with_bonus", "number")
def deposits_with_bonus(life: Life, at: Moment, params: Params) -> Fraction | None:
    """With a code, or followed within 24 hours by a bonus that was taken."""
    newest, taken = life.deposits[:10], _taken(life, ("ours", "theirs"))
    return share(
        sum(bool(one.bonus_code) or any(one.at <= when <= one.at + DAY for when in taken) for one in newest),
        len(newest), least=3,
    )  # fmt: skip


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
