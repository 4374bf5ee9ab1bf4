"""A body of /api/v1/clearances as questions to the gate."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from compliance import vocabulary
from compliance.asking import Ask, Incentive, Request
from compliance.models import Consent
from compliance.models.decision import Purpose
from config.lib.money import is_known
from players.api.members import Check, Wrong, list_of, object_of, one_of, text, whole, yes_no

MOST = 500  # the gate's own bound (compliance.gate.MOST)
CHANNELS = tuple(sorted(vocabulary.CHANNELS - {"webhook"}))
USES = ("ads", "affiliate", "phone")  # of an address, beside writing to it
PRODUCTS = tuple(Consent.Product.values)
CRITERIA, INCENTIVES, CONTENT = (
    tuple(sorted(words)) for words in (vocabulary.CRITERIA, vocabulary.INCENTIVES, vocabulary.CONTENT)
)
GAMES = tuple(sorted({*vocabulary.PRODUCT_OF, *PRODUCTS}))
_MOST_MONEY = 10**15


def _currency(value: Any) -> str:
    if not isinstance(value, str) or not is_known(value):
        raise Wrong("A currency is an ISO code like EUR, or one of the operator's own.")
    return value


def _times(value: Any) -> Decimal:
    """0 to 1000, whole or with a point."""
    if type(value) not in (int, Decimal) or not 0 <= value <= 1000:
        raise Wrong("A number from 0 to 1000: how many times.")
    return Decimal(value)


_AMOUNT = whole(0, _MOST_MONEY)
_PRODUCTS = list_of(one_of(*PRODUCTS), most=len(PRODUCTS))
REQUIRED: Mapping[str, Check] = {
    "purpose": one_of(*Purpose.values),
    "channel": one_of(*CHANNELS),
    "reference": text(80),
    "players": list_of(text(64), most=MOST),
}
OPTIONAL: Mapping[str, Check] = {
    "products": _PRODUCTS,
    "content": list_of(one_of(*CONTENT), most=len(CONTENT)),
    "audience": whole(1, 10**9),
    "criteria": list_of(one_of(*CRITERIA), most=len(CRITERIA)),
    "ask": object_of({"kind": one_of("deposit", "stake"), "amount": _AMOUNT, "currency": _currency}),
    "incentive": object_of(
        {"type": one_of(*INCENTIVES), "value": _AMOUNT, "currency": _currency},
        {
            "wagering": _times, "wagering_base": one_of("bonus", "deposit_bonus"), "days": whole(1, 3650),
            "products": list_of(one_of("any", *PRODUCTS), most=len(PRODUCTS)),
            "stake": whole(1, _MOST_MONEY), "on_winnings": yes_no, "deposit": _AMOUNT, "needs": _AMOUNT, "together": _AMOUNT,
            "counts": list_of(one_of(*GAMES), most=len(GAMES)), "least_share": whole(1, 100),
        },
    ),
}  # fmt: skip


def questions(given: Mapping[str, Any], players: Mapping[str, int], key: str, day: date) -> dict[str, Request]:
    """Id in the PAM -> the question about that player, for those we know. `key`: who asks, part of the reference.

    Asked again on the same `day` it is about the same message; on another it is one more (POL-09, SE-04).
    """
    offer, ask = given.get("incentive"), given.get("ask")
    sets = {name: frozenset(offer.get(name, ())) for name in ("products", "counts")} if offer else {}
    incentive = offer and Incentive(**(offer | sets))
    wanted = ask and Ask(**ask)
    return {
        name: Request(
            player_id=players[name],
            purpose=Purpose(given["purpose"]),
            channel=given["channel"],
            products=frozenset(given.get("products", ())),
            criteria=frozenset(given.get("criteria", ("manual",))),
            reference=f"outside:{key}:{given['reference']}@{day:%Y%m%d}",
            ask=wanted or None,
            incentive=incentive or None,
            content=frozenset(given.get("content", ())),
            audience=given.get("audience"),
        )
        for name in given["players"]
        if name in players
    }
