"""Balances, and deposits and withdrawals with every status they reach."""

from players.models import Payment
from players.pam.generic.fields import AMOUNT, POSITIVE, SIGNED, text
from players.pam.generic.kinds import Kind, kind

_PAYMENT = {"payment_id": text(100), "amount": POSITIVE}
# instrument: which card, account or wallet it was, as the PAM's token; kept as a hash that tells the instruments of one
# account apart and nobody's from another's.
_DETAILS = {"method": text(30), "instrument": text(120), "reason": text(120), "fee": AMOUNT, "bonus_code": text(40)}
_EXAMPLE = {"payment_id": "p-1001", "amount": 5000, "method": "card"}

# What a status does, whatever order the statuses of a payment come in.
_DOES = {
    "requested": "Shown on the player's page; moves no money.",
    "approved": "The payment counts from here on, unless it is ever taken back.",
    "rejected": "A declined deposit is counted as such, unless the same payment was approved after all.",
    "cancelled": "Shown on the player's page; moves no money.",
    "rolled_back": "The payment never happened: it leaves every sum and window, whenever this arrives.",
    "charged_back": "The bank took the money back: the deposit leaves every sum and window, whenever this arrives.",
}


def _of(direction: Payment.Direction, status: Payment.Status) -> Kind:
    more = {"reason": "stolen card"} if status == Payment.Status.CHARGED_BACK else {}
    return kind(
        f"{direction}.{status}", f"{direction.label} {status.label.lower()}. {_DOES[status]}", _PAYMENT, _DETAILS,
        example=_EXAMPLE | more,
    )  # fmt: skip


KINDS = [
    kind(
        "balance.changed", "The balances after a change; the newest by occurred_at is the balance shown.",
        {"real": SIGNED, "bonus": SIGNED}, example={"real": 12050, "bonus": 0},
    ),
    *(
        _of(direction, status)
        for direction in Payment.Direction
        for status in Payment.Status
        if (direction, status) != (Payment.Direction.WITHDRAWAL, Payment.Status.CHARGED_BACK)
    ),
]  # fmt: skip
