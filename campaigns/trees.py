"""Versions read once into frozen trees. What is not a draft cannot change, so it may be kept."""

from functools import lru_cache

from campaigns.journey import ArmNode, Node, Tree
from campaigns.models import Arm, Step, Version


def tree_of(version: Version) -> Tree:
    return _load(version.id) if version.is_draft else _kept(version.id)


@lru_cache(maxsize=512)
def _kept(version_id: int) -> Tree:
    return _load(version_id)


def _load(version_id: int) -> Tree:
    arms: dict[int, list[ArmNode]] = {}
    for arm in Arm.objects.filter(step__version_id=version_id).order_by("step_id", "position"):
        arms.setdefault(arm.step_id, []).append(ArmNode(arm.id, arm.title, arm.segment_id))
    return Tree.of(
        [
            Node(
                id=step.id,
                kind=step.kind,
                arm_id=step.arm_id,
                position=step.position,
                arms=tuple(arms.get(step.id, ())),
                wait_minutes=step.wait_minutes,
                wait_fact=step.wait_fact,
                wait_until=step.wait_until,
            )
            for step in Step.objects.filter(version_id=version_id)
        ]
    )
