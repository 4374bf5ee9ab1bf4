"""What the PAM says of a player besides play and money: tags, and bonuses of its own. The newest word counts."""

from django.db import models

from config.lib.clock import NEVER
from players.models.brand import Brand


class PlayerTag(models.Model):
    """One tag and whether the player carries it. A row stays when the tag is taken off: it remembers since when."""

    player = models.ForeignKey("players.Player", on_delete=models.CASCADE, related_name="tags", db_index=False)
    tag = models.CharField(max_length=40)
    is_on = models.BooleanField()
    at = models.DateTimeField(help_text="Event time of the newest word.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["player", "tag"], name="tag_once")]
        indexes = [models.Index(fields=["tag", "player"], condition=models.Q(is_on=True), name="tag_carriers")]


class SeenName(models.Model):
    """A name the PAM of a brand has used, for whoever builds a rule or a journey; see players.folding.vocabulary."""

    class What(models.TextChoices):
        EVENT = "event", "Event of the operator's own (custom.<name>)"
        TAG = "tag", "Tag"
        SPORT = "sport", "Sport"
        LEAGUE = "league", "League"
        OWN = "own", "Attribute sent and not declared"
        MISFIT = "misfit", "Attribute sent with a value of another kind than declared"

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey("players.Brand", on_delete=models.CASCADE, related_name="seen_names", db_index=False)
    what = models.CharField(max_length=6, choices=What)
    name = models.CharField(max_length=80)
    seen_at = models.DateTimeField(help_text="When it was first folded.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "what", "name"], name="name_seen_once")]

    @classmethod
    def of(cls, brand: Brand, what: str, most: int = 200) -> list[str]:
        rows = cls.objects.filter(brand=brand, what=what)
        return list(rows.order_by("name").values_list("name", flat=True)[:most])


class PlayerBonus(models.Model):
    """A bonus as the PAM tells of it: one granted by us (`is_ours`) or one of its own. Amounts are minor units."""

    class Status(models.TextChoices):
        """In the order a bonus goes through them: of two of one instant the later here counts."""

        OFFERED = "offered", "Offered"
        CLAIMED = "claimed", "Claimed"
        ACTIVE = "active", "Active"
        COMPLETED = "completed", "Completed"
        LOST = "lost", "Played to zero"
        EXPIRED = "expired", "Expired"
        FORFEITED = "forfeited", "Forfeited"
        CANCELLED = "cancelled", "Cancelled"

    class Type(models.TextChoices):
        WELCOME = "welcome", "Welcome"
        RELOAD = "reload", "Reload"
        NO_DEPOSIT = "no_deposit", "No deposit"
        CASHBACK = "cashback", "Cashback"
        WAGER_FREE = "wager_free", "Wager-free"
        FREE_SPINS = "free_spins", "Free spins"
        FREE_BET = "free_bet", "Free bet"
        RISK_FREE_BET = "risk_free_bet", "Risk-free bet"
        OTHER = "other", "Other"

    class Product(models.TextChoices):
        CASINO = "casino", "Casino"
        BETTING = "betting", "Betting"
        BINGO = "bingo", "Bingo"
        POKER = "poker", "Poker"
        LOTTERY = "lottery", "Lottery"

    id = models.BigAutoField(primary_key=True)
    player = models.ForeignKey("players.Player", on_delete=models.CASCADE, related_name="pam_bonuses", db_index=False)
    is_ours = models.BooleanField(help_text="Granted by us: `ref` is the reference of the grant.")
    ref = models.CharField(max_length=100)
    status = models.CharField(max_length=10, choices=Status, blank=True, help_text="Empty: only wagering was told.")
    status_at = models.DateTimeField(default=NEVER)
    taken_at = models.DateTimeField(null=True, help_text="When it was first claimed, active, completed or lost.")
    type = models.CharField(max_length=14, choices=Type, blank=True)
    product = models.CharField(max_length=8, choices=Product, blank=True)
    amount = models.BigIntegerField(null=True)
    wagered_at = models.DateTimeField(default=NEVER)
    wagering_required = models.BigIntegerField(default=0)
    wagering_done = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["player", "is_ours", "ref"], name="pam_bonus_once")]
