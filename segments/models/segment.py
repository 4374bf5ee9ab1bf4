from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models


class Segment(models.Model):
    """A named group of one brand's players, defined by its current version's rule."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        LIVE = "live", "Live"
        ARCHIVED = "archived", "Archived"

    brand = models.ForeignKey("players.Brand", on_delete=models.PROTECT, related_name="segments")
    name = models.CharField(max_length=120)
    status = models.CharField(max_length=8, choices=Status, default=Status.DRAFT)
    current = models.ForeignKey(
        "segments.Version", null=True, on_delete=models.PROTECT, related_name="+", help_text="The rule in force."
    )
    draft = models.JSONField(null=True, blank=True, help_text="Rule being worked on; becomes a version when live.")
    # A build walks the brand's players in id order; where it has got to survives a restart.
    build_after = models.BigIntegerField(null=True, blank=True, help_text="Players up to this id are done.")
    acts_on_existing = models.BooleanField(
        default=False, help_text="Whether the build tells journeys about the players it finds."
    )
    is_handpicked = models.BooleanField(
        default=False, help_text="Somebody was added or taken out by hand; asked first, because hardly ever true."
    )
    live_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "name"], name="segment_name_once_per_brand")]

    def __str__(self) -> str:
        return self.name


class Version(models.Model):
    """One wording of a segment's rule. Append-only: what players were selected by stays readable for years."""

    segment = models.ForeignKey(Segment, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    rule = models.JSONField()
    sentence = models.TextField()
    criteria = ArrayField(models.CharField(max_length=20))
    note = models.CharField(max_length=200, blank=True, help_text="Why it was made, where nobody edited the segment.")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["segment", "number"], name="segment_version_once")]
