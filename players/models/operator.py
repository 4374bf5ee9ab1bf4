"""The operator's own API: what we may ask it, how, and what we still have to ask."""

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from config.lib.clock import NEVER


def _casino() -> list[str]:
    return ["casino"]


def _known_products(products: list[str]) -> None:
    if not set(products) <= {"casino", "betting", "bingo"}:
        raise ValidationError("Products are casino, betting and bingo.")


class OperatorApi(models.Model):
    """Where the details are fetched that a feed only announces. Holds no secret, only the name of one."""

    feed = models.OneToOneField("players.Feed", on_delete=models.CASCADE, related_name="operator_api")
    base_url = models.URLField(help_text="Its host must be among OPERATOR_API_HOSTS.")
    key_name = models.CharField(
        max_length=60,
        validators=[RegexValidator(r"^OPERATOR_API_KEY_[A-Z0-9_]+$", "Begins with OPERATOR_API_KEY_.")],
        help_text="Environment variable that holds the key, like OPERATOR_API_KEY_AZURA.",
    )
    key_header = models.CharField(
        max_length=40, default="X-API-Key", validators=[RegexValidator(r"^[A-Za-z][A-Za-z0-9-]*$")]
    )
    per_second = models.PositiveSmallIntegerField(
        default=20, validators=[MinValueValidator(1), MaxValueValidator(500)], help_text="Calls per second, at most."
    )
    products = ArrayField(
        models.CharField(max_length=8),
        default=_casino,
        validators=[_known_products],
        help_text="Products a yes of the operator's API is for; a no is for all.",
    )
    wording = models.CharField(
        max_length=60, blank=True, help_text="Version of the words players agreed to. Without it no yes is recorded."
    )
    # --- how it goes
    room = models.FloatField(default=0, help_text="Calls that may be made at `room_at`; fills up at `per_second`.")
    room_at = models.DateTimeField(default=NEVER)
    paused_until = models.DateTimeField(default=NEVER, help_text="It asked for a pause, or keeps failing.")
    failures = models.PositiveSmallIntegerField(default=0, help_text="In a row.")
    answered_at = models.DateTimeField(default=NEVER, help_text="Its newest usable answer.")
    trouble = models.CharField(max_length=200, blank=True, help_text="What went wrong last; empty when nothing does.")

    def __str__(self) -> str:
        return f"{self.feed}: {self.base_url}"


class Fetch(models.Model):
    """Something to be fetched about one player, again and again; `due_at` empty = nothing is owed."""

    class What(models.TextChoices):
        DETAILS = "details", "Details"
        CONSENTS = "consents", "Consents"
        BLOCKS = "blocks", "Exclusions and blocks"

    id = models.BigAutoField(primary_key=True)
    feed = models.ForeignKey("players.Feed", on_delete=models.CASCADE, related_name="fetches", db_index=False)
    external_id = models.CharField(max_length=64)
    what = models.CharField(max_length=8, choices=What)
    told_at = models.DateTimeField(
        help_text="The moment the newest announcement counts from; what answers it bears it."
    )
    notices = models.IntegerField(default=1, help_text="An answer asked for before the last of them is thrown away.")
    owed_since = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    tries = models.SmallIntegerField(default=0)
    answered_at = models.DateTimeField(default=NEVER)
    trouble = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["feed", "external_id", "what"], name="fetched_once")]
        indexes = [models.Index(fields=["feed", "due_at"], condition=models.Q(due_at__isnull=False), name="fetch_due")]


class Origin(models.Model):
    """Which brand an `origin` means when it comes with the key of `entry`: the feed it is led to."""

    entry = models.ForeignKey("players.Feed", on_delete=models.CASCADE, related_name="origins")
    origin = models.CharField(max_length=200, help_text="As the sender writes it.")
    feed = models.ForeignKey("players.Feed", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "origin"], name="origin_once")]

    def __str__(self) -> str:
        return self.origin


class ExchangeRate(models.Model):
    """What a sender says a unit of a currency is worth in the operator's own; the newest word of each day."""

    feed = models.ForeignKey("players.Feed", on_delete=models.CASCADE, related_name="+", db_index=False)
    currency = models.CharField(max_length=5)
    day = models.DateField()
    rate = models.DecimalField(max_digits=24, decimal_places=12)
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["feed", "currency", "day"], name="rate_once_a_day")]
