"""The sportsbook of the demo: fixtures, odds, tickets, and results that keep it near its margin."""

import math
import random
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from config.casino.gamblers import pick

# sport -> league (with how often it is bet on), and who plays in it
LEAGUES: dict[str, tuple[tuple[str, float], ...]] = {
    "football": (
        ("Premier League", 0.34), ("Champions League", 0.18), ("Allsvenskan", 0.14), ("Serie A", 0.14),
        ("La Liga", 0.12), ("BOV Premier League", 0.08),
    ),
    "tennis": (("ATP Tour", 0.5), ("WTA Tour", 0.35), ("Challenger Tour", 0.15)),
    "ice hockey": (("SHL", 0.5), ("NHL", 0.4), ("HockeyAllsvenskan", 0.1)),
}  # fmt: skip
TEAMS: dict[str, tuple[str, ...]] = {
    "football": ("Riverside", "Northgate", "Old Harbour", "Castle Park", "Vale United", "Kings Meadow", "St Anne’s"),
    "tennis": ("A. Novak", "L. Brandt", "M. Okoro", "S. Lindholm", "P. Costa", "J. Weaver", "R. Ito"),
    "ice hockey": ("Polaris", "Ironworks", "Fjord HC", "Timber Kings", "Lakeside", "Glacier HC", "Harbour Wolves"),
}
MARKETS = {"football": "Match result", "tennis": "Match winner", "ice hockey": "Winner incl. overtime"}
SINGLE_ODDS = ((1.5, 0.3), (1.9, 0.35), (3.2, 0.25), (7.5, 0.1))
RETURN = 0.927  # of stakes; the rest is the margin
IN_PLAY, MULTI, VOID, CASHED_OUT, FREE = 0.45, 0.22, 0.012, 0.04, 0.2
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Slip:
    """A bet as it is placed, and what comes of it `hours` later. `outcome` '' = void."""

    placed: dict[str, object]
    outcome: str
    win: int
    hours: float


@dataclass
class Bookmaker:
    """Keeps the book near its margin: a few thousand bets alone would wander by whole points."""

    ahead: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def take(self, rng: random.Random, house: str, sport: str, stake: int, bank: int) -> Slip:
        in_play = rng.random() < IN_PLAY
        legs = [self._leg(rng, sport, in_play)]
        if rng.random() < MULTI:
            legs = [self._leg(rng, sport, in_play, short=True) for _ in range(rng.choice((2, 2, 3, 3, 4)))]
        odds = math.prod((Decimal(str(leg["odds"])) for leg in legs), start=Decimal(1)).quantize(_CENT, ROUND_HALF_UP)
        ticket = "single" if len(legs) == 1 else pick(rng, (("multi", 0.9), ("system", 0.07), ("teaser", 0.03)))
        placed: dict[str, object] = {"ticket": ticket, "legs": legs, "odds": str(odds)}
        hours = rng.uniform(0.2, 1.8) if in_play else rng.uniform(1.5, 30)
        if rng.random() < VOID:
            return Slip(placed, "", stake, hours)
        outcome, win = self._result(rng, house, float(odds), stake, bank)
        return Slip(placed, outcome, win, hours)

    def _leg(self, rng: random.Random, sport: str, in_play: bool, *, short: bool = False) -> dict[str, object]:
        home, away = rng.sample(TEAMS[sport], 2)
        odds = rng.uniform(1.25, 1.9) if short else pick(rng, SINGLE_ODDS) * rng.uniform(0.92, 1.08)
        return {
            "sport": sport, "league": pick(rng, LEAGUES[sport]), "event": f"{home} – {away}",
            "market": MARKETS[sport], "odds": f"{odds:.2f}", "in_play": in_play,
        }  # fmt: skip

    def _result(self, rng: random.Random, house: str, odds: float, stake: int, bank: int) -> tuple[str, int]:
        chance = RETURN / odds * (1 - 0.5 * math.tanh(self.ahead[house] / (25 * bank)))
        luck = rng.random()
        outcome, win = ("won", round(stake * odds)) if luck < chance else ("lost", 0)
        if rng.random() < CASHED_OUT:
            outcome, win = "cashed_out", max(1, round(stake * rng.uniform(0.2, 1.65)))
        self.ahead[house] += win - stake * RETURN
        return outcome, win
