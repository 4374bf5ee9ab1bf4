from django.conf import settings
from django.db import models

from players.models.brand import Brand


class Recount(models.Model):
    """New thresholds of a brand, and how far its players have been gone through with them."""

    class What(models.TextChoices):
        STAGES = "stages", "Stages"
        RUNS = "runs", "Runs of rounds"

    what = models.CharField(max_length=6, choices=What, default=What.STAGES, db_default="stages")
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="recounts")
    before = models.JSONField(help_text="The thresholds as they were: {ftd_days: 7, …}")
    after = models.JSONField()
    tells_journeys = models.BooleanField(help_text="Whether the moves may start journeys, as if they had happened now.")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    cursor = models.BigIntegerField(default=0, help_text="The last player gone through, in id order.")
    players = models.IntegerField(default=0)
    moved = models.IntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["brand", "-asked_at"], name="recount_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["brand"], condition=models.Q(finished_at=None), name="one_recount_at_a_time"
            )
        ]
