"""BONUS: what became of a bonus of the operator's, or of one we gave and the operator echoes back."""

from typing import Any

from players.pam.fasttrack.members import AMOUNT, CODE, FLAG, RATE, identifier, nullable, one_of, text
from players.pam.fasttrack.members import ANYTHING as REST
from players.pam.fasttrack.schemas import Meaning, Payload, envelope, event, key_of, minor, unsupported

_STATUS = {
    "Pending": "offered", "Created": "offered", "Claimed": "claimed", "Ongoing": "active", "Completed": "completed",
    "AutoCompleted": "completed", "Forfeited": "forfeited", "Expired": "expired", "Lost": "lost",
    "Reversed": "cancelled", "NotApplicable": "",
}  # fmt: skip
_TYPE = {
    "NoDeposit": "no_deposit", "WelcomeBonus": "welcome", "CashbackBonus": "cashback", "ReloadBonus": "reload",
    "WagerFree": "wager_free", "FreeSpins": "free_spins", "RiskFreeBet": "risk_free_bet", "Undefined": "other",
}  # fmt: skip
_PRODUCT = {"Casino": "casino", "Sportsbook": "betting", "Lotto": "lottery", "Poker": "poker"}


def _bonus(payload: Payload) -> Meaning:
    status = _STATUS[payload["status"]]
    if not status:
        raise unsupported("BONUS", "a bonus that is NotApplicable has no status we could show.", "status")
    ours = _reference(payload.get("fasttrack_references"))
    return Meaning(
        envelope(
            "bonus.status",
            key_of("bonus", payload["user_bonus_id"], payload["status"]),
            payload,
            grant_ref=ours,
            bonus_ref=None if ours else payload["user_bonus_id"],
            status=status,
            amount=minor(payload, "amount"),
            type=_TYPE[payload["type"]],
            product=_PRODUCT[payload["product"]],
        )
    )


def _reference(echoed: Any) -> str | None:
    """What our own credit call was marked with; the operator sends it back so that the cost finds its bonus."""
    marked = echoed.get("id") if isinstance(echoed, dict) else None
    return None if marked in (None, "") else str(identifier(100).check(marked))


SCHEMAS = [
    event(
        "BONUS", "A bonus reached a status. `fasttrack_references.id` is the reference of a bonus we gave.",
        {
            "user_bonus_id": identifier(80), "bonus_id": identifier(100), "type": one_of(*_TYPE),
            "status": one_of(*_STATUS), "product": one_of(*_PRODUCT), "amount": AMOUNT, "currency": CODE,
            "exchange_rate": RATE,
        },
        {
            "bonus_code": nullable(text(100)), "bonus_turned_real": REST, "locked_amount": REST,
            "required_wagering_amount": REST, "is_free_money": FLAG, "meta": REST, "fasttrack_references": REST,
        },
        says=_bonus, routes=(("POST", "/v1/integration/bonus"),),
        example={
            "user_id": "anna", "timestamp": "2026-03-03T12:00:00Z", "origin": "northlight.example",
            "user_bonus_id": "ub-17", "bonus_id": "9", "type": "ReloadBonus", "status": "Ongoing",
            "product": "Casino", "amount": 20, "currency": "GBP", "exchange_rate": 1.17,
            "required_wagering_amount": 700,
        },
    )
]  # fmt: skip
