from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models


class Identity(models.Model):
    """What identifies a human beyond name and birth date, sealed: read to ask a register, shown to nobody."""

    player = models.OneToOneField("players.Player", primary_key=True, on_delete=models.CASCADE, related_name="identity")
    sealed = models.BinaryField(help_text="national id, postcode, address: JSON under the account's own key.")
    told_at = models.DateTimeField(help_text="By the PAM's clock.")


class SubjectKey(models.Model):
    """The half of an account's own key that lies here; the other half is IDENTITY_KEY. Made by the database when the
    account is born, and only ever destroyed. Backed up by itself, for a short time."""

    player = models.OneToOneField("players.Player", primary_key=True, on_delete=models.CASCADE, related_name="+")
    salt = models.BinaryField(max_length=32)


class IdentityKey(models.Model):
    """One thing by which two accounts can be told to be one person's: a keyed hash, never the thing itself."""

    class Kind(models.TextChoices):
        NATIONAL_ID = "national_id", "National id number"
        PAM_PERSON = "pam_person", "Person number in the PAM"
        EMAIL_BIRTH = "email_birth", "Verified e-mail address and birth date"
        NAME_BIRTH_POSTCODE = "name_birth_postcode", "Name, birth date and postcode"
        PHONE = "phone", "Phone number"
        DEVICE = "device", "Device"
        INSTRUMENT = "instrument", "Payment instrument"

    player = models.ForeignKey("players.Player", on_delete=models.CASCADE, related_name="identity_keys")
    kind = models.CharField(max_length=20, choices=Kind)
    digest = models.BinaryField(max_length=32)
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["player", "kind", "digest"], name="identity_key_once")]
        indexes = [models.Index(fields=["kind", "digest"], name="identity_key_shared")]


class Keyed(models.Model):
    """The keys of this account have been made. No row: not yet; it came in by a file or as somebody's past."""

    player = models.OneToOneField("players.Player", primary_key=True, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()


class PersonLink(models.Model):
    """Two accounts that are, may be, or are not one person's. Written only by functions of the database.

    While it is open the stricter of both states holds for both. `low` is the account with the smaller id.
    """

    class Status(models.TextChoices):
        OPEN = "open", "To be decided"
        JOINED = "joined", "One person"
        APART = "apart", "Different people"

    low = models.ForeignKey("players.Player", on_delete=models.PROTECT, related_name="+")
    high = models.ForeignKey("players.Player", on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=6, choices=Status, default=Status.OPEN)
    evidence = ArrayField(models.CharField(max_length=20), default=list, help_text="Kinds of keys they share.")
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["low", "high"], name="link_once"),
            models.CheckConstraint(condition=models.Q(low__lt=models.F("high")), name="link_in_order"),
        ]
        indexes = [
            models.Index(fields=["low"], condition=models.Q(status="open"), name="link_open_low"),
            models.Index(fields=["high"], condition=models.Q(status="open"), name="link_open_high"),
            models.Index(fields=["status", "-opened_at"], name="link_newest"),
        ]

    @property
    def kinds(self) -> list[str]:
        """The evidence in words, most certain first."""
        return [label for kind, label in IdentityKey.Kind.choices if kind in self.evidence]


class RegisterAccess(models.Model):
    """A licensee's own way to a register: with it we ask before a send is due; without one the PAM does and tells us."""

    licence = models.ForeignKey("players.Licence", on_delete=models.CASCADE, related_name="register_accesses")
    register = models.CharField(max_length=20)
    base_url = models.URLField()
    actor = models.CharField(max_length=40, blank=True, help_text="The licensee's id at the register.")
    key_name = models.CharField(max_length=60, help_text="REGISTER_KEY_…: the variable that holds the key.")
    is_on = models.BooleanField(default=True)
    ask_again_after = models.DurationField(help_text="An answer older than this is asked for anew when a send is due.")
    leased_until = models.DateTimeField(null=True, help_text="Somebody is asking.")
    failures = models.PositiveSmallIntegerField(default=0, help_text="Rounds in a row without a single answer.")
    paused_until = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["licence", "register"], name="one_access_per_register")]
