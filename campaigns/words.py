"""What happened and what will, in sentences. Only compliance reads which restriction a player has."""

import re
from typing import Literal

from campaigns import content
from campaigns.models import Delivery, Enrolment, Step, Trace, Version
from compliance import reasons
from compliance.models import Operator
from compliance.vocabulary import CONTENT_SAID
from players.models import Stage

Audience = Literal["crm", "support", "compliance"]

EVENTS = {
    "player.registered": "registers",
    "player.login": "logs in",
    "player.kyc": "changes identity status",
    "deposit.approved": "deposits",
    "deposit.rejected": "has a deposit declined",
    "deposit.charged_back": "has a deposit charged back",
    "withdrawal.approved": "withdraws",
    "rg.limit_set": "sets a limit",
    "rg.medium_signs": "shows medium signs of harm",
    "rg.strong_signs": "shows strong signs of harm",
    "rg.review_due": "has not looked at their limits for six months",
    "rg.self_excluded": "excludes themselves",
    "rg.time_out": "takes a time-out",
    "rg.signs_reviewed": "was looked at, and the signs were settled",
    "segment.left": "leaves the segment that started it",
    "stage.changed": "moves to another stage",
}
DID = {  # the same, told of many
    "player.registered": "registered",
    "player.login": "logged in",
    "player.kyc": "changed identity status",
    "deposit.approved": "deposited",
    "deposit.rejected": "had a deposit declined",
    "deposit.charged_back": "had a deposit charged back",
    "withdrawal.approved": "withdrew",
    "rg.limit_set": "set a limit",
    "rg.medium_signs": "showed medium signs of harm",
    "rg.strong_signs": "showed strong signs of harm",
    "rg.review_due": "had not looked at their limits for six months",
}
CONTENT = CONTENT_SAID  # what the words of a message may do
ENTERED = {  # what lets a player in without being an event of the PAM
    "launch": "Entered at the launch",
    "rerouted": "Entered: a promotion made room for it",
    "segment.entered": "Entered: came into the segment",
}
_FIELD = re.compile(r"\{\{\s*([\w.]+)[^}]*\}\}")
OURS = {
    "expired": "Its time was over",
    "exclusive_group": "Another campaign of the same exclusive group went first",
    "spacing": "Too soon after another promotion",
    "frequency_cap": "Enough promotions for now",
    "left_journey": "The player had left the journey",
    "ended": "The campaign was ended",
    "no_variant": "Nothing is meant for this player",
    "no_address": "No usable address",
    "hole": "A field has no value",
    "provider": "The mail server refused it",
    "retry": "Will be tried again",
    "unknown": "The mail server did not say; not sent again",
    "player.blocked": "The account was blocked",
    "player.closed": "The account was closed",
    "bonus_refused": "The bonus was refused",
    "goal": "Goal reached",
    "end": "Went through",
    "control": "Control group",
    "holdout": "Hold-out group",
}


def does(kind: str) -> str:
    """'deposits'; of an event the operator has named himself, its name."""
    return EVENTS.get(kind) or (f"has the event “{_own(kind)}”" if kind.startswith("custom.") else kind)


def did(kind: str) -> str:
    """The same, told of many; empty for what nobody has words for."""
    return DID.get(kind) or (f"had the event “{_own(kind)}”" if kind.startswith("custom.") else "")


def _own(kind: str) -> str:
    return kind.partition(".")[2].replace("_", " ")


def audience_of(operator: Operator, brand_id: int) -> Audience:
    if operator.may("compliance.reasons", brand_id):
        return "compliance"
    return "crm" if operator.may("campaigns.edit", brand_id) else "support"


def reason(code: str, audience: Audience, detail: str = "") -> str:
    """A refusal, ours or the gate's, as this operator may read it."""
    if not code:
        return ""
    if code.startswith("rg."):
        return does(code) if audience == "compliance" else "Protected"
    if code in OURS:
        return f"{OURS[code]} ({detail})" if detail and code in ("hole", "provider", "spacing") else OURS[code]
    if code in EVENTS or code.startswith("custom."):
        return f"The player {does(code)}"
    return reasons.sentence(code, audience)


def starts(version: Version) -> str:
    match version.trigger:
        case Version.Trigger.SEGMENT if version.trigger_segment:
            return f"The player enters the segment “{version.trigger_segment.name}”"
        case Version.Trigger.LAUNCH if version.trigger_segment:
            return f"At launch, once, to everybody in “{version.trigger_segment.name}”"
        case Version.Trigger.STAGE if version.trigger_stage is not None:
            return f"The player becomes “{Stage(version.trigger_stage).label}”"
        case Version.Trigger.FACT if version.trigger_fact:
            return f"The player {does(version.trigger_fact)}"
    return "Nothing yet: choose what starts it"


