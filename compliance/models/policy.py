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


class CounselAnswer(models.Model):
    """What counsel has said of a question the sources leave open, under one licence: one person writes it down, another
    signs. Append-only but for the second signature, or who declined it; the newest that was signed counts."""

    licence = models.ForeignKey("players.Licence", on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=10, help_text="DE-11, …: one that is to be confirmed with counsel.")
    reason = models.CharField(max_length=300, help_text="The answer, and where it is written.")
    most = models.BigIntegerField(null=True, help_text="DE-11: what a bonus may be worth, EUR cents.")
    times = models.PositiveSmallIntegerField(null=True, help_text="DE-11: how often it may have to be played through.")
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
                name="counsel_needs_two_people",
            ),
            models.CheckConstraint(
                condition=models.Q(signed_by=None) | models.Q(declined_by=None), name="counsel_signed_or_declined"
            ),
            models.UniqueConstraint(
                fields=["licence", "rule"],
                condition=models.Q(signed_at=None, declined_at=None),
                name="one_answer_asked",
            ),
        ]
        indexes = [models.Index(fields=["licence", "rule", "-signed_at"], name="counsel_newest")]
