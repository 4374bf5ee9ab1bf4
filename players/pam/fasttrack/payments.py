"""PAYMENT: Credit is a deposit, Debit a withdrawal; a card is first authorised, then captured or let go."""

from players.pam.fasttrack.members import AMOUNT, CODE, RATE, identifier, nullable, one_of, text
from players.pam.fasttrack.members import ANYTHING as REST
from players.pam.fasttrack.schemas import Meaning, Payload, envelope, event, key_of, minor, unsupported

_REACHED = {
    "Requested": "requested", "Approved": "approved", "Rejected": "rejected", "Cancelled": "cancelled",
    "Rollback": "rolled_back",
}  # fmt: skip
# (type, status) -> event of ours. An authorisation moves no money yet: it is a deposit asked for. A void that
# was not approved leaves everything as it is, and there is nothing we could record of it.
MEANS = {
    **{("Credit", status): f"deposit.{reached}" for status, reached in _REACHED.items()},
    **{("Debit", status): f"withdrawal.{reached}" for status, reached in _REACHED.items()},
    **{("Capture", status): f"deposit.{reached}" for status, reached in _REACHED.items()},
    ("Authorization", "Requested"): "deposit.requested",
    ("Authorization", "Approved"): "deposit.requested",
    ("Authorization", "Rejected"): "deposit.rejected",
    ("Authorization", "Cancelled"): "deposit.cancelled",
    ("Authorization", "Rollback"): "deposit.cancelled",
    ("Void", "Approved"): "deposit.cancelled",
}
_EXPLAINED = ("rejected", "cancelled", "rolled_back")


def _payment(payload: Payload) -> Meaning:
    how, status = payload["type"], payload["status"]
    kind = MEANS.get((how, status))
    if kind is None:
        raise unsupported("PAYMENT", f"a {how} that is {status} changes nothing we record.", "status")
    fee = payload.get("fee_amount")
    return Meaning(
        envelope(
            kind,
            key_of("payment", payload["payment_id"], how, status),
            payload,
            payment_id=payload["payment_id"],
            amount=minor(payload, "amount"),
            method=(payload.get("vendor_name") or payload["vendor_id"])[:30] or None,
            fee=None if fee is None else minor(payload, "fee_amount"),
            bonus_code=payload.get("bonus_code") or None,
            reason=((payload.get("note") or "")[:120].strip() or None) if kind.endswith(_EXPLAINED) else None,
        )
    )


SCHEMAS = [
    event(
        "PAYMENT", "A deposit or withdrawal reached a status. An Authorization is a deposit asked for, its Capture "
        "the deposit itself, a Void lets it go.",
        {
            "payment_id": identifier(100), "amount": AMOUNT, "currency": CODE,
            "type": one_of("Credit", "Debit", "Authorization", "Capture", "Void"), "status": one_of(*_REACHED),
            "vendor_id": identifier(100),
        },
        {
            "vendor_name": nullable(text(200)), "exchange_rate": nullable(RATE), "fee_amount": nullable(AMOUNT),
            "bonus_code": nullable(text(40)), "deposit_count": REST, "withdraw_count": REST,
            "note": nullable(text(2000)), "meta": REST,
        },
        says=_payment, routes=(("POST", "/v1/integration/payment"),),
        example={
            "user_id": "anna", "timestamp": "2026-03-03T12:00:00Z", "origin": "northlight.example",
            "payment_id": "p-1001", "amount": 50.25, "currency": "GBP", "exchange_rate": 1.17, "type": "Credit",
            "status": "Approved", "vendor_id": "12", "vendor_name": "card", "fee_amount": 0.5,
        },
    )
]  # fmt: skip
