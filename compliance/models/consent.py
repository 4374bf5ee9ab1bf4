from collections.abc import Collection

from django.conf import settings
from django.db import models

from compliance.models.sealing import SealedField


class Consent(models.Model):
    """One yes or no to one product on one channel, with its evidence. Append-only; the newest row rules. A yes to one
    channel is none to another: who may write by e-mail may not hand the address to an ad network or an affiliate."""

    class Product(models.TextChoices):
        CASINO = "casino", "Casino"
        BETTING = "betting", "Betting"
        BINGO = "bingo", "Bingo"

    class Channel(models.TextChoices):
        EMAIL = "email", "E-mail"
        SMS = "sms", "SMS"
        PUSH = "push", "Push"
        ONSITE = "onsite", "On site"
        PHONE = "phone", "Phone"
        POST = "post", "Post"
        SOCIAL = "social", "Direct message"
        AFFILIATE = "affiliate", "Affiliate"
        ADS = "ads", "Matched ads"

    # Asked of everybody; the others are shown of whoever has answered.
    USUAL = (Channel.EMAIL, Channel.SMS, Channel.PUSH, Channel.ONSITE, Channel.PHONE)

    player = models.ForeignKey("players.Player", on_delete=models.PROTECT, related_name="consents")
    product = models.CharField(max_length=8, choices=Product)
    channel = models.CharField(max_length=10, choices=Channel)
    granted = models.BooleanField(null=True, help_text="Empty: a change was announced and is not told yet.")
    wording = models.CharField(max_length=60, blank=True, help_text="Version of the words shown.")
    screen = models.CharField(max_length=60, blank=True, help_text="Where it was asked.")
    origin = models.CharField(max_length=60, blank=True, help_text="The site it was given on: a brand's short name.")
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    key = models.CharField(max_length=160, unique=True)
    xid = SealedField()

    class Meta:
        # The whole order in which the newest word is sought, ties included: read off the index, never sorted.
        indexes = [
            models.Index(
                fields=["player", "product", "channel", "-occurred_at", "granted", "-id"], name="consent_newest"
            ),
            models.Index(fields=["xid", "id"], name="consent_sealing"),
        ]

    @classmethod
    def shown(cls, asked: Collection[str]) -> "list[Consent.Channel]":
        """The channels of a matrix of somebody who has answered about these."""
        return [channel for channel in cls.Channel if channel in cls.USUAL or channel in asked]


class Wording(models.Model):
    """The words behind a name that consents carry: "v3" by itself proves nothing. Append-only: the newest of a name counts,
    and what stood there before stays to be read."""

    brand = models.ForeignKey("players.Brand", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    text = models.TextField(help_text="As the player saw them.")
    how = models.CharField(
        max_length=300, help_text="How it was asked: which boxes, ticked or not, what stood beside them."
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["brand", "name", "-recorded_at"], name="wording_newest")]


class Suppression(models.Model):
    """An address that must not be written to: keyed hash only, so that it outlives an erasure."""

    brand = models.ForeignKey("players.Brand", null=True, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=8)
    digest = models.BinaryField(max_length=32)
    shared = models.BinaryField(max_length=61, help_text="Its plain SHA-256, sealed: what others are told it from.")
    reason = models.CharField(max_length=20, help_text="bounce, complaint, unsubscribe, erased")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "channel", "digest"], nulls_distinct=False, name="suppressed_once")
        ]
        indexes = [models.Index(fields=["digest"], name="suppression_digest")]
