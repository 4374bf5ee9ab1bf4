from django.db import models


class GateTrouble(models.Model):
    """The gate could not answer at all, so that there is no decision on record: how often in an hour, where and why."""

    id = models.BigAutoField(primary_key=True)
    hour = models.DateTimeField()
    place = models.CharField(max_length=60, help_text="Which of its functions, or which task.")
    state = models.CharField(max_length=40, help_text="The database's code of the error, else the error's own name.")
    words = models.CharField(max_length=200, help_text="Of the newest.")
    times = models.PositiveIntegerField(default=1)
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hour", "place", "state"], name="trouble_once_an_hour")]
        indexes = [models.Index(fields=["-last_at"], name="trouble_newest")]
