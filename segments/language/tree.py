"""The shape of a rule: leaves ask one attribute, groups combine them. Frozen, so a parsed rule stays what it was."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from players.models import Brand

GroupKind = Literal["all", "any", "none", "at_least"]
GROUP_KINDS: tuple[GroupKind, ...] = ("all", "any", "none", "at_least")


@dataclass(frozen=True)
class At:
    """The instant a rule is read at. Age turns at local midnight, so the brand's zone belongs to it."""

    now: datetime
    zone: ZoneInfo

    @classmethod
    def brand(cls, brand: Brand, now: datetime) -> "At":
        return cls(now, ZoneInfo(brand.timezone))

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()


@dataclass(frozen=True)
class Leaf:
    attribute: str
    op: str
    value: Any = None
    params: dict[str, Any] = field(default_factory=dict)

    def json(self) -> dict[str, Any]:
        data: dict[str, Any] = {"attribute": self.attribute, "op": self.op}
        if self.params:
            data["params"] = dict(self.params)
        if self.value is not None:
            data["value"] = list(self.value) if isinstance(self.value, tuple) else self.value
        return data


@dataclass(frozen=True)
class Group:
    kind: GroupKind
    of: tuple["Node", ...]
    least: int = 1  # only read by at_least

    def json(self) -> dict[str, Any]:
        children = [child.json() for child in self.of]
        return {"at_least": self.least, "of": children} if self.kind == "at_least" else {self.kind: children}


Node = Leaf | Group


def leaves(node: Node) -> Iterator[Leaf]:
    if isinstance(node, Leaf):
        yield node
        return
    for child in node.of:
        yield from leaves(child)
