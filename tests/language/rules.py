"""Random rules for property tests: every attribute, every operator, nested groups."""

from typing import Any

from hypothesis import strategies as st

from segments.language.attributes import Attribute, registry
from segments.language.choices import Choice
from segments.language.comparing import dimension, operators, partners
from segments.language.instants import Age, Since, Within
from segments.language.nested import NAMES_SEGMENTS
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


_COMPARABLE = "compare"  # among the keys: one attribute held against another


def _every_key() -> list[str]:
    """Those that name segments need some to be there: `named` makes them."""
    return [attribute.key for attribute in registry if attribute.key not in NAMES_SEGMENTS] + [_COMPARABLE] * 5


def _params(draw: st.DrawFn, attribute: Attribute) -> dict[str, Any]:
    return {param.key: draw(st.sampled_from(sorted(param.choices))) for param in attribute.params}


@st.composite
def comparison(draw: st.DrawFn) -> dict[str, Any]:
    """Two attributes of one dimension, now and then the same one with other choices."""
    left = draw(st.sampled_from([attribute for attribute in registry if len(partners(attribute)) > 1]))
    right = draw(st.sampled_from([other for other in partners(left) if other is not left]))
    data = {"attribute": left.key, "op": draw(st.sampled_from(sorted(operators(left)))), "params": _params(draw, left)}
    than = {"attribute": right.key, "params": _params(draw, right)}
    if dimension(left) != "instant":
        than["percent"] = draw(st.sampled_from([100, 100, 1, 50, 200, 10_000]))
    return data | {"than": than}


@st.composite
def named(draw: st.DrawFn, segments: list[int]) -> dict[str, Any]:
    """Who is in one of these segments, or was in one on a day."""
    if draw(st.booleans()):
        ids = draw(st.lists(st.sampled_from(segments), min_size=1, max_size=3))
        return {"attribute": "segment", "op": draw(st.sampled_from(["in", "not_in"])), "value": ids}
    day, params = draw(st.sampled_from(["2026-10-23", "2026-10-24"])), {"segment": draw(st.sampled_from(segments))}
    op = draw(st.sampled_from(["on", "not_on"]))
    return {"attribute": "was_in_segment", "params": params, "op": op, "value": day}


@st.composite
def leaf(draw: st.DrawFn, keys: list[str] | None = None) -> dict[str, Any]:
    key = draw(st.sampled_from(keys or _every_key()))
    if key == _COMPARABLE:
        return draw(comparison())
    attribute = registry.get(key)
    op = draw(st.sampled_from(sorted(attribute.operators)))
    data: dict[str, Any] = {"attribute": attribute.key, "op": op}
    params = _params(draw, attribute)
    if isinstance(attribute, Money):
        params["currency"] = draw(st.sampled_from(["GBP", "EUR"]))
    if params:
        data["params"] = params
    value = draw(_value(attribute, op))
    return data if value is None else data | {"value": value}


@st.composite
def rule(
    draw: st.DrawFn, keys: list[str] | None = None, depth: int = 3, segments: list[int] | None = None
) -> dict[str, Any]:
    kind = draw(st.sampled_from(["all", "any", "none", "at_least"]))
    condition = st.one_of(leaf(keys), named(segments)) if segments else leaf(keys)
    child = st.one_of(condition, rule(keys, depth - 1, segments)) if depth > 1 else condition
    children = draw(st.lists(child, min_size=1, max_size=4))
    if kind == "at_least":
        return {"at_least": draw(st.integers(1, len(children))), "of": children}
    return {kind: children}
