from django.contrib.postgres.fields import ArrayField
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
    connector = models.CharField(max_length=20, default="generic", help_text="The folder of players/pam it speaks.")
    last_event_at = models.DateTimeField(null=True, blank=True, help_text="When we last received anything.")
    last_occurred_at = models.DateTimeField(null=True, blank=True, help_text="Newest event time seen.")
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    heartbeat_sequence = models.BigIntegerField(default=0, help_text="High-water sequence of the last heartbeat.")
    freshness = models.CharField(max_length=6, choices=Freshness, default=Freshness.STALE)
    freshness_since = models.DateTimeField(null=True, blank=True)
    because = models.CharField(max_length=24, blank=True, help_text="Why it is not fresh: silence, gap, quarantine, …")
    arriving_since = models.DateTimeField(
        null=True, blank=True, help_text="Since when something arrives without a pause: the way back to fresh."
    )
    # A source that comes by file or by the hour is not late after a minute. Seconds; empty = the usual limits.
    late_after = models.PositiveIntegerField(null=True, blank=True)
    stale_after = models.PositiveIntegerField(null=True, blank=True)
    by_family = models.BooleanField(default=False, help_text="Events are numbered per family, not over the feed.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "name"], name="feed_once_per_brand")]

    def __str__(self) -> str:
        return f"{self.brand.slug}/{self.name}"


def _only_events() -> list[str]:
    return ["events"]


class FeedKey(AbstractAPIKey):
    """The key a PAM, or another system of the brand, presents. Hashed at rest, shown once, revocable."""

    class Scope(models.TextChoices):
        EVENTS = "events", "Post events, games, baselines and totals"
        SEGMENTS_READ = "segments:read", "Read segments, the catalogue and counts"
        SEGMENTS_WRITE = "segments:write", "Create, change, start and archive segments"
        SEGMENTS_MEMBERS = "segments:members", "See which players are in a segment, and why"
        SEGMENTS_PROTECTION = "segments:protection", "Use signs of harm and restrictions in segments"
        CLEARANCES = "clearances", "Ask the gate before sending or giving"
        SUPPRESSIONS = "suppressions", "Read whom nobody may write to, as hashes"
        ANSWERS = "answers", "Hand in what players answer by SMS (STOP)"

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="keys")
    # A key of before there were scopes posts events and does nothing else.
    scopes = ArrayField(models.CharField(max_length=24, choices=Scope), default=_only_events)


class FeedTally(models.Model):
    """What became of everything received, per feed and minute: received = accepted + duplicate + quarantined."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="tallies")
    minute = models.DateTimeField()
    accepted = models.IntegerField(default=0)
    duplicate = models.IntegerField(default=0)
    quarantined = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["feed", "minute"], name="tally_once_a_minute")]


class FeedFamily(models.Model):
    """What one feed has told us of one family of events (players.families); '' is the feed as a whole.

    `watermark`: everything up to this number has arrived. `high`: the highest number seen or announced.
    """

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="families")
    family = models.CharField(max_length=16, blank=True)
    first_event_at = models.DateTimeField(null=True, help_text="When the first one was received.")
    last_event_at = models.DateTimeField(null=True)
    first_occurred_at = models.DateTimeField(null=True, help_text="How far back its history reaches.")
    last_occurred_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True, help_text="Newest heartbeat that named this family.")
    is_numbered = models.BooleanField(default=False, help_text="Its events carry a sequence, so gaps can be told.")
    high = models.BigIntegerField(default=0)
    watermark = models.BigIntegerField(default=0)
    freshness = models.CharField(max_length=6, choices=Feed.Freshness, default=Feed.Freshness.STALE)
    freshness_since = models.DateTimeField(null=True)
    arriving_since = models.DateTimeField(null=True)
    because = models.CharField(max_length=24, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["feed", "family"], name="family_once_per_feed")]

    def __str__(self) -> str:
        return f"{self.feed} {self.family}".strip()


class FeedGap(models.Model):
    """Numbers of a family that never came, from `first` to `last`. Filled piece by piece as late ones arrive."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="gaps")
    family = models.CharField(max_length=16, blank=True)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=12, blank=True, help_text="filled, restarted or accepted")

    class Meta:
        indexes = [
            models.Index(fields=["feed", "family"], condition=models.Q(closed_at=None), name="gap_open"),
        ]
        constraints = [models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="gap_is_ordered")]

    @property
    def missing(self) -> int:
        return self.last - self.first + 1


class ConformanceRun(models.Model):
    """What came of posting the good and the bad example of every kind of event to this feed, as told by the run."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="conformance_runs")
    at = models.DateTimeField()
    passed = models.IntegerField()
    total = models.IntegerField()
    version = models.PositiveSmallIntegerField(help_text="Of the events.")
    details = models.JSONField(default=list, help_text="What did not pass: [{case, expected, got}].")

    class Meta:
        indexes = [models.Index(fields=["feed", "-at"], name="conformance_newest")]
