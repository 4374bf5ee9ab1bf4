"""What the gate is asked about a message: purpose, channel, products, how the audience was chosen and how large it is,
the ask, the offer, what its words do.

Never the campaign itself, so that no exception can be made for one.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, reduce

from bonuses import offering
from campaigns import footers, reach
from campaigns.models import Arm, Delivery, Step, Variant, Version
from compliance.gate import Ask, Request
from compliance.lint import words
from compliance.models.decision import PROMOTIONS, Purpose
from compliance.vocabulary import product
from players.models import Brand, Stage
from segments.models import Segment
from segments.reading import criteria_now

# A stage that was reached by not playing selects by inactivity, whatever the campaign calls it.
_INACTIVE = {Stage.AT_RISK, Stage.LAPSED, Stage.DORMANT}


def criteria_of(version: Version) -> frozenset[str]:
    """By what the audience is chosen: the union over every segment the version names, its stage, and the event; 'all'
    where nothing of that tells anybody apart."""
    used = {version.trigger_segment_id, version.only_if_segment_id}
    used |= set(Arm.objects.filter(step__version=version).values_list("segment_id", flat=True))
    used |= set(Variant.objects.filter(step__version=version).values_list("segment_id", flat=True))
    segments = Segment.objects.filter(id__in=[segment for segment in used if segment], current__isnull=False)
    found = criteria_now(segments.select_related("current")).values()
    return reduce(frozenset.union, found, _started_by(version)) or frozenset({"all"})


def _started_by(version: Version) -> frozenset[str]:
    if version.trigger == Version.Trigger.STAGE:
        return frozenset({"inactivity" if version.trigger_stage in _INACTIVE else "lifecycle"})
    if version.trigger != Version.Trigger.FACT:
        return frozenset()
    if version.trigger_fact.startswith("rg."):  # known for the player's protection, and starts nothing else
        return frozenset({"rg_need"})
    # Nobody can tell what an event of the operator's own stands for.
    return frozenset({"manual" if version.trigger_fact.startswith("custom.") else "lifecycle"})


@dataclass(frozen=True, slots=True)
class Audience:
    """Why these players, how many of them are made the offer of this step (None: nobody counted), and the step that
    gives what this one only tells of."""

    criteria: frozenset[str]
    players: int | None = None
    giver: int | None = None
    together: int | None = None  # what the version gives on the way that gives most, minor units


class Audiences:
    """Audience per step, read once for the length of one batch."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._criteria: dict[int, frozenset[str]] = {}
        self._offers: dict[int, tuple[int | None, int | None]] = {}
        self._together: dict[int, int] = {}

    def of(self, step: Step, version: Version) -> Audience:
        if version.id not in self._criteria:
            self._criteria[version.id] = criteria_of(version)
        if step.terms_id and step.id not in self._offers:
            self._offers[step.id] = (reach.known(step.id, now=self._now), giver_of(step))
        if step.terms_id and version.id not in self._together:
            self._together[version.id] = worth_together(version)
        return Audience(
            self._criteria[version.id], *self._offers.get(step.id, (None, None)), self._together.get(version.id)
        )


def worth_together(version: Version) -> int:
    """Minor units of everything one player may be promised: of columns beside one another the richest, and what a message
    speaks of that no card gives, once (DK-03 sums all parts)."""
    columns: dict[int | None, list[Step]] = {}
    for step in version.steps.select_related("terms__template"):
        columns.setdefault(step.arm_id, []).append(step)
    arms: dict[int, list[int]] = {}
    for arm in Arm.objects.filter(step__version=version):
        arms.setdefault(arm.step_id, []).append(arm.id)
    gives = {step.terms_id for steps in columns.values() for step in steps if step.kind == Step.Kind.BONUS}
    told = {step.terms_id: step.terms for steps in columns.values() for step in steps if step.terms_id not in gives}

    def given(column: int | None) -> int:
        cards = columns.get(column, ())
        own = sum(offering.promised(step.terms).value for step in cards if step.kind == Step.Kind.BONUS and step.terms)
        return own + sum(max((given(arm) for arm in arms.get(step.id, ())), default=0) for step in cards)

    return given(None) + sum(offering.promised(terms).value for terms in told.values() if terms)


def giver_of(step: Step) -> int | None:
    """The bonus step of the same version that gives what a message speaks of."""
    if not step.terms_id or step.kind == Step.Kind.BONUS:
        return None
    givers = Step.objects.filter(version_id=step.version_id, kind=Step.Kind.BONUS, terms=step.terms_id)
    return givers.order_by("id").values_list("id", flat=True).first()


def request_for(delivery: Delivery, audiences: Audiences, text: str = "") -> Request:
    """`delivery` with step.terms.template, player.brand.licence and enrolment.version loaded; `text` as this player
    would read it."""
    version, step = delivery.enrolment.version, delivery.step
    return request(
        delivery.player_id, step, version, audience=audiences.of(step, version), text=text,
        reference=f"delivery:{delivery.id}", run=delivery.enrolment_id,
    )  # fmt: skip


def request(
    player_id: int, step: Step, version: Version, *, audience: Audience, reference: str, text: str = "", run: int = 0
) -> Request:
    """`version` with campaign.brand.licence loaded, `step` with terms.template. `run`: the enrolment it belongs to."""
    brand, terms = version.campaign.brand, step.terms
    given = reference_of(run, audience.giver) if run and audience.giver else ""
    return Request(
        player_id=player_id,
        purpose=Purpose(step.purpose),
        channel=step.channel,
        products=_products(step, version),
        criteria=audience.criteria,
        reference=reference,
        ask=_ask(step, brand.currency),
        incentive=offering.promised(terms, given=given, together=audience.together) if terms else None,
        content=content(step, brand, text),
        audience=audience.players if terms else None,
    )


def content(step: Step, brand: Brand, text: str) -> frozenset[str]:
    """What the author declared, what the words themselves say, and what stands under them. Of a service message what was
    declared, and whether it sells (X-06: at the approval and again as each player reads it); help with gambling speaks of
    losses and loans, and a brand may be called after a jackpot."""
    sells = step.purpose != Purpose.PROMOTIONAL and words.selling(text.replace(brand.name, ""))
    told = frozenset(step.declares) | ({"selling"} if sells else set())
    if step.purpose not in PROMOTIONS:
        return told
    missing = {"missing_notice"} if footers.missing(brand.licence.jurisdiction) else set()
    return told | _done_by(text) | missing


@lru_cache(maxsize=64)
def _done_by(text: str) -> frozenset[str]:
    """Kept for the length of a countdown, which asks about thousands of players with the words of one variant."""
    return words.tags(words.found(text)) | words.limits(text)


def reference_of(run: int, step_id: int) -> str:
    """How a bonus step names the grant of a run."""
    return f"enrolment:{run}:{step_id}"


def _products(step: Step, version: Version) -> frozenset[str]:
    """Named more closely where a stake is asked at certain games."""
    named = frozenset(version.products)
    if step.ask != Step.Ask.STAKE or not step.ask_on:
        return named
    return frozenset({word for word in named if word != product(step.ask_on)} | {step.ask_on})


def _ask(step: Step, currency: str) -> Ask | None:
    """As declared; a bonus that needs a deposit asks for its smallest one."""
    declared = Ask(step.ask, step.ask_amount, currency) if step.ask else None
    needed = offering.asked(step.terms) if step.terms else None
    if needed is None or (declared is not None and (declared.kind != needed.kind or declared.amount > needed.amount)):
        return declared
    return needed
