"""Lets the promotional messages of each person compete, under the person's lock, and writes the rulings."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from campaigns.arbiter import Candidate, Caps, Ruling, Spoken, judge
from campaigns.models import ConflictRules, Delivery, Version
from campaigns.outcome import Outcome, settle
from compliance.models.decision import PROMOTIONS

_RESTING = ConflictRules()  # the defaults, for brands that set nothing


def compete(person_ids: Sequence[int], *, now: datetime) -> int:
    """Rules on every due planned message of these persons; returns how many are ready to go."""
    planned = list(
        Delivery.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
        .select_related("enrolment__version__campaign")
        .filter(person_id__in=person_ids, status=Delivery.Status.PLANNED, due_at__lte=now)
        .filter(enrolment__version__status__in=Version.MOVING)
        .order_by("person_id", "id")
    )
    by_person: dict[int, list[Delivery]] = {}
    for delivery in planned:
        by_person.setdefault(delivery.person_id, []).append(delivery)
    spoken = _spoken(list(by_person), now)
    rules = {row.brand_id: row for row in ConflictRules.objects.all()}
    outcomes: list[Outcome] = []
    for person_id, theirs in by_person.items():
        caps = _strictest([rules.get(d.enrolment.version.campaign.brand_id, _RESTING) for d in theirs])
        rulings = judge([_candidate(d) for d in theirs], spoken.get(person_id, []), caps, now)
        found = {d.id: d for d in theirs}
        outcomes += [_outcome(found[ruling.delivery_id], ruling) for ruling in rulings]
    settle(outcomes, now=now)
    waiting = Delivery.objects.filter(person_id__in=person_ids, status=Delivery.Status.READY, due_at__lte=now)
    return waiting.count()


def _candidate(delivery: Delivery) -> Candidate:
    campaign = delivery.enrolment.version.campaign
    return Candidate(
        delivery.id,
        campaign.name,
        campaign.priority,
        campaign.exclusive_group,
        delivery.created_at,
        delivery.expires_at,
        delivery.player_id,
    )


def _spoken(person_ids: list[int], now: datetime) -> dict[int, list[Spoken]]:
    """Promotions of the last 7 days, and those on their way."""
    recent = Delivery.objects.filter(
        person_id__in=person_ids, purpose__in=PROMOTIONS, settled_at__gt=now - timedelta(days=7),
        status__in=[Delivery.Status.SENT, Delivery.Status.UNKNOWN],
    )  # fmt: skip
    going = Delivery.objects.filter(
        person_id__in=person_ids, purpose__in=PROMOTIONS,
        status__in=[Delivery.Status.READY, Delivery.Status.SENDING],
    )  # fmt: skip
    found: dict[int, list[Spoken]] = {}
    for delivery in (*recent.select_related("enrolment__campaign"), *going.select_related("enrolment__campaign")):
        campaign = delivery.enrolment.campaign
        spoken = Spoken(delivery.settled_at or now, campaign.name, campaign.exclusive_group, delivery.player_id)
        found.setdefault(delivery.person_id, []).append(spoken)
    return found


def _strictest(rules: Sequence[ConflictRules]) -> Caps:
    """One human behind accounts of several brands hears as much as the strictest of them allows."""
    return Caps(
        per_day=min(rule.per_day for rule in rules),
        per_week=min(rule.per_week for rule in rules),
        spacing=timedelta(minutes=max(rule.spacing_minutes for rule in rules)),
    )


def _outcome(delivery: Delivery, ruling: Ruling) -> Outcome:
    status = {
        "now": Delivery.Status.READY,
        "later": Delivery.Status.PLANNED,
        "drop": Delivery.Status.DROPPED,
    }[ruling.outcome]
    return Outcome(delivery, status, ruling.code, ruling.detail, ruling.again_at)
