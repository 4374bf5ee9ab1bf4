"""Player state: what the facts add up to. May be rebuilt from them at any time.

Narrow rows on purpose: a full scan of all players is the plan of every segment, and 188 MB scan
three times faster than 407 MB. Sums and counts, never rounded averages. No index on what changes with every round.
"""

from django.db import models

from config.lib.clock import NEVER
from players.models.catalogue import Category
from players.models.derived import UtcDay


class Stage(models.IntegerChoices):
    REGISTERED = 0, "Registered, no deposit"
    FTD = 1, "First-time depositor"
    ACTIVE = 2, "Active"
    AT_RISK = 3, "Slipping away"
    LAPSED = 4, "Lapsed"
    DORMANT = 5, "Dormant"
    REACTIVATED = 6, "Reactivated"


class PlayerState(models.Model):
    """One row per player. Fixed-width NOT NULL columns; NEVER stands for "has not happened"."""

    player = models.OneToOneField("players.Player", primary_key=True, on_delete=models.CASCADE, related_name="state")
    # The player's, and never another: the fold needs the brand's zone and days for each event, not the wide player row.
    brand = models.ForeignKey(
        "players.Brand", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    # --- what most segments ask, first and without a NULL before it: a scan reads no further than it must
    last_play_at = models.DateTimeField(default=NEVER, help_text="Newest round or session end, any money.")
    last_deposit_at = models.DateTimeField(default=NEVER)
    last5_seconds = models.IntegerField(default=0, help_text="Summed length of the newest 5 sessions.")
    last5_sessions = models.SmallIntegerField(default=0, help_text="How many sessions that sum holds (0–5).")
    top_category = models.SmallIntegerField(
        choices=Category, default=Category.NONE, help_text="Most staked in 90 days."
    )
    stage = models.SmallIntegerField(choices=Stage, default=Stage.REGISTERED)
    active_days_30d = models.SmallIntegerField(default=0)
    sessions_30d = models.IntegerField(default=0)
    # --- instants
    registered_at = models.DateTimeField()
    first_deposit_at = models.DateTimeField(default=NEVER)
    second_deposit_at = models.DateTimeField(default=NEVER)
    last_real_at = models.DateTimeField(
        default=NEVER, help_text="Newest real-money round or approved deposit: what keeps a player active."
    )
    last_login_at = models.DateTimeField(default=NEVER)
    # Two starts the stages are told from: real activity without a gap of `slipping` days, and of `lapsed` days.
    streak_from = models.DateTimeField(default=NEVER)
    spell_from = models.DateTimeField(
        default=NEVER, help_text="Later than the first deposit = came back after a lapse."
    )
    balance_at = models.DateTimeField(default=NEVER, help_text="Event time of the balances below.")
    stage_since = models.DateTimeField(default=NEVER)
    # --- lifetime sums, minor units of the player's currency
    stake_real = models.BigIntegerField(default=0)
    stake_bonus = models.BigIntegerField(default=0)
    win_real = models.BigIntegerField(default=0)
    win_bonus = models.BigIntegerField(default=0)
    deposit_sum = models.BigIntegerField(default=0)
    withdrawal_sum = models.BigIntegerField(default=0)
    balance_real = models.BigIntegerField(default=0)
    balance_bonus = models.BigIntegerField(default=0)
    # --- windows of brand-calendar days ending on brand.window_day
    stake_30d = models.BigIntegerField(default=0)
    deposit_sum_30d = models.BigIntegerField(default=0)
    top_stake_90d = models.BigIntegerField(
        default=0, db_default=0, help_text="What was staked in the top category: others are measured against it."
    )
    stake_90d = models.BigIntegerField(default=0, db_default=0, help_text="All categories together.")
    # --- counts
    rounds = models.IntegerField(default=0)
    sessions = models.IntegerField(default=0)
    session_seconds = models.BigIntegerField(default=0)
    deposits = models.IntegerField(default=0)
    declined_deposits = models.IntegerField(default=0)
    withdrawals = models.IntegerField(default=0)
    deposits_30d = models.IntegerField(default=0)
    # Of the platform's own bonuses and ours, as it tells of them; the rows are PlayerBonus.
    bonuses_offered = models.IntegerField(default=0, db_default=0)
    bonuses_taken = models.IntegerField(default=0, db_default=0)
    # The list's order. A day, because an index on the instant itself would cost every fold its cheap update (HOT).
    last_play_day = models.GeneratedField(
        expression=UtcDay("last_play_at"), output_field=models.DateField(), db_persist=True
    )
    # --- may be NULL, so last
    next_stage_at = models.DateTimeField(null=True, help_text="When time alone moves the stage.")
    next_check_at = models.DateTimeField(
        null=True, help_text="Earliest instant at which a segment may flip by time alone; only ever lowered."
    )

    class Meta:
        indexes = [
            models.Index(fields=["next_check_at"], name="state_next_check"),
            models.Index(fields=["next_stage_at"], name="state_next_stage"),
            # For the list: they change at most once a day, with a deposit, with a stage.
            models.Index(fields=["last_play_day", "player"], name="state_by_last_play"),
            models.Index(fields=["deposit_sum_30d", "player"], name="state_by_deposits"),
            models.Index(fields=["stage", "player"], name="state_by_stage"),
        ]


class PlayerCategory(models.Model):
    """One row per player and category played."""

    # The unique key below begins with the player: an index of its own would be a second one to keep.
    player = models.ForeignKey("players.Player", on_delete=models.CASCADE, related_name="categories", db_index=False)
    category = models.SmallIntegerField(choices=Category)
    last_play_at = models.DateTimeField(default=NEVER)
    stake = models.BigIntegerField(default=0, help_text="Real and bonus, lifetime.")
    win = models.BigIntegerField(default=0)
    stake_90d = models.BigIntegerField(default=0)
    rounds = models.IntegerField(default=0)
    sessions = models.IntegerField(default=0)
    seconds = models.BigIntegerField(default=0)
    # Of the newest 5 and 10 sessions of the category; how many there are, `sessions` tells.
    last5_seconds = models.IntegerField(default=0, db_default=0)
    last10_seconds = models.IntegerField(default=0, db_default=0)
    last10_from = models.DateTimeField(
        default=NEVER, db_default=NEVER, help_text="Start of the oldest of the newest 10: where reading may stop."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["player", "category"], name="one_row_per_category")]
