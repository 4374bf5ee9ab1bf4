from django.conf import settings
from django.db import models


class Override(models.Model):
    """A finding of the operator's own policy overruled before publication: somebody asks, a compliance officer signs.

    It holds for what was looked at and nothing else: another word, another audience, and it must be asked for again.
    """

    brand = models.ForeignKey("players.Brand", on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=120, help_text="'campaign:12', as in the audit trail.")
    rule = models.CharField(max_length=10)
    fingerprint = models.CharField(max_length=32, help_text="Of the words and the question they stand beside.")
    sentence = models.CharField(max_length=300, help_text="What was found.")
    text = models.TextField(blank=True, help_text="The words, as whoever signs reads them.")
    reason = models.CharField(max_length=300)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)
    declined_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    declined_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(signed_by=None) | ~models.Q(signed_by=models.F("asked_by")),
                name="override_needs_two_people",
            ),
            models.CheckConstraint(
                condition=models.Q(signed_by=None) | models.Q(declined_by=None), name="override_signed_or_declined"
            ),
        ]
        indexes = [models.Index(fields=["subject"], name="override_by_subject")]
