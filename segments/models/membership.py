from django.db import models

BY_HAND = "by hand"  # the cause of a stay that somebody began or ended


class Membership(models.Model):
    """A player's stay in a segment. Leaving closes the row; coming back opens a new one."""

    id = models.BigAutoField(primary_key=True)
    segment = models.ForeignKey("segments.Segment", on_delete=models.CASCADE, related_name="memberships")
    player = models.ForeignKey("players.Player", on_delete=models.CASCADE, related_name="memberships")
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    cause = models.CharField(max_length=20, help_text="events, time, day turn or build: what made them enter.")
    left_cause = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["player", "segment"], condition=models.Q(left_at=None), name="one_open_membership"
            )
        ]
        indexes = [
            models.Index(fields=["segment", "player"], condition=models.Q(left_at=None), name="members_now"),
            models.Index(fields=["segment", "entered_at"], name="membership_entered"),
            models.Index(
                fields=["segment", "left_at"], condition=models.Q(left_at__isnull=False), name="membership_left"
            ),
        ]
