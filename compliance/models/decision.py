from django.contrib.postgres.fields import ArrayField
from django.db import models

from compliance.models.sealing import SealedField


class Purpose(models.TextChoices):
    PROMOTIONAL = "promotional", "Promotional"
    TRANSACTIONAL = "transactional", "Service"
    RG_OUTREACH = "rg_outreach", "RG outreach"
    RG_CONFIRMATION = "rg_confirmation", "RG confirmation"
    REGULATORY_NOTICE = "regulatory_notice", "Regulatory notice"
    SECURITY = "security", "Security"
    LEGAL = "legal", "Legal"
    RESEARCH = "research", "Research"


# What every rule about promotions, every cap and every way to stop them is for. A survey is asked about like a promotion
# (regulation §2) and sells nothing: nobody approves it out of the rules.
PROMOTIONS = (Purpose.PROMOTIONAL, Purpose.RESEARCH)


class Decision(models.Model):
    """One answer of the gate, allow or not, with every reason and every input. Append-only.

    Written only by the database function `compliance_decide`. The rules (Python) decide; the database takes
    their word for age, registers, limits, quiet hours, frequency and bonus terms. It re-checks by itself, and
    turns an allow into a deny: Standing, the brand's stop, purpose against channel, and for promotional e-mail
    and SMS that the newest word on each product named is a yes.
    """

    class Outcome(models.TextChoices):
        ALLOW = "allow", "Allowed"
        DENY = "deny", "Refused"
        DEFER = "defer", "Later"
        REROUTE_RG = "reroute_rg", "To RG outreach"

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey("players.Person", on_delete=models.PROTECT, related_name="+")
    # Its own index would be the first half of decision_by_player.
    player = models.ForeignKey("players.Player", on_delete=models.PROTECT, related_name="decisions", db_index=False)
    purpose = models.CharField(max_length=20, choices=Purpose)
    channel = models.CharField(max_length=10, help_text="email, onsite, … or 'bonus' for a grant.")
    outcome = models.CharField(max_length=10, choices=Outcome)
    code = models.CharField(max_length=40, help_text="The primary reason.")
    reasons = ArrayField(
        models.CharField(max_length=60), default=list, help_text="Every rule that refused: 'CODE rule-id'."
    )
    reference = models.CharField(max_length=120, help_text="Opaque: what the caller wanted it for.")
    ruleset = models.CharField(max_length=40)
    inputs = models.JSONField(help_text="Snapshot the decision can be replayed from.")
    generation = models.BigIntegerField(help_text="Of Standing, at decision time.")
    decided_at = models.DateTimeField()
    retry_at = models.DateTimeField(null=True, help_text="Deferred until.")
    xid = SealedField()

    class Meta:
        indexes = [
            models.Index(fields=["player", "-decided_at"], name="decision_by_player"),
            models.Index(fields=["-decided_at"], name="decision_newest"),
            models.Index(fields=["xid", "id"], name="decision_sealing"),
            models.Index(
                fields=["player"],
                condition=models.Q(channel="bonus", outcome="allow"),
                include=["reference"],
                name="decision_bonuses",
            ),
            models.Index(
                fields=["-decided_at"],
                condition=models.Q(code="DENY_RULE_ERROR") | models.Q(generation=0),
                name="decision_failed",
            ),
        ]
