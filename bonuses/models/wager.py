from django.db import models

from players.models import Category


class WagerCount(models.Model):
    """What one round meant for one grant: how much counted, and the bonus money played. Append-only.

    A rolled-back round gets a second row that takes the first one back. Without a grant: bonus money
    the PAM played that none of our grants covers.
    """

    id = models.BigAutoField(primary_key=True)
    round = models.ForeignKey("players.Round", on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    grant = models.ForeignKey("bonuses.Grant", null=True, on_delete=models.PROTECT, related_name="wagers")
    player = models.ForeignKey("players.Player", on_delete=models.PROTECT, related_name="+")
    is_rollback = models.BooleanField(default=False)
    category = models.SmallIntegerField(choices=Category)
    occurred_at = models.DateTimeField()
    stake = models.BigIntegerField(help_text="Real and bonus together.")
    weight = models.SmallIntegerField(default=0, help_text="Per cent of the stake that counts in this category.")
    counted = models.BigIntegerField(default=0, help_text="What it did to the open wagering.")
    over_limit = models.BooleanField(default=False, help_text="Above the largest bet allowed: nothing counted.")
    bonus_stake = models.BigIntegerField(default=0)
    bonus_win = models.BigIntegerField(default=0)
    # Bonus money the account of the grant could not cover: booked as played outside our grants.
    outside = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "grant", "is_rollback"], nulls_distinct=False, name="round_counts_once_per_grant"
            )
        ]
        indexes = [models.Index(fields=["grant", "id"], name="wager_by_grant")]
