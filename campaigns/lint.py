"""What is wrong with a version before anybody approves it. Red stops it, amber is for the approver's eyes.

Whether the journey is whole is said here (LINT-…); whether its words and offers may be said and given is asked of
compliance (campaigns.wording), which names the rule.
"""

from collections.abc import Iterator
from datetime import datetime

from campaigns import content, footers
from campaigns.finding import Finding
from campaigns.models import Arm, Step, Variant, Version
from campaigns.wording import said_and_given
from compliance.models.decision import PROMOTIONS


def findings(version: Version, *, now: datetime) -> list[Finding]:
    loaded = version.steps.select_related("terms__template__brand", "version__campaign__brand")
    steps = list(loaded.prefetch_related("variants", "arms"))
    whole = [*_whole(version, steps), *(found for step in steps for found in _step(version, step))]
    return [*whole, *said_and_given(version, steps, now)]


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
    return step.kind == Step.Kind.MESSAGE and step.purpose in PROMOTIONS


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
    if step.terms is None and any(_tells_of_a_bonus(variant) for variant in variants if not variant.silent):
        yield Finding("red", "LINT-28", "it tells of a bonus: choose which one", step.id)
    if step.terms is not None and step.terms.currency != step.version.campaign.brand.currency:
        yield Finding("red", "LINT-11", "the bonus is in another currency than the brand", step.id)


def _tells_of_a_bonus(variant: Variant) -> bool:
    sources = [source for source in (variant.subject, variant.body, variant.button) if not content.problems(source)]
    return any(path.startswith("bonus.") for source in sources for path in content.uses(source))


def _variant(step: Step, variant: Variant) -> Iterator[Finding]:
    row = f"row {variant.position + 1}"
    if not variant.subject.strip() or not variant.body.strip():
        yield Finding("red", "LINT-22", f"{row} has no subject or no text", step.id)
    for source in (variant.subject, variant.body, variant.button, variant.url):
        wrong = content.problems(source)
        yield from (Finding("red", "LINT-23", f"{row}: {words}", step.id) for words in wrong)
        if not wrong:
            yield from _brand_fields(step, row, source)


def _brand_fields(step: Step, row: str, source: str) -> Iterator[Finding]:
    """A field of the brand that is empty is empty for everybody: nobody would get the message."""
    known = content.brand_fields(step.version.campaign.brand)
    for path in sorted(content.uses(source)):
        whose, _, name = path.partition(".")
        if whose == "brand" and name not in known:
            yield Finding("red", "LINT-27", f"{row}: the brand has no {name.replace('_', ' ')}", step.id)
