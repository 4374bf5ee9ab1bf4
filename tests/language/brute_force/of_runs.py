"""Runs of rounds, and the middle of amounts."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

from tests.language.brute_force.house import DAY, Moment
from tests.language.brute_force.of_play import Params, share
from tests.language.brute_force.reading import reads
from tests.language.brute_force.told import Life, Round, Sitting


class Run(NamedTuple):
    is_bad: bool
    stopped: bool


def turns(sitting: Sitting) -> list[list[Round]]:
    """Rounds in order; a win told alone belongs to the bet before it."""
    found: list[list[Round]] = []
    for one in sorted(sitting.rounds, key=lambda r: (r.at, -r.bets, r.id)):
        if one.bets and not (len(found) == 1 and not any(r.bets for r in found[0])):
            found.append([])
        if not found:
            found.append([])
        found[-1].append(one)
    return found


def runs(life: Life) -> Iterator[Run]:
    """Each stretch of so many rounds of a session, from its first one on. Sports bets do not follow each other."""
    house = life.house.runs
    for sitting in life.sittings:
        played = turns(sitting) if sitting.category != "sports" else []
        for start in range(0, len(played) - house.rounds + 1, house.rounds):
            mine = [one for turn in played[start : start + house.rounds] for one in turn]
            stake, won = sum(one.stake for one in mine), sum(one.won for one in mine)
            if stake:
                after = len(played) - start - house.rounds
                yield Run(100 * won < house.bad * stake, after <= house.stop)


@reads("rtp_sensitivity", "number", "loss")
def rtp_sensitivity(life: Life, at: Moment, params: Params) -> Fraction | None:
    told = list(runs(life))
    bad, other = ([run.stopped for run in told if run.is_bad == kind] for kind in (True, False))
    if min(len(bad), len(other)) < life.house.runs.cases:
        return None
    return 100 * (Fraction(sum(bad), len(bad)) - Fraction(sum(other), len(other)))


@reads("bad_endings", "number", "loss")
def bad_endings(life: Life, at: Moment, params: Params) -> Fraction | None:
    return share(sum(run.is_bad and run.stopped for run in runs(life)), sum(s.staked for s in life.sittings), least=5)


def middle(amounts: Iterable[int]) -> int:
    """The median; of an even number the smaller one of the two in the middle. 0 of nothing."""
    ordered = sorted(amounts)
    return ordered[(len(ordered) - 1) // 2] if ordered else 0


@reads("median_bet_to_deposit", "number", "deposit_level")
def median_bet_to_deposit(life: Life, at: Moment, params: Params) -> Fraction | None:
    usual = [middle(one.stake for one in s.rounds if one.stake) for s in life.sittings[:10]]
    paid = middle(one.amount for one in life.deposits[:10])
    return Fraction(100 * middle(bet for bet in usual if bet), paid) if paid else None


@reads("stake_after_deposit", "number", "deposit_level")
def stake_after_deposit(life: Life, at: Moment, params: Params) -> Fraction | None:
    """Each stake once, however many deposits it came after; one that lies in two sessions counts in both."""
    inside = [one for sitting in life.sittings for one in sitting.rounds]
    near = [one for one in inside if any(paid.at <= one.at <= paid.at + DAY for paid in life.deposits)]
    return share(sum(one.stake for one in near), sum(paid.amount for paid in life.deposits))
