from django.db import models

from players.models.catalogue import Category


class DailyActivity(models.Model):
    """Per player, gaming day and category; category NONE holds the day's payments. Monthly partitions of `day`.

    Windows lose exactly the day that leaves; reports sum these rows instead of rounds. Amounts are
    minor units of the player's currency. Database primary key (player, day, category).
    """

    id = models.BigAutoField(primary_key=True)
    player = models.ForeignKey("players.Player", on_delete=models.DO_NOTHING, db_constraint=False, related_name="days")
    day = models.DateField()
    category = models.SmallIntegerField(choices=Category)
    rounds = models.IntegerField(default=0)
    sessions = models.IntegerField(default=0)
    seconds = models.IntegerField(default=0)
    stake_real = models.BigIntegerField(default=0)
    stake_bonus = models.BigIntegerField(default=0)
    win_real = models.BigIntegerField(default=0)
    win_bonus = models.BigIntegerField(default=0)
    deposits = models.IntegerField(default=0)
    deposit_sum = models.BigIntegerField(default=0)
    declined_deposits = models.IntegerField(default=0)
    withdrawals = models.IntegerField(default=0)
    withdrawal_sum = models.BigIntegerField(default=0)
    # Exact instants inside the day, so that gaps between days are known to the second without reading rounds.
    first_real_at = models.DateTimeField(null=True, help_text="First real-money round or approved deposit of the day.")
    last_real_at = models.DateTimeField(null=True)
    last_play_at = models.DateTimeField(null=True, help_text="Newest round or session end, any money.")
