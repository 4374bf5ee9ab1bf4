"""JSON -> tree. Everything wrong with a rule is found at once, each problem with a pointer and a sentence."""

from dataclasses import dataclass
from typing import Any, Protocol

from segments.language import comparing
from segments.language.attributes import Attribute, Wrong, registry
from segments.language.nested import NAMES_SEGMENTS, Segments, WasIn
from segments.language.numbers import Money, whole
from segments.language.tree import GROUP_KINDS, Group, GroupKind, Leaf, Nested, Node, Than

MAX_DEPTH = 5
MAX_LEAVES = 40
# With the segments a rule names in their place; together two full rules, and room for a third.
MAX_DEPTH_INLINED = 10
MAX_LEAVES_INLINED = 100
_LEAF_KEYS = {"attribute", "op", "value", "params", "than"}
_THAN_KEYS = {"attribute", "params", "percent"}


@dataclass(frozen=True)
class Problem:
    pointer: str  # RFC 6901: /all/0/value
    sentence: str


class RuleError(ValueError):
    """The rule cannot be used; `problems` says where and why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{problem.pointer or '/'}: {problem.sentence}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Found:
    """A segment as the rule that names it needs it."""

    pk: int
    name: str
    refusal: str  # why no rule may use it now; "" if one may


class Book(Protocol):
    """The segments of one brand, as far as a rule names them. `segments.reading` writes it."""

    brand_id: int

    def knows(self, attribute: Attribute) -> bool:
        """False: for whoever asks there is no such attribute."""
        ...

    def find(self, segment_id: int) -> Found | None: ...

    def rule(self, segment_id: int) -> Group:
        """Raises Wrong where it leads back to where the reading began, or cannot be read."""
        ...


def parse(data: Any, book: Book | None = None) -> Group:
    """Raises RuleError. Without a book a rule that names segments cannot be read."""
    reader = _Reader(book)
    node = reader.node(data, "", 1)
    if not reader.problems and not isinstance(node, Group):
        reader.wrong("", "A rule starts with a group: all, any, none or at least.")
    if not reader.problems and node is not None and size(node) > MAX_LEAVES_INLINED:
        words = f"With the segments it names, the rule would have over {MAX_LEAVES_INLINED} conditions."
        reader.wrong(reader.last, words)
    if reader.problems:
        raise RuleError(reader.problems)
    assert isinstance(node, Group)
    return node


class _Reader:
    def __init__(self, book: Book | None) -> None:
        self.book = book
        self.problems: list[Problem] = []
        self.leaves = 0
        self.last = ""  # where a segment was named last

    def wrong(self, pointer: str, sentence: str) -> None:
        self.problems.append(Problem(pointer, sentence))

    def node(self, data: Any, pointer: str, depth: int) -> Node | None:
        if not isinstance(data, dict):
            self.wrong(pointer, "Expected a condition or a group.")
            return None
        if "attribute" in data:
            return self.leaf(data, pointer, depth)
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

    def leaf(self, data: dict[str, Any], pointer: str, depth: int) -> Leaf | None:
        self.leaves += 1
        if self.leaves == MAX_LEAVES + 1:
            self.wrong(pointer, f"A rule can have {MAX_LEAVES} conditions at most.")
        if unknown := sorted(set(map(str, data)) - _LEAF_KEYS):
            self.wrong(f"{pointer}/{unknown[0]}", "A condition has attribute, params, op and value.")
            return None
        key = data["attribute"]
        attribute = self._known(key)
        if attribute is None:
            self.wrong(f"{pointer}/attribute", f"There is no attribute “{str(key)[:60]}”.")
            return None
        op, allowed = data.get("op"), attribute.operators
        if "than" in data:
            allowed = comparing.operators(attribute)
            if not allowed or "value" in data:
                self.wrong(
                    f"{pointer}/than",
                    f"{attribute.label} is compared with a value, not with something else."
                    if not allowed
                    else "A condition has either a value or something to compare with.",
                )
                return None
        if not isinstance(op, str) or op not in allowed:
            self.wrong(f"{pointer}/op", f"{attribute.label} can be compared by: {', '.join(allowed)}.")
            return None
        if "than" in data:
            return self._comparison(attribute, op, data, pointer)
        leaf = self._typed_leaf(attribute, op, data, pointer)
        return self._bound(attribute, leaf, pointer, depth) if leaf and attribute.key in NAMES_SEGMENTS else leaf

    def _known(self, key: Any) -> Attribute | None:
        if not isinstance(key, str) or key not in registry:
            return None
        attribute = registry.get(key)
        return attribute if self.book is None or self.book.knows(attribute) else None

    def _typed_leaf(self, attribute: Attribute, op: str, data: dict[str, Any], pointer: str) -> Leaf | None:
        found = len(self.problems)
        params = self._params(attribute, data, pointer, with_currency=True)
        if params is None:
            return None
        try:
            value = attribute.check(op, data.get("value"), params)
        except Wrong as error:
            self.wrong(f"{pointer}/value", str(error))
            return None
        brand_id = self.book.brand_id if self.book else 0
        return Leaf(attribute.key, op, value, params, None, brand_id) if len(self.problems) == found else None

    def _params(
        self, attribute: Attribute, data: dict[str, Any], pointer: str, *, with_currency: bool
    ) -> dict[str, Any] | None:
        given, is_money = data.get("params", {}), isinstance(attribute, Money)
        expected = {param.key for param in attribute.params} | ({"currency"} if is_money else set())
        if not isinstance(given, dict) or set(given) - expected:
            words = ", ".join(sorted(expected)) or "no parameters"
            self.wrong(f"{pointer}/params", f"{attribute.label} takes {words}.")
            return None
        params = {key: value for key, value in given.items() if with_currency or key != "currency"}
        for param in attribute.params:
            try:
                checked = param.check(params.get(param.key))
                if param.key in params:  # what a rule leaves out stays out: it is read back as it was written
                    params[param.key] = checked
            except Wrong as error:
                self.wrong(f"{pointer}/params/{param.key}", str(error))
        return params

    def _comparison(self, attribute: Attribute, op: str, data: dict[str, Any], pointer: str) -> Leaf | None:
        """Amounts are those of the account's own currency on both sides, so none is named."""
        found, than = len(self.problems), data["than"]
        params = self._params(attribute, data, pointer, with_currency=False)
        if not isinstance(than, dict) or set(than) - _THAN_KEYS:
            self.wrong(f"{pointer}/than", "Compare with an attribute: attribute, params and percent.")
            return None
        key = than.get("attribute")
        other = self._known(key)
        if other is None or comparing.dimension(other) != comparing.dimension(attribute):
            what = other.label if other else f"“{str(key)[:60]}”"
            self.wrong(f"{pointer}/than/attribute", f"{attribute.label} cannot be compared with {what}.")
            return None
        others = self._params(other, than, f"{pointer}/than", with_currency=False)
        percent = than.get("percent", 100)
        try:
            whole(percent, 1, comparing.MOST_PERCENT)
        except Wrong as error:
            self.wrong(f"{pointer}/than/percent", str(error))
        if percent != 100 and comparing.dimension(attribute) == "instant":
            self.wrong(f"{pointer}/than/percent", "Of a moment there are no per cent.")
        if (other.key, others) == (attribute.key, params):
            self.wrong(f"{pointer}/than/attribute", "This compares the attribute with itself.")
        if len(self.problems) > found or params is None or others is None:
            return None
        return Leaf(attribute.key, op, None, params, Than(other.key, others, percent))

    def _bound(self, attribute: Attribute, leaf: Leaf, pointer: str, depth: int) -> Nested | None:
        """The leaf with the segments it names: their names and, where it asks who is in them now, their rules."""
        ids = leaf.value if isinstance(attribute, Segments) else (leaf.params[WasIn.SEGMENT],)
        under = f"{pointer}/value" if isinstance(attribute, Segments) else f"{pointer}/params/{WasIn.SEGMENT}"
        if self.book is None:
            self.wrong(under, "A rule that names segments can only be read together with its brand.")
            return None
        names, rules = [], []
        for index, pk in enumerate(ids):
            place = f"{under}/{index}" if isinstance(attribute, Segments) else under
            try:
                names.append(self._found(pk, is_now=isinstance(attribute, Segments)))
                if isinstance(attribute, Segments):
                    rules.append(self.book.rule(pk))
            except Wrong as error:
                self.wrong(place, str(error))
        if len(names) < len(ids) or (isinstance(attribute, Segments) and len(rules) < len(ids)):
            return None
        self._measure(rules, pointer, depth)
        return Nested(leaf.attribute, leaf.op, leaf.value, leaf.params, None, leaf.brand_id, tuple(names), tuple(rules))

    def _found(self, pk: int, *, is_now: bool) -> str:
        assert self.book is not None
        found = self.book.find(pk)
        if found is None:
            raise Wrong(f"There is no segment {pk} at this brand.")
        if is_now and found.refusal:
            raise Wrong(found.refusal)
        return found.name

    def _measure(self, rules: list[Group], pointer: str, depth: int) -> None:
        """With what they bring along the rule must still be of a size that can be read and run."""
        if any(depth - 1 + height(rule) > MAX_DEPTH_INLINED for rule in rules):
            self.wrong(pointer, f"With the segments it names, groups would be nested over {MAX_DEPTH_INLINED} deep.")
        self.last = pointer if rules else self.last


def size(node: Node) -> int:
    """Conditions, those of named segments in the place of their names."""
    if isinstance(node, Nested) and node.rules:
        return sum(size(rule) for rule in node.rules)
    return 1 if isinstance(node, Leaf) else sum(size(child) for child in node.of)


def height(node: Node) -> int:
    """Groups on the way from here to the deepest condition."""
    if isinstance(node, Nested) and node.rules:
        return max(height(rule) for rule in node.rules)
    return 0 if isinstance(node, Leaf) else 1 + max(height(child) for child in node.of)
