from typing import Any

import pytest

from segments.language.parse import MAX_DEPTH, MAX_LEAVES, RuleError, parse

PLAY = {"attribute": "days_since_play", "op": "at_least", "value": 14}


def problems(rule: Any) -> list[tuple[str, str]]:
    with pytest.raises(RuleError) as error:
        parse(rule)
    return [(problem.pointer, problem.sentence) for problem in error.value.problems]


def test_the_reference_rule_is_read_and_written_back_unchanged() -> None:
    rule = {
        "all": [
            {"attribute": "top_category", "op": "is", "value": "slots"},
            PLAY,
            {"attribute": "last5_average", "op": "more_than", "value": 45},
        ]
    }
    assert parse(rule).json() == rule


@pytest.mark.parametrize("rule", [None, [], "all", 7, {}, {"all": [PLAY], "any": [PLAY]}, {"xor": [PLAY]}, PLAY])
def test_what_is_no_group_is_refused_at_the_root(rule: Any) -> None:
    assert problems(rule)[0][0] == ""


@pytest.mark.parametrize(
    ("leaf", "pointer", "words"),
    [
        ({"attribute": "password", "op": "is", "value": 1}, "/all/0/attribute", "no attribute"),
        ({"attribute": ["x"], "op": "is"}, "/all/0/attribute", "no attribute"),
        ({"attribute": "sessions", "op": "matches", "value": 1}, "/all/0/op", "compared by"),
        ({"attribute": "sessions", "op": "is", "value": "8"}, "/all/0/value", "not a whole number"),
        ({"attribute": "sessions", "op": "is", "value": True}, "/all/0/value", "whole number"),
        ({"attribute": "sessions", "op": "is", "value": 1.5}, "/all/0/value", "not a whole number"),
        ({"attribute": "sessions", "op": "is"}, "/all/0/value", "Enter a whole number"),
        ({"attribute": "sessions", "op": "is", "value": -1}, "/all/0/value", "from 0"),
        ({"attribute": "sessions", "op": "is", "value": 10**18}, "/all/0/value", "from 0"),
        ({"attribute": "sessions", "op": "between", "value": [9, 3]}, "/all/0/value", "smaller number first"),
        ({"attribute": "sessions", "op": "between", "value": 9}, "/all/0/value", "two numbers"),
        ({"attribute": "days_since_play", "op": "between", "value": [7, 7]}, "/all/0/value", "larger"),
        ({"attribute": "days_since_play", "op": "never", "value": 1}, "/all/0/value", "no number"),
        ({"attribute": "top_category", "op": "is", "value": "lottery"}, "/all/0/value", "not in the list"),
        ({"attribute": "top_category", "op": "in", "value": []}, "/all/0/value", "at least one"),
        ({"attribute": "affiliate", "op": "in", "value": ["a"] * 10_000}, "/all/0/value", "at most"),
        ({"attribute": "affiliate", "op": "is", "value": "a\x00b"}, "/all/0/value", "not in the list"),
        ({"attribute": "deposit_sum", "op": "is", "value": 100}, "/all/0/value", "currency"),
        (
            {"attribute": "deposit_sum", "op": "is", "value": 1, "params": {"currency": "XXQ"}},
            "/all/0/value",
            "currency",
        ),
        (
            {"attribute": "sessions_in", "op": "is", "value": 1, "params": {"category": "x"}},
            "/all/0/params/category",
            "choose",
        ),
        ({"attribute": "sessions", "op": "is", "value": 1, "params": {"n": 5}}, "/all/0/params", "no parameters"),
        ({"attribute": "sessions", "op": "is", "value": 1, "sql": "1=1"}, "/all/0/sql", "A condition has"),
    ],
)
def test_a_wrong_condition_is_named(leaf: dict[str, Any], pointer: str, words: str) -> None:
    [(found, sentence)] = problems({"all": [leaf]})
    assert found == pointer
    assert words in sentence


def test_every_problem_of_a_rule_is_told_at_once() -> None:
    rule = {"all": [PLAY | {"value": "x"}, {"any": []}, {"at_least": 3, "of": [PLAY]}]}
    assert [pointer for pointer, _ in problems(rule)] == ["/all/0/value", "/all/1/any", "/all/2/at_least"]


def test_too_deep_and_too_long_are_refused_however_deep_and_long() -> None:
    deep: dict[str, Any] = {"all": [PLAY]}
    for _ in range(500):
        deep = {"any": [deep]}
    assert f"{MAX_DEPTH} deep" in problems(deep)[0][1]
    assert f"{MAX_LEAVES} conditions" in problems({"all": [PLAY] * 41})[0][1]
    halves = {"all": [{"any": [PLAY] * 21}, {"any": [PLAY] * 21}]}
    assert f"{MAX_LEAVES} conditions" in problems(halves)[0][1]
