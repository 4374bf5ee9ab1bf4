from django.conf import settings
from django.db import models


class PolicySwitch(models.Model):
    """A POL-* rule turned on or off at a brand, by two people. LAW-* rules have no switch."""

    brand = models.ForeignKey("players.Brand", on_delete=models.CASCADE, related_name="+")
    rule = models.CharField(max_length=10, help_text="POL-01, …")
    enabled = models.BooleanField()
    reason = models.CharField(max_length=300)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)
    declined_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+",
        help_text="Nothing changes, and nobody is asked any more. Whoever asked may take it back.",
    )  # fmt: skip
    declined_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(signed_by=None) | ~models.Q(signed_by=models.F("asked_by")),
                name="policy_needs_two_people",
            ),
            models.CheckConstraint(
                condition=models.Q(signed_by=None) | models.Q(declined_by=None), name="policy_signed_or_declined"
            ),
        ]
