"""Sessions, and rounds: closed ones, or bet by bet and win by win where the PAM never says that one is closed.

A bet and a win told alone are folded as rounds of their own (`round.bet` r-1/b-1 becomes the round "r-1:b-1",
`round.win` r-1/w-1 the round "r-1:w-1:win" that stands for no bet). So sums, order and repetition follow one
set of rules, and what is taken back names the bet or the win.

Locked money is the player's own, held back while a bonus is played: it counts with the real money, and the row
keeps how much of it was locked. A jackpot is part of the win.
"""

from datetime import datetime, timedelta
from typing import Any

from players.pam.generic.fields import AMOUNT, CATEGORY, FLAG, INSTANT, text
from players.pam.generic.kinds import Refused, Wrong, kind, pointer_to

LONGEST_SESSION = timedelta(days=2)
LONGEST_ID = 100
_WHAT = {"category": CATEGORY, "game_id": text(64)}
_NAMED = ("category", "game_id")
_STAKES = {"stake_real": AMOUNT, "stake_bonus": AMOUNT}
_WINS = {"win_real": AMOUNT, "win_bonus": AMOUNT}
_SLOTS = {"category": "slots", "stake_real": 200, "stake_bonus": 0, "win_real": 350, "win_bonus": 0}


def _session(properties: dict[str, Any], occurred_at: datetime) -> None:
    length = occurred_at - datetime.fromisoformat(properties["started_at"])
    if not timedelta(0) <= length <= LONGEST_SESSION:
        raise Refused(
            "implausible", "A session ends after it started and within two days; occurred_at is its end.",
            pointer_to("properties", "started_at"),
        )  # fmt: skip


def _named(properties: dict[str, Any]) -> None:
    if "category" not in properties and "game_id" not in properties:
        raise Refused("missing", "A round names its category or its game_id.", pointer_to("properties", "category"))


def _round(properties: dict[str, Any], occurred_at: datetime) -> None:
    _named(properties)
    if "stake_locked" in properties:
        properties["stake_real"] += properties["stake_locked"]
    if "win_locked" in properties:
        properties["win_real"] += properties["win_locked"]
    if properties.get("jackpot_win", 0) > properties["win_real"] + properties["win_bonus"]:
        raise Refused(
            "implausible", "A jackpot is part of the win: jackpot_win is at most what was won.",
            pointer_to("properties", "jackpot_win"),
        )  # fmt: skip


def _bet(properties: dict[str, Any], occurred_at: datetime) -> None:
    properties["round_id"] = _own_id(properties, "bet_id")
    properties |= {"win_real": 0, "win_bonus": 0}
    _round(properties, occurred_at)


def _win(properties: dict[str, Any], occurred_at: datetime) -> None:
    properties["round_id"] = _own_id(properties, "win_id", ":win")
    properties |= {"stake_real": 0, "stake_bonus": 0, "bets": 0}
    _round(properties, occurred_at)


def _taken_back(properties: dict[str, Any], occurred_at: datetime) -> None:
    if "bet_id" in properties and "win_id" in properties:
        raise Refused("contradiction", "One event takes back one bet or one win.", pointer_to("properties", "win_id"))
    if "bet_id" in properties:
        properties["round_id"] = _own_id(properties, "bet_id")
    elif "win_id" in properties:
        properties["round_id"] = _own_id(properties, "win_id", ":win")


def _own_id(properties: dict[str, Any], name: str, end: str = "") -> str:
    own = f"{properties['round_id']}:{properties[name]}{end}"
    if len(own) > LONGEST_ID:
        raise Refused(
            "too_long", f"round_id and {name} together have at most {LONGEST_ID - len(end) - 1} characters.",
            pointer_to("properties", name),
        )  # fmt: skip
    return own


