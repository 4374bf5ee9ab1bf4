"""What a rule selects players by, and what it needs to be true: unions over its conditions."""

from collections.abc import Mapping

from segments.language.comparing import attributes_of
from segments.language.tree import Node, leaves


def criteria(node: Node) -> list[str]:
    """The gate's words, sorted; 'all' when nothing was selected by anything that matters to a licence."""
    found = (attribute.selects_by(leaf) for leaf in leaves(node) for attribute in attributes_of(leaf))
    return sorted(frozenset[str]().union(*found)) or ["all"]


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
