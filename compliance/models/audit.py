from django.conf import settings
from django.db import models


class AuditEntry(models.Model):
    """Everything a person does that matters. Append-only; the payload is canonical text, byte-exact outside."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60, help_text="'campaign.approved', 'player.revealed', …")
    subject = models.CharField(max_length=120, help_text="'campaign:12', 'player:7'")
    reason = models.CharField(max_length=300, blank=True)
    payload = models.TextField(default="{}")

    class Meta:
        indexes = [
            models.Index(fields=["subject", "-at"], name="audit_by_subject"),
            models.Index(fields=["-at"], name="audit_newest"),
        ]
