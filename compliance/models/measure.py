from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from compliance.models.sealing import SealedField


class Measure(models.Model):
    """A restriction on a person: exclusion, time-out, limit or operator block, with its life-cycle.

    One row per account, source, ref and form of a limit; it goes with the account when that turns out to be somebody's. The newest source sequence wins, whatever order events arrive in.
    """

    class Kind(models.TextChoices):
        SELF_EXCLUSION = "self_exclusion", "Self-exclusion"
        NATIONAL_EXCLUSION = "national_exclusion", "National self-exclusion register"
        THIRD_PARTY = "third_party", "Exclusion by somebody else"
        PRODUCT_EXCLUSION = "product_exclusion", "Exclusion from one product"
        TIME_OUT = "time_out", "Time-out (cooling-off break)"
        DEPOSIT_LIMIT = "deposit_limit", "Deposit limit"
        NET_DEPOSIT_LIMIT = "net_deposit_limit", "Net deposit limit"
        CROSS_OPERATOR = "cross_operator_limit", "Deposit limit over all operators"
        LOSS_LIMIT = "loss_limit", "Loss limit"
        STAKE_LIMIT = "stake_limit", "Stake limit"
        WAGER_LIMIT = "wager_limit", "Limit on all stakes"
        SESSION_LIMIT = "session_limit", "Session time limit"
        MARKETING_BLOCK = "marketing_block", "Promotions blocked"
        BONUS_BLOCK = "bonus_block", "Bonuses blocked"
        DEPOSIT_BLOCK = "deposit_block", "Deposits blocked"
        VULNERABILITY = "vulnerability", "Vulnerable"
        CHECK_DUE = "check_due", "Check of means due"
        CHECK_ADVERSE = "check_adverse", "Check of means adverse"
        UNKNOWN = "unknown", "Unclear which"

    class Scope(models.TextChoices):
        """What its source says it is for, from narrow to wide; for whom it holds is the licence's word, not the source's
        (SQL: compliance_holds_for)."""

        PRODUCT = "product", "One product"
        BRAND = "brand", "This brand"
        LICENSEE = "licensee", "The licensee's brands"
        GROUP = "group", "The whole group"
        NATIONAL = "national", "Every operator of the country"

    class Ending(models.TextChoices):
        PLAYER = "player", "The player's word"
        TERM = "term", "Its time was over"
        OPERATOR = "operator", "Lifted by the operator"
        AUTHORITY = "authority", "Taken back by an authority"
        SUPERSEDED = "superseded", "Another one took its place"

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        AWAITING_RETURN = "awaiting_return", "Term over, not returned"
        ENDED = "ended", "Ended"

    class Origin(models.TextChoices):
        PLAYER = "player", "Player"
        ONBOARDING = "onboarding", "At registration"
        OPERATOR = "operator", "Operator"
        REGISTER = "register", "Register"

    class Period(models.TextChoices):
        DAY = "day", "day"
        WEEK = "week", "week"
        MONTH = "month", "month"
        ROLLING = "month_rolling", "30 days"

    person = models.ForeignKey("players.Person", on_delete=models.PROTECT, related_name="measures")
    player = models.ForeignKey("players.Player", null=True, on_delete=models.PROTECT, related_name="measures")
    kind = models.CharField(max_length=20, choices=Kind)
    source = models.CharField(max_length=40, help_text="Feed or 'operator'.")
    ref = models.CharField(max_length=100, help_text="The measure's id at its source.")
    form = models.CharField(
        max_length=60, blank=True, default="", db_default="",
        help_text="Limits: kind/period/currency. Another one under the same ref is another limit.",
    )  # fmt: skip
    sequence = models.BigIntegerField(default=0)
    status = models.CharField(max_length=16, choices=Status, default=Status.ACTIVE)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.PLAYER)
    scope = models.CharField(max_length=8, choices=Scope, default=Scope.GROUP, db_default=Scope.GROUP)
    requested_at = models.DateTimeField(null=True, help_text="When the player asked for it, by the source's clock.")
    received_at = models.DateTimeField()
    effective_at = models.DateTimeField(help_text="From then on by its source; it closes from the request on.")
    ends_at = models.DateTimeField(null=True, help_text="Empty = until further notice.")
    auto_renew = models.BooleanField(default=False, db_default=False, help_text="Begins anew when its term is over.")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=10, choices=Ending, blank=True, default="", db_default="")
    product = models.CharField(max_length=8, blank=True, help_text="Exclusions from one product: which.")
    amount = models.BigIntegerField(null=True, help_text="Limits: minor units, or minutes for session limits.")
    currency = models.CharField(max_length=5, blank=True)
    period = models.CharField(max_length=13, choices=Period, blank=True)
    previous_amount = models.BigIntegerField(
        null=True, help_text="What the limit was before, to tell lowering from raising."
    )
    # A relaxation waits its cooling-off: until then the old, lower limit is the limit.
    pending_amount = models.BigIntegerField(null=True)
    pending_from = models.DateTimeField(null=True, help_text="With no pending amount: the limit goes away then.")
    needs_confirmation = models.BooleanField(
        default=False, help_text="The relaxation waits for the player's second word (GB-16)."
    )
    tightened_at = models.DateTimeField(null=True, help_text="When the limit was last set or lowered (POL-04).")
    relaxed_at = models.DateTimeField(null=True, help_text="When a raise or removal last took effect (POL-05).")
    reached_at = models.DateTimeField(
        null=True, help_text="When its source last said that nothing is left of it: other operators count in some."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["player", "source", "ref", "form"], name="measure_once")]
        indexes = [
            models.Index(fields=["person", "kind"], name="measure_by_person"),
            models.Index(fields=["ends_at"], name="measure_ends", condition=models.Q(status="active")),
        ]


