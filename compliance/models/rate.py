from django.conf import settings
from django.db import models


class Rate(models.Model):
    """What a unit of a currency was worth on a day. Append-only; of one day the word told last counts."""

    currency = models.CharField(max_length=5)
    day = models.DateField()
    value = models.DecimalField(max_digits=20, decimal_places=10, help_text="EUR for one unit.")
    source = models.CharField(max_length=60)
    told_at = models.DateTimeField()
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(value__gt=0), name="rate_is_positive")]
        indexes = [models.Index(fields=["currency", "-day", "-id"], name="rate_newest")]
