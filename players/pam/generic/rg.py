"""Responsible gambling. In force when the answer arrives; what cannot be read denies the player."""

from datetime import datetime
from typing import Any

from players.pam.generic.fields import AMOUNT, CURRENCY, FLAG, INSTANT, SEQUENCE, UNTIL, count, one_of, text
from players.pam.generic.kinds import Field, Refused, Wrong, kind, pointer_to

_MEASURE = {"measure_id": text(100), "sequence": SEQUENCE}
_LIMIT = one_of(
    "deposit_limit", "net_deposit_limit", "cross_operator_limit", "loss_limit", "stake_limit", "wager_limit",
    "session_limit",
)  # fmt: skip
_PERIOD = one_of("day", "week", "month", "month_rolling")
_SCOPE = one_of("brand", "licensee", "group", "national")
_WEEKLY = {
    "measure_id": "lim-5", "sequence": 1, "kind": "deposit_limit", "period": "week", "amount": 2000,
    "currency": "GBP", "origin": "player",
}  # fmt: skip


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
    expires_at = properties.get("expires_at")
    if expires_at is not None and datetime.fromisoformat(expires_at) <= occurred_at:
        raise Refused("ends_before_start", "expires_at lies after occurred_at.", pointer_to("properties", "expires_at"))


def _no_restrictions(value: Any) -> list[Any]:
    if value != [] or type(value) is not list:
        raise Refused(
            "unknown_value", "Only [] is a baseline: send each restriction as an rg event of its own instead."
        )
    return value


_NOTHING = Field(
    _no_restrictions, {"type": "array", "maxItems": 0, "items": {}}, ((["self_exclusion"], "unknown_value"),)
)

_LEVEL = one_of("none", "low", "medium", "strong", "critical")
_END = Field(UNTIL.check, INSTANT.schema, UNTIL.wrong)

