from django.db import models


class DropFile(models.Model):
    """One file put into a feed's folder, and how far it has been read: the watermark of a feed that comes by file."""

    class Status(models.TextChoices):
        READING = "reading", "Being read"
        DONE = "done", "Read"
        REFUSED = "refused", "Not taken"

    feed = models.ForeignKey("players.Feed", on_delete=models.CASCADE, related_name="drops")
    name = models.CharField(max_length=120, help_text="As it was put there.")
    stamp = models.CharField(max_length=80, help_text="Inode, size and time of change: this very file.")
    kind = models.CharField(max_length=6)
    size = models.BigIntegerField()
    status = models.CharField(max_length=8, choices=Status, default=Status.READING)
    columns = models.JSONField(null=True, help_text="CSV: delimiter and names.")
    line = models.BigIntegerField(default=0, help_text="Lines read and committed.")
    offset = models.BigIntegerField(default=0, help_text="The byte behind them.")
    newest_at = models.DateTimeField(null=True, help_text="Newest event time in them.")
    accepted = models.BigIntegerField(default=0)
    duplicate = models.BigIntegerField(default=0)
    quarantined = models.BigIntegerField(default=0)
    errors_size = models.BigIntegerField(default=0, help_text="Bytes of the error file that were committed.")
    seen_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(help_text="When somebody may go on with it; in the future while somebody does.")
    tries = models.SmallIntegerField(default=0, help_text="Of the next lines.")
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["feed", "name", "stamp"], name="drop_once")]
        indexes = [models.Index(fields=["due_at"], condition=models.Q(status="reading"), name="drop_due")]

    @property
    def stored(self) -> str:
        """Its name in our own folders."""
        return f"{self.pk}-{self.name}"
