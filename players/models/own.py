"""What a brand itself knows of a player and wants to select by: declared first, then told by events."""

from django.conf import settings
from django.db import models

from players.models.brand import Brand


class CustomAttribute(models.Model):
    """One attribute a brand has declared. Its kind never changes: rules were built on it."""

    class Kind(models.TextChoices):
        NUMBER = "number", "Number"
        TEXT = "text", "Text"
        YES_NO = "yes_no", "Yes or no"
        DATE = "date", "Date"

    class Sensitivity(models.TextChoices):
        ORDINARY = "ordinary", "Ordinary"
        FINANCIAL = "financial", "Financial: an amount of the player's"
        PERSONAL = "personal", "Personal: tells who the player is"

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="custom_attributes", db_index=False)
    key = models.CharField(max_length=32)
    label = models.CharField(max_length=60)
    kind = models.CharField(max_length=6, choices=Kind)
    unit = models.CharField(max_length=20, blank=True)
    help = models.CharField(max_length=300)
    criterion = models.CharField(
        max_length=20, blank=True, help_text="What players are selected by, in the gate's words."
    )
    sensitivity = models.CharField(max_length=9, choices=Sensitivity, default=Sensitivity.ORDINARY)
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "key"], name="attribute_declared_once")]

    def __str__(self) -> str:
        return self.label


class PlayerAttribute(models.Model):
    """The newest word on one attribute of one player. Without a value: it was taken away at `at`.

    `number` holds whole numbers, and yes and no as 1 and 0; `word` texts; `day` dates.
    """

    player = models.ForeignKey("players.Player", on_delete=models.CASCADE, related_name="own", db_index=False)
    attribute = models.ForeignKey(CustomAttribute, on_delete=models.CASCADE, related_name="values", db_index=False)
    number = models.BigIntegerField(null=True)
    word = models.CharField(max_length=80, blank=True, default="", db_default="")
    day = models.DateField(null=True)
    at = models.DateTimeField(help_text="Event time of the newest word.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["player", "attribute"], name="attribute_once_per_player")]
        indexes = [models.Index(fields=["attribute", "player"], name="attribute_carriers")]
