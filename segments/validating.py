"""May this rule be used? The one answer for pages, API and admin."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from compliance.models import Operator
from config.lib.clock import utcnow
from players.models import Brand
from segments.language.compile import matching, population
from segments.language.cost import estimate
from segments.language.nested import day_end
from segments.language.parse import Problem, RuleError
from segments.language.tree import At, Group, Node
from segments.models import Segment
from segments.permitted import Rights, Veil, permitted, placed
from segments.reading import read

FEW = 10  # a brand so small may have everybody in a segment without being asked


def check(rule: Any, brand: Brand, who: Operator | Rights | None, *, segment: Segment | None = None) -> Group:
    """The rule, read. `who` None: the project's own code; `segment`: whose rule it is to be. Raises RuleError."""
    rights = Rights.of(who, brand.pk) if isinstance(who, Operator) else who
    tree = read(rule, brand.pk, segment=segment, veil=Veil(rights) if rights else None)
    if rights is not None and (problems := permitted(tree, rights)):
        raise RuleError(problems)
    now = utcnow()
    if problems := list(_still_to_come(tree, At.brand(brand, now))):
        raise RuleError(problems)
    if problem := _too_dear(tree, brand, now):
        raise RuleError([problem])
    return tree


def _still_to_come(tree: Group, at: At) -> Iterator[Problem]:
    """Who was in a segment is known of days that are over, in the brand's zone."""
    for place, leaf in placed(tree):
        if leaf.attribute == "was_in_segment" and day_end(leaf.value, at) > at.now:
            yield Problem(f"{place}/value", "Choose a day that is over.")


def _too_dear(tree: Group, brand: Brand, now: datetime) -> Problem | None:
    """Refused with the estimate, at the condition that costs most."""
    cost = estimate(brand, tree, now=now)
    if not cost.is_too_much:
        return None
    dearest = max(placed(tree), key=lambda place: estimate(brand, place[1], now=now).units)
    return Problem(dearest[0], f"{cost.refusal} This condition costs most: take it out, or ask for something simpler.")


def everybody(brand: Brand, rule: Node, *, now: datetime) -> int:
    """How many players the brand has, if the rule matches all of them and they are more than a few; else 0.

    To be asked before such a rule goes live: the operator has to say that everybody is meant. Mostly done at the
    first player who does not match.
    """
    at, all_of_them = At.brand(brand, now), population(brand)
    inside = matching(brand, rule, at).values("pk")
    if all_of_them.exclude(pk__in=inside).exists():
        return 0
    count = all_of_them.count()
    return count if count >= FEW else 0
