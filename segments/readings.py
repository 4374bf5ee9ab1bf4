"""Words that can be read in two ways: the card says which reading it takes and offers the other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from segments.builder import Box, Card, cards
from segments.language.catalogue import CATEGORIES
from segments.language.instants import Since

# An attribute of any play, and the same of one category.
_ANY_OR_ONE = {"days_since_play": "days_since_play_in", "last5_average": "last5_average_in",
               "last10_average": "last10_average_in", "sessions": "sessions_in"}  # fmt: skip
_ONE_OR_ANY = {one: whole for whole, one in _ANY_OR_ONE.items()}
DAYS = "days"


@dataclass(frozen=True)
class Reading:
    key: str
    says: str  # how it is read now
    offer: str  # the other reading, on a button
    attribute: str
    params: Mapping[str, str] = field(default_factory=dict)


def readings(card: Card, box: Box) -> list[Reading]:
    """The other readings of one condition; `box` is the whole draft: what it says of games decides what is offered."""
    return [] if card.than else [*_of_play(card, box), *_of_days(card)]


def _of_play(card: Card, box: Box) -> Iterator[Reading]:
    if one := _ANY_OR_ONE.get(card.key):
        category = _category_named(box)
        words = CATEGORIES[category]
        params = {**card.params, "category": category}
        yield Reading("play", "Play of any kind counts.", f"{words} only instead", one, params)
    elif whole := _ONE_OR_ANY.get(card.key):
        words = CATEGORIES.get(card.params.get("category", ""), "one category")
        params = {key: value for key, value in card.params.items() if key != "category"}
        yield Reading("play", f"Only {words} counts.", "play of any kind instead", whole, params)


def _category_named(box: Box) -> str:
    """The category the rule already speaks of, else the first."""
    for card in cards(box):
        named = card.raw[0] if card.key == "top_category" and card.raw else card.params.get("category", "")
        if named in CATEGORIES:
            return named
    return next(iter(CATEGORIES))


def _of_days(card: Card) -> Iterator[Reading]:
    attribute = card.attribute
    if not isinstance(attribute, Since) or DAYS not in {param.key for param in attribute.params}:
        return
    if attribute.inputs(card.op) == 0:
        return
    if card.params.get(DAYS) == "calendar":
        says = "Calendar days of the brand: yesterday is 1 day ago from midnight on."
        yield Reading("days", says, "24-hour days instead", card.key, {**card.params, DAYS: "hours"})
    else:
        typed = next((text.strip() for text in card.raw if text.strip().isdecimal()), "1")
        yield Reading(
            "days", f"{_days(typed)} = {typed} × 24 hours.", "calendar days instead", card.key,
            {**card.params, DAYS: "calendar"},
        )  # fmt: skip


def _days(number: str) -> str:
    return f"{number} day" if number == "1" else f"{number} days"
