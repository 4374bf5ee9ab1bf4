"""Responsible gambling. In force when the answer arrives; what cannot be read denies the player."""

from datetime import datetime
from typing import Any

from players.pam.generic.fields import AMOUNT, CURRENCY, INSTANT, SEQUENCE, UNTIL, one_of, text
from players.pam.generic.kinds import Field, Refused, kind, pointer_to

_MEASURE = {"measure_id": text(100), "sequence": SEQUENCE}


def _ends_later(properties: dict[str, Any], occurred_at: datetime) -> None:
    ends_at = properties["ends_at"]
    if ends_at is not None and datetime.fromisoformat(ends_at) <= occurred_at:
        raise Refused("ends_before_start", "ends_at lies after occurred_at.", pointer_to("properties", "ends_at"))


def _time_out(properties: dict[str, Any], occurred_at: datetime) -> None:
    if properties["ends_at"] is None:
        raise Refused(
            "missing", "A time-out has an end; a break for good is rg.self_excluded.",
            pointer_to("properties", "ends_at"),
        )  # fmt: skip
    _ends_later(properties, occurred_at)


def _limit(properties: dict[str, Any], occurred_at: datetime) -> None:
    if properties["kind"] != "session_limit" and "currency" not in properties:
        raise Refused("missing", "A limit on money names its currency.", pointer_to("properties", "currency"))


def _no_restrictions(value: Any) -> list[Any]:
    if value != [] or type(value) is not list:
        raise Refused(
            "unknown_value", "Only [] is a baseline: send each restriction as an rg event of its own instead."
        )
    return value


KINDS = [
    kind(
        "rg.limit_set", "A limit starts or changes. amount: minor units, or minutes for a session_limit.",
        _MEASURE | {
            "kind": one_of("deposit_limit", "loss_limit", "stake_limit", "session_limit"),
            "period": one_of("day", "week", "month"),
            "amount": AMOUNT,
            "origin": one_of("player", "onboarding", "operator", "register"),
        },
        {"currency": CURRENCY, "effective_from": INSTANT},
        example={
            "measure_id": "lim-5", "sequence": 1, "kind": "deposit_limit", "period": "week", "amount": 2000,
            "currency": "GBP", "origin": "player",
        },
        whole=_limit, at_once=True,
    ),
    kind(
        "rg.limit_removed", "A limit is over.", _MEASURE, {"effective_from": INSTANT},
        example={"measure_id": "lim-5", "sequence": 2}, at_once=True,
    ),
    kind(
        "rg.time_out", "A short break with an end.", _MEASURE | {"ends_at": UNTIL},
        example={"measure_id": "to-9", "sequence": 1, "ends_at": "2026-03-04T12:00:00Z"},
        whole=_time_out, at_once=True,
    ),
    kind(
        "rg.self_excluded", "A self-exclusion; ends_at null means for good.",
        _MEASURE | {"ends_at": UNTIL}, {"register": text(40)},
        example={"measure_id": "se-3", "sequence": 1, "ends_at": None, "register": "gamstop"},
        whole=_ends_later, at_once=True,
    ),
    kind(
        "rg.blocked", "The operator blocks marketing or bonuses.", _MEASURE | {"what": one_of("marketing", "bonus")},
        example={"measure_id": "b-1", "sequence": 1, "what": "marketing"}, at_once=True,
    ),
    kind(
        "rg.lifted", "A measure is over.", _MEASURE, example={"measure_id": "b-1", "sequence": 2}, at_once=True,
    ),
    kind(
        "rg.baseline", "The PAM states that nothing restricts this player at this moment.",
        {"restrictions": Field(_no_restrictions, {"type": "array", "maxItems": 0, "items": {}})},
        example={"restrictions": []}, at_once=True,
    ),
    kind(
        "rg.register_checked", "A national register was asked.",
        {
            "register": text(40),
            "result": one_of("clear", "listed", "unavailable"),
            "purpose": one_of("marketing", "login"),
        },
        example={"register": "gamstop", "result": "clear", "purpose": "marketing"}, at_once=True,
    ),
]  # fmt: skip
