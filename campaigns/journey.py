"""What comes next in a journey: pure functions over a frozen tree, no database and no clock.

A run stands on a step it has already done (or on none, when it has just entered). `walk` goes on from
there until something has to be waited for: time, a message to be settled, a bonus to be given.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class ArmNode:
    id: int
    title: str
    segment_id: int | None


@dataclass(frozen=True, slots=True)
class Node:
    id: int
    kind: str  # message, wait, branch, bonus, end
    arm_id: int | None
    position: int
    arms: tuple[ArmNode, ...] = ()
    wait_minutes: int = 0
    wait_fact: str = ""
    wait_until: time | None = None


@dataclass(frozen=True)
class Tree:
    """A version's steps. `below[arm id or None]` are the steps of one column, in order."""

    nodes: Mapping[int, Node]
    below: Mapping[int | None, tuple[Node, ...]]
    branch_of: Mapping[int, int] = field(default_factory=dict)  # arm id -> its branch step

    @classmethod
    def of(cls, nodes: Collection[Node]) -> "Tree":
        columns: dict[int | None, list[Node]] = {}
        for node in sorted(nodes, key=lambda n: n.position):
            columns.setdefault(node.arm_id, []).append(node)
        return cls(
            nodes={node.id: node for node in nodes},
            below={arm: tuple(column) for arm, column in columns.items()},
            branch_of={arm.id: node.id for node in nodes for arm in node.arms},
        )

    def after(self, node: Node) -> Node | None:
        """The next step down; at the foot of a column, what follows the branch it belongs to."""
        column = self.below[node.arm_id]
        following = [other for other in column if other.position > node.position]
        if following:
            return following[0]
        return None if node.arm_id is None else self.after(self.nodes[self.branch_of[node.arm_id]])

    def first(self, arm_id: int | None) -> Node | None:
        column = self.below.get(arm_id, ())
        return column[0] if column else None


@dataclass(frozen=True, slots=True)
class Say:
    step_id: int


@dataclass(frozen=True, slots=True)
class Give:
    step_id: int


@dataclass(frozen=True, slots=True)
class Wait:
    step_id: int
    until: datetime
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Take:
    step_id: int
    arm_id: int
    title: str


@dataclass(frozen=True, slots=True)
class Finish:
    step_id: int | None


Move = Say | Give | Wait | Take | Finish


def walk(tree: Tree, at: int | None, segments: Collection[int], zone: str, now: datetime) -> list[Move]:
    """The moves from the step `at` (None: the entrance) up to the next one that takes time.

    `segments` are those the player is in now; `zone` the player's IANA zone. The last move is never a Take.
    """
    node = tree.first(None) if at is None else tree.after(tree.nodes[at])
    moves: list[Move] = []
    last = at
    while node is not None:
        last = node.id
        if node.kind == "message":
            return [*moves, Say(node.id)]
        if node.kind == "bonus":
            return [*moves, Give(node.id)]
        if node.kind == "wait":
            return [*moves, Wait(node.id, wait_end(node, zone, now), node.wait_fact)]
        if node.kind == "end":
            break
        arm = choose(node, segments)
        if arm is not None:
            moves.append(Take(node.id, arm.id, arm.title))
        node = (tree.first(arm.id) if arm is not None else None) or tree.after(node)
    return [*moves, Finish(last)]


def choose(branch: Node, segments: Collection[int]) -> ArmNode | None:
    """First match wins; an arm without a segment matches everyone."""
    return next((arm for arm in branch.arms if arm.segment_id is None or arm.segment_id in segments), None)


def wait_end(node: Node, zone: str, now: datetime) -> datetime:
    """So many minutes from now, then on to the next `wait_until` o'clock in the player's zone.

    On the night an hour is skipped, an o'clock inside it means an hour later; on the night an hour
    comes twice, its first coming.
    """
    end = now + timedelta(minutes=node.wait_minutes)
    if node.wait_until is None:
        return end
    local = end.astimezone(ZoneInfo(zone))
    for days in range(3):
        there = datetime.combine(local.date() + timedelta(days=days), node.wait_until, tzinfo=ZoneInfo(zone))
        if there.timestamp() >= end.timestamp():
            return datetime.fromtimestamp(there.timestamp(), tz=now.tzinfo)
    raise ValueError(f"No {node.wait_until} within three days in {zone}.")
