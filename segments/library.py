"""Ready rules to start from; each opens in the builder, where it can be changed before it is saved."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Starter:
    key: str
    name: str
    why: str
    rule: dict[str, Any]


def _leaf(attribute: str, op: str, value: Any = None, **params: str) -> dict[str, Any]:
    data: dict[str, Any] = {"attribute": attribute, "op": op}
    return data | ({"params": params} if params else {}) | ({} if value is None else {"value": value})


STARTERS = (
    Starter(
        "long-slots-silent",
        "Slots, long sessions, silent for 14 days",
        "They liked what they played and stopped: the classic win-back.",
        {
            "all": [
                _leaf("top_category", "is", "slots"),
                _leaf("days_since_play", "at_least", 14),
                _leaf("last5_average", "more_than", 45),
            ]
        },
    ),
    Starter(
        "registered-no-deposit",
        "Registered, no deposit after 3 days",
        "Opened an account and hesitates. A short, helpful message works better than an offer.",
        {"all": [_leaf("stage", "is", "registered"), _leaf("days_since_registration", "at_least", 3)]},
    ),
    Starter(
        "no-second-deposit",
        "First deposit, no second within 7 days",
        "The second deposit decides whether somebody becomes a customer.",
        {"all": [_leaf("deposits", "is", 1), _leaf("days_since_first_deposit", "at_least", 7)]},
    ),
    Starter(
        "slots-slipping",
        "Slots players slipping away",
        "Active until lately, mostly on slots.",
        {"all": [_leaf("stage", "is", "at_risk"), _leaf("top_category", "is", "slots")]},
    ),
    Starter(
        "live-slipping",
        "Live casino players slipping away",
        "Active until lately, mostly at live tables.",
        {"all": [_leaf("stage", "is", "at_risk"), _leaf("top_category", "is", "live_casino")]},
    ),
    Starter(
        "sports-slipping",
        "Sports bettors slipping away",
        "Active until lately, mostly on sports.",
        {"all": [_leaf("stage", "is", "at_risk"), _leaf("top_category", "is", "sports")]},
    ),
    Starter(
        "sports-only",
        "Sports only",
        "Nine of ten stakes on sports: casino news would only annoy them.",
        {
            "all": [
                _leaf("category_share", "at_least", 90, category="sports"),
                _leaf("days_since_play", "less_than", 30),
            ]
        },
    ),
    Starter(
        "live-regulars",
        "Live casino regulars",
        "Eight or more sessions a month and most of their stakes at live tables.",
        {
            "all": [
                _leaf("sessions_30d", "at_least", 8),
                _leaf("category_share", "more_than", 50, category="live_casino"),
            ]
        },
    ),
    Starter(
        "lapsed-30-90",
        "Lapsed for 30 to 90 days",
        "Gone long enough to miss, not long enough to be forgotten.",
        {"all": [_leaf("days_since_play", "between", [30, 90]), _leaf("deposits", "at_least", 1)]},
    ),
    Starter(
        "kyc-pending",
        "Identity check pending for 5 days",
        "A service message helps them to finish.",
        {"all": [_leaf("kyc", "is", "pending"), _leaf("days_since_registration", "at_least", 5)]},
    ),
    Starter(
        "back-again",
        "Back again",
        "Reactivated players: greet them, do not treat them as lost.",
        {"all": [_leaf("stage", "is", "reactivated")]},
    ),
)
BY_KEY = {starter.key: starter for starter in STARTERS}
