"""Sports bets: open, settled or void, as the platform told of them."""

from fractions import Fraction

from tests.language.brute_force.house import Moment
from tests.language.brute_force.of_play import Params, share
from tests.language.brute_force.reading import reads
from tests.language.brute_force.told import Life

_AFFINITY = "product_affinity"


@reads("bets", "number", _AFFINITY)
def bets(life: Life, at: Moment, params: Params) -> int:
    return len(life.bets)


@reads("open_bets", "number", _AFFINITY)
def open_bets(life: Life, at: Moment, params: Params) -> int:
    return sum(bet.settled_at is None and bet.voided_at is None for bet in life.bets)


@reads("average_odds", "number", _AFFINITY)
def average_odds(life: Life, at: Moment, params: Params) -> Fraction | None:
    """In hundredths, as the rule names them."""
    told = [Fraction(bet.details["odds"]) for bet in life.bets if "odds" in bet.details]
    return 100 * sum(told, Fraction(0)) / len(told) if len(told) >= 5 else None


@reads("in_play_share", "number", _AFFINITY)
def in_play_share(life: Life, at: Moment, params: Params) -> Fraction | None:
    running = [bet for bet in life.bets if any(leg["in_play"] for leg in bet.details.get("legs", ()))]
    return share(len(running), len(life.bets), least=5)


@reads("accumulator_share", "number", _AFFINITY)
def accumulator_share(life: Life, at: Moment, params: Params) -> Fraction | None:
    return share(sum(len(bet.details.get("legs", ())) > 1 for bet in life.bets), len(life.bets), least=5)
