"""Conditions that look further back than what we know: true of the data, not of the players."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from players.history import known_since, reaches_back_to
from players.models import Brand
from segments.language.attributes import Attribute, registry
from segments.language.tree import Leaf, Node, leaves

_DAYS = re.compile(r"(\d+) days")


@dataclass(frozen=True)
class Short:
    """`since` None: what the condition asks for was never sent."""

    attribute: Attribute
    days: int
    since: datetime | None
    brand: Brand


@dataclass(frozen=True)
class Warnings:
    """As a page says them: what was never sent in one sentence, the others one by one."""

    unsent: list[Short]
    since: list[Short]


def warnings(brand: Brand, node: Node, *, now: datetime) -> Warnings:
    found = shortfalls(brand, node, now=now)
    return Warnings([one for one in found if one.since is None], [one for one in found if one.since])


def window(leaf: Leaf) -> int:
    """How many days back a condition looks; 0 where it asks for no window."""
    attribute = registry.get(leaf.attribute)
    for param in attribute.params:
        if param.key in ("window", "within"):
            return int(param.chosen(leaf.params))
    if attribute.by_time and attribute.unit == "days":
        values = leaf.value if isinstance(leaf.value, tuple | list) else (leaf.value,)
        return max((value for value in values if isinstance(value, int)), default=0)
    stated = [int(days) for days in _DAYS.findall(f"{attribute.label} {attribute.help}")]
    return max(stated, default=0)


def shortfalls(brand: Brand, node: Node, *, now: datetime) -> list[Short]:
    """One per attribute of the rule whose window is longer than the history of what it reads."""
    return list({short.attribute.key: short for short in _shortfalls(brand, node, now)}.values())


def _sides(node: Node) -> Iterator[Leaf]:
    """The conditions, and of those that compare two attributes the other one too."""
    for leaf in leaves(node):
        yield leaf
        if leaf.than is not None:
            yield Leaf(leaf.than.attribute, leaf.op, None, leaf.than.params)


def _shortfalls(brand: Brand, node: Node, now: datetime) -> Iterator[Short]:
    since = known_since(brand.pk)
    for leaf in _sides(node):
        attribute, days = registry.get(leaf.attribute), window(leaf)
        start = reaches_back_to(since, attribute.feeds)
        if (start is None and attribute.feeds) or (start and days and start > now - timedelta(days=days)):
            yield Short(attribute, days, start, brand)
