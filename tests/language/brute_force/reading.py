"""The registry of readings: attribute -> what it is worth for one life, and what it selects players by."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tests.language.brute_force.house import Moment
from tests.language.brute_force.told import Life

# number   int or Fraction in the unit of the attribute; None = unknown, nothing holds
# money    the same in minor units; only of accounts in the currency the rule names
# since    instant, None = never
# within   instant of the k-th newest, None = never so many
# word     one word of the rule's vocabulary, '' = none
# words    several at once
# age      birth date, None = unknown
# birthday the same
# flag     True or False
# own      a value of the kind the brand declared, None = no value
Shape = Literal["number", "money", "since", "within", "word", "words", "age", "birthday", "flag", "own"]
Read = Callable[[Life, Moment, dict[str, str]], Any]


# Of a condition as it is written; '' = says nothing a licence minds.
ChosenBy = Callable[[Mapping[str, Any]], set[str]]


@dataclass(frozen=True)
class Reading:
    shape: Shape
    chosen_by: ChosenBy
    read: Read


READINGS: dict[str, Reading] = {}
# Attributes the facts of the feed do not hold, each with the reason.
WITHOUT: dict[str, str] = {
    "segment": "asks the rule it names: answered in answer.py",
    "was_in_segment": "the memberships of that day are the fact: answered in answer.py",
    **dict.fromkeys(
        ("standing", "limit_active", "days_since_limit"),
        "what is in force is decided by compliance, by the wait of each licence: told and tested there",
    ),
    **dict.fromkeys(
        (
            "messages_sent", "days_since_message", "cards_seen", "days_since_card_seen", "goals_reached",
            "campaigns_entered", "journeys", "campaigns", "campaign_goals",
        ),
        "what Pitboss itself has done: rows of campaigns, and no fact of the feed",
    ),
    "address_bounced": "told by the channels that send, and by no fact of the feed",
}  # fmt: skip


def reads(key: str, shape: Shape, criterion: str | ChosenBy = "") -> Callable[[Read], Read]:
    """`criterion`: what it selects players by, or a function of the condition where that is not always the same."""

    def register(read: Read) -> Read:
        if key in READINGS:
            raise ValueError(f"{key} is read twice")
        READINGS[key] = Reading(shape, criterion if callable(criterion) else lambda leaf: {criterion}, read)
        return read

    return register
