from django.conf import settings
from django.db import models


class Handpick(models.Model):
    """Somebody's word that a player belongs to a segment, or does not, whatever the rule says."""

    segment = models.ForeignKey("segments.Segment", on_delete=models.CASCADE, related_name="handpicks", db_index=False)
    player = models.ForeignKey("players.Player", on_delete=models.CASCADE, related_name="+")
    is_in = models.BooleanField(help_text="Always a member; otherwise never one.")
    operator = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["segment", "player"], name="handpicked_once")]
