from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from compliance.models.decision import Purpose


class Export(models.Model):
    """A list of members taken out of the house: who wanted it for what, and what the gate left of it.

    The file lies beside the database until `expires_at`; this row stays.
    """

    class Status(models.TextChoices):
        RUNNING = "running", "Being asked"
        READY = "ready", "Ready"
        FAILED = "failed", "Failed"

    segment = models.ForeignKey("segments.Segment", on_delete=models.PROTECT, related_name="exports")
    version = models.ForeignKey("segments.Version", on_delete=models.PROTECT, related_name="+")
    operator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10)
    purpose = models.CharField(max_length=20, choices=Purpose)
    products = ArrayField(models.CharField(max_length=8), help_text="What the messages are about.")
    told = models.JSONField(
        default=dict, help_text="What the messages say, as the gate hears it: ask, incentive, content, audience."
    )
    reason = models.CharField(max_length=300, help_text="What the list is for.")
    status = models.CharField(max_length=8, choices=Status, default=Status.RUNNING)
    error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(help_text="The decisions are not to be used after that; the file is deleted.")
    purged_at = models.DateTimeField(null=True)
    # How far it is: committed together with what was written into the file.
    after = models.BigIntegerField(default=0, help_text="Memberships up to this id are done.")
    asked = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    left_out = models.JSONField(
        default=dict, help_text="class -> how many: consent, protected, caps, address, offer, other."
    )
    token = models.CharField(max_length=32, unique=True, help_text="Name of the file.")
    size = models.BigIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["segment", "-id"], name="export_newest"),
            models.Index(fields=["id"], condition=models.Q(status="running"), name="export_running"),
            models.Index(fields=["expires_at"], condition=models.Q(purged_at=None), name="export_unpurged"),
        ]

    @property
    def is_hashed(self) -> bool:
        """Whoever matches by an address needs its hash only."""
        return self.channel == "ads"

    @property
    def name(self) -> str:
        """Of the file, without its ending; says until when it may be used."""
        until = f"{self.expires_at:%Y-%m-%dT%H%MZ}"
        return f"segment-{self.segment_id}-{self.channel}-{self.purpose}-use-before-{until}"
