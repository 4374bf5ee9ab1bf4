"""What the gate is asked about a message: purpose, channel, products, how the audience was chosen, the ask.

Never the campaign itself, so that no exception can be made for one.
"""

from collections.abc import Iterable
from functools import reduce

from campaigns.models import Arm, Delivery, Step, Variant, Version
from compliance.gate import Ask, Request
from compliance.models.decision import Purpose
from players.models import Stage
from segments.models import Segment
from segments.reading import criteria_now

# A stage that was reached by not playing selects by inactivity, whatever the campaign calls it.
_INACTIVE = {Stage.AT_RISK, Stage.LAPSED, Stage.DORMANT}


def criteria_of(version: Version) -> frozenset[str]:
    """By what the audience is chosen: the union over every segment the version names, and its stage."""
    used = {version.trigger_segment_id, version.only_if_segment_id}
    used |= set(Arm.objects.filter(step__version=version).values_list("segment_id", flat=True))
    used |= set(Variant.objects.filter(step__version=version).values_list("segment_id", flat=True))
    segments = Segment.objects.filter(id__in=[segment for segment in used if segment], current__isnull=False)
    found = criteria_now(segments.select_related("current")).values()
    staged = {"inactivity"} if version.trigger_stage in _INACTIVE else set()
    return reduce(frozenset.union, found, frozenset(staged))


class Criteria:
    """criteria_of, once per version for the length of one batch."""

    def __init__(self) -> None:
        self._known: dict[int, frozenset[str]] = {}

    def of(self, version: Version) -> frozenset[str]:
        if version.id not in self._known:
            self._known[version.id] = criteria_of(version)
        return self._known[version.id]


def request_for(delivery: Delivery, criteria: Criteria) -> Request:
    """`delivery` with step, player.brand and enrolment.version loaded."""
    version = delivery.enrolment.version
    return request(
        delivery.player_id,
        delivery.step,
        version,
        currency=delivery.player.brand.currency,
        criteria=criteria.of(version),
        reference=f"delivery:{delivery.id}",
    )


def request(
    player_id: int, step: Step, version: Version, *, currency: str, criteria: Iterable[str], reference: str
) -> Request:
    return Request(
        player_id=player_id,
        purpose=Purpose(step.purpose),
        channel=step.channel,
        products=frozenset(version.products),
        criteria=frozenset(criteria),
        reference=reference,
        ask=Ask(step.ask, step.ask_amount, currency) if step.ask else None,
    )
