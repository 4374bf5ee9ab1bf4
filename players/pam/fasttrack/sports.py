"""SPORTSBOOK: a bet with its legs, and its settlement. What we cannot say faithfully is refused."""

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from players.pam.fasttrack.members import (
    AMOUNT,
    CODE,
    FLAG,
    LIST,
    ORIGIN,
    RATE,
    TIME,
    USER,
    identifier,
    nullable,
    one_of,
    text,
)
from players.pam.fasttrack.members import ANYTHING as REST
from players.pam.fasttrack.play import PARTS, split
from players.pam.fasttrack.schemas import Meaning, Payload, Schema, envelope, event, key_of, unsupported
from players.pam.generic.kinds import Refused, checked, pointer_to

_OUTCOMES = {
    "win": "won", "won": "won", "loss": "lost", "lose": "lost", "lost": "lost", "void": "void", "voided": "void",
    "cashout": "cashed_out", "cashedout": "cashed_out", "halfwin": "half_won", "halfwon": "half_won",
    "halfloss": "half_lost", "halflost": "half_lost", "halfvoid": "half_void",
}  # fmt: skip
_LEG = {
    "event_name": text(300), "odds": RATE, "match_start": REST, "market": nullable(text(300)),
    "sports_name": nullable(text(100)), "tournament_name": nullable(text(300)), "is_live": FLAG,
    "is_free_bet": FLAG, "is_risk_free_bet": FLAG,
}  # fmt: skip
_LEG_NEEDS = ("event_name", "odds", "match_start")
_WORTH = Decimal("0.0001")  # odds are told to four decimals; the price of a long multi has more


def _sportsbook(payload: Payload) -> Meaning:
    settles = payload.get("type", "Settlement" if payload.get("activity_id_reference") else "Bet") == "Settlement"
    return _settlement(payload) if settles else _placed(payload)


def _placed(payload: Payload) -> Meaning:
    bet_id, key = _id(payload, "activity_id"), _key(payload, "Bet")
    if payload["status"] == "Rollback":
        return Meaning(envelope("bet.voided", key, payload, bet_id=bet_id))
    legs = [_leg(leg, place) for place, leg in enumerate(payload["bets"])]
    money = split(payload, "amount", PARTS)
    free = any(isinstance(leg, dict) and leg.get("is_free_bet") for leg in payload["bets"])
    said = {
        "bet_id": bet_id, "stake_real": money["real"] + money["locked"], "stake_bonus": money["bonus"],
        "ticket": payload["bet_type"].lower(), "legs": legs, "odds": checked(pointer_to("odds"), odds_text, payload["odds"]),
        "is_free_bet": True if free else None,
    }  # fmt: skip
    return Meaning(envelope("bet.placed", key, payload, **said))


def _settlement(payload: Payload) -> Meaning:
    bet_id, key = _id(payload, "activity_id_reference"), _key(payload, "Settlement")
    if payload["status"] == "Rollback":
        raise unsupported("SPORTSBOOK", "a settlement is corrected by another settlement of the bet.", "status")
    money, outcome = split(payload, "amount", PARTS), _outcome(payload)
    if outcome == "void":  # the stake comes back and never counted: that is not a win
        money = dict.fromkeys(money, 0)
    won = {"win_real": money["real"] + money["locked"], "win_bonus": money["bonus"]}
    return Meaning(envelope("bet.settled", key, payload, bet_id=bet_id, outcome=outcome, **won))


def _outcome(payload: Payload) -> str:
    if payload.get("is_cashout"):
        return "cashed_out"
    word = payload.get("settlement_type")
    if not word:
        return "won" if payload["amount"] else "lost"
    found = _OUTCOMES.get("".join(filter(str.isalpha, word.lower())))
    if found is None:
        raise Refused("unknown_value", f"One of: {', '.join(sorted(_OUTCOMES))}.", pointer_to("settlement_type"))
    return found


