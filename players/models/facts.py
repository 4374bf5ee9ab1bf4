"""What happened, one row per thing that happened. Corrections are new rows, never edits."""

from django.conf import settings
from django.db import models

from players.models.catalogue import Category


class Fact(models.Model):
    """Something rare enough to be told one by one: registered, deposit.approved, stage.changed, …

    Rounds and sessions are too many for that; they have tables of their own.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=40)
    player = models.ForeignKey("players.Player", on_delete=models.CASCADE, related_name="facts", db_index=False)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    key = models.CharField(max_length=160, help_text="What makes it this fact: recording it twice changes nothing.")
    data = models.JSONField(default=dict)
    is_replay = models.BooleanField(default=False, help_text="History filled in: updates state, fires no journey.")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        # Written all day: `unique` on the field would bring a second index, and few facts have an actor.
        constraints = [models.UniqueConstraint(fields=["key"], name="fact_once")]
        indexes = [
            models.Index(fields=["player", "-occurred_at"], name="fact_timeline"),
            models.Index(fields=["actor"], condition=~models.Q(actor=None), name="fact_by_actor"),
            models.Index(fields=["player"], condition=models.Q(kind="player.closed"), name="fact_closures"),
        ]


class Owed(models.Model):
    """A reaction still to do. The row is the promise; a task is only the wake-up call.

    Carries one fact, or (for a stage of the fold that failed) the batch it has to be done for.
    """

    id = models.BigAutoField(primary_key=True)
    reaction = models.CharField(max_length=100, help_text="Dotted path from config/flow.py.")
    fact = models.ForeignKey(Fact, null=True, on_delete=models.CASCADE, related_name="owed")
    batch = models.JSONField(null=True, help_text="{player_ids, round_ids, fact_ids, replay} of a failed fold stage.")
    due_at = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reaction", "fact"], name="owed_once")]
        indexes = [models.Index(fields=["due_at"], name="owed_due")]


class Ending(models.IntegerChoices):
    """Whether a session was stopped soon after a run of rounds, and how that run had gone; see players.folding.habits."""

    NO_STAKE = 0, "Nothing was staked"
    USUAL = 1, "Not soon after a run"
    BAD_RUN = 2, "Soon after a bad run"
    OTHER_RUN = 3, "Soon after a run that was not bad"


class Session(models.Model):
    """One finished game session. Partitioned by month of started_at.

    Sent by the PAM, or cut from rounds where the brand says so (`players.folding.sittings`).
    """

    id = models.BigAutoField(primary_key=True)
    player = models.ForeignKey(
        "players.Player", on_delete=models.DO_NOTHING, db_constraint=False, related_name="sessions"
    )
    session_id = models.CharField(max_length=100)
    category = models.SmallIntegerField(choices=Category)
    game = models.ForeignKey(
        "players.Game", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    seconds = models.IntegerField()
    device = models.CharField(max_length=12, blank=True)
    # Read off its rounds (same player and category, inside its time), and again when one comes late or is taken back.
    rounds = models.IntegerField(default=0, db_default=0)
    net_real = models.BigIntegerField(
        default=0, db_default=0, help_text="Real wins less real stakes: below zero, money was lost."
    )
    ending = models.SmallIntegerField(choices=Ending, default=Ending.NO_STAKE, db_default=0)
    median_stake = models.BigIntegerField(
        default=0, db_default=0, help_text="Of its rounds with a stake the one in the middle; 0 = none."
    )
    stake_near = models.BigIntegerField(
        default=0, db_default=0, help_text="Staked within 24 hours after a deposit that stands."
    )
    bad_runs = models.SmallIntegerField(default=0, db_default=0)
    other_runs = models.SmallIntegerField(default=0, db_default=0)


class LiveSession(models.Model):
    """A session that began and has not been heard to end. The row goes when its end comes, or a log-out."""

    id = models.BigAutoField(primary_key=True)
    player = models.ForeignKey("players.Player", on_delete=models.CASCADE, related_name="live_sessions", db_index=False)
    session_id = models.CharField(max_length=100)
    category = models.SmallIntegerField(choices=Category)
    game = models.ForeignKey("players.Game", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    started_at = models.DateTimeField()
    device = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["player", "session_id"], name="live_session_once")]
        indexes = [models.Index(fields=["started_at"], name="live_session_age")]


class Round(models.Model):
    """One closed round or settled bet. GGR is recognised here. Partitioned by month of occurred_at.

    Amounts are minor units of the player's currency. Database unique (player, round_id, occurred_at).
    """

    id = models.BigAutoField(primary_key=True)
    player = models.ForeignKey(
        "players.Player", on_delete=models.DO_NOTHING, db_constraint=False, related_name="rounds"
    )
    round_id = models.CharField(max_length=100)
    category = models.SmallIntegerField(choices=Category)
    game = models.ForeignKey(
        "players.Game", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    stake_real = models.BigIntegerField(default=0)
    stake_bonus = models.BigIntegerField(default=0)
    win_real = models.BigIntegerField(default=0)
    win_bonus = models.BigIntegerField(default=0)
    # How many bets this row stands for: 1, 0 for a win told alone, or the opening total an import brought in.
    bets = models.IntegerField(default=1)
    # Parts of the amounts above, told on few rounds: empty takes no room in twenty million rows.
    stake_locked = models.BigIntegerField(null=True, help_text="Of stake_real: held back while a bonus is played.")
    win_locked = models.BigIntegerField(null=True, help_text="Of win_real: held back while a bonus is played.")
    jackpot_win = models.BigIntegerField(null=True, help_text="Of the win: paid by a jackpot.")
    is_free_spin = models.BooleanField(null=True)


class RoundRollback(models.Model):
    """The supplier took a round back: stake and win both vanish, whenever the round itself arrives."""

    id = models.BigAutoField(primary_key=True)
    player = models.ForeignKey("players.Player", on_delete=models.CASCADE, related_name="+", db_index=False)
    round_id = models.CharField(max_length=100)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["player", "round_id"], name="rolled_back_once")]


class Payment(models.Model):
    """One status a deposit or withdrawal reached; the history of a payment is its rows."""

    class Direction(models.TextChoices):
        DEPOSIT = "deposit", "Deposit"
        WITHDRAWAL = "withdrawal", "Withdrawal"

    class Status(models.TextChoices):
        REQUESTED = "requested", "Requested"
        APPROVED = "approved", "Approved"
        REJECTED = "rejected", "Declined"
        CANCELLED = "cancelled", "Cancelled"
        ROLLED_BACK = "rolled_back", "Rolled back"
        CHARGED_BACK = "charged_back", "Charged back"

    id = models.BigAutoField(primary_key=True)
    player = models.ForeignKey("players.Player", on_delete=models.CASCADE, related_name="payments", db_index=False)
    payment_id = models.CharField(max_length=100)
    direction = models.CharField(max_length=10, choices=Direction)
    status = models.CharField(max_length=12, choices=Status)
    amount = models.BigIntegerField()
    method = models.CharField(max_length=30, blank=True)
    instrument = models.CharField(
        max_length=32, blank=True, default="", db_default="",
        help_text="Which card or wallet: a hash that tells those of one account apart.",
    )  # fmt: skip
    reason = models.CharField(max_length=120, blank=True)
    fee = models.BigIntegerField(default=0, db_default=0, help_text="What the payment cost the operator, minor units.")
    bonus_code = models.CharField(max_length=40, blank=True, default="", db_default="")
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            # Platforms refund a withdrawal as a deposit of the same id: two payments.
            models.UniqueConstraint(fields=["player", "payment_id", "status", "direction"], name="payment_status_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_is_positive"),
        ]
        indexes = [
            models.Index(fields=["player", "-occurred_at"], name="payment_timeline"),
            # Whether a withdrawal waits to be paid is asked before every promotion (POL-07).
            models.Index(
                fields=["player"],
                name="withdrawal_asked_for",
                condition=models.Q(direction="withdrawal", status="requested"),
            ),
        ]
