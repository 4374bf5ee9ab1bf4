from django.db import models
from django.db.models import Q

from campaigns.models.campaign import Campaign, Version
from campaigns.models.step import Step


class Enrolment(models.Model):
    """One player's run through one version. PostgreSQL is the queue: `due_at` says when it wants attention."""

    class State(models.TextChoices):
        ACTIVE = "active", "In the journey"
        DONE = "done", "Went through"
        EXITED = "exited", "Left early"
        CONTROL = "control", "Control group"
        HOLDOUT = "holdout", "Hold-out group"

    id = models.BigAutoField(primary_key=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="enrolments")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="enrolments")
    person = models.ForeignKey("players.Person", on_delete=models.PROTECT, related_name="+")
    player = models.ForeignKey("players.Player", on_delete=models.PROTECT, related_name="enrolments")
    entry_key = models.CharField(max_length=170, help_text="'once', or the fact that let the player in.")
    fact_id = models.BigIntegerField(null=True, help_text="The fact that let the player in.")
    repeats = models.BooleanField(default=False, help_text="Every event its own run: a confirmation for each limit.")
    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    step = models.ForeignKey(Step, null=True, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField(null=True, help_text="Empty: waits for a message to be settled, or is over.")
    waits_for = models.CharField(max_length=40, blank=True, help_text="Fact kind that ends the present wait.")
    entered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    goal_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=60, blank=True, help_text="Why it ended: a fact kind or a word.")

    class Meta:
        constraints = [
            # Repeats and late doubles of an event cannot let anybody in twice.
            models.UniqueConstraint(fields=["campaign", "player", "entry_key"], name="enrolled_once_per_entry"),
            models.UniqueConstraint(
                fields=["campaign", "player"], condition=Q(state="active", repeats=False), name="one_run_at_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="active"), name="enrolment_due"),
            models.Index(fields=["player"], condition=Q(state="active"), name="enrolment_active"),
            models.Index(fields=["version", "state"], name="enrolment_by_version"),
            models.Index(fields=["player", "-entered_at"], name="enrolment_timeline"),
        ]


class Trace(models.Model):
    """What happened to a run, one sentence per row, with the fact that caused it. Append-only."""

    class Kind(models.TextChoices):
        ENTERED = "entered", "Entered"
        WAITED = "waited", "Waits"
        RESUMED = "resumed", "Wait ended"
        BRANCHED = "branched", "Took a branch"
        PLANNED = "planned", "Message planned"
        SENT = "sent", "Sent"
        REFUSED = "refused", "Not sent"
        LATER = "later", "Later"
        LOST = "lost", "Another campaign went first"
        GRANTED = "granted", "Bonus given"
        NOT_GRANTED = "not_granted", "Bonus refused"
        GOAL = "goal", "Goal reached"
        EXITED = "exited", "Left early"
        DONE = "done", "Went through"
        HELD = "held", "Kept out to measure"

    id = models.BigAutoField(primary_key=True)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="traces")
    player = models.ForeignKey("players.Player", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=Kind)
    step = models.ForeignKey(Step, null=True, on_delete=models.PROTECT, related_name="+")
    fact_id = models.BigIntegerField(null=True)
    delivery_id = models.BigIntegerField(null=True)
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["enrolment", "at"], name="trace_of_run"),
            models.Index(fields=["step", "kind"], name="trace_by_step"),
        ]
