"""May this rule be used? The one answer for pages, API and admin."""

from collections.abc import Iterator
from typing import Any

from compliance.models import Operator
from players.models import Brand
from segments.language.comparing import attributes_of
from segments.language.parse import Problem, RuleError
from segments.language.tree import Group, Leaf, Node, leaves
from segments.models import Segment
from segments.reading import read

SEES_PROTECTION = "compliance.reasons"


def check(rule: Any, brand: Brand, operator: Operator | None, *, segment: Segment | None = None) -> Group:
    """The rule, read. `operator` None: the project's own code; `segment`: whose rule it is to be. Raises RuleError."""
    tree = read(rule, brand.pk, segment=segment)
    if problems := list(_forbidden(tree, brand, operator)):
        raise RuleError(problems)
    return tree


def _forbidden(tree: Group, brand: Brand, operator: Operator | None) -> Iterator[Problem]:
    """What measures of player protection say may be asked only by those who may read them, through segments too."""
    if operator is None or operator.may(SEES_PROTECTION, brand.pk):
        return
    for pointer, leaf in placed(tree):
        for attribute in {
            attribute.key: attribute for part in leaves(leaf) for attribute in attributes_of(part)
        }.values():
            if attribute.sensitivity == "rg":
                yield Problem(pointer, f"“{attribute.label}” may be used by compliance officers only.")


def placed(node: Node, pointer: str = "") -> Iterator[tuple[str, Leaf]]:
    """Every condition as written, with its pointer into the rule's JSON."""
    if isinstance(node, Leaf):
        yield pointer, node
        return
    under = f"{pointer}/{'of' if node.kind == 'at_least' else node.kind}"
    for index, child in enumerate(node.of):
        yield from placed(child, f"{under}/{index}")
