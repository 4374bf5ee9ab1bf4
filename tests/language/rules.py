"""Random rules for property tests: every attribute, every operator, nested groups."""

from typing import Any

from hypothesis import strategies as st

from segments.language.attributes import Attribute, registry
from segments.language.choices import Choice
from segments.language.instants import Age, Since, Within
from segments.language.numbers import Money, Number

_DAYS = [0, 1, 7, 13, 14, 15, 30, 90]
_NUMBERS = [0, 1, 3, 5, 8, 10, 45, 50, 100]
_AMOUNTS = [0, 1, 999, 1000, 5000, 10_000]
_WORDS = {
    "country": ["GB", "SE", "MT", "DE"],
    "language": ["en", "sv"],
    "currency": ["GBP", "EUR"],
    "affiliate": ["topcasinos", "betguide"],
    "acquisition_channel": ["seo", "paid"],
    "device": ["mobile", "desktop"],
    "favourite_title": ["book-of-sun", "unknown"],
    "favourite_provider": ["Nova", "Orbit"],
    "payment_method": ["card", "wallet"],
    "tags": ["vip", "newcomer", "nobody-has-it"],
    "lists": ["VIP dinner", "Lapsed"],
    "sports": ["football", "tennis", "curling"],
    "leagues": ["Premier League", "Serie A"],
}


def _ordered(values: list[int]) -> st.SearchStrategy[list[int]]:
    return st.lists(st.sampled_from(values), min_size=2, max_size=2, unique=True).map(sorted)


def _value(attribute: Attribute, op: str) -> st.SearchStrategy[Any]:
    if isinstance(attribute, Choice):
        word = st.sampled_from(_WORDS.get(attribute.key) or sorted(attribute.options()))
        return word if op in ("is", "is_not") else st.lists(word, min_size=1, max_size=3)
    if op == "never":
        return st.none()
    numbers = _NUMBERS
    if isinstance(attribute, Within):
        numbers = _DAYS[1:]
    elif isinstance(attribute, Since):
        numbers = _DAYS
    elif isinstance(attribute, Age):
        numbers = [17, 18, 21, 22, 30, 65]
    elif isinstance(attribute, Money):
        numbers = _AMOUNTS
    elif isinstance(attribute, Number):
        numbers = [number for number in _NUMBERS if number <= attribute.most]
    return _ordered(numbers) if op == "between" else st.sampled_from(numbers)


@st.composite
def leaf(draw: st.DrawFn, keys: list[str] | None = None) -> dict[str, Any]:
    attribute = registry.get(draw(st.sampled_from(keys or [attribute.key for attribute in registry])))
    op = draw(st.sampled_from(sorted(attribute.operators)))
    data: dict[str, Any] = {"attribute": attribute.key, "op": op}
    params = {param.key: draw(st.sampled_from(sorted(param.choices))) for param in attribute.params}
    if isinstance(attribute, Money):
        params["currency"] = draw(st.sampled_from(["GBP", "EUR"]))
    if params:
        data["params"] = params
    value = draw(_value(attribute, op))
    return data if value is None else data | {"value": value}


@st.composite
def rule(draw: st.DrawFn, keys: list[str] | None = None, depth: int = 3) -> dict[str, Any]:
    kind = draw(st.sampled_from(["all", "any", "none", "at_least"]))
    child = st.one_of(leaf(keys), rule(keys, depth - 1)) if depth > 1 else leaf(keys)
    children = draw(st.lists(child, min_size=1, max_size=4))
    if kind == "at_least":
        return {"at_least": draw(st.integers(1, len(children))), "of": children}
    return {kind: children}
