from django.contrib.postgres.indexes import OpClass
from django.db import models

from players.models.brand import Brand
from players.models.derived import Folded


class Person(models.Model):
    """The human behind one or several accounts; responsible gambling binds here.

    A trigger of `compliance` gives every person a Standing at birth.
    """

    created_at = models.DateTimeField(auto_now_add=True)


class Player(models.Model):
    """One account at one brand, as the PAM knows it."""

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        SUSPENDED = "suspended", "Suspended"
        CLOSED = "closed", "Closed"

    class Kyc(models.TextChoices):
        NONE = "none", "Not started"
        SUBMITTED = "submitted", "Submitted"
        PENDING = "pending", "Pending"
        VERIFIED = "verified", "Verified"
        REJECTED = "rejected", "Rejected"
        EXPIRED = "expired", "Expired"

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="players")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="players")
    external_id = models.CharField(max_length=64, help_text="The player's id in the PAM.")
    first_name = models.CharField(max_length=80, blank=True)
    last_name = models.CharField(max_length=80, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    country = models.CharField(max_length=2, blank=True)
    language = models.CharField(max_length=8, default="en")
    timezone = models.CharField(max_length=64, blank=True, help_text="IANA zone; the brand's when empty.")
    currency = models.CharField(max_length=5)
    registered_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    kyc = models.CharField(max_length=10, choices=Kyc, default=Kyc.NONE)
    kyc_at = models.DateTimeField(null=True, blank=True, help_text="Since when the PAM says so without a break.")
    vip_tier = models.PositiveSmallIntegerField(default=0)
    affiliate = models.CharField(max_length=40, blank=True)
    acquisition_channel = models.CharField(max_length=40, blank=True)
    # Set when play came in as opening totals instead of events: what windows know starts here.
    known_since = models.DateTimeField(null=True, blank=True)
    is_test = models.BooleanField(default=False, help_text="Left out of every count.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "external_id"], name="player_once_per_brand")]
        indexes = [
            # What the list is searched by (beginnings, whatever the spelling) and filtered by, newest first.
            models.Index(OpClass(Folded("external_id"), "text_pattern_ops"), name="player_by_external_id"),
            models.Index(OpClass(Folded("first_name"), "text_pattern_ops"), name="player_by_first_name"),
            models.Index(OpClass(Folded("last_name"), "text_pattern_ops"), name="player_by_last_name"),
            models.Index(fields=["country", "-id"], name="player_by_country"),
            models.Index(fields=["kyc", "-id"], name="player_by_kyc"),
            models.Index(fields=["id"], name="player_tests", condition=models.Q(is_test=True)),
        ]

    def __str__(self) -> str:
        return self.external_id

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class Contact(models.Model):
    """Where a player can be reached on one channel."""

    class Channel(models.TextChoices):
        EMAIL = "email", "E-mail"
        SMS = "sms", "SMS"

    player = models.ForeignKey(Player, on_delete=models.CASCADE, related_name="contacts")
    channel = models.CharField(max_length=8, choices=Channel)
    address = models.CharField(max_length=254)
    normal = models.CharField(max_length=254, db_index=True, help_text="Folded form for search and suppression.")
    verified_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["player", "channel"], name="one_contact_per_channel")]
