"""May this rule be used? The one answer for pages, API and admin."""

from typing import Any

from compliance.models import Operator
from players.models import Brand
from segments.language.parse import RuleError
from segments.language.tree import Group
from segments.models import Segment
from segments.permitted import Rights, Veil, permitted
from segments.reading import read


def check(rule: Any, brand: Brand, who: Operator | Rights | None, *, segment: Segment | None = None) -> Group:
    """The rule, read. `who` None: the project's own code; `segment`: whose rule it is to be. Raises RuleError."""
    rights = Rights.of(who, brand.pk) if isinstance(who, Operator) else who
    tree = read(rule, brand.pk, segment=segment, veil=Veil(rights) if rights else None)
    if rights is not None and (problems := permitted(tree, rights)):
        raise RuleError(problems)
    return tree
