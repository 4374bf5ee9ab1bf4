"""What became of a bonus, as the PAM sees it: one we granted (`grant_ref`) or one of its own (`bonus_ref`)."""

from datetime import datetime
from typing import Any

from players.models import PlayerBonus
from players.pam.generic.fields import AMOUNT, one_of, text
from players.pam.generic.kinds import Refused, Wrong, kind, pointer_to

_REFS = {"grant_ref": text(100), "bonus_ref": text(100)}


def _one_reference(properties: dict[str, Any], occurred_at: datetime) -> None:
    if ("grant_ref" in properties) == ("bonus_ref" in properties):
        reason = "contradiction" if "grant_ref" in properties else "missing"
        raise Refused(
            reason, "Name the bonus once: grant_ref for one granted by us, bonus_ref for one of your own.",
            pointer_to("properties", "bonus_ref"),
        )  # fmt: skip


KINDS = [
    kind(
        "bonus.status", "What became of a bonus. With grant_ref the ledger follows: claimed and active answer a credit, "
        "forfeited, expired, lost and cancelled end it. With bonus_ref it is shown and counted as a bonus of the PAM.",
        {"status": one_of(*PlayerBonus.Status.values)},
        _REFS | {"amount": AMOUNT, "type": one_of(*PlayerBonus.Type.values), "product": one_of(*PlayerBonus.Product.values)},
        example={"bonus_ref": "ub-17", "status": "active", "amount": 2000, "type": "reload", "product": "casino"},
        whole=_one_reference, any_of=("grant_ref", "bonus_ref"),
        wrong=(
            Wrong({"status": "active"}, "missing", "/bonus_ref"),
            Wrong({"status": "active", "grant_ref": "g", "bonus_ref": "b"}, "contradiction", "/bonus_ref"),
        ),
    ),
    kind(
        "bonus.wagered", "How far the wagering of a bonus is: done of required, minor units; the newest counts. Shown on "
        "the player's page. Our own grants count their bets themselves.",
        {"required": AMOUNT, "done": AMOUNT}, _REFS,
        example={"bonus_ref": "ub-17", "required": 70000, "done": 12500},
        whole=_one_reference, any_of=("grant_ref", "bonus_ref"),
        wrong=(Wrong({"required": 1, "done": 0}, "missing", "/bonus_ref"),),
    ),
    *(
        kind(
            f"bonus.{status}", f"A bonus granted by us was {status}: the older way to say bonus.status {status}.",
            {"grant_ref": text(100)}, example={"grant_ref": "g-2026-17"},
        )
        for status in ("claimed", "forfeited", "expired")
    ),
]  # fmt: skip