def again(version: Version) -> str:
    if version.reentry_days is None:
        return "Once per player"
    days = version.reentry_days
    return "Every time" if not days else f"Again after {days} day{'s' * (days != 1)}"


def leaves(version: Version) -> list[str]:
    found = [f"the player {does(kind)}" for kind in version.exit_facts]
    if version.goal_fact:
        found.insert(0, f"Goal: the player {does(version.goal_fact)}")
    return found


def step(one: Step) -> str:
    """One sentence per card."""
    match one.kind:
        case Step.Kind.MESSAGE:
            about = f", about “{one.terms.template.name}”" if one.terms else ""
            return f"{one.get_channel_display()}: {_subjects(one)}{about}"
        case Step.Kind.WAIT:
            return _wait(one)
        case Step.Kind.BRANCH:
            return "By segment, first match wins"
        case Step.Kind.BONUS:
            return f"{one.terms.template.name}" if one.terms else "No bonus chosen"
    return "The journey ends here"


def _subjects(one: Step) -> str:
    variants = list(one.variants.all())
    spoken = [variant.subject for variant in variants if not variant.silent and variant.subject]
    if not spoken:
        return "no words yet"
    more = len(variants) - 1
    return f"“{readable(spoken[-1])}”" + (f" and {more} more variant{'s' * (more != 1)}" if more else "")


def readable(source: str) -> str:
    """A template as people read it: "Your {{ event.what }}" -> "Your [what was set]"."""
    return _FIELD.sub(lambda found: f"[{content.FIELDS.get(found[1], (found[1],))[0].lower()}]", source)


def _wait(one: Step) -> str:
    parts = [span(one.wait_minutes)] if one.wait_minutes else []
    if one.wait_until:
        parts.append(f"{'then ' if parts else ''}until {one.wait_until:%H:%M} where the player is")
    if one.wait_fact:
        parts.append(f"or until the player {does(one.wait_fact)}")
    return ", ".join(parts) or "no time set"


def span(minutes: int) -> str:
    for size, unit in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes % size == 0 and minutes >= size:
            count = minutes // size
            return f"{count} {unit}{'s' if count != 1 else ''}"
    return "0 minutes"


def trace(one: Trace, audience: Audience) -> str:
    """`one` with step loaded."""
    what = step_name(one.step)
    code, _, detail = one.detail.partition(": ")
    match one.kind:
        case Trace.Kind.ENTERED:
            return ENTERED.get(one.detail) or f"Entered: {reason(one.detail, audience)}"
        case Trace.Kind.WAITED:
            return f"Waits: {_wait(one.step)}" if one.step else "Waits"
        case Trace.Kind.RESUMED | Trace.Kind.GOAL:
            return f"{one.get_kind_display()}: {reason(one.detail, audience)}"
        case Trace.Kind.BRANCHED:
            return f"Took the branch “{one.detail}”"
        case Trace.Kind.PLANNED | Trace.Kind.SENT:
            return f"{one.get_kind_display()}: {what}"
        case Trace.Kind.REFUSED | Trace.Kind.LATER | Trace.Kind.LOST | Trace.Kind.NOT_GRANTED:
            return f"{one.get_kind_display()}: {what}. {reason(code, audience, detail)}"
        case Trace.Kind.EXITED:
            return f"Left early: {reason(one.detail, audience)}"
        case Trace.Kind.HELD:
            return "Kept out on purpose, to measure what the campaign does"
    return one.get_kind_display()


def step_name(one: Step | None) -> str:
    return f"{one.get_channel_display() or one.get_kind_display()}, step {one.position + 1}" if one else ""


STATUS_TONE: dict[str, str] = {
    Delivery.Status.SENT: "green",
    Delivery.Status.REFUSED: "red",
    Delivery.Status.FAILED: "red",
    Delivery.Status.DROPPED: "muted",
    Delivery.Status.UNKNOWN: "yellow",
}
VERSION_TONE: dict[str, str] = {
    Version.Status.LIVE: "green",
    Version.Status.SUBMITTED: "yellow",
    Version.Status.APPROVED: "blue",
    Version.Status.PAUSED: "red",
}
RUN_TONE: dict[str, str] = {Enrolment.State.ACTIVE: "blue", Enrolment.State.DONE: "green"}
