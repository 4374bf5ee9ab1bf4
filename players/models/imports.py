from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from players.models.brand import Brand

PROTECTION = "rg_need"  # stated of a list whose players were chosen by a restriction, a limit or a sign of harm


class Import(models.Model):
    """One uploaded file on its way in: what its columns mean, how far it has got, what became of its lines.

    The row is the promise. Counts, `line` and `offset` are committed with the lines they tell of, so whoever
    goes on after a crash begins exactly behind the last line that is in.
    """

    class Kind(models.TextChoices):
        PLAYERS = "players", "Players"
        CONTACTS = "contacts", "Contact points"
        CONSENTS = "consents", "Consents"
        HISTORY = "history", "Play before us, and corrections"
        PAYMENTS = "payments", "Deposits and withdrawals"
        LIST = "list", "A list of players"
        SUPPRESSIONS = "suppressions", "Addresses not to write to"
        ATTRIBUTES = "attributes", "Your own attributes"

    class Status(models.TextChoices):
        UPLOADED = "uploaded", "Waiting for its columns"
        CHECKING = "checking", "Being checked"
        CHECKED = "checked", "Checked, not imported"
        IMPORTING = "importing", "Being imported"
        DONE = "done", "Imported"
        CANCELLED = "cancelled", "Cancelled"
        FAILED = "failed", "Stopped by an error"

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="imports")
    kind = models.CharField(max_length=12, choices=Kind)
    status = models.CharField(max_length=10, choices=Status, default=Status.UPLOADED)
    name = models.CharField(max_length=120, help_text="What the file was called; shown, never opened.")
    list_name = models.CharField(max_length=80, blank=True)
    token = models.CharField(max_length=32, unique=True, help_text="The file's name on our disk.")
    size = models.BigIntegerField(help_text="Bytes of our UTF-8 copy.")
    rows = models.IntegerField(help_text="Lines of data.")
    encoding = models.CharField(max_length=12)
    delimiter = models.CharField(max_length=1)
    start = models.IntegerField(default=0, help_text="Byte at which the data begin, behind the header.")
    header = models.JSONField(default=list, help_text="Names of the columns, each once.")
    mapping = models.JSONField(default=dict, help_text="{field: number of the column}.")
    options = models.JSONField(default=dict, help_text="{dates: ymd|dmy|mdy, amounts: major|minor}.")
    line = models.IntegerField(default=0, help_text="Lines of data dealt with and committed.")
    offset = models.BigIntegerField(default=0, help_text="Byte behind the last of them.")
    new = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    unchanged = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    errors_size = models.BigIntegerField(default=0, help_text="Bytes of the error file that are committed.")
    checked = models.JSONField(default=dict, help_text="What the check counted, kept beside what the import counted.")
    note = models.CharField(max_length=300, blank=True, help_text="Why it stopped, in words.")
    lease_until = models.DateTimeField(null=True, help_text="Whoever works on it holds it until then.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    purged_at = models.DateTimeField(null=True, help_text="When the file and its error file were deleted.")

    class Meta:
        indexes = [
            models.Index(fields=["brand", "-id"], name="import_newest"),
            models.Index(
                fields=["id"], name="import_running", condition=models.Q(status__in=["checking", "importing"])
            ),
        ]

    RUNNING = (Status.CHECKING, Status.IMPORTING)

    @property
    def running(self) -> bool:
        return self.status in self.RUNNING

    @property
    def dry(self) -> bool:
        return self.status == self.Status.CHECKING

    @property
    def kept(self) -> int:
        """Lines that are not refused, once the file was checked."""
        return self.rows - self.refused

    @property
    def share(self) -> float:
        """How much of it is done, in %."""
        return min(100.0, 100 * self.line / self.rows) if self.rows else 100.0


class PlayerListQuerySet(models.QuerySet["PlayerList"]):
    def known_at(self, brands: set[int] | None) -> "PlayerListQuerySet":
        """Without those that tell of protection, but at `brands`, where that may be known (None: everywhere)."""
        return self if brands is None else self.exclude(~Q(brand__in=brands), criteria__contains=[PROTECTION])


class PlayerList(models.Model):
    """Players somebody uploaded by their ids: a list, not a rule.

    Nobody can tell what they were chosen by until a second person has stated it; one more upload, and the statement
    is of another list and gone.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="lists")
    name = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    criteria = ArrayField(models.CharField(max_length=20), default=list, help_text="Stated; empty: nobody has.")
    statement = models.CharField(max_length=300, blank=True, help_text="The same, in the words of who stated it.")
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    stated_at = models.DateTimeField(null=True)

    objects = PlayerListQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "name"], name="list_name_once_per_brand")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_stated(self) -> bool:
        return self.stated_at is not None

    def unstate(self, *, by_more: bool = False) -> None:
        """Nothing is said about it any more. `by_more`: only because somebody was added. Whoever was on it for their
        protection still is, so that stays. Inside atomic, with the row locked."""
        self.criteria = [PROTECTION] if by_more and PROTECTION in self.criteria else []
        self.statement, self.stated_by, self.stated_at = "", None, None
        self.save(update_fields=["criteria", "statement", "stated_by", "stated_at"])


class ListMember(models.Model):
    list = models.ForeignKey(PlayerList, on_delete=models.CASCADE, related_name="members", db_index=False)
    player = models.ForeignKey("players.Player", on_delete=models.CASCADE, related_name="lists")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list", "player"], name="on_a_list_once")]
