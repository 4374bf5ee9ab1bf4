from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from campaigns.models.campaign import Version
from compliance.models.decision import Purpose


class Step(models.Model):
    """One card of the vertical tree. Steps of the same arm follow one another by position."""

    class Kind(models.TextChoices):
        MESSAGE = "message", "Message"
        WAIT = "wait", "Wait"
        BRANCH = "branch", "Branch"
        BONUS = "bonus", "Give bonus"
        END = "end", "End"

    class Channel(models.TextChoices):
        EMAIL = "email", "E-mail"
        ONSITE = "onsite", "On site"

    class Ask(models.TextChoices):
        NOTHING = "", "Nothing"
        DEPOSIT = "deposit", "A deposit"
        STAKE = "stake", "A stake"

    class AskOn(models.TextChoices):
        UNSAID = "", "Not said"
        SLOTS = "slots", "Slots"
        LIVE = "live_casino", "Live casino"
        TABLE = "table", "Table games"
        SPORTS = "sports", "Sports"
        BINGO = "bingo", "Bingo"

    class Refused(models.TextChoices):
        SKIP = "skip", "Go on with the next step"
        LEAVE = "leave", "Leave the journey"

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="steps")
    arm = models.ForeignKey("Arm", null=True, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    # --- message
    channel = models.CharField(max_length=10, choices=Channel, blank=True)
    purpose = models.CharField(max_length=20, choices=Purpose, default=Purpose.PROMOTIONAL)
    ask = models.CharField(max_length=8, choices=Ask, blank=True)
    ask_amount = models.BigIntegerField(default=0, help_text="Minor units of the brand's currency.")
    ask_on = models.CharField(max_length=12, choices=AskOn, blank=True, help_text="At which games the stake is asked.")
    declares = ArrayField(models.CharField(max_length=20), default=list, help_text="What its words do.")
    valid_hours = models.PositiveSmallIntegerField(default=48, help_text="Not sent by then: not sent at all.")
    # --- wait
    wait_minutes = models.PositiveIntegerField(default=0)
    wait_fact = models.CharField(max_length=40, blank=True, help_text="Ends the wait early.")
    wait_until = models.TimeField(null=True, help_text="Then until this hour in the player's zone.")
    # --- bonus: what is given; message: what is offered, or told to have been given
    terms = models.ForeignKey("bonuses.Terms", null=True, on_delete=models.PROTECT, related_name="+")
    if_refused = models.CharField(max_length=5, choices=Refused, default=Refused.SKIP)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "arm", "position"],
                nulls_distinct=False,
                name="step_place_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=Q(ask_amount__gte=0), name="ask_is_not_negative"),
        ]


class Reach(models.Model):
    """How many players are made the offer of a step, counted while it runs: some laws ask for a group."""

    step = models.OneToOneField(Step, primary_key=True, on_delete=models.CASCADE, related_name="reach")
    players = models.PositiveIntegerField()
    counted_at = models.DateTimeField()


class Arm(models.Model):
    """One column of a branch. First match wins; the arm without a segment is everyone else and stands last."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="arms")
    position = models.PositiveSmallIntegerField()
    segment = models.ForeignKey("segments.Segment", null=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=60)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["step", "position"], name="arm_place_once")]


class Variant(models.Model):
    """What a message says to whom. First match wins; the one for nobody in particular is for everyone else."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="variants")
    position = models.PositiveSmallIntegerField()
    segment = models.ForeignKey("segments.Segment", null=True, on_delete=models.PROTECT, related_name="+")
    jurisdiction = models.CharField(max_length=2, blank=True)
    silent = models.BooleanField(default=False, help_text="Send nothing to these players.")
    subject = models.CharField(max_length=150, blank=True, help_text="Subject of the e-mail, title of the card.")
    body = models.TextField(blank=True, help_text="HTML with Liquid fields.")
    button = models.CharField(max_length=40, blank=True)
    url = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["step", "position"], name="variant_place_once")]

    @property
    def text(self) -> str:
        """Everything the author wrote that a player reads."""
        return "\n".join(filter(None, (self.subject, self.body, self.button)))

    @property
    def is_for_everyone_else(self) -> bool:
        return self.segment_id is None and not self.jurisdiction
