from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from compliance.models.harm import Level


class Standing(models.Model):
    """The one narrow row per person that everybody locks: may this human be contacted or given anything?

    Born with the person (trigger). The application may only SELECT it; SECURITY DEFINER functions
    write it, deriving it from active measures. No row, unknown, expired = deny.
    """

    class Verdict(models.TextChoices):
        UNKNOWN = "unknown", "Unknown"
        OPEN = "open", "May be contacted"
        EXCLUDED = "excluded", "Self-excluded"
        AWAITING_RETURN = "awaiting_return", "Exclusion over, not returned"
        TIME_OUT = "time_out", "Time-out"
        HARM = "harm", "Strong signs of harm"
        BLOCKED = "blocked", "Blocked by the operator"

    CLOSED = (Verdict.EXCLUDED, Verdict.AWAITING_RETURN, Verdict.TIME_OUT, Verdict.HARM, Verdict.BLOCKED)

    person = models.OneToOneField("players.Person", primary_key=True, on_delete=models.CASCADE, related_name="standing")
    generation = models.BigIntegerField(default=1, help_text="Bumped by every change that could turn a yes into a no.")
    verdict = models.CharField(max_length=16, choices=Verdict, default=Verdict.UNKNOWN)
    promotions_ok = models.BooleanField(default=False)
    bonuses_ok = models.BooleanField(default=False)
    valid_until = models.DateTimeField(
        null=True, help_text="When time alone changes it; in the past = deny until derived anew."
    )
    risk = models.CharField(
        max_length=8, choices=Level, default=Level.UNKNOWN, db_default=Level.UNKNOWN,
        help_text="Level of harm in force. From strong on it comes down by a review of two people only.",
    )  # fmt: skip
    declared_at = models.DateTimeField(
        null=True, help_text="When the PAM stated this person's restrictions; without it nothing is known."
    )
    kin = ArrayField(
        models.BigIntegerField(), null=True, help_text="Who may be the same human, not decided yet: theirs counts too."
    )
    partly = models.JSONField(
        null=True,
        help_text="What holds at some brands or for some products only: {'7': 'excluded', 'product:bingo': …}.",
    )
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["person"],
                name="standing_closed",
                condition=models.Q(verdict__in=["excluded", "awaiting_return", "time_out", "harm", "blocked"]),
            ),
            models.Index(fields=["person"], name="standing_partly", condition=models.Q(partly__isnull=False)),
        ]

    def at(self, brand_id: int) -> str:
        """The stricter of what holds for the person and what holds at this brand (SQL: compliance_verdict_at)."""
        here = (self.partly or {}).get(str(brand_id))
        order = [*self.CLOSED, self.Verdict.UNKNOWN, self.Verdict.OPEN]
        return min((self.verdict, here), key=order.index) if here else self.verdict


class BrandStop(models.Model):
    """The stop button: while `lifted_at` is empty nothing promotional leaves this brand."""

    brand = models.ForeignKey("players.Brand", on_delete=models.PROTECT, related_name="stops")
    stopped_at = models.DateTimeField()
    stopped_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand"], condition=models.Q(lifted_at=None), name="one_stop_per_brand")
        ]
