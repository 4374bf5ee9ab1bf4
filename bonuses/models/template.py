import math
from decimal import Decimal

from django.conf import settings
from django.db import models


class Template(models.Model):
    """An offer the brand can make; what exactly it promises is in its terms."""

    class Kind(models.TextChoices):
        DEPOSIT_MATCH = "deposit_match", "Deposit match"
        NO_DEPOSIT = "no_deposit", "No deposit"
        FREE_SPINS = "free_spins", "Free spins"
        FREE_CASH = "free_cash", "Wager-free cash"
        GOODWILL = "goodwill", "Goodwill"

    brand = models.ForeignKey("players.Brand", on_delete=models.PROTECT, related_name="bonus_templates")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=14, choices=Kind)
    current = models.ForeignKey("bonuses.Terms", null=True, on_delete=models.PROTECT, related_name="+")
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["brand", "name"], name="template_name_once")]

    def __str__(self) -> str:
        return self.name


class Terms(models.Model):
    """One version of what a template promises. Append-only: an edit is a new version, so a grant keeps its own."""

    class Base(models.TextChoices):
        BONUS = "bonus", "the bonus"
        DEPOSIT_BONUS = "deposit_bonus", "deposit plus bonus"

    class OnWinnings(models.TextChoices):
        UNSAID = "", "Not said"
        NO = "no", "No"
        YES = "yes", "Yes"

    class Product(models.TextChoices):
        CASINO = "casino", "Casino"
        BETTING = "betting", "Betting"
        BINGO = "bingo", "Bingo"

    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="terms")
    version = models.PositiveSmallIntegerField()
    currency = models.CharField(max_length=5)
    amount = models.BigIntegerField(default=0, help_text="Fixed amount, minor units; the most for a goodwill gift.")
    percent = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(0), help_text="Of the deposit.")
    cap = models.BigIntegerField(default=0, help_text="The most a match gives, minor units.")
    min_deposit = models.BigIntegerField(default=0)
    wagering_multiplier = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(0))
    wagering_base = models.CharField(max_length=14, choices=Base, default=Base.BONUS)
    on_winnings = models.CharField(
        max_length=3, choices=OnWinnings, default=OnWinnings.UNSAID, blank=True,
        help_text="Whether what is won with it must be played through too.",
    )  # fmt: skip
    spins = models.PositiveSmallIntegerField(default=0, help_text="Free spins: how many. Their value is the amount.")
    spin_value = models.BigIntegerField(default=0, help_text="Stake of one free spin, minor units.")
    contributions = models.JSONField(default=dict, help_text="Per cent of a stake that counts, by category.")
    max_bet = models.BigIntegerField(default=0, help_text="0 = no limit on a single bet.")
    max_release = models.BigIntegerField(default=0, help_text="0 = everything left turns real.")
    expiry_days = models.PositiveSmallIntegerField()
    product = models.CharField(max_length=8, choices=Product)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["template", "-version"]
        constraints = [models.UniqueConstraint(fields=["template", "version"], name="terms_version_once")]

    def __str__(self) -> str:
        return f"{self.template} v{self.version}"

    @property
    def kind(self) -> str:
        return self.template.kind

    def bonus_for(self, deposit: int) -> int:
        """Minor units this promises for a deposit (0 where the kind asks for none)."""
        if self.kind != Template.Kind.DEPOSIT_MATCH:
            return self.amount
        if deposit < max(self.min_deposit, 1):
            return 0
        return min(int(deposit * self.percent / 100), self.cap)

    @property
    def largest_deposit(self) -> int:
        """The one that earns the whole bonus, minor units; 0 where none is asked for."""
        if self.kind != Template.Kind.DEPOSIT_MATCH or not self.percent:
            return 0
        return max(int(self.cap * 100 / self.percent), self.min_deposit, 1)

    def deposit_for(self, bonus: int) -> int | None:
        """The smallest deposit that earns so much; None where none is needed."""
        if self.kind != Template.Kind.DEPOSIT_MATCH or not self.percent:
            return None
        return max(math.ceil(Decimal(bonus * 100) / self.percent), self.min_deposit)

    @property
    def wagers_winnings(self) -> bool | None:
        """None: nobody said. What asks for no wagering asks for none on winnings either."""
        if self.on_winnings:
            return self.on_winnings == self.OnWinnings.YES
        return None if self.wagering_multiplier else False

    def wagering_for(self, bonus: int, deposit: int) -> int:
        """Minor units of counted stakes asked for before the bonus turns real."""
        base = bonus + deposit if self.wagering_base == self.Base.DEPOSIT_BONUS else bonus
        return int(base * self.wagering_multiplier)
