"""How many players an offer is made to, on the same terms. Counted when it is written, launched, and every hour it runs.

A journey that starts with an event or a stage is offered to everybody of the brand who comes to it; one that names a
segment, to those in it. Whoever a branch leads elsewhere, or gets nothing, is not counted; the control and hold-out
groups are taken off.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from campaigns.models import Arm, ConflictRules, Reach, Step, Variant, Version
from players.models import Player
from segments.models import Membership

GOOD_FOR = timedelta(days=2)  # a count that nobody repeated is no count
_RUNNING = (*Version.MOVING, Version.Status.PAUSED)


def known(step_id: int, *, now: datetime) -> int | None:
    counted = Reach.objects.filter(step=step_id, counted_at__gt=now - GOOD_FOR)
    return counted.values_list("players", flat=True).first()


def count(step: Step) -> int:
    """`step` with version.campaign loaded."""
    version = step.version
    rules = ConflictRules.objects.filter(brand=version.campaign.brand_id).first()
    kept_out = (100 - version.control_percent) * (100 - (rules.holdout_percent if rules else 0))
    return _players(step).count() * kept_out // 10_000


def write_down(version: Version, *, now: datetime) -> None:
    """Every offer of the version, counted now."""
    Reach.objects.bulk_create(
        [Reach(step=step, players=count(step), counted_at=now) for step in offers(version)],
        update_conflicts=True, unique_fields=["step"], update_fields=["players", "counted_at"],
    )  # fmt: skip


def count_running(*, now: datetime) -> int:
    """All versions that run, or may within the hour; returns how many."""
    due = Version.objects.filter(status__in=[*_RUNNING, Version.Status.APPROVED], steps__terms__isnull=False).distinct()
    versions = list(due.select_related("campaign"))
    for version in versions:
        write_down(version, now=now)
    return len(versions)


def offers(version: Version) -> QuerySet[Step]:
    return version.steps.filter(terms__isnull=False).select_related("version__campaign").order_by("id")


def _players(step: Step) -> QuerySet[Player]:
    found = Player.objects.filter(brand=step.version.campaign.brand_id, is_test=False)
    for segment, inside in _asked(step):
        of = Exists(Membership.objects.filter(player=OuterRef("pk"), segment=segment, left_at=None))
        found = found.filter(of if inside else ~of)
    return found


def _asked(step: Step) -> Iterator[tuple[int, bool]]:
    """(segment, in it or not) of everybody who comes to this step and hears it."""
    version = step.version
    if version.trigger in (Version.Trigger.SEGMENT, Version.Trigger.LAUNCH) and version.trigger_segment_id:
        yield version.trigger_segment_id, True
    if version.only_if_segment_id:
        yield version.only_if_segment_id, True
    silent = Variant.objects.filter(step=step, silent=True, segment__isnull=False)
    yield from ((segment, False) for segment in silent.values_list("segment_id", flat=True) if segment)
    arm_id = step.arm_id
    while arm_id is not None:
        arm = Arm.objects.select_related("step").get(id=arm_id)
        if arm.segment_id:
            yield arm.segment_id, True
        earlier = Arm.objects.filter(step=arm.step, position__lt=arm.position, segment__isnull=False)
        yield from ((segment, False) for segment in earlier.values_list("segment_id", flat=True) if segment)
        arm_id = arm.step.arm_id
