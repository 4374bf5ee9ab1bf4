"""Shares of what a player stakes."""

from dataclasses import dataclass, replace

from django.db.models import F, Q, Value
from django.db.models.lookups import Exact

from segments.language.numbers import Number, bounds
from segments.language.quantities import Column, category_of
from segments.language.tree import At, Leaf

_BEYOND_HALF = {"more_than": 50, "at_least": 51, "is": 51}  # per cent


@dataclass(frozen=True, kw_only=True)
class CategoryShare(Number):
    """Of 90 days. More than half can only be the category that leads, and what was staked there stands on the
    state row: asked so, the rule looks at no row of a category."""

    def condition(self, leaf: Leaf, at: At) -> Q:
        if leaf.value is None or not any(
            number >= _BEYOND_HALF.get(op, 101) for op, number in bounds(leaf.op, leaf.value)
        ):
            return super().condition(leaf, at)
        leads = Q(Exact(F("top_category"), Value(category_of(leaf.params))))
        return leads & Number.condition(replace(self, of=Column("top_stake_90d")), leaf, at)