KINDS = [
    kind(
        "session.started", "A game session began; occurred_at is its start. The player counts as playing now until "
        "session.ended with the same id, player.logout, or for two days.",
        {"session_id": text(100), "category": CATEGORY}, {"game_id": text(64), "device": text(12)},
        example={"session_id": "s-77", "category": "slots", "device": "mobile"},
    ),
    kind(
        "session.ended", "A game session is over; occurred_at is its end. Its length counts; session.started is not "
        "needed for that.",
        {"session_id": text(100), "started_at": INSTANT, "category": CATEGORY},
        {"game_id": text(64), "device": text(12)},
        example={"session_id": "s-77", "started_at": "2026-03-03T11:15:00Z", "category": "slots", "device": "mobile"},
        whole=_session,
        wrong=(
            Wrong({"session_id": "s", "started_at": "2026-03-03T12:00:01Z", "category": "slots"}, "implausible",
                  "/started_at"),
            Wrong({"session_id": "s", "started_at": "2026-03-01T11:59:59Z", "category": "slots"}, "implausible",
                  "/started_at"),
        ),
    ),
    kind(
        "round.settled", "A closed round or a settled sports bet: what was staked and what was won. One of category "
        "and game_id must be there. stake_locked and win_locked come on top of real and bonus; jackpot_win is the "
        "part of the win that a jackpot paid.",
        {"round_id": text(100)} | _STAKES | _WINS,
        _WHAT | {
            "session_id": text(100), "stake_locked": AMOUNT, "win_locked": AMOUNT, "jackpot_win": AMOUNT,
            "is_free_spin": FLAG,
        },
        example={"round_id": "r-90210", "session_id": "s-77"} | _SLOTS,
        whole=_round, any_of=_NAMED,
        wrong=(
            Wrong({name: value for name, value in _SLOTS.items() if name != "category"} | {"round_id": "r"},
                  "missing", "/category"),
            Wrong({"round_id": "r", "jackpot_win": 351} | _SLOTS, "implausible", "/jackpot_win"),
        ),
    ),
    kind(
        "round.bet", "One bet of a round that is told bet by bet and win by win. Counts at once.",
        {"round_id": text(98), "bet_id": text(98)} | _STAKES,
        _WHAT | {"session_id": text(100), "stake_locked": AMOUNT, "is_free_spin": FLAG},
        example={"round_id": "r-90211", "bet_id": "t-1", "stake_real": 200, "stake_bonus": 0, "category": "slots"},
        whole=_bet, any_of=_NAMED, folds_as="round.settled",
        wrong=(
            Wrong({"round_id": "r", "bet_id": "t", "stake_real": 1, "stake_bonus": 0}, "missing", "/category"),
            Wrong({"round_id": "r" * 60, "bet_id": "t" * 40, "stake_real": 1, "stake_bonus": 0, "category": "slots"},
                  "too_long", "/bet_id"),
        ),
    ),
    kind(
        "round.win", "One win of a round that is told bet by bet and win by win. Counts at once.",
        {"round_id": text(98), "win_id": text(94)} | _WINS,
        _WHAT | {"session_id": text(100), "win_locked": AMOUNT, "jackpot_win": AMOUNT, "is_free_spin": FLAG},
        example={"round_id": "r-90211", "win_id": "t-2", "win_real": 350, "win_bonus": 0, "category": "slots"},
        whole=_win, any_of=_NAMED, folds_as="round.settled",
        wrong=(
            Wrong({"round_id": "r", "win_id": "t", "win_real": 1, "win_bonus": 0}, "missing", "/category"),
            Wrong({"round_id": "r", "win_id": "t", "win_real": 1, "win_bonus": 0, "category": "slots",
                   "jackpot_win": 2}, "implausible", "/jackpot_win"),
        ),
    ),
    kind(
        "round.rolled_back", "The supplier took a round back: stake and win both vanish, whether this comes before or "
        "after them. Where the round was told bet by bet, name the bet_id or win_id that is taken back.",
        {"round_id": text(100)}, {"bet_id": text(98), "win_id": text(94)}, example={"round_id": "r-90210"},
        whole=_taken_back,
        wrong=(Wrong({"round_id": "r", "bet_id": "t-1", "win_id": "t-2"}, "contradiction", "/win_id"),),
    ),
]  # fmt: skip
