"""Random rules for property tests: every attribute, every operator, nested groups.

Drawn with whatever is like `random.Random`: a seeded one for a thousand rules at once, Hypothesis' own where a
counterexample should shrink.
"""

from collections.abc import Sequence
from random import Random
from typing import Any

from hypothesis import strategies as st

from segments.language.ages import Age, Birthday
from segments.language.attributes import Attribute, Family, registry
from segments.language.catalogue_of_own import Name, OwnDate, OwnFlag, OwnNumber, OwnText
from segments.language.choices import Choice
from segments.language.comparing import dimension, operators, partners
from segments.language.flags import Flag
from segments.language.instants import Since, Within
from segments.language.nested import NAMES_SEGMENTS
from segments.language.numbers import Money, Number

_DAYS = (0, 1, 7, 13, 14, 15, 30, 90)
_NUMBERS = (0, 1, 2, 3, 5, 8, 10, 20, 45, 50, 100)
_AMOUNTS = (0, 1, 999, 1000, 2000, 5000, 10_000)
_MANY = 50
# Own attributes by kind: those the brands of tests.language.brute_force declare, and one nobody has.
_OWN = {"number": ("points", "unheard_of"), "text": ("venue",), "yes_no": ("club",), "date": ("card_until",)}
_LAST_DAYS = ("2026-10-23", "2026-10-24")
_WORDS = {
    "country": ("GB", "SE", "MT", "DE"),
    "language": ("en", "sv"),
    "currency": ("GBP", "EUR"),
    "affiliate": ("topcasinos", "betguide"),
    "acquisition_channel": ("seo", "paid"),
    "device": ("mobile", "desktop"),
    "favourite_title": ("book-of-sun", "moon-9", "unknown"),
    "favourite_type": ("blackjack", "megaways"),
    "favourite_provider": ("Nova", "Orbit"),
    "payment_method": ("card", "wallet"),
    "tags": ("vip", "newcomer", "nobody-has-it"),
    "lists": ("VIP dinner", "Lapsed"),
    "sports": ("football", "tennis", "curling"),
    "leagues": ("Premier League", "Serie A"),
    "journeys": ("Welcome", "Win back"),
    "campaigns": ("Welcome", "Win back"),
    "campaign_goals": ("Welcome", "Win back"),
}


def plain_keys() -> list[str]:
    """Attributes a rule may ask without anything else being there."""
    return [one.key for one in registry if one.key not in NAMES_SEGMENTS and one.family is not Family.OWN]


def random_leaf(
    dice: Random, keys: Sequence[str] = (), segments: Sequence[int] = (), days: Sequence[str] = _LAST_DAYS
) -> dict[str, Any]:
    """Of all attributes, or of many, also comparisons; with `segments` also conditions that name these, now or on one
    of `days`."""
    way = dice.random()
    if way < 0.08 and (not keys or len(keys) >= _MANY):
        return random_comparison(dice, keys)
    if segments and way < 0.2:
        return random_name(dice, segments, days)
    attribute = registry.get(dice.choice(keys or plain_keys()))
    op = dice.choice(sorted(attribute.operators))
    data: dict[str, Any] = {"attribute": attribute.key, "op": op}
    params = random_params(dice, attribute)
    if isinstance(attribute, Money):
        params["currency"] = dice.choice(("GBP", "GBP", "EUR"))
    if params:
        data["params"] = params
    value = _value(dice, attribute, op)
    return data if value is None else data | {"value": value}


def random_params(dice: Random, attribute: Attribute) -> dict[str, Any]:
    return {param.key: dice.choice(_OWN[param.kind] if isinstance(param, Name) else sorted(param.choices))
            for param in attribute.params}  # fmt: skip


