from django.conf import settings
from django.db import models


class LegalHold(models.Model):
    """While it runs nothing of this player is erased: somebody may still have to prove something about them."""

    player = models.ForeignKey("players.Player", on_delete=models.PROTECT, related_name="legal_holds")
    reason = models.CharField(max_length=300)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["player"], condition=models.Q(lifted_at=None), name="one_hold_per_player")
        ]


class Erasure(models.Model):
    """What was erased of an account, and when. It stays erased, whatever the PAM tells of it later. Append-only."""

    player = models.OneToOneField("players.Player", on_delete=models.PROTECT, related_name="erasure")
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty: its time was over.",
    )
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    erased = models.JSONField(help_text="What -> how many.")
    kept = models.JSONField(help_text="What -> how many, and why it stays.")

    class Meta:
        indexes = [models.Index(fields=["-at"], name="erasure_newest")]


class Retention(models.Model):
    """How long a licence keeps a class of data, where two people have set another time than the default: one asks, another
    signs. Append-only but for the second signature, or who declined it; the newest that was signed counts."""

    class Data(models.TextChoices):
        IDENTITY = "identity", "Who the player is"
        UNREAD = "unread", "Events that could not be read"
        NOTES = "case_notes", "Notes of cases"
        MESSAGES = "messages", "Words of messages"

    licence = models.ForeignKey("players.Licence", on_delete=models.PROTECT, related_name="retentions")
    data = models.CharField(max_length=10, choices=Data)
    days = models.PositiveIntegerField()
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
                name="retention_needs_two_people",
            ),
            models.CheckConstraint(
                condition=models.Q(signed_by=None) | models.Q(declined_by=None), name="retention_signed_or_declined"
            ),
            models.UniqueConstraint(
                fields=["licence", "data"], condition=models.Q(signed_at=None, declined_at=None),
                name="one_retention_asked",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["licence", "data", "-signed_at"], name="retention_newest")]