# Every word about a measure carries its sequence at the source: the highest counts, whatever order they come in.
KINDS = [
    kind(
        "rg.limit_set", "A limit starts or changes. amount: minor units, or minutes for a session_limit. Lowering counts "
        "at once; raising it, or another kind, period or currency, after the licence's waiting time, unless requested_at and "
        "effective_from say that it was kept. expires_at: the limit ends by itself then. month: the calendar "
        "month; month_rolling: the last 30 days.",
        _MEASURE | {
            "kind": _LIMIT, "period": _PERIOD, "amount": AMOUNT,
            "origin": one_of("player", "onboarding", "operator", "register"),
        },
        {"currency": CURRENCY, "effective_from": INSTANT, "requested_at": INSTANT, "expires_at": UNTIL},
        example=_WEEKLY, whole=_limit, at_once=True,
        wrong=(
            Wrong({name: value for name, value in _WEEKLY.items() if name != "currency"}, "missing", "/currency"),
            Wrong(_WEEKLY | {"expires_at": "2026-03-03T12:00:00Z"}, "ends_before_start", "/expires_at"),
        ),
    ),
    kind(
        "rg.limit_removed", "A limit is over, after the licence's waiting time unless requested_at and effective_from say that it "
        "was kept.",
        _MEASURE, {"effective_from": INSTANT, "requested_at": INSTANT}, example={"measure_id": "lim-5", "sequence": 2}, at_once=True,
    ),
    kind(
        "rg.limit_reached", "The player ran into a limit. Recorded for the compliance team; changes no restriction.",
        {"kind": _LIMIT, "period": _PERIOD},
        {"measure_id": text(100), "amount": AMOUNT, "attempted": AMOUNT, "currency": CURRENCY},
        example={"kind": "deposit_limit", "period": "week", "measure_id": "lim-5", "attempted": 5000, "currency": "GBP"},
        at_once=True,
    ),
    kind(
        "rg.reality_check", "The player was shown how long they have been playing. Recorded for the compliance team.",
        {"minutes": count(10_000, "Minutes played")}, {"acknowledged": FLAG},
        example={"minutes": 60, "acknowledged": True}, at_once=True,
    ),
    kind(
        "rg.contact", "The player, or somebody close, spoke to support about something that may be a sign of harm. "
        "harm_disclosed and money_worries stop promotions and bonuses before the answer arrives, and a person looks at it. "
        "lift_request: asks to lift or shorten a restriction; where a law says until when that is decided, a case opens with "
        "its clock.",
        {"topic": one_of("bonus_request", "harm_disclosed", "money_worries", "complaint", "lift_request")},
        {"by": one_of("player", "relative"), "reference": text(100)},
        example={"topic": "bonus_request", "by": "player", "reference": "ticket-118"}, at_once=True,
    ),
    kind(
        "rg.tool_viewed", "The player opened one of the tools to manage their play. completed: they used it.",
        {"tool": one_of("self_exclusion", "time_out", "limits", "reality_check"), "completed": FLAG},
        example={"tool": "self_exclusion", "completed": False}, at_once=True,
    ),
    kind(
        "rg.risk_scored", "What a detector outside says of the player: the newest of each model counts for 30 days. "
        "From strong on promotions and bonuses stop before the answer arrives.",
        {"level": _LEVEL, "model": text(60), "version": text(40)},
        {"score": count(1_000_000, "A score as the model gives it")},
        example={"level": "medium", "model": "outside-detector", "version": "4.2", "score": 61}, at_once=True,
    ),
    kind(
        "rg.time_out", "A short break with an end: nothing promotional until 24 hours after it. scope: for whom the player "
        "asked it; without it every brand of the group.",
        _MEASURE | {"ends_at": _END}, {"scope": _SCOPE, "effective_from": INSTANT}, example={"measure_id": "to-9", "sequence": 1, "ends_at": "2026-03-04T12:00:00Z"},
        whole=_time_out, at_once=True,
        wrong=(
            Wrong({"measure_id": "t", "sequence": 1, "ends_at": None}, "missing", "/ends_at"),
            Wrong({"measure_id": "t", "sequence": 1, "ends_at": "2026-03-03T11:00:00Z"}, "ends_before_start", "/ends_at"),
        ),
    ),
    kind(
        "rg.self_excluded", "A self-exclusion; ends_at null means for good. When the answer arrives nothing promotional "
        "is sent and no bonus given any more. Its end alone re-opens nothing: rg.lifted does. product: from that only. "
        "scope: for whom the player asked it; effective_from: it was asked for and begins then (it closes at once). "
        "auto_renew: it begins anew when its term is over.",
        _MEASURE | {"ends_at": UNTIL},
        {
            "register": text(40), "product": one_of("casino", "betting", "bingo"), "by": one_of("player", "third_party"),
            "scope": _SCOPE, "effective_from": INSTANT, "auto_renew": FLAG,
        },
        example={"measure_id": "se-3", "sequence": 1, "ends_at": None, "register": "gamstop"},
        whole=_ends_later, at_once=True,
        wrong=(
            Wrong({"measure_id": "s", "sequence": 1, "ends_at": "2026-03-03T12:00:00Z"}, "ends_before_start", "/ends_at"),
        ),
    ),
    kind(
        "rg.blocked", "The operator blocks marketing, bonuses or deposits for the person, finds them vulnerable, or a check "
        "of their means is due or came back adverse.",
        _MEASURE | {"what": one_of("marketing", "bonus", "deposits", "vulnerability", "check_due", "check_adverse")},
        example={"measure_id": "b-1", "sequence": 1, "what": "marketing"}, at_once=True,
    ),
    kind(
        "rg.lifted", "A measure is over: the player's return, or the operator's word. An exclusion opens after the wait of "
        "its licence; by authority: taken back, its least time does not count. superseded_by: the measure in its place.",
        _MEASURE, {"by": one_of("player", "operator", "authority"), "superseded_by": text(100)},
        example={"measure_id": "b-1", "sequence": 2}, at_once=True,
    ),
    kind(
        "rg.baseline", "The PAM states that nothing restricts this player at this moment. Without it, or restrictions "
        "none at registration, the player is unknown, and unknown means no.",
        {"restrictions": _NOTHING}, example={"restrictions": []}, at_once=True,
    ),
    kind(
        "rg.register_checked", "A national register was asked; the answer counts for 24 hours.",
        {
            "register": text(40),
            "result": one_of("clear", "listed", "unavailable"),
            "purpose": one_of("marketing", "login"),
        },
        example={"register": "gamstop", "result": "clear", "purpose": "marketing"}, at_once=True,
    ),
]  # fmt: skip
