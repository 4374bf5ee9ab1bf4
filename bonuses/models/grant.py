from django.conf import settings
from django.db import models

from bonuses.querysets import GrantQuerySet


class Grant(models.Model):
    """One bonus one player holds. The database refuses one without a fresh allow of the gate.

    Amounts are minor units of `currency`; the money itself is in the ledger (accounts of this grant).
    """

    class Status(models.TextChoices):
        CLAIMED = "claimed", "Being credited"
        ACTIVE = "active", "Active"
        STOPPED = "stopped", "Stopped (protected)"
        COMPLETED = "completed", "Turned real"
        LOST = "lost", "Played to zero"
        FORFEITED = "forfeited", "Forfeited"
        EXPIRED = "expired", "Expired"
        CANCELLED = "cancelled", "Cancelled"

    class Credit(models.TextChoices):
        NONE = "none", "Not needed"
        PENDING = "pending", "Waiting"
        SENDING = "sending", "Being sent"
        CREDITED = "credited", "Credited"
        REFUSED = "refused", "Refused by the PAM"
        AMBIGUOUS = "ambiguous", "No clear answer"

    OPEN = (Status.CLAIMED, Status.ACTIVE, Status.STOPPED)

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey("players.Person", on_delete=models.PROTECT, related_name="grants")
    player = models.ForeignKey("players.Player", on_delete=models.PROTECT, related_name="grants")
    decision = models.OneToOneField("compliance.Decision", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10, default="bonus")
    purpose = models.CharField(max_length=20, default="promotional")
    terms = models.ForeignKey("bonuses.Terms", on_delete=models.PROTECT, related_name="grants")
    reference = models.CharField(
        max_length=120, unique=True, help_text="What it was given for; asking twice gives once."
    )
    amount = models.BigIntegerField()
    deposit = models.BigIntegerField(default=0, help_text="The deposit a match was given on.")
    currency = models.CharField(max_length=5)
    status = models.CharField(max_length=10, choices=Status)
    wagering_required = models.BigIntegerField()
    wagering_done = models.BigIntegerField(default=0)
    reason = models.CharField(max_length=300, blank=True, help_text="Why a person gave it by hand.")
    criteria = models.JSONField(default=list, help_text="What the audience was chosen by, as told to the gate.")
    audience = models.PositiveIntegerField(null=True, help_text="Players given the same terms, as told to the gate.")
    granted_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    # --- the way to the PAM
    credit = models.CharField(max_length=10, choices=Credit, default=Credit.NONE)
    credit_tries = models.PositiveSmallIntegerField(default=0, help_text="Fences a late answer of an earlier try.")
    credit_due_at = models.DateTimeField(null=True, help_text="When to try, or when a try counts as gone silent.")
    credit_detail = models.CharField(max_length=300, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="grant_is_positive"),
            models.CheckConstraint(
                condition=models.Q(wagering_done__gte=0, wagering_done__lte=models.F("wagering_required")),
                name="wagering_within_requirement",
            ),
        ]
        indexes = [
            models.Index(
                fields=["player", "granted_at"],
                name="grant_open",
                condition=models.Q(status__in=["claimed", "active", "stopped"]),
            ),
            models.Index(
                fields=["expires_at"],
                name="grant_expiry",
                condition=models.Q(status__in=["claimed", "active", "stopped"]),
            ),
            models.Index(
                fields=["credit_due_at"],
                name="grant_credit_due",
                condition=models.Q(credit__in=["pending", "sending"]),
            ),
            models.Index(fields=["-granted_at"], name="grant_newest"),
            models.Index(fields=["granted_at"], name="grant_credit_unclear", condition=models.Q(credit="ambiguous")),
        ]

    @property
    def progress(self) -> float:
        """Per cent of the wagering done; 100 where none was asked."""
        return 100 * self.wagering_done / self.wagering_required if self.wagering_required else 100.0


class GrantChange(models.Model):
    """A grant moved from one state to another: when, why and by whom. Append-only."""

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="changes")
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10, choices=Grant.Status)
    at = models.DateTimeField(help_text="When it became true, in event time.")
    recorded_at = models.DateTimeField()
    cause = models.CharField(max_length=160)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["grant", "id"], name="grant_change_history")]
