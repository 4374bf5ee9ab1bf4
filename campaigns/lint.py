"""What is wrong with a version before anybody approves it. Red stops it, amber is for the approver's eyes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from campaigns import content, footers
from campaigns.models import Arm, Step, Variant, Version
from compliance.models.decision import Purpose

# PD-04: a promotional element turns a service message into marketing.
_SELLING = re.compile(r"\b(bonus|free spins?|offer|promo|cashback|jackpot|win big|reward|deposit now|play now)\b", re.I)
_URGENT = re.compile(r"\b(hurry|last chance|only today|act now|don.t miss|ends soon|final hours)\b", re.I)
# MT-06: never encourage prolonged play or chasing losses.
_HARMFUL = re.compile(r"\b(win back your losses|recover your losses|risk[- ]free|guaranteed win|can.t lose)\b", re.I)
_WHERE = {"LINT-02": "start", "LINT-03": "settings", "LINT-04": "exit"}


@dataclass(frozen=True, slots=True)
class Finding:
    level: str  # red, amber
    rule: str
    words: str
    step_id: int | None = None

    @property
    def where(self) -> str:
        """The card that mends it; 'settings' for what stands on that tab, '' where nothing here mends it."""
        return str(self.step_id) if self.step_id else _WHERE.get(self.rule, "")


def findings(version: Version) -> list[Finding]:
    steps = list(version.steps.select_related("terms", "version__campaign__brand").prefetch_related("variants", "arms"))
    return [*_whole(version, steps), *(found for step in steps for found in _step(version, step))]


def _whole(version: Version, steps: list[Step]) -> Iterator[Finding]:
    if not any(step.kind in (Step.Kind.MESSAGE, Step.Kind.BONUS) for step in steps):
        yield Finding("red", "LINT-01", "nothing is said and nothing is given")
    if not _starts(version):
        yield Finding("red", "LINT-02", "it does not say what starts it")
    promotional = [step for step in steps if step.kind == Step.Kind.BONUS or _promotes(step)]
    if promotional and not version.products:
        yield Finding("red", "LINT-03", "choose the products it promotes: consent is given per product")
    if promotional and not version.exit_facts and not version.goal_fact:
        yield Finding("amber", "LINT-04", "nothing ends it early: add a goal or an exit")
    try:
        footers.lines(version.campaign.brand)
    except (KeyError, ValueError):
        yield Finding("red", "LINT-05", "there is no 18+ and help footer for this licence")


def _starts(version: Version) -> bool:
    return bool(
        {
            Version.Trigger.FACT: version.trigger_fact,
            Version.Trigger.SEGMENT: version.trigger_segment_id,
            Version.Trigger.STAGE: version.trigger_stage is not None,
            Version.Trigger.LAUNCH: version.trigger_segment_id,
        }[Version.Trigger(version.trigger)]
    )


def _promotes(step: Step) -> bool:
    return step.kind == Step.Kind.MESSAGE and step.purpose == Purpose.PROMOTIONAL


def _step(version: Version, step: Step) -> Iterator[Finding]:
    if step.kind == Step.Kind.MESSAGE:
        yield from _message(step)
    elif step.kind == Step.Kind.BRANCH:
        yield from _branch(step)
    elif step.kind == Step.Kind.BONUS:
        if step.terms is None:
            yield Finding("red", "LINT-10", "choose which bonus is given", step.id)
        elif step.terms.currency != version.campaign.brand.currency:
            yield Finding("red", "LINT-11", "the bonus is in another currency than the brand", step.id)
    elif step.kind == Step.Kind.WAIT and not step.wait_minutes and step.wait_until is None:
        yield Finding("amber", "LINT-12", "this wait does not wait", step.id)


def _branch(step: Step) -> Iterator[Finding]:
    arms = list[Arm](step.arms.all())
    if not arms:
        yield Finding("red", "LINT-13", "this branch has no columns", step.id)
    elif all(arm.segment_id for arm in arms):
        yield Finding("amber", "LINT-14", "players in none of these segments pass this branch by", step.id)


def _message(step: Step) -> Iterator[Finding]:
    variants = list[Variant](step.variants.all())
    if not any(variant.is_for_everyone_else for variant in variants):
        yield Finding("red", "LINT-20", "say what everyone else gets, or that they get nothing", step.id)
    if step.ask and not step.ask_amount:
        yield Finding("red", "LINT-21", "say how much it asks for at least", step.id)
    for variant in variants:
        if not variant.silent:
            yield from _variant(step, variant)


def _variant(step: Step, variant: Variant) -> Iterator[Finding]:
    row = f"row {variant.position + 1}"
    if not variant.subject.strip() or not variant.body.strip():
        yield Finding("red", "LINT-22", f"{row} has no subject or no text", step.id)
    for source in (variant.subject, variant.body, variant.button, variant.url):
        wrong = content.problems(source)
        yield from (Finding("red", "LINT-23", f"{row}: {words}", step.id) for words in wrong)
        if not wrong:
            yield from _brand_fields(step, row, source)
    said = f"{variant.subject} {variant.body} {variant.button}"
    selling = _SELLING.search(said)
    if step.purpose != Purpose.PROMOTIONAL and selling:
        yield Finding("red", "LINT-24", f"{row}: “{selling[0]}” makes a service message a promotion", step.id)
    if harmful := _HARMFUL.search(said):
        yield Finding("red", "LINT-25", f"{row}: “{harmful[0]}” must not be said", step.id)
    if urgent := _URGENT.search(said):
        yield Finding("amber", "LINT-26", f"{row}: “{urgent[0]}” presses the player", step.id)


def _brand_fields(step: Step, row: str, source: str) -> Iterator[Finding]:
    """A field of the brand that is empty is empty for everybody: nobody would get the message."""
    known = content.brand_fields(step.version.campaign.brand)
    for path in sorted(content.uses(source)):
        whose, _, name = path.partition(".")
        if whose == "brand" and name not in known:
            yield Finding("red", "LINT-27", f"{row}: the brand has no {name.replace('_', ' ')}", step.id)
