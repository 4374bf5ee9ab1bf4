"""Markers of harm: what was defined, what was found, what the level became and why."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from config.lib.clock import NEVER


class Level(models.TextChoices):
    """In rising order. Strong is what the licensee's own process defines; with it promotions and bonuses stop."""

    UNKNOWN = "unknown", "Not known yet"
    NONE = "none", "No signs"
    LOW = "low", "Low"
    MEDIUM = "medium", "Medium"
    STRONG = "strong", "Strong signs of harm"
    CRITICAL = "critical", "Critical"

    @property
    def rank(self) -> int:
        return list(Level).index(self)

    @property
    def is_protected(self) -> bool:
        return self in (Level.STRONG, Level.CRITICAL)

    @property
    def needs_review(self) -> bool:
        """From here on it stopped something, so people lower it (GB-06); what is below fades."""
        return self.rank >= Level.MEDIUM.rank

    @property
    def tone(self) -> str:
        return {"critical": "red", "strong": "red", "medium": "yellow", "low": "blue", "none": "green"}.get(
            self, "muted"
        )


class MarkerVersion(models.Model):
    """A signed definition of one marker, or of the scale (`marker` = "scale"), at one brand. Before the first one
    the definition is the one Pitboss ships (number 0). Append-only but for the second
    signature, or who declined it."""

    brand = models.ForeignKey("players.Brand", on_delete=models.PROTECT, related_name="+")
    marker = models.CharField(max_length=6)
    number = models.PositiveIntegerField()
    is_on = models.BooleanField(default=True)
    points = models.PositiveSmallIntegerField(default=1)
    values = models.JSONField(default=dict, help_text="The thresholds, by name.")
    reason = models.CharField(max_length=300)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)
    declined_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    declined_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "marker", "number"], name="marker_version_once"),
            models.CheckConstraint(
                condition=models.Q(signed_by=None) | models.Q(declined_by=None), name="marker_signed_or_declined"
            ),
            models.CheckConstraint(
                condition=models.Q(signed_by=None) | ~models.Q(signed_by=models.F("asked_by")),
                name="marker_needs_two_people",
            ),
        ]


class MarkerHit(models.Model):
    """One stretch of time in which a marker was seen. It counts until `counts_until`, which is decay; a new sign
    before then makes it count longer, a later one begins a row of its own."""

    id = models.BigAutoField(primary_key=True)
    player = models.ForeignKey("players.Player", on_delete=models.PROTECT, related_name="marker_hits", db_index=False)
    marker = models.CharField(max_length=6)
    version = models.PositiveIntegerField(help_text="Of the definition it was read by.")
    found = models.JSONField(help_text="The figures it was told from.")
    first_at = models.DateTimeField(help_text="Newest evidence when it was first seen.")
    at = models.DateTimeField(help_text="Newest evidence.")
    seen_at = models.DateTimeField(help_text="When we read it.")
    counts_until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["player", "marker", "first_at"], name="marker_hit_once")]
        indexes = [models.Index(fields=["marker", "-seen_at"], name="marker_hit_newest")]


class Watch(models.Model):
    """How far a player's markers have been read. No row: not yet."""

    player = models.OneToOneField("players.Player", primary_key=True, on_delete=models.CASCADE, related_name="watch")
    read_at = models.DateTimeField()
    moved_at = models.DateTimeField(default=NEVER, help_text="Newest movement of the state that was read.")
    unknown = ArrayField(models.CharField(max_length=6), default=list, help_text="Markers nobody could tell.")
    due_at = models.DateTimeField(null=True, help_text="When time alone, or a word of the PAM, wants them read again.")

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="watch_due", condition=models.Q(due_at__isnull=False))]


class Sweep(models.Model):
    """Where the walk over all players stands; one row per round trip is enough."""

    after = models.BigIntegerField(default=0, help_text="The player it got to.")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="When it last came to the end.")
    seconds = models.FloatField(null=True, help_text="How long the last whole round took.")
    read = models.BigIntegerField(default=0, help_text="Players read in the running round.")


class SeenBalance(models.Model):
    """The balance as it was told at the end of a session (M02). The feed tells the newest one only, so not each is seen."""

    id = models.BigAutoField(primary_key=True)
    player = models.ForeignKey("players.Player", on_delete=models.CASCADE, related_name="+", db_index=False)
    ended_at = models.DateTimeField()
    balance = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["player", "ended_at"], name="balance_seen_once")]


class MarkerSource(models.Model):
    """What a brand's PAM has ever told of the rare things some markers need: before that, they are unknown."""

    brand = models.ForeignKey("players.Brand", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    first_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "kind"], name="marker_source_once")]


class MarkerNorm(models.Model):
    """What is usual at a brand: the 95th percentile over its players, for markers that compare with the others."""

    brand = models.ForeignKey("players.Brand", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=40, help_text="'stake_variation/1', 'early_days', 'early_bets'")
    p95 = models.FloatField()
    players = models.PositiveIntegerField(help_text="How many it was told from.")
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "name"], name="norm_once")]


class ExternalScore(models.Model):
    """What a detector outside Pitboss says of a player. Append-only; the newest of each model counts for a while."""

    id = models.BigAutoField(primary_key=True)
    player = models.ForeignKey("players.Player", on_delete=models.PROTECT, related_name="external_scores")
    level = models.CharField(max_length=8, choices=Level)
    model = models.CharField(max_length=60)
    version = models.CharField(max_length=40)
    score = models.IntegerField(null=True, help_text="As the model gives it; not compared with anything.")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    key = models.CharField(max_length=160, unique=True)


class LevelChange(models.Model):
    """A level that changed, with everything it was told from. Append-only."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey("players.Person", on_delete=models.PROTECT, related_name="level_changes")
    player = models.ForeignKey("players.Player", on_delete=models.PROTECT, related_name="+", db_index=False)
    before = models.CharField(max_length=8, choices=Level)
    after = models.CharField(max_length=8, choices=Level)
    cause = models.CharField(max_length=60)
    evidence = models.JSONField(help_text="Points, families, and each marker with its version, figures and time.")
    at = models.DateTimeField()
