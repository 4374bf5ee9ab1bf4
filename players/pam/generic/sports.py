"""Sports bets: placed, settled, settled again, void. Odds are decimal and travel as text, so that none is rounded.

What a bet is worth is told by its newest settlement; until there is one its stake is at risk. A void bet has
neither stake nor win. A settled bet counts as a round of the category sports, dated when it was settled; settled
again, the round before vanishes and another takes its place.
"""

from datetime import datetime
from typing import Any

from players.models import Bet
from players.pam.generic.fields import AMOUNT, FLAG, one_of, text
from players.pam.generic.kinds import Refused, Wrong, kind, pointer_to
from players.pam.generic.shapes import ODDS, list_of, object_of

_LEG = object_of(
    {"sport": text(40), "odds": ODDS, "in_play": FLAG},
    {"league": text(80), "event": text(120), "market": text(80)},
)
_STAKES = {"stake_real": AMOUNT, "stake_bonus": AMOUNT}
_DETAILS = {"ticket": one_of(*Bet.Ticket.values), "legs": list_of(_LEG, 50), "odds": ODDS}
_EXAMPLE_LEG = {
    "sport": "football", "league": "Premier League", "event": "Arsenal – Everton", "market": "1X2", "odds": "1.85",
    "in_play": False,
}  # fmt: skip
_PLACED = {
    "bet_id": "b-501", "stake_real": 1000, "stake_bonus": 0, "ticket": "single", "odds": "1.85",
    "legs": [_EXAMPLE_LEG],
}  # fmt: skip
_WON = {"bet_id": "b-501", "outcome": "won", "win_real": 1850, "win_bonus": 0}


def _placed(properties: dict[str, Any], occurred_at: datetime) -> None:
    legs = len(properties.get("legs", ()))
    if properties.get("ticket") == Bet.Ticket.SINGLE and legs > 1:
        raise Refused(
            "contradiction", "A single has one leg; several make a multi, system or teaser.",
            pointer_to("properties", "legs"),
        )  # fmt: skip


def _settled(properties: dict[str, Any], occurred_at: datetime) -> None:
    if ("stake_real" in properties) != ("stake_bonus" in properties):
        absent = "stake_bonus" if "stake_real" in properties else "stake_real"
        raise Refused(
            "missing", "A settlement names both stakes, or neither when bet.placed said them.",
            pointer_to("properties", absent),
        )  # fmt: skip
    if properties["outcome"] == Bet.Outcome.LOST and properties["win_real"] + properties["win_bonus"]:
        raise Refused("contradiction", "A lost bet wins nothing.", pointer_to("properties", "outcome"))
    _placed(properties, occurred_at)


KINDS = [
    kind(
        "bet.placed", "A sports bet was placed: its stake is at risk, and the player has been active. Turnover and "
        "result count when it is settled.",
        {"bet_id": text(64)} | _STAKES | _DETAILS, {"is_free_bet": FLAG},
        example=_PLACED, whole=_placed,
        wrong=(
            Wrong(_PLACED | {"legs": [_EXAMPLE_LEG, _EXAMPLE_LEG]}, "contradiction", "/legs"),
            Wrong(_PLACED | {"legs": [_EXAMPLE_LEG | {"odds": 1.85}]}, "wrong_type", "/legs/0/odds"),
            Wrong(_PLACED | {"legs": [{"sport": "tennis", "odds": "2.10"}]}, "missing", "/legs/0/in_play"),
        ),
    ),
    kind(
        "bet.settled", "The result of a sports bet. Sent again with a later occurred_at it is a resettlement: only the "
        "newest counts. A void outcome returns the stake, which then never counted; of a half-void bet the returned "
        "half is part of the win. Without bet.placed, name both stakes (and what else is known) here.",
        {"bet_id": text(64), "outcome": one_of(*Bet.Outcome.values), "win_real": AMOUNT, "win_bonus": AMOUNT},
        _STAKES | _DETAILS | {"is_free_bet": FLAG},
        example=_WON, whole=_settled,
        wrong=(
            Wrong(_WON | {"stake_real": 1000}, "missing", "/stake_bonus"),
            Wrong(_WON | {"outcome": "lost"}, "contradiction", "/outcome"),
        ),
    ),
    kind(
        "bet.voided", "The bet never was: neither stake nor win counts, whether it was settled or not. Only a "
        "settlement of a later occurred_at makes it count again.",
        {"bet_id": text(64)}, {"reason": text(120)}, example={"bet_id": "b-501", "reason": "match abandoned"},
    ),
]  # fmt: skip
