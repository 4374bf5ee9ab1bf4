from django.db import models


class Category(models.IntegerChoices):
    """The trade's verticals, as small integers because state rows carry them by the million."""

    NONE = 0, "None yet"
    SLOTS = 1, "Slots"
    LIVE_CASINO = 2, "Live casino"
    TABLE = 3, "Table games"
    SPORTS = 4, "Sports"
    POKER = 5, "Poker"
    BINGO = 6, "Bingo"
    VIRTUALS = 7, "Virtual sports"
    CRASH = 8, "Crash games"
    OTHER = 9, "Other"

    @property
    def key(self) -> str:
        """The word the event API uses: 'slots', 'live_casino', …"""
        return self.name.lower()

    @classmethod
    def from_key(cls, key: str) -> "Category":
        """Raises KeyError for a word nobody has defined."""
        return cls[key.upper()]


class Game(models.Model):
    external_id = models.CharField(max_length=64, unique=True)
    title = models.CharField(max_length=120)
    category = models.SmallIntegerField(choices=Category)
    provider = models.CharField(max_length=60, blank=True)
    type = models.CharField(
        max_length=40, blank=True, default="", db_default="",
        help_text="Within its category: blackjack, roulette, megaways …",
    )  # fmt: skip
    rtp = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True, help_text="Return to player, %.")

    def __str__(self) -> str:
        return self.title
