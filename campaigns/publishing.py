"""A version's way from draft to live and out again. Two people, every step in the audit trail."""

from datetime import datetime

from django.db import transaction

from campaigns import reach
from campaigns.finding import Finding
from campaigns.lint import findings
from campaigns.models import Arm, Campaign, Delivery, Enrolment, Step, Version
from compliance import audit
from compliance.models import Operator
from players import looking_again

_OPEN = (Version.Status.DRAFT, Version.Status.SUBMITTED, Version.Status.APPROVED)


class Refused(Exception):
    """This cannot be done now; the text says why, in words for the operator."""


class NotReady(Refused):
    def __init__(self, found: list[Finding]) -> None:
        super().__init__("Mend these first: " + "; ".join(finding.words for finding in found))
        self.findings = found


@transaction.atomic
def submit(version: Version, actor: Operator, *, now: datetime) -> None:
    """For approval; from here on nobody can change it. Raises NotReady."""
    _must_be(version, Version.Status.DRAFT)
    red = [finding for finding in findings(version, now=now) if finding.level == "red"]
    if red:
        raise NotReady(red)
    reach.write_down(version, now=now)
    _become(version, Version.Status.SUBMITTED, actor, "campaign.submitted", submitted_at=now)


@transaction.atomic
def approve(version: Version, actor: Operator, *, now: datetime, seen: str | None = None) -> None:
    """`seen`: when what the approver has read was sent for approval; it may have gone back and come again since."""
    _must_be(version, Version.Status.SUBMITTED)
    if actor.id in (version.author_id, *version.editors):
        raise Refused("Who wrote it cannot approve. Somebody else has to look at it.")
    if seen is not None and (version.submitted_at is None or seen != version.submitted_at.isoformat()):
        raise Refused("It was changed since you opened this page. Read it again.")
    _become(version, Version.Status.APPROVED, actor, "campaign.approved", approver=actor, approved_at=now)


@transaction.atomic
def send_back(version: Version, actor: Operator, note: str) -> None:
    """To the author, as a draft again."""
    _must_be(version, Version.Status.SUBMITTED, Version.Status.APPROVED)
    _become(
        version, Version.Status.DRAFT, actor, "campaign.returned", note,
        approver=None, approved_at=None, submitted_at=None,
    )  # fmt: skip


@transaction.atomic
def launch(version: Version, actor: Operator | None, *, now: datetime) -> None:
    """Players may enter from now on. The version it replaces takes nobody new; its runs finish."""
    _must_be(version, Version.Status.APPROVED)
    older = Version.objects.filter(campaign=version.campaign, status__in=[Version.Status.LIVE, Version.Status.PAUSED])
    for replaced in older.select_for_update(no_key=True):
        _become(replaced, Version.Status.CLOSING, actor, "campaign.replaced", f"by v{version.number}", ended_at=now)
    reach.write_down(version, now=now)
    cursor = 0 if version.trigger == Version.Trigger.LAUNCH else None
    _become(version, Version.Status.LIVE, actor, "campaign.launched", launched_at=now, launch_after=cursor)


@transaction.atomic
def pause(version: Version, actor: Operator | None, reason: str) -> None:
    _must_be(version, Version.Status.LIVE)
    _become(version, Version.Status.PAUSED, actor, "campaign.paused", reason)


@transaction.atomic
def resume(version: Version, actor: Operator, reason: str) -> None:
    _must_be(version, Version.Status.PAUSED)
    _become(version, Version.Status.LIVE, actor, "campaign.resumed", reason)


@transaction.atomic
def end(version: Version, actor: Operator, reason: str, *, now: datetime) -> None:
    """For everybody, at once: runs leave, what was planned is dropped."""
    _must_be(version, Version.Status.LIVE, Version.Status.PAUSED, Version.Status.CLOSING)
    Delivery.objects.filter(
        enrolment__version=version, status__in=[Delivery.Status.PLANNED, Delivery.Status.READY]
    ).update(status=Delivery.Status.DROPPED, code="ended", settled_at=now)
    runs = Enrolment.objects.filter(version=version, state=Enrolment.State.ACTIVE)
    looking_again.soon(runs.values_list("player_id", flat=True), now=now)
    runs.update(state=Enrolment.State.EXITED, reason="ended", ended_at=now, due_at=None)
    _become(version, Version.Status.ENDED, actor, "campaign.ended", reason, ended_at=now)


@transaction.atomic
def new_draft(campaign: Campaign, actor: Operator, *, now: datetime) -> Version:
    """A copy of the newest version to work on. Raises Refused while another is open."""
    newest = campaign.versions.order_by("-number").first()
    if newest is None or newest.status in _OPEN:
        raise Refused("There is already a version being worked on.")
    old_steps = list(newest.steps.all())
    draft = Version.objects.get(id=newest.id)
    draft.pk, draft.number, draft.status = None, newest.number + 1, Version.Status.DRAFT
    draft.author, draft.approver, draft.created_at, draft.note = actor, None, now, ""
    draft.editors = []
    draft.submitted_at = draft.approved_at = draft.launched_at = draft.ended_at = None
    draft.launch_after = None
    draft.save(force_insert=True)
    _copy(old_steps, draft, None, None)
    audit.record(actor, "campaign.drafted", f"campaign:{campaign.id}", brand=campaign.brand_id,
                 after={"version": draft.number})  # fmt: skip
    return draft


def _copy(steps: list[Step], draft: Version, arm_before: int | None, arm_after: Arm | None) -> None:
    for old in [step for step in steps if step.arm_id == arm_before]:
        new = Step.objects.get(id=old.id)
        new.pk, new.version, new.arm = None, draft, arm_after
        new.save(force_insert=True)
        for variant in old.variants.all():
            variant.pk, variant.step = None, new
            variant.save(force_insert=True)
        for arm in old.arms.all():
            before, arm.pk, arm.step = arm.id, None, new
            arm.save(force_insert=True)
            _copy(steps, draft, before, arm)


def _must_be(version: Version, *allowed: str) -> None:
    """Locks the version and looks again: two people may press at once."""
    version.refresh_from_db(
        from_queryset=Version.objects.select_for_update(no_key=True, of=("self",)).select_related("campaign")
    )
    if version.status not in allowed:
        raise Refused(f"This version is “{version.get_status_display()}” by now.")


def _become(
    version: Version, status: str, actor: Operator | None, kind: str, reason: str = "", **changes: object
) -> None:
    before = version.status
    version.status, version.note = status, reason[:300]
    for name, value in changes.items():
        setattr(version, name, value)
    # First the signature: the database lets nothing be approved without one.
    audit.record(
        actor, kind, f"campaign:{version.campaign_id}", brand=version.campaign.brand_id, reason=reason,
        before={"version": version.number, "status": before}, after={"version": version.number, "status": status},
    )  # fmt: skip
    version.save(update_fields=["status", "note", *changes])
