"""Journeys that tell of protection: whoever is in one has a restriction, a limit or a sign of harm.

They are compliance's. Everybody else reads what such a journey says and how many it reached, in tens; nobody's name,
nobody's path, and on a player's page nothing at all.
"""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from campaigns.models import Arm, Campaign, Delivery, Enrolment, Variant, Version
from campaigns.words import EVENTS, Audience, audience_of
from compliance.models import Operator
from segments.language.attributes import Criterion
from segments.models import Segment
from segments.models import Version as Wording

_RG = Criterion.RG_NEED.value


def telling(**of: object) -> QuerySet[Version]:
    """Versions that begin or end early with such an event, or name a segment that chooses by it or ever did: its members
    of then may be in it still. (A promotion ends with a restriction anyway, and nobody can tell with which.) In SQL alone, because segments ask which campaigns these are while their own rule is read."""
    chosen = Wording.objects.filter(criteria__contains=[_RG]).values("segment")
    chosen_by = Segment.objects.filter(pk__in=chosen).values("pk")
    beside = [model.objects.filter(segment__in=chosen_by).values("step__version") for model in (Arm, Variant)]
    event = Q(trigger=Version.Trigger.FACT, trigger_fact__startswith="rg.")
    event |= Q(exit_facts__overlap=[kind for kind in EVENTS if kind.startswith("rg.")])
    named = Q(trigger_segment__in=chosen_by) | Q(only_if_segment__in=chosen_by)
    return Version.objects.filter(event | named | Q(pk__in=beside[0]) | Q(pk__in=beside[1]), **of).order_by()


def hides_players(version: Version, audience: Audience) -> bool:
    return audience != "compliance" and telling(pk=version.pk).exists()


def among(campaigns: Iterable[Campaign], operator: Operator) -> set[int]:
    """Those of which this operator is told tens only."""
    closed = [one.pk for one in campaigns if audience_of(operator, one.brand_id) != "compliance"]
    return set(telling(campaign__in=closed).values_list("campaign_id", flat=True)) if closed else set()


def open_runs(runs: QuerySet[Enrolment], audience: Audience) -> QuerySet[Enrolment]:
    return runs if audience == "compliance" else runs.exclude(version__in=telling().values("pk"))


def open_messages(messages: QuerySet[Delivery], audience: Audience) -> QuerySet[Delivery]:
    """Without those of such journeys, and those that say something about protection whoever gets them."""
    if audience == "compliance":
        return messages
    return messages.exclude(purpose__startswith="rg_").exclude(enrolment__version__in=telling().values("pk"))