def random_comparison(dice: Random, keys: Sequence[str] = ()) -> dict[str, Any]:
    """Two attributes of one dimension, now and then the same one with other choices."""
    left = dice.choice([registry.get(key) for key in keys or plain_keys() if len(_others(key, keys)) > 0])
    right = dice.choice(_others(left.key, keys))
    data = {"attribute": left.key, "op": dice.choice(sorted(operators(left))), "params": random_params(dice, left)}
    than = {"attribute": right.key, "params": random_params(dice, right)}
    if dimension(left) != "instant":
        than["percent"] = dice.choice((100, 100, 1, 50, 200, 10_000))
    return data | {"than": than}


def _others(key: str, keys: Sequence[str]) -> list[Attribute]:
    return [other for other in partners(registry.get(key)) if other.key != key and (not keys or other.key in keys)]


def random_name(dice: Random, segments: Sequence[int], days: Sequence[str] = _LAST_DAYS) -> dict[str, Any]:
    """Who is in one of these segments, or was in one on a day."""
    if not days or dice.random() < 0.6:
        ids = sorted({dice.choice(segments) for _ in range(dice.choice((1, 1, 2, 3)))})
        return {"attribute": "segment", "op": dice.choice(("in", "not_in")), "value": ids}
    params, op = {"segment": dice.choice(segments)}, dice.choice(("on", "not_on"))
    return {"attribute": "was_in_segment", "params": params, "op": op, "value": dice.choice(days)}


def random_rule(
    dice: Random,
    keys: Sequence[str] = (),
    depth: int = 3,
    segments: Sequence[int] = (),
    days: Sequence[str] = _LAST_DAYS,
) -> dict[str, Any]:
    kind = dice.choice(("all", "any", "none", "at_least"))
    children = [
        random_rule(dice, keys, depth - 1, segments, days)
        if depth > 1 and dice.random() < 0.4
        else random_leaf(dice, keys, segments, days)
        for _ in range(dice.choice((1, 2, 3, 4)))
    ]
    if kind == "at_least":
        return {"at_least": dice.randint(1, len(children)), "of": children}
    return {kind: children}


def _value(dice: Random, attribute: Attribute, op: str) -> Any:
    if isinstance(attribute, Choice):
        words = _WORDS.get(attribute.key) or sorted(attribute.options())
        if op in ("is", "is_not"):
            return dice.choice(words)
        return [dice.choice(words) for _ in range(dice.choice((1, 2, 3)))]
    if op in ("never", "none") or isinstance(attribute, Flag | OwnFlag):
        return None
    if isinstance(attribute, OwnText | OwnDate):
        return dice.choice(("Leeds", "York") if isinstance(attribute, OwnText) else ("2026-03-29", "2026-10-25"))
    numbers = _numbers(attribute)
    if op != "between":
        return dice.choice(numbers)
    return sorted(dice.sample(numbers, 2))


def _numbers(attribute: Attribute) -> Sequence[int]:
    if isinstance(attribute, Within):
        return _DAYS[1:]
    if isinstance(attribute, Since):
        return _DAYS
    if isinstance(attribute, Age):
        return (17, 18, 21, 22, 30, 65)
    if isinstance(attribute, Birthday):
        return (1, 7, 30, 92)
    if isinstance(attribute, Money):
        return _AMOUNTS
    if isinstance(attribute, OwnNumber):
        return (0, 1, 50, 1000)
    assert isinstance(attribute, Number), f"rules.py draws no values for {attribute.key}"
    return [number for number in (*_NUMBERS, 150, 250) if attribute.least <= number <= attribute.most]


@st.composite
def leaf(draw: st.DrawFn, keys: Sequence[str] = ()) -> dict[str, Any]:
    return random_leaf(draw(st.randoms(use_true_random=False)), keys)


@st.composite
def rule(draw: st.DrawFn, keys: Sequence[str] = (), depth: int = 3, segments: Sequence[int] = ()) -> dict[str, Any]:
    return random_rule(draw(st.randoms(use_true_random=False)), keys, depth, segments)


@st.composite
def comparison(draw: st.DrawFn) -> dict[str, Any]:
    return random_comparison(draw(st.randoms(use_true_random=False)))
