"""Balances, and deposits and withdrawals with every status they reach."""

from players.models import Payment
from players.pam.generic.fields import POSITIVE, SIGNED, text
from players.pam.generic.kinds import kind

_PAYMENT = {"payment_id": text(100), "amount": POSITIVE}
_DETAILS = {"method": text(30), "reason": text(120)}
_EXAMPLE = {"payment_id": "p-1001", "amount": 5000, "method": "card"}

KINDS = [
    kind(
        "balance.changed", "The balances after a change.",
        {"real": SIGNED, "bonus": SIGNED}, example={"real": 12050, "bonus": 0},
    ),
    *(
        kind(f"{direction}.{status}", f"{direction.label} {status.label.lower()}.", _PAYMENT, _DETAILS, example=_EXAMPLE)
        for direction in Payment.Direction
        for status in Payment.Status
    ),
]  # fmt: skip
