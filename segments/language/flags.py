"""Attributes that hold or do not hold: no value to enter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from django.db.models import Q

from segments.language.attributes import Attribute, Wrong
from segments.language.quantities import Params
from segments.language.record import Record
from segments.language.tree import At, Leaf


class Test(Protocol):
    def sql(self, params: Params) -> Any: ...  # an expression that is true or false, never NULL
    def read(self, record: Record, params: Params) -> bool: ...


@dataclass(frozen=True, kw_only=True)
class Flag(Attribute):
    of: Test
    phrase_not: str
    shows: tuple[str, str] = ("yes", "no")

    operators: ClassVar[Mapping[str, str]] = {"yes": "yes", "no": "no"}

    def inputs(self, op: str) -> int:
        return 0

    def check(self, op: str, value: Any, params: Params) -> Any:
        if value is not None:
            raise Wrong("This condition takes no value.")
        return None

    def condition(self, leaf: Leaf, at: At) -> Q:
        found = Q(self.test(leaf, at))
        return found if leaf.op == "yes" else ~found

    def test(self, leaf: Leaf, at: At) -> Any:
        return self.of.sql(leaf.params)

    def is_so(self, leaf: Leaf, record: Record, at: At) -> bool:
        return self.of.read(record, leaf.params)

    def holds(self, leaf: Leaf, record: Record, at: At) -> bool:
        return self.is_so(leaf, record, at) == (leaf.op == "yes")

    def shown(self, leaf: Leaf, record: Record, at: At) -> str:
        return self.shows[0] if self.is_so(leaf, record, at) else self.shows[1]

    def says(self, leaf: Leaf) -> str:
        return (self.phrase if leaf.op == "yes" else self.phrase_not).format(**self.param_words(leaf))

    def typed(self, op: str, raw: Sequence[str], params: Params) -> Any:
        return None
