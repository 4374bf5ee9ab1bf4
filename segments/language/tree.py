"""The shape of a rule: leaves ask one attribute, groups combine them. Frozen, so a parsed rule stays what it was."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from players.models import Brand

GroupKind = Literal["all", "any", "none", "at_least"]
GROUP_KINDS: tuple[GroupKind, ...] = ("all", "any", "none", "at_least")


@dataclass(frozen=True)
class At:
    """The instant a rule is read at. Age turns at local midnight and calendar days with the gaming day, so the
    brand's zone and the hour its day starts at belong to it."""

    now: datetime
    zone: ZoneInfo
    day_start_hour: int = 0

    @classmethod
    def brand(cls, brand: Brand, now: datetime) -> "At":
        return cls(now, ZoneInfo(brand.timezone), brand.day_start_hour)

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @property
    def gaming_day(self) -> date:
        return self.day_of(self.now)

    def day_of(self, instant: datetime) -> date:
        """The gaming day, as `players.folding.gaming_day` tells it."""
        local = instant.astimezone(self.zone).replace(tzinfo=None)
        return (local - timedelta(hours=self.day_start_hour)).date()

    def starts(self, day: date) -> datetime:
        """The instant the gaming day begins. Of an hour that comes twice the second, of one that is left out the
        instant after it: as PostgreSQL reads local times."""
        local = datetime.combine(day, time(self.day_start_hour), self.zone)
        first, second = (local.replace(fold=fold).utcoffset() or timedelta(0) for fold in (0, 1))
        return local.replace(fold=int(first > second)).astimezone(UTC)


@dataclass(frozen=True)
class Than:
    """The other side of a comparison: another attribute, taken at so many per cent."""

    attribute: str
    params: dict[str, Any] = field(default_factory=dict)
    percent: int = 100

    def json(self) -> dict[str, Any]:
        data: dict[str, Any] = {"attribute": self.attribute}
        if self.params:
            data["params"] = dict(self.params)
        return data if self.percent == 100 else data | {"percent": self.percent}


@dataclass(frozen=True)
class Leaf:
    attribute: str
    op: str
    value: Any = None
    params: dict[str, Any] = field(default_factory=dict)
    than: Than | None = None  # instead of the value
    brand_id: int = field(default=0, compare=False)  # whose lists and segments its names are; 0: read without a brand

    def json(self) -> dict[str, Any]:
        data: dict[str, Any] = {"attribute": self.attribute, "op": self.op}
        if self.params:
            data["params"] = dict(self.params)
        if self.than is not None:
            data["than"] = self.than.json()
        elif self.value is not None:
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


@dataclass(frozen=True)
class Nested(Leaf):
    """A condition that names segments. `rules`: what they ask for, so that one rule holds all of it; empty where
    only the past of the segment is asked."""

    names: tuple[str, ...] = ()
    rules: tuple[Group, ...] = ()


Node = Leaf | Group


def leaves(node: Node) -> Iterator[Leaf]:
    """Every condition, those of the segments it names instead of their names."""
    if isinstance(node, Nested) and node.rules:
        for rule in node.rules:
            yield from leaves(rule)
    elif isinstance(node, Leaf):
        yield node
    else:
        for child in node.of:
            yield from leaves(child)