class LimitReview(models.Model):
    """When a player was last reminded to look at account and limits: see compliance.reminding."""

    player = models.OneToOneField(
        "players.Player", on_delete=models.CASCADE, primary_key=True, related_name="limit_review"
    )
    reminded_at = models.DateTimeField(db_index=True, help_text="Before the first reminder: since when we know them.")


class RegisterCheck(models.Model):
    """One answer of a self-exclusion register: a fact with an age, never a flag on the player. Append-only."""

    class Result(models.TextChoices):
        CLEAR = "clear", "Not registered"
        LISTED = "listed", "Registered"
        UNAVAILABLE = "unavailable", "No definite answer"

    person = models.ForeignKey(
        "players.Person", on_delete=models.PROTECT, related_name="register_checks", help_text="At that moment."
    )
    player = models.ForeignKey(
        "players.Player",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="Whose details were asked with; the answer goes where this account goes.",
    )
    register = models.CharField(max_length=20, help_text="gamstop, spelpaus, …")
    purpose = models.CharField(
        max_length=10, default="marketing", help_text="marketing or login: Sweden keeps them apart (SE-01)."
    )
    result = models.CharField(max_length=12, choices=Result)
    asked_at = models.DateTimeField()
    received_at = models.DateTimeField()
    xid = SealedField()
    by = models.CharField(max_length=6, default="pam", help_text="pam: the operator's platform asked; us: we did.")
    reference = models.CharField(max_length=80, blank=True, help_text="The register's own number of the question.")
    detail = models.CharField(max_length=200, blank=True, help_text="Why there was no definite answer.")
    asked_with = models.CharField(max_length=40, blank=True, help_text="The form of the identifier, not itself.")
    took_ms = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["player", "register", "-asked_at"], name="register_check_newest"),
            models.Index(
                fields=["player", "register"], name="register_check_listed", condition=models.Q(result="listed")
            ),
            BrinIndex(fields=["asked_at"], autosummarize=True, name="register_check_days"),
            models.Index(fields=["xid", "id"], name="register_check_sealing"),
        ]
