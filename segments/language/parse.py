"""JSON -> tree. Everything wrong with a rule is found at once, each problem with a pointer and a sentence."""

from dataclasses import dataclass
from typing import Any

from segments.language.attributes import Attribute, Wrong, registry
from segments.language.numbers import Money
from segments.language.tree import GROUP_KINDS, Group, GroupKind, Leaf, Node

MAX_DEPTH = 5
MAX_LEAVES = 40
_LEAF_KEYS = {"attribute", "op", "value", "params"}


@dataclass(frozen=True)
class Problem:
    pointer: str  # RFC 6901: /all/0/value
    sentence: str


class RuleError(ValueError):
    """The rule cannot be used; `problems` says where and why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{problem.pointer or '/'}: {problem.sentence}" for problem in problems))
        self.problems = problems


def parse(data: Any) -> Group:
    """Raises RuleError."""
    reader = _Reader()
    node = reader.node(data, "", 1)
    if not reader.problems and not isinstance(node, Group):
        reader.wrong("", "A rule starts with a group: all, any, none or at least.")
    if reader.problems:
        raise RuleError(reader.problems)
    assert isinstance(node, Group)
    return node


class _Reader:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.leaves = 0

    def wrong(self, pointer: str, sentence: str) -> None:
        self.problems.append(Problem(pointer, sentence))

    def node(self, data: Any, pointer: str, depth: int) -> Node | None:
        if not isinstance(data, dict):
            self.wrong(pointer, "Expected a condition or a group.")
            return None
        if "attribute" in data:
            return self.leaf(data, pointer)
        if depth > MAX_DEPTH:
            self.wrong(pointer, f"Groups can be nested {MAX_DEPTH} deep at most.")
            return None
        return self.group(data, pointer, depth)

    def group(self, data: dict[str, Any], pointer: str, depth: int) -> Group | None:
        kinds: list[GroupKind] = [kind for kind in GROUP_KINDS if kind in data]
        allowed = {"at_least", "of"} if kinds == ["at_least"] else set(kinds)
        if len(kinds) != 1 or set(data) - allowed:
            self.wrong(pointer, "A group is exactly one of: all, any, none, at_least with of.")
            return None
        kind = kinds[0]
        under = f"{pointer}/{'of' if kind == 'at_least' else kind}"
        children = data.get("of") if kind == "at_least" else data[kind]
        if not isinstance(children, list):
            self.wrong(under, "Expected a list of conditions.")
            return None
        if not children:
            self.wrong(under, "This group is empty: add a condition or remove it.")
            return None
        if len(children) > MAX_LEAVES:
            self.wrong(under, f"A rule can have {MAX_LEAVES} conditions at most.")
            return None
        nodes = [self.node(child, f"{under}/{index}", depth + 1) for index, child in enumerate(children)]
        least = self._least(data, pointer, len(children)) if kind == "at_least" else 1
        return Group(kind, tuple(node for node in nodes if node is not None), least)

    def _least(self, data: dict[str, Any], pointer: str, size: int) -> int:
        least = data["at_least"]
        if isinstance(least, bool) or not isinstance(least, int) or not 1 <= least <= size:
            self.wrong(f"{pointer}/at_least", f"“At least” needs a number from 1 to {size}.")
            return 1
        return least

    def leaf(self, data: dict[str, Any], pointer: str) -> Leaf | None:
        self.leaves += 1
        if self.leaves == MAX_LEAVES + 1:
            self.wrong(pointer, f"A rule can have {MAX_LEAVES} conditions at most.")
        if unknown := sorted(set(map(str, data)) - _LEAF_KEYS):
            self.wrong(f"{pointer}/{unknown[0]}", "A condition has attribute, params, op and value.")
            return None
        key = data["attribute"]
        if not isinstance(key, str) or key not in registry:
            self.wrong(f"{pointer}/attribute", f"There is no attribute “{str(key)[:60]}”.")
            return None
        attribute = registry.get(key)
        op = data.get("op")
        if not isinstance(op, str) or op not in attribute.operators:
            words = ", ".join(attribute.operators)
            self.wrong(f"{pointer}/op", f"{attribute.label} can be compared by: {words}.")
            return None
        return self._typed_leaf(attribute, op, data, pointer)

    def _typed_leaf(self, attribute: Attribute, op: str, data: dict[str, Any], pointer: str) -> Leaf | None:
        given = data.get("params", {})
        expected = {param.key for param in attribute.params} | ({"currency"} if isinstance(attribute, Money) else set())
        if not isinstance(given, dict) or set(given) - expected:
            self.wrong(
                f"{pointer}/params", f"{attribute.label} takes {', '.join(sorted(expected)) or 'no parameters'}."
            )
            return None
        params = dict(given)
        found = len(self.problems)
        for param in attribute.params:
            try:
                param.check(params.get(param.key))
            except Wrong as error:
                self.wrong(f"{pointer}/params/{param.key}", str(error))
        try:
            value = attribute.check(op, data.get("value"), params)
        except Wrong as error:
            self.wrong(f"{pointer}/value", str(error))
            return None
        return Leaf(attribute.key, op, value, params) if len(self.problems) == found else None
