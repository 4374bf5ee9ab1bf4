"""The registry of readings: attribute -> what it is worth for one life, and what it selects players by."""

from collections.abc import Callable
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
Shape = Literal["number", "money", "since", "within", "word", "words", "age", "birthday"]
Read = Callable[[Life, Moment, dict[str, str]], Any]


@dataclass(frozen=True)
class Reading:
    shape: Shape
    criterion: str  # '' = says nothing a licence minds
    read: Read


READINGS: dict[str, Reading] = {}
# Attributes the facts of the feed do not hold, each with the reason.
WITHOUT: dict[str, str] = {
    "segment": "asks the rule it names: answered in answer.py",
    "was_in_segment": "the memberships of that day are the fact: answered in answer.py",
}


def reads(key: str, shape: Shape, criterion: str = "") -> Callable[[Read], Read]:
    def register(read: Read) -> Read:
        if key in READINGS:
            raise ValueError(f"{key} is read twice")
        READINGS[key] = Reading(shape, criterion, read)
        return read

    return register