def _leg(given: Any, place: int) -> dict[str, Any]:
    at = ("bets", place)
    if type(given) is not dict:
        raise Refused("not_an_object", "A leg is an object.", pointer_to(*at))
    leg: dict[str, Any] = {}
    for name, check in _LEG.items():
        if name not in given and name in _LEG_NEEDS:
            raise Refused("missing", f"A leg needs {name}.", pointer_to(*at, name))
        leg[name] = checked(pointer_to(*at, name), check.check, given[name]) if name in given else None
    said = {
        "sport": (leg["sports_name"] or "unknown").strip().lower()[:40] or "unknown",
        "league": (leg["tournament_name"] or "")[:80].strip(), "event": leg["event_name"][:120].strip(),
        "market": (leg["market"] or "")[:80].strip(),
    }  # fmt: skip
    return {name: word for name, word in said.items() if word} | {
        "odds": checked(pointer_to(*at, "odds"), odds_text, leg["odds"]),
        "in_play": bool(leg["is_live"]),
    }


def odds_text(odds: Decimal) -> str:
    """1.85 -> "1.85". A price is a fact about the offer, not money: beyond four decimals it is rounded."""
    if odds.adjusted() > 8:
        raise Refused("out_of_range", "Odds have at most nine digits before the point.")
    told = odds.quantize(_WORTH, ROUND_HALF_EVEN) if odds.as_tuple().exponent < -4 else odds  # type: ignore[operator]
    return f"{told:f}"


def _id(payload: Payload, name: str) -> str:
    if not payload.get(name):
        raise Refused("missing", f"SPORTSBOOK needs {name}: without it a bet and its settlement do not find each other.",
                      pointer_to(name))  # fmt: skip
    return str(payload[name])


def _key(payload: Payload, how: str) -> str:
    return key_of("sportsbook", _id(payload, "activity_id"), how, payload["status"])


def _refusing(name: str, detail: str) -> Schema:
    """A schema we know by name and do not apply: whoever sends it is told, and what was sent is kept."""

    def says(payload: Payload) -> Meaning:
        raise unsupported(name, detail)

    example = {"user_id": "anna", "timestamp": "2026-03-03T12:00:00Z", "origin": "northlight.example"}
    summary = f"Refused: {detail}"
    return Schema(name, summary, {"user_id": USER, "timestamp": TIME, "origin": ORIGIN}, {}, says=says, example=example)


_NO_TICKETS = "lottery tickets are not among what we keep of a player; send what was staked and won as CASINO."
_NO_HANDS = "poker is taken as rounds: send what was staked and won as CASINO."

SCHEMAS = [
    event(
        "SPORTSBOOK", "A sports bet, or its settlement, which names the bet in activity_id_reference. The Rollback of "
        "a bet makes it void.",
        {
            "amount": AMOUNT, "currency": CODE, "bet_type": one_of("Single", "Multi", "System", "Teaser"),
            "bets": LIST, "odds": RATE, "status": one_of("Approved", "Rollback"),
        },
        {
            "activity_id": nullable(identifier(64)), "activity_id_reference": nullable(identifier(64)),
            "type": one_of("Bet", "Settlement"), "settlement_type": nullable(text(60)), "is_cashout": FLAG,
            "reference_bet_amount": REST, **{name: nullable(AMOUNT) for name in PARTS}, "device_type": REST,
            "exchange_rate": nullable(RATE), "meta": REST,
        },
        says=_sportsbook,
        example={
            "user_id": "anna", "timestamp": "2026-03-03T12:00:00Z", "origin": "northlight.example",
            "activity_id": "b-501", "type": "Bet", "status": "Approved", "amount": 10, "currency": "GBP",
            "exchange_rate": 1.17, "bet_type": "Single", "odds": 1.85,
            "bets": [
                {
                    "event_name": "Arsenal – Everton", "odds": 1.85, "match_start": "2026-03-03T19:00:00Z",
                    "market": "1X2", "sports_name": "Football", "tournament_name": "Premier League",
                    "is_live": False, "outcomes": [{"name": "Arsenal"}],
                },
            ],
        },
    ),
    _refusing("LOTTERY", _NO_TICKETS),
    _refusing("LOTTERY_V2", _NO_TICKETS),
    _refusing("CART", "shopping carts are not among what we keep of a player."),
    _refusing("POKER", _NO_HANDS),
]  # fmt: skip
