"""The vertical tree as pages draw it: nested cards with their sentences, marks and counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from campaigns import words
from campaigns.board import StepCounts, StepWords
from campaigns.finding import Finding
from campaigns.models import Step, Version

ICONS = {"message": "mail", "wait": "hourglass", "branch": "arrows-split", "bonus": "gift", "end": "flag"}


@dataclass
class Column:
    arm_id: int | None
    title: str
    cards: list["Card"] = field(default_factory=list)

    @property
    def foot(self) -> int | None:
        """Position of the last card: below it a new one goes."""
        return self.cards[-1].step.position if self.cards else None


@dataclass
class Card:
    step: Step
    sentence: str
    icon: str
    findings: list[Finding]
    counts: StepCounts | StepWords | None
    columns: list[Column] = field(default_factory=list)

    @property
    def mark(self) -> str:
        levels = {finding.level for finding in self.findings}
        return "red" if "red" in levels else "yellow" if levels else ""


def tree(
    version: Version, findings: list[Finding], counts: Mapping[int, StepCounts] | Mapping[int, StepWords] | None = None
) -> Column:
    """A fixed number of queries, whatever the tree's size."""
    steps = version.steps.select_related("terms__template").prefetch_related("variants", "arms__segment")
    below: dict[int | None, list[Step]] = {}
    for step in sorted(steps, key=lambda s: s.position):
        below.setdefault(step.arm_id, []).append(step)
    by_step: dict[int | None, list[Finding]] = {}
    for finding in findings:
        by_step.setdefault(finding.step_id, []).append(finding)

    def column(arm_id: int | None, title: str) -> Column:
        return Column(arm_id, title, [card(step) for step in below.get(arm_id, [])])

    def card(step: Step) -> Card:
        icon = "browser" if step.channel == Step.Channel.ONSITE else ICONS[step.kind]
        mine = counts.get(step.id, StepCounts()) if counts is not None else None
        arms = [column(arm.id, arm.segment.name if arm.segment else "Everyone else") for arm in step.arms.all()]
        return Card(step, words.step(step), icon, by_step.get(step.id, []), mine, arms)

    return column(None, "")
