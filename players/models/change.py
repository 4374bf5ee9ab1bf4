from django.db import models

from players.models.state import Stage


class StageChange(models.Model):
    """A player moved from one lifecycle stage to another, and why."""

    player = models.ForeignKey("players.Player", on_delete=models.CASCADE, related_name="stage_changes", db_index=False)
    before = models.SmallIntegerField(choices=Stage)
    after = models.SmallIntegerField(choices=Stage)
    at = models.DateTimeField(help_text="When it became true, in event time.")
    recorded_at = models.DateTimeField()
    cause = models.CharField(max_length=120, help_text="'deposit 50.00 EUR', '14 days without play', …")
    # The key of the Fact, or 'round:<id in the PAM>'; empty where time alone or a new threshold moved the stage.
    fact_key = models.CharField(max_length=160, blank=True, default="", db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["player", "at", "after"], name="stage_change_once")]
        indexes = [models.Index(fields=["player", "-at"], name="stage_change_timeline")]
