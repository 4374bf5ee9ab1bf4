"""What a rule selects players by, and what it needs to be true: unions over its conditions."""

from collections.abc import Iterator, Mapping

from segments.language.attributes import Attribute, Criterion
from segments.language.comparing import attributes_of
from segments.language.tree import Leaf, Nested, Node, leaves

_INACTIVITY = frozenset({Criterion.INACTIVITY.value})


def criteria(node: Node) -> list[str]:
    """The gate's words, sorted; 'all' when nothing was selected by anything that matters to a licence."""
    found = (_selects(attribute, leaf, negated) for leaf, negated in _signed(node) for attribute in attributes_of(leaf))
    return sorted(frozenset[str]().union(*found)) or ["all"]


def _selects(attribute: Attribute, leaf: Leaf, negated: bool) -> frozenset[str]:
    away = attribute.keeps_the_absent(leaf, negated=negated)
    return attribute.selects_by(leaf) | _INACTIVITY if away else attribute.selects_by(leaf)


def _signed(node: Node, negated: bool = False) -> Iterator[tuple[Leaf, bool]]:
    """Every condition, and whether it is its opposite that is asked for."""
    if isinstance(node, Nested) and node.rules:
        for rule in node.rules:
            yield from _signed(rule, negated != (node.op == "not_in"))
    elif isinstance(node, Leaf):
        yield node, negated
    else:
        for child in node.of:
            yield from _signed(child, negated != (node.kind == "none"))


def feeds(node: Node) -> set[str]:
    return {feed for leaf in leaves(node) for attribute in attributes_of(leaf) for feed in attribute.feeds}


# What a criterion means for what may be sent; the gate decides, these words only warn early.
CONSEQUENCES: Mapping[str, tuple[str, str]] = {
    "all": ("No special criterion", "nothing to declare"),
    "lifecycle": ("Lifecycle", "no extra limit"),
    "inactivity": ("Inactivity", "no offer in Denmark"),
    "loss": ("Losses", "no wording that invites to win it back"),
    "deposit_level": ("Deposit level", "never asks for more than a limit leaves"),
    "product_affinity": ("Product affinity", "consent for that product is needed"),
    "vip": ("VIP", "Great Britain: only after checks and senior approval"),
    "rg_need": ("Player protection", "protection messages only"),
    "manual": ("Chosen by hand: a list or a tag", "needs a second person"),
}
