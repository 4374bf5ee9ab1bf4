"""Tree -> one SQL boolean over the state tables, used by full scan, folded batch, tick and single check alike.

Everything is parametrised and two-valued: no leaf is ever NULL, so `none` is simply NOT.
"""

from collections.abc import Iterable
from functools import reduce
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    DateTimeField,
    Expression,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, Least
from django.db.models.lookups import GreaterThanOrEqual

from players.models import Brand, Player, PlayerState
from segments.language.attributes import registry
from segments.language.comparing import asked
from segments.language.tree import At, Group, Leaf, Node, leaves


def population(brand: Brand) -> QuerySet[PlayerState]:
    """Everybody a segment of this brand may count: test accounts are left out of every count.

    Those are few, and named: joining a million accounts to look at one flag would cost more than most rules do.
    """
    return _without_tests(PlayerState.objects.filter(brand=brand))


def _without_tests(states: QuerySet[PlayerState]) -> QuerySet[PlayerState]:
    return states.exclude(player_id__in=Player.objects.filter(is_test=True).values("pk"))


def condition(node: Node, at: At) -> Q:
    if isinstance(node, Leaf):
        return asked(node).condition(node, at)
    parts = [condition(child, at) for child in node.of]
    if node.kind == "all":
        return reduce(lambda left, right: left & right, parts)
    if node.kind == "any":
        return reduce(lambda left, right: left | right, parts)
    if node.kind == "none":
        return ~reduce(lambda left, right: left | right, parts)
    held: list[Any] = [Case(When(part, then=Value(1)), default=Value(0), output_field=IntegerField()) for part in parts]
    return Q(GreaterThanOrEqual(reduce(lambda left, right: left + right, held), Value(node.least)))


def boolean(node: Group, at: At) -> Case:
    """Never NULL, never an EmptyResultSet: an annotation may stand beside fifty others."""
    return Case(When(condition(node, at), then=Value(True)), default=Value(False), output_field=BooleanField())


def next_flip(nodes: Iterable[Node], at: At) -> Expression:
    """The earliest instant after `at.now` at which time alone may change any of the rules; NULL if none can."""
    found: dict[tuple[str, str, Any, str], list[Any]] = {}
    for node in nodes:
        for leaf in leaves(node):
            attribute = registry.get(leaf.attribute)
            if leaf.than is None and attribute.by_time:
                found[leaf.attribute, leaf.op, leaf.value, str(leaf.params)] = attribute.flips(leaf, at)
    flips = [flip for flips in found.values() for flip in flips]
    if not flips:
        return Cast(Value(None), DateTimeField(null=True))  # a bare NULL in a CTE is text to PostgreSQL
    return flips[0] if len(flips) == 1 else Least(*flips, output_field=DateTimeField())


def matching(brand: Brand, node: Node, at: At) -> QuerySet[PlayerState]:
    """Whoever of the brand's population the rule holds for."""
    found = PlayerState.objects.filter(brand=brand).filter(condition(node, at))
    if Player._meta.db_table in found.query.alias_map:  # the rule reads the account anyway: its flag costs nothing
        return found.filter(player__is_test=False)
    return _without_tests(found)
