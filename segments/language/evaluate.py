"""The same tree in memory, for one player: does it hold, why, and until when."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from segments.language.comparing import asked
from segments.language.record import Record
from segments.language.tree import At, Group, Leaf, Nested, Node, leaves


@dataclass(frozen=True)
class Finding:
    """One node's answer for one player, with the player's own value where it is a condition."""

    node: Node
    holds: bool
    words: str
    value: str = ""
    of: list["Finding"] = field(default_factory=list)

    @property
    def is_group(self) -> bool:
        return isinstance(self.node, Group)


def holds(node: Node, record: Record, at: At) -> bool:
    if isinstance(node, Leaf):
        return asked(node).holds(node, record, at)
    held = sum(holds(child, record, at) for child in node.of)
    return _combine(node, held)


def _combine(group: Group, held: int) -> bool:
    if group.kind == "all":
        return held == len(group.of)
    if group.kind == "any":
        return held > 0
    return held == 0 if group.kind == "none" else held >= group.least


def explain(node: Node, record: Record, at: At) -> Finding:
    if isinstance(node, Leaf):
        attribute = asked(node)
        words = attribute.says(node)
        of = [explain(rule, record, at) for rule in node.rules] if isinstance(node, Nested) else []
        return Finding(node, attribute.holds(node, record, at), words, attribute.shown(node, record, at), of)
    of = [explain(child, record, at) for child in node.of]
    return Finding(node, _combine(node, sum(child.holds for child in of)), group_words(node), of=of)


def group_words(group: Group) -> str:
    words = {"all": "all of these", "any": "at least one of these", "none": "none of these"}
    return words.get(group.kind, f"at least {group.least} of these")


def failing(finding: Finding) -> list[Finding]:
    """The conditions that would have to change for the player to match; of a met group, none."""
    if finding.holds:
        return []
    if not finding.is_group or not isinstance(finding.node, Group) or finding.node.kind != "all":
        return [finding]
    return [miss for child in finding.of for miss in failing(child)]


def next_flip(nodes: Iterable[Node], record: Record, at: At) -> datetime | None:
    instants = [asked(leaf).next_flip(leaf, record, at) for node in nodes for leaf in leaves(node)]
    return min((instant for instant in instants if instant is not None), default=None)
