from django.db import models

from players.models.feed import Feed


class Baseline(models.Model):
    """A dated full snapshot of restrictions and consents, as the PAM states it; applied only as a whole."""

    class Status(models.TextChoices):
        RECEIVING = "receiving", "Being received"
        APPLYING = "applying", "Being applied"
        APPLIED = "applied", "Applied"
        REFUSED = "refused", "Refused"

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="baselines")
    snapshot = models.CharField(max_length=64, help_text="The sender's own name for it.")
    as_of = models.DateTimeField(help_text="What happened later is told by events, and rules over this.")
    status = models.CharField(max_length=10, choices=Status, default=Status.RECEIVING)
    detail = models.CharField(max_length=300, blank=True)
    # What the sender says it holds, what came of it.
    players = models.IntegerField()
    restrictions = models.IntegerField()
    consents = models.IntegerField()
    opened_at = models.DateTimeField()
    committed_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    applied = models.IntegerField(default=0, help_text="Players who became known by it, or were already.")
    unknown = models.IntegerField(default=0, help_text="Named in it, but no player of ours.")
    doubtful = models.IntegerField(
        default=0, help_text="Something newer about them could not be read: they stay unknown."
    )
    unnamed = models.IntegerField(default=0, help_text="Restrictions we hold in force and it does not name: they stay.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["feed", "snapshot"], name="snapshot_once_per_feed")]

    def __str__(self) -> str:
        return f"{self.feed} {self.snapshot}"


class BaselineChunk(models.Model):
    """One part of a snapshot, checked. `rows` is emptied once applied: the facts are what stays."""

    baseline = models.ForeignKey(Baseline, on_delete=models.CASCADE, related_name="chunks")
    number = models.IntegerField()
    digest = models.BinaryField(max_length=16, help_text="The same number with another content is a conflict.")
    rows = models.JSONField(help_text="[[external id, [[kind, occurred_at, properties], …], [[cell…], …]], …]")
    players = models.IntegerField()
    restrictions = models.IntegerField()
    consents = models.IntegerField()
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["baseline", "number"], name="chunk_once_per_snapshot")]


class BaselineName(models.Model):
    """Who a snapshot names: nobody twice."""

    baseline = models.ForeignKey(Baseline, on_delete=models.CASCADE, related_name="names", db_index=False)
    external_id = models.CharField(max_length=64)
    chunk = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["baseline", "external_id"], name="named_once_per_snapshot")]
