"""CASINO and GAME: bets and wins one by one, and the catalogue they are played from."""

from decimal import Decimal
from typing import Any

from players.pam.fasttrack.members import (
    AMOUNT,
    CODE,
    FLAG,
    ORIGIN,
    RATE,
    identifier,
    nullable,
    one_of,
    text,
)
from players.pam.fasttrack.members import ANYTHING as REST
from players.pam.fasttrack.schemas import Meaning, Payload, Schema, envelope, event, key_of, minor
from players.pam.generic.kinds import Refused, pointer_to

PARTS = {"wager_amount": "real", "bonus_wager_amount": "bonus", "locked_wager_amount": "locked"}

# The senders' words for what we call a category, letters only.
_CATEGORIES = {
    "slots": "slot slots videoslot videoslots classicslots jackpot jackpots jackpotslots megaways reels",
    "live_casino": "live livecasino livedealer livegame livegames livetable livetables liveroulette liveblackjack",
    "table": "table tables tablegame tablegames roulette blackjack baccarat cardgames casinotable",
    "sports": "sport sports sportsbook",
    "poker": "poker videopoker casinopoker",
    "bingo": "bingo",
    "virtuals": "virtual virtuals virtualsport virtualsports",
    "crash": "crash crashgame crashgames",
    "other": "other scratch scratchcard scratchcards keno lottery lotto arcade instantwin instantgames dice",
}
_BY_WORD = {word: category for category, words in _CATEGORIES.items() for word in words.split()}


def category_of(word: str | None) -> str | None:
    """Our category for a vendor's game type; None when it says nothing we know."""
    return _BY_WORD.get("".join(filter(str.isalpha, (word or "").lower())))


def split(payload: Payload, total: str, parts: dict[str, str]) -> dict[str, int]:
    """Minor units of real, bonus and locked money. What is not told of them is real money; parts that do not add up
    are refused, because nobody knows which of the numbers is wrong."""
    whole = minor(payload, total)
    given = {ours: minor(payload, name) for name, ours in parts.items() if payload.get(name) is not None}
    rest = whole - sum(given.values())
    money = {"real": max(0, rest), "bonus": 0, "locked": 0} | given
    if sum(money.values()) != whole:
        raise Refused("sum_differs", f"{total} is the sum of {', '.join(parts)}.", pointer_to(total))
    return money


def _casino(payload: Payload) -> Meaning:
    money = split(payload, "amount", PARTS)
    is_bet = payload["type"] == "Bet"
    names = {"round_id": payload["round_id"], "bet_id" if is_bet else "win_id": payload["activity_id"]}
    natural = ("casino", payload["activity_id"], payload["type"])
    if payload["status"] == "Rollback":
        return Meaning(envelope("round.rolled_back", key_of(*natural, "Rollback"), payload, **names))
    if payload["type"] == "Loss":  # the bet has said what was lost: nothing came back
        money = dict.fromkeys(money, 0)
    side = "stake" if is_bet else "win"
    said: dict[str, Any] = {f"{side}_real": money["real"], f"{side}_bonus": money["bonus"]}
    if money["locked"]:
        said[f"{side}_locked"] = money["locked"]
    if payload.get("is_free_money"):
        said["is_free_spin"] = True
    said |= {"game_id": payload["game_id"], "category": category_of(payload.get("game_type"))}
    return Meaning(envelope("round.bet" if is_bet else "round.win", key_of(*natural), payload, **names, **said))


def _game(payload: Payload) -> Meaning:
    category = category_of(payload.get("subcategory")) or category_of(payload.get("category"))
    if payload["is_live"] and category in (None, "table", "other"):
        category = "live_casino"  # some senders mean by it that the game can be played: a slot stays a slot
    if category is None:
        raise Refused("unknown_category", f"One of: {', '.join(sorted(_BY_WORD))}.", pointer_to("category"))
    rtp = payload.get("rtp")
    if rtp is not None and not (Decimal(1) < rtp <= 100 and rtp == round(rtp, 2)):
        raise Refused("out_of_range", "rtp is a percentage like 96.21, with at most two decimals.", pointer_to("rtp"))
    return Meaning(
        game={
            "external_id": payload["game_id"], "title": payload["name"], "category": category,
            "provider": (payload.get("provider") or "")[:60], "rtp": rtp,
            "type": (payload.get("subcategory") or "")[:40],
        },
        note="The game is in the catalogue.",
    )  # fmt: skip


SCHEMAS = [
    event(
        "CASINO", "A bet, a win or a loss of a round. A Rollback takes back the activity of the same activity_id and "
        "type, before or after it. A Loss returns nothing.",
        {
            "activity_id": identifier(80), "round_id": identifier(94), "type": one_of("Bet", "Win", "Loss"),
            "status": one_of("Approved", "Rollback"), "amount": AMOUNT, "currency": CODE, "exchange_rate": RATE,
            "game_id": identifier(64), "game_name": text(200), "vendor_id": identifier(100), "is_round_end": REST,
        },
        {
            "game_type": nullable(text(60)), **{name: nullable(AMOUNT) for name in PARTS}, "balance_before": REST,
            "balance_after": REST, "vendor_name": REST, "is_free_money": FLAG, "meta": REST,
        },
        says=_casino, routes=(("POST", "/v1/integration/casino"),),
        example={
            "user_id": "anna", "timestamp": "2026-03-03T12:00:00Z", "origin": "northlight.example",
            "activity_id": "a-1", "round_id": "r-1", "type": "Bet", "status": "Approved", "amount": 2,
            "wager_amount": 1.5, "bonus_wager_amount": 0.5, "locked_wager_amount": 0, "currency": "GBP",
            "exchange_rate": 1.17, "game_id": "copper-canyon", "game_name": "Copper Canyon", "game_type": "Slot",
            "vendor_id": "7", "is_round_end": False, "balance_before": 20, "balance_after": 18,
        },
    ),
    Schema(
        "GAME", "A game of the catalogue.",
        {"game_id": identifier(64), "name": text(120), "is_live": FLAG},
        {
            "category": nullable(text(60)), "subcategory": nullable(text(60)), "provider": nullable(text(200)),
            "rtp": nullable(RATE), "slug": REST, "supported_devices": REST, "origin": nullable(ORIGIN),
        },
        says=_game,
        example={
            "game_id": "copper-canyon", "name": "Copper Canyon", "is_live": False, "category": "Slots",
            "provider": "Sixfold Studio", "rtp": 96.2, "slug": "copper-canyon", "origin": "northlight.example",
        },
    ),
]  # fmt: skip
