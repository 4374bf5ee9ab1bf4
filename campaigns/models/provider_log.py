from django.conf import settings
from django.db import models


class ProviderLog(models.Model):
    """A provider's own log, held against what we handed over. Append-only; its lines are not kept."""

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey("players.Brand", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10)
    name = models.CharField(max_length=100, help_text="Of the file.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    first = models.DateTimeField(null=True, help_text="The earliest and the latest moment it tells of, if any.")
    last = models.DateTimeField(null=True)
    lines = models.PositiveIntegerField(help_text="Messages it tells of.")
    differences = models.PositiveIntegerField()
    figures = models.JSONField(help_text="stranger, elsewhere, refused, missing, known -> how many.")
    examples = models.JSONField(default=dict, help_text="Finding -> Message-IDs, a few of each.")

    class Meta:
        indexes = [models.Index(fields=["brand", "-at"], name="provider_log_newest")]
