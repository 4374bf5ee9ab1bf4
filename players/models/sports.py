from typing import Any

from django.db import models


class Bet(models.Model):
    """One sports bet, as all that was said about it adds up. Whatever order that comes in, the row is the same:

    placed    the earliest word on it; it brings stakes, ticket, legs and odds, or the settlement brings them
    settled   the newest
    voided    the newest; a settlement of a later time overrules it

    A settled bet counts as a round of sports (`round_id` names the one that counts now). Amounts are minor units.
    """

    class Ticket(models.TextChoices):
        SINGLE = "single", "Single"
        MULTI = "multi", "Accumulator"
        SYSTEM = "system", "System"
        TEASER = "teaser", "Teaser"

    class Outcome(models.TextChoices):
        WON = "won", "Won"
        LOST = "lost", "Lost"
        HALF_WON = "half_won", "Half won"
        HALF_LOST = "half_lost", "Half lost"
        VOID = "void", "Void"
        HALF_VOID = "half_void", "Half void"
        CASHED_OUT = "cashed_out", "Cashed out"

    id = models.BigAutoField(primary_key=True)
    # The unique key below begins with the player.
    player = models.ForeignKey("players.Player", on_delete=models.CASCADE, related_name="bets", db_index=False)
    bet_id = models.CharField(max_length=64)
    placed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)
    # Empty until somebody has said it: a settlement without its stake waits for the placement.
    stake_real = models.BigIntegerField(null=True)
    stake_bonus = models.BigIntegerField(null=True)
    win_real = models.BigIntegerField(default=0, db_default=0)
    win_bonus = models.BigIntegerField(default=0, db_default=0)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default="", db_default="")
    ticket = models.CharField(max_length=6, choices=Ticket, blank=True, default="", db_default="")
    odds = models.DecimalField(max_digits=13, decimal_places=4, null=True, help_text="Decimal odds of the whole bet.")
    leg_count = models.SmallIntegerField(default=0, db_default=0)
    sport = models.CharField(
        max_length=40, blank=True, default="", db_default="", help_text="Of all legs; empty when they differ."
    )
    league = models.CharField(
        max_length=80, blank=True, default="", db_default="", help_text="Of all legs; empty when they differ."
    )
    in_play = models.BooleanField(
        default=False, db_default=False, help_text="At least one leg was running when it was placed."
    )
    is_free_bet = models.BooleanField(default=False, db_default=False)
    # --- for the fold: what was said apart, and what counts now
    placed = models.JSONField(null=True, help_text="The placement, as it was sent.")
    settled = models.JSONField(null=True, help_text="The newest settlement, as it was sent.")
    round_id = models.CharField(
        max_length=100, blank=True, default="", db_default="",
        help_text="The round it counts as; empty when it does not.",
    )  # fmt: skip
    marked_at = models.DateTimeField(null=True, help_text="The placement that counts as activity.")
    marked_real = models.BooleanField(default=False, db_default=False)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["player", "bet_id"], name="bet_once")]
        indexes = [
            models.Index(fields=["player", "-placed_at"], name="bet_timeline"),
            # Who has bet on a sport or a league, and never the table itself.
            models.Index(fields=["sport", "league", "player"], condition=~models.Q(sport=""), name="bet_by_sport"),
            models.Index(
                fields=["player"], condition=models.Q(settled_at=None, voided_at=None), name="bet_open",
                include=["stake_real", "stake_bonus"],
            ),
        ]  # fmt: skip

    @property
    def legs(self) -> list[dict[str, Any]]:
        """[{sport, league, event, market, odds, in_play}]"""
        told: list[dict[str, Any]] = (self.placed or {}).get("legs") or (self.settled or {}).get("legs") or []
        return told

    @property
    def is_void(self) -> bool:
        if self.voided_at and (self.settled_at is None or self.voided_at >= self.settled_at):
            return True
        return self.outcome == self.Outcome.VOID

    @property
    def is_open(self) -> bool:
        """Its stake is at risk."""
        return self.settled_at is None and self.voided_at is None
