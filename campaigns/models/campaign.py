from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class Campaign(models.Model):
    """Something we want to say or give. What exactly is said is in its versions; this is who wins when two meet."""

    class Kind(models.TextChoices):
        JOURNEY = "journey", "Journey"
        ONCE = "once", "Send once"

    brand = models.ForeignKey("players.Brand", on_delete=models.PROTECT, related_name="campaigns")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.JOURNEY)
    recipe = models.CharField(max_length=40, blank=True)
    priority = models.PositiveSmallIntegerField(default=50, help_text="0 to 100; the higher one is sent first.")
    exclusive_group = models.CharField(
        max_length=40, blank=True, help_text="Of campaigns in the same group a player hears only the strongest."
    )
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-priority", "name"]
        constraints = [models.UniqueConstraint(fields=["brand", "name"], name="campaign_name_once_per_brand")]

    def __str__(self) -> str:
        return self.name


class Version(models.Model):
    """What a campaign says and does. Immutable from the moment it is submitted (a trigger holds that)."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Waiting for approval"
        APPROVED = "approved", "Approved"
        LIVE = "live", "Live"
        PAUSED = "paused", "Paused"
        CLOSING = "closing", "Replaced: nobody new"
        ENDED = "ended", "Ended"

    class Trigger(models.TextChoices):
        FACT = "fact", "Something happens"
        SEGMENT = "segment", "Player enters a segment"
        STAGE = "stage", "Player reaches a stage"
        LAUNCH = "launch", "Once, to a segment, at launch"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    editors = ArrayField(
        models.BigIntegerField(), default=list, help_text="Whoever changed the draft besides the author."
    )
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    launched_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    launch_after = models.BigIntegerField(null=True, help_text="Send once: players up to this id have been let in.")
    note = models.CharField(max_length=300, blank=True, help_text="Why it was returned, paused or ended.")
    # --- starts when
    trigger = models.CharField(max_length=8, choices=Trigger, default=Trigger.FACT)
    trigger_fact = models.CharField(max_length=40, blank=True)
    trigger_segment = models.ForeignKey("segments.Segment", null=True, on_delete=models.PROTECT, related_name="+")
    trigger_stage = models.SmallIntegerField(null=True)
    only_if_segment = models.ForeignKey("segments.Segment", null=True, on_delete=models.PROTECT, related_name="+")
    reentry_days = models.PositiveSmallIntegerField(null=True, help_text="Empty: once in a lifetime.")
    # --- leaves early when
    goal_fact = models.CharField(max_length=40, blank=True)
    goal_days = models.PositiveSmallIntegerField(default=7)
    exit_facts = ArrayField(models.CharField(max_length=40), default=list)
    # --- to whom not, and how many at most
    products = ArrayField(models.CharField(max_length=8), default=list)
    control_percent = models.PositiveSmallIntegerField(default=0)
    launch_limit = models.PositiveIntegerField(default=20_000, help_text="Most players that may enter in 24 hours.")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["campaign"], condition=Q(status__in=["live", "paused"]), name="one_live_version"
            ),
            models.UniqueConstraint(
                fields=["campaign"], condition=Q(status__in=["draft", "submitted", "approved"]), name="one_open_version"
            ),
            models.CheckConstraint(
                condition=Q(approver=None) | ~Q(approver=F("author")), name="campaign_needs_two_people"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "submitted", "ended"])
                | (Q(approver__isnull=False) & Q(approved_at__isnull=False)),
                name="nothing_live_unapproved",
            ),
            models.CheckConstraint(condition=Q(control_percent__lte=90), name="control_leaves_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} v{self.number}"

    MOVING = (Status.LIVE, Status.CLOSING)

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def is_live(self) -> bool:
        return self.status == self.Status.LIVE


class ConflictRules(models.Model):
    """How much promotion a player of this brand gets at most, and at which hours."""

    brand = models.OneToOneField(
        "players.Brand", primary_key=True, on_delete=models.CASCADE, related_name="conflict_rules"
    )
    per_day = models.PositiveSmallIntegerField(default=2, help_text="Promotional messages in any 24 hours.")
    per_week = models.PositiveSmallIntegerField(default=6, help_text="Promotional messages in any 7 × 24 hours.")
    spacing_minutes = models.PositiveSmallIntegerField(default=120, help_text="Between two promotional messages.")
    holdout_percent = models.PositiveSmallIntegerField(
        default=0, help_text="Players who get no promotional campaign at all, to measure against."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(per_day__gte=1, per_week__gte=1), name="caps_leave_something"),
            models.CheckConstraint(condition=Q(holdout_percent__lte=50), name="holdout_leaves_somebody"),
        ]
