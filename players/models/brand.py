from django.db import models


class Licence(models.Model):
    """The permission a brand operates under; it decides which rules the gate applies."""

    class Jurisdiction(models.TextChoices):
        GB = "GB", "Great Britain"
        SE = "SE", "Sweden"
        MT = "MT", "Malta"
        DE = "DE", "Germany"
        NL = "NL", "Netherlands"
        DK = "DK", "Denmark"
        ES = "ES", "Spain"
        ON = "ON", "Ontario"

    jurisdiction = models.CharField(max_length=2, choices=Jurisdiction)
    licensee = models.CharField(
        max_length=120, help_text="The company that holds it; a first bonus is once per licensee."
    )
    number = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["jurisdiction", "number"], name="licence_once")]

    def __str__(self) -> str:
        return f"{self.jurisdiction} {self.number}"


class Brand(models.Model):
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="brands")
    currency = models.CharField(max_length=5)
    timezone = models.CharField(max_length=64, help_text="IANA zone of the gaming day.")
    day_start_hour = models.PositiveSmallIntegerField(default=0, help_text="Hour at which the gaming day starts.")
    support_email = models.EmailField(blank=True)
    site_url = models.URLField(blank=True)
    # Lifecycle thresholds, in elapsed 24-hour days (reference: finance §6).
    ftd_days = models.PositiveSmallIntegerField(default=7)
    slipping_after_days = models.PositiveSmallIntegerField(default=14)
    lapsed_after_days = models.PositiveSmallIntegerField(default=30)
    dormant_after_days = models.PositiveSmallIntegerField(default=90)
    reactivated_days = models.PositiveSmallIntegerField(default=30)
    # 0: the PAM says when a session ends. Otherwise sessions are cut from rounds: a pause this long ends one.
    session_gap_minutes = models.PositiveSmallIntegerField(default=0, db_default=0)
    # What "leaves after a bad run" means here (players.folding.habits): runs of so many rounds, bad below this return,
    # and a session that ends at most so many rounds after one was stopped by it. Fewer runs of a kind say nothing.
    run_rounds = models.PositiveSmallIntegerField(default=20, db_default=20)
    run_return = models.PositiveSmallIntegerField(default=80, db_default=80, help_text="Per cent of the stakes.")
    run_stop = models.PositiveSmallIntegerField(default=5, db_default=5)
    run_cases = models.PositiveSmallIntegerField(default=10, db_default=10)
    # The gaming day the 30/90-day counters of this brand's players are true for.
    window_day = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
