"""Ready rules to start from; each opens in the builder, where it can be changed before it is saved."""

from dataclasses import dataclass
from typing import Any

from segments.permitted import Rights


@dataclass(frozen=True)
class Starter:
    key: str
    name: str
    why: str
    rule: dict[str, Any]
    protects: bool = False  # asks for signs of harm: only for whoever may know of them
    purpose: str = ""  # what it is for, where not everything may be sent to those it finds


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
        "bonus-only",
        "Deposits only with a bonus",
        "Every one of the last deposits came with a bonus: another one teaches them to wait for it.",
        {"all": [_leaf("deposits_with_bonus", "at_least", 100), _leaf("days_since_deposit", "less_than", 90)]},
    ),
    Starter(
        "high-stake-to-deposit",
        "High stakes for what they deposit",
        "Their usual bet is a tenth of their usual deposit or more: ten rounds and it is gone.",
        {"all": [_leaf("median_bet_to_deposit", "at_least", 10), _leaf("days_since_play", "less_than", 30)]},
    ),
    Starter(
        "night-players",
        "Players of the night",
        "More than half of their sessions begin between midnight and six. For protection messages only.",
        {"all": [_leaf("time_of_day", "more_than", 50, part="night"), _leaf("sessions_30d", "at_least", 8)]},
        protects=True,
        purpose="Protection messages only; nothing that promotes goes to them.",
    ),
    Starter(
        "unclaimed-offer",
        "An offer not claimed",
        "Something is waiting for them. A reminder is worth more than another offer.",
        {"all": [_leaf("open_offers", "at_least", 1), _leaf("days_since_login", "less_than", 30)]},
    ),
    Starter(
        "declined-yesterday",
        "Deposit declined yesterday",
        "Something went wrong with the payment: a service message that says how to mend it.",
        {"all": [_leaf("days_since_declined", "is", 1, days="calendar")]},
        purpose="A service message: no offer to deposit again.",
    ),
    Starter(
        "birthday-week",
        "Birthday within 7 days",
        "A greeting on the day, prepared a week ahead.",
        {"all": [_leaf("birthday", "within", 7), _leaf("status", "is", "active")]},
    ),
    Starter(
        "blackjack-regulars",
        "Live blackjack regulars",
        "Live tables are their home and blackjack is what they sit down to.",
        {
            "all": [
                _leaf("favourite_type", "is", "blackjack"),
                _leaf("top_category", "is", "live_casino"),
                _leaf("sessions_in_window", "at_least", 8, category="live_casino", window="30"),
            ]
        },
    ),
    Starter(
        "unengaged-email",
        "E-mails for 90 days and no answer",
        "Three or more e-mails, no goal reached and no visit: writing on harms whether mail arrives at all.",
        {
            "all": [
                _leaf("messages_sent", "at_least", 3, channel="email", within="90"),
                _leaf("goals_reached", "is", 0, within="90"),
                {"any": [_leaf("days_since_login", "at_least", 90), _leaf("days_since_login", "never")]},
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
        {"all": [_leaf("kyc", "is", "pending"), _leaf("days_since_kyc", "at_least", 5)]},
        purpose="A service message.",
    ),
    Starter(
        "back-again",
        "Back again",
        "Reactivated players: greet them, do not treat them as lost.",
        {"all": [_leaf("stage", "is", "reactivated")]},
    ),
)


def offered(rights: Rights) -> list[Starter]:
    """What this person may start from."""
    return [starter for starter in STARTERS if rights.protection or not starter.protects]


BY_KEY = {starter.key: starter for starter in STARTERS}
