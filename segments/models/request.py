from django.db import models


class ApiRequest(models.Model):
    """A request that names itself (Idempotency-Key) and what it was answered: sent again it is answered the same."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=8, help_text="Beginning of the API key.")
    name = models.CharField(max_length=255, help_text="What the sender calls the request.")
    digest = models.CharField(max_length=64, help_text="Of method, address and body.")
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "name"], name="request_once_per_key")]
        indexes = [models.Index(fields=["at"], name="request_by_age")]
