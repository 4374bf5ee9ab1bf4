"""How a player plays: sessions only, so a round costs nothing here. Rebuilt from sessions and their rounds at any time.

A table of its own beside PlayerState, one row per player who ever had a session: a rule that names none of
this joins none of it.
"""

from django.db import models

from config.lib.clock import NEVER
from players.models.state import PlayerState


class PlayerHabits(models.Model):
    """Fixed-width NOT NULL columns first. Hours and weekdays are those of the brand: the clock of its zone for
    the hour, its gaming day for the weekday (a Friday night is Friday's)."""

    state = models.OneToOneField(
        PlayerState, primary_key=True, db_column="player_id", on_delete=models.CASCADE, related_name="habits"
    )
    # --- start of the k-th newest session: "at least k sessions in d days", exact to the second
    session3_at = models.DateTimeField(default=NEVER, db_default=NEVER)
    session5_at = models.DateTimeField(default=NEVER, db_default=NEVER)
    session8_at = models.DateTimeField(default=NEVER, db_default=NEVER)
    session10_at = models.DateTimeField(default=NEVER, db_default=NEVER)
    last10_from = models.DateTimeField(
        default=NEVER, db_default=NEVER, help_text="Start of the oldest of the newest 10: where reading may stop."
    )
    favourite_game_id = models.BigIntegerField(
        default=0, db_default=0, help_text="Most often in the newest 10 sessions; 0 = none."
    )
    median_stake = models.BigIntegerField(
        default=0, db_default=0, help_text="The middle one of the median stakes of the newest 10 sessions; 0 = none."
    )
    stake_near = models.BigIntegerField(
        default=0, db_default=0, help_text="Staked in sessions within 24 hours after a deposit."
    )
    last10_seconds = models.IntegerField(default=0, db_default=0, help_text="Summed length of the newest 10 sessions.")
    # --- windows of brand-calendar days ending on brand.window_day
    sessions_7d = models.IntegerField(default=0, db_default=0)
    sessions_90d = models.IntegerField(default=0, db_default=0)
    seconds_30d = models.IntegerField(default=0, db_default=0)
    # --- all sessions by the hour they started: 00–05, 06–11, 12–17, 18–23
    night = models.IntegerField(default=0, db_default=0)
    morning = models.IntegerField(default=0, db_default=0)
    afternoon = models.IntegerField(default=0, db_default=0)
    evening = models.IntegerField(default=0, db_default=0)
    # --- all sessions by the weekday they started on
    monday = models.IntegerField(default=0, db_default=0)
    tuesday = models.IntegerField(default=0, db_default=0)
    wednesday = models.IntegerField(default=0, db_default=0)
    thursday = models.IntegerField(default=0, db_default=0)
    friday = models.IntegerField(default=0, db_default=0)
    saturday = models.IntegerField(default=0, db_default=0)
    sunday = models.IntegerField(default=0, db_default=0)
    # --- how sessions end
    staked_sessions = models.IntegerField(default=0, db_default=0, help_text="Sessions with a stake in them.")
    bad_runs = models.IntegerField(default=0, db_default=0, help_text="Runs that returned too little.")
    other_runs = models.IntegerField(default=0, db_default=0)
    bad_stops = models.IntegerField(default=0, db_default=0, help_text="Sessions that ended soon after a bad run.")
    other_stops = models.IntegerField(default=0, db_default=0, help_text="Those that ended soon after another run.")
    losing_sessions = models.IntegerField(default=0, db_default=0, help_text="Sessions that lost real money.")
    last10_sessions = models.SmallIntegerField(
        default=0, db_default=0, help_text="How many sessions the sum of 10 holds (0–10)."
    )
    # --- of varying width, so last
    favourite_provider = models.CharField(max_length=60, default="", db_default="")
    favourite_type = models.CharField(max_length=40, default="", db_default="")
    device = models.CharField(
        max_length=12, default="", db_default="", help_text="Most often in the newest 10 sessions."
    )
