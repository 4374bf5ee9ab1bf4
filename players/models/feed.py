from django.db import models
from rest_framework_api_key.models import AbstractAPIKey

from players.models.brand import Brand


class Feed(models.Model):
    """One source of events of one brand, with how far it has got."""

    class Freshness(models.TextChoices):
        FRESH = "fresh", "Fresh"
        LATE = "late", "Late"
        STALE = "stale", "Stale"

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="feeds")
    name = models.CharField(max_length=40, default="pam")
    last_event_at = models.DateTimeField(null=True, blank=True, help_text="When we last received anything.")
    last_occurred_at = models.DateTimeField(null=True, blank=True, help_text="Newest event time seen.")
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    heartbeat_sequence = models.BigIntegerField(default=0, help_text="High-water sequence of the last heartbeat.")
    freshness = models.CharField(max_length=6, choices=Freshness, default=Freshness.STALE)
    freshness_since = models.DateTimeField(null=True, blank=True)
    arriving_since = models.DateTimeField(
        null=True, blank=True, help_text="Since when something arrives without a pause: the way back to fresh."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "name"], name="feed_once_per_brand")]

    def __str__(self) -> str:
        return f"{self.brand.slug}/{self.name}"


class FeedKey(AbstractAPIKey):
    """The key a PAM presents. Hashed at rest, shown once, revocable."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="keys")


class FeedTally(models.Model):
    """What became of everything received, per feed and minute: received = accepted + duplicate + quarantined."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="tallies")
    minute = models.DateTimeField()
    accepted = models.IntegerField(default=0)
    duplicate = models.IntegerField(default=0)
    quarantined = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["feed", "minute"], name="tally_once_a_minute")]
