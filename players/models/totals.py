from django.conf import settings
from django.db import models

from players.models.brand import Brand
from players.models.catalogue import Category


class TotalsDay(models.Model):
    """What the PAM says one gaming day of a brand adds up to, and how that compares with what we were told."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Being compared"
        MATCHED = "matched", "Matches"
        DIFFERS = "differs", "Differs"
        ACCEPTED = "accepted", "Accepted with a reason"

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="totals_days")
    day = models.DateField()
    received_at = models.DateTimeField()
    source = models.CharField(max_length=20, help_text="api, csv or upload")
    digest = models.BinaryField(max_length=16)
    status = models.CharField(max_length=8, choices=Status, default=Status.WAITING)
    compared_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, help_text="When it is compared again; empty once it matches.")
    matched_at = models.DateTimeField(null=True, help_text="When it matched first.")
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "day"], name="totals_once_a_day")]
        indexes = [models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="totals_due")]

    def __str__(self) -> str:
        return f"{self.brand.slug} {self.day}"


class TotalsLine(models.Model):
    """One figure of a day: theirs beside ours. `count` and `amount` may each be left unsaid by the PAM."""

    totals = models.ForeignKey(TotalsDay, on_delete=models.CASCADE, related_name="lines", db_index=False)
    kind = models.CharField(max_length=20)
    currency = models.CharField(max_length=5)
    category = models.SmallIntegerField(choices=Category)
    their_count = models.BigIntegerField(null=True)
    their_amount = models.BigIntegerField(null=True)
    our_count = models.BigIntegerField(null=True)
    our_amount = models.BigIntegerField(null=True)
    hours = models.JSONField(default=list, help_text="[[start, count, amount], …] as far as the PAM tells them.")
    is_ours_alone = models.BooleanField(default=False, help_text="Added by the comparison, and made anew by each.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["totals", "kind", "currency", "category"], name="line_once_a_day")
        ]


class TotalsId(models.Model):
    """One payment or round the PAM lists for a day. Kept while a difference needs it."""

    id = models.BigAutoField(primary_key=True)
    totals = models.ForeignKey(TotalsDay, on_delete=models.CASCADE, related_name="ids", db_index=False)
    kind = models.CharField(max_length=20)
    external_id = models.CharField(max_length=64)
    ref = models.CharField(max_length=100)
    amount = models.BigIntegerField()
    occurred_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["totals", "kind", "external_id", "ref"], name="listed_once_a_day")
        ]


class TotalsDifference(models.Model):
    """One id, or one hour, in which the PAM and we do not agree."""

    class Where(models.TextChoices):
        ONLY_THERE = "there", "Only at the PAM"
        ONLY_HERE = "here", "Only here"
        AMOUNT = "amount", "Amount differs"
        HOUR = "hour", "This hour differs"

    id = models.BigAutoField(primary_key=True)
    totals = models.ForeignKey(TotalsDay, on_delete=models.CASCADE, related_name="differences", db_index=False)
    kind = models.CharField(max_length=20)
    currency = models.CharField(max_length=5)
    category = models.SmallIntegerField(choices=Category, default=Category.NONE)
    where = models.CharField(max_length=6, choices=Where)
    ref = models.CharField(max_length=100, blank=True)
    external_id = models.CharField(max_length=64, blank=True)
    player = models.ForeignKey("players.Player", null=True, on_delete=models.SET_NULL, related_name="+")
    occurred_at = models.DateTimeField(null=True, help_text="Of the payment or round; of an hour, its start.")
    theirs = models.BigIntegerField(null=True)
    ours = models.BigIntegerField(null=True)
    their_count = models.BigIntegerField(null=True)
    our_count = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["totals", "kind", "id"], name="difference_by_day")]
