"""How a player pays: told anew from all payments of a player whenever one is new. Rebuilt from them at any time."""

from django.db import models

from config.lib.clock import NEVER
from players.models.state import PlayerState


class PlayerMoney(models.Model):
    """Fixed-width NOT NULL columns first; minor units of the player's currency. One row per player who ever
    paid in or out, or tried to."""

    state = models.OneToOneField(
        PlayerState, primary_key=True, db_column="player_id", on_delete=models.CASCADE, related_name="money"
    )
    # --- the k-th newest of its kind: "at least k in d days", exact to the second
    deposit2_at = models.DateTimeField(default=NEVER, db_default=NEVER)
    deposit3_at = models.DateTimeField(default=NEVER, db_default=NEVER)
    deposit5_at = models.DateTimeField(default=NEVER, db_default=NEVER)
    deposit10_at = models.DateTimeField(default=NEVER, db_default=NEVER)
    declined1_at = models.DateTimeField(default=NEVER, db_default=NEVER)
    declined3_at = models.DateTimeField(default=NEVER, db_default=NEVER)
    declined5_at = models.DateTimeField(default=NEVER, db_default=NEVER)
    cancelled1_at = models.DateTimeField(
        default=NEVER, db_default=NEVER, help_text="Newest withdrawal the player took back."
    )
    cancelled2_at = models.DateTimeField(default=NEVER, db_default=NEVER)
    cancelled3_at = models.DateTimeField(default=NEVER, db_default=NEVER)
    last_withdrawal_at = models.DateTimeField(default=NEVER, db_default=NEVER)
    charged_back_at = models.DateTimeField(default=NEVER, db_default=NEVER)
    # --- amounts
    largest_deposit = models.BigIntegerField(default=0, db_default=0)
    median_deposit = models.BigIntegerField(
        default=0, db_default=0, help_text="The middle one of the newest 10, the smaller of two; 0 = none."
    )
    deposit_gap_seconds = models.BigIntegerField(
        default=0, db_default=0, help_text="Time between consecutive deposits, summed."
    )
    deposit_sum_7d = models.BigIntegerField(default=0, db_default=0)
    deposit_sum_90d = models.BigIntegerField(default=0, db_default=0)
    withdrawal_sum_30d = models.BigIntegerField(default=0, db_default=0)
    # --- counts
    deposit_gaps = models.IntegerField(
        default=0, db_default=0, help_text="How many gaps that sum holds: deposits less one."
    )
    deposits_7d = models.IntegerField(default=0, db_default=0)
    deposits_90d = models.IntegerField(default=0, db_default=0)
    withdrawals_30d = models.IntegerField(default=0, db_default=0)
    cancelled_withdrawals = models.IntegerField(default=0, db_default=0)
    chargebacks = models.IntegerField(default=0, db_default=0)
    last10_deposits = models.SmallIntegerField(
        default=0, db_default=0, help_text="How many deposits the two below look at (0–10)."
    )
    last10_in_session = models.SmallIntegerField(
        default=0, db_default=0, help_text="Of the newest 10: paid in during a session."
    )
    last10_after_loss = models.SmallIntegerField(
        default=0,
        db_default=0,
        help_text="Of the newest 10: paid in within 24 hours after a session that lost real money.",
    )
    last10_with_bonus = models.SmallIntegerField(
        default=0, db_default=0,
        help_text="Of the newest 10: told with a bonus code, or followed by a bonus taken within 24 hours.",
    )  # fmt: skip
    # --- of varying width, so last
    method = models.CharField(
        max_length=30, default="", db_default="", help_text="Most often in the newest 10 deposits."
    )
