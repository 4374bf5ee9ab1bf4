"""What seals the trails: blocks, and each time they were read again."""

from django.db import models


class _CurrentTransaction(models.Func):
    function = "compliance_xid"
    arity = 0
    output_field = models.BigIntegerField()


class SealedField(models.BigIntegerField):
    """The transaction that wrote the row: rows are sealed in its order, because an id says nothing about who commits
    first. Filled by the database; a trigger keeps the application from choosing one."""

    def __init__(self, **options: object) -> None:
        super().__init__(**{"db_default": _CurrentTransaction(), "editable": False, **options})  # type: ignore[arg-type]


class Block(models.Model):
    """A stretch of one trail, sealed. Written only by the database function `compliance_seal`."""

    class Trail(models.TextChoices):
        AUDIT = "audit", "What people did"
        DECISION = "decision", "Decisions"
        CONSENT = "consent", "Consents"
        REGISTER = "register", "Register answers"

    number = models.BigIntegerField(primary_key=True)
    trail = models.CharField(max_length=10, choices=Trail)
    after_xid = models.BigIntegerField()
    after_id = models.BigIntegerField()
    last_xid = models.BigIntegerField()
    last_id = models.BigIntegerField()
    rows = models.IntegerField()
    sealed_at = models.DateTimeField()
    before = models.BinaryField(max_length=32, help_text="Hash of the block before it.")
    content = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        indexes = [models.Index(fields=["trail", "-number"], name="block_of_trail")]
        constraints = [models.UniqueConstraint(fields=["trail", "last_xid", "last_id"], name="block_ends_once")]


class TrailCheck(models.Model):
    """One reading of a stretch of blocks against their rows and what was signed outside. Append-only."""

    at = models.DateTimeField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    rows = models.BigIntegerField()
    anchored = models.BigIntegerField(help_text="The newest block whose hash was signed outside and is the same here.")
    problems = models.JSONField(default=list, help_text="[[block, what is wrong]]")

    class Meta:
        indexes = [models.Index(fields=["-at"], name="trail_check_newest")]
