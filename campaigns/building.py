"""Changing the tree of a draft. What is no draft any more refuses, in Python and in the database."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F

from campaigns.models import Arm, Step, Variant, Version
from campaigns.publishing import Refused
from segments.models import Segment

_NEW: dict[str, dict[str, object]] = {
    Step.Kind.MESSAGE: {"channel": Step.Channel.EMAIL},
    Step.Kind.WAIT: {"wait_minutes": 1440},
}


@transaction.atomic
def add(version: Version, kind: str, *, arm_id: int | None, after: int | None) -> Step:
    """A new step in the column `arm_id`, below the step at position `after` (None: on top)."""
    draft(version)
    if arm_id is not None and not Arm.objects.filter(id=arm_id, step__version=version).exists():
        raise Refused("This column is gone.")
    place = 0 if after is None else after + 1
    Step.objects.filter(version=version, arm=arm_id, position__gte=place).update(position=F("position") + 1)
    step = Step.objects.create(
        version=version, arm_id=arm_id, position=place, kind=Step.Kind(kind), **_NEW.get(kind, {})
    )
    if kind == Step.Kind.MESSAGE:
        Variant.objects.create(step=step, position=0)
    if kind == Step.Kind.BRANCH:
        Arm.objects.create(step=step, position=0, title="Everyone else")
    return step


@transaction.atomic
def remove(step: Step) -> None:
    """With everything in its columns."""
    draft(step.version)
    version, arm_id, place = step.version, step.arm_id, step.position
    step.delete()
    Step.objects.filter(version=version, arm=arm_id, position__gt=place).update(position=F("position") - 1)


@transaction.atomic
def move(step: Step, down: bool) -> None:
    """One place up or down in its column."""
    draft(step.version)
    column = Step.objects.filter(version=step.version, arm=step.arm_id)
    other = column.filter(position=step.position + (1 if down else -1)).first()
    if other is not None:
        Step.objects.filter(id=other.id).update(position=step.position)
        Step.objects.filter(id=step.id).update(position=other.position)


@transaction.atomic
def set_columns(step: Step, segments: Sequence[Segment]) -> None:
    """One column per segment, in this order, and everyone else; columns that stay keep their steps."""
    draft(step.version)
    kept = {arm.segment_id: arm for arm in step.arms.all()}
    wanted = [*segments, None]
    for arm in kept.values():
        if arm.segment_id not in {segment.id if segment else None for segment in wanted}:
            arm.delete()
    step.arms.update(position=F("position") + 100)
    for place, segment in enumerate(wanted):
        old = kept.get(segment.id if segment else None)
        if old is None:
            Arm.objects.create(step=step, position=place, segment=segment, title=segment.name[:60] if segment else "")
        else:
            Arm.objects.filter(id=old.id).update(position=place)


@transaction.atomic
def add_variant(step: Step) -> Variant:
    """On top: first match wins, so the row for everyone else stays last."""
    draft(step.version)
    for variant in step.variants.order_by("-position"):
        Variant.objects.filter(id=variant.id).update(position=variant.position + 1)
    return Variant.objects.create(step=step, position=0)


@transaction.atomic
def remove_variant(variant: Variant) -> None:
    draft(variant.step.version)
    variant.delete()


def draft(version: Version) -> None:
    """Locks the version; raises Refused when it is no draft any more."""
    version.refresh_from_db(
        from_queryset=Version.objects.select_for_update(no_key=True, of=("self",)).select_related("campaign")
    )
    if not version.is_draft:
        raise Refused(f"Version {version.number} is “{version.get_status_display()}” and cannot be changed.")


@transaction.atomic
def draft_now(version: Version) -> None:
    """The same question on its own, before a form is read; the database asks it again when it is written."""
    draft(version)
