from datetime import datetime, timedelta

from django.conf import settings
from django.db import models


class Handout(models.Model):
    """A file made for somebody outside: a regulator's proof, or what a player asked to see. The row stays, the file
    goes after a week."""

    class Kind(models.TextChoices):
        PLAYER = "player", "One player, for a regulator"
        PERIOD = "period", "A period, for a regulator"
        RULE = "rule", "One rule, for a regulator"
        ACCESS = "access", "What we hold about a player, for the player"

    class Status(models.TextChoices):
        WAITING = "waiting", "Being made"
        READY = "ready", "Ready"
        FAILED = "failed", "Failed"

    kind = models.CharField(max_length=8, choices=Kind)
    brand = models.ForeignKey("players.Brand", on_delete=models.PROTECT, related_name="+")
    player = models.ForeignKey("players.Player", null=True, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=12, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField()
    operator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    status = models.CharField(max_length=8, choices=Status, default=Status.WAITING)
    error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    purged_at = models.DateTimeField(null=True)
    rows = models.PositiveIntegerField(default=0)
    size = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the file.")
    token = models.CharField(max_length=32, unique=True, help_text="Name of the file.")

    class Meta:
        indexes = [
            models.Index(fields=["brand", "-id"], name="handout_newest"),
            models.Index(fields=["id"], condition=models.Q(status="waiting"), name="handout_waiting"),
            models.Index(fields=["expires_at"], condition=models.Q(purged_at=None), name="handout_unpurged"),
        ]

    @property
    def last_day(self) -> datetime:
        """`until` is the first moment that is not in it."""
        return self.until - timedelta(seconds=1)

    @property
    def name(self) -> str:
        about = self.player.external_id if self.player else self.rule or self.brand.slug
        safe = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in about)
        return f"{self.kind}-{safe}-{self.created_at:%Y-%m-%d}-{self.pk}"
