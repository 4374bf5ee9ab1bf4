from django.conf import settings
from django.db import models


class Gift(models.Model):
    """A bonus somebody gave by hand while a self-exclusion register had no usable answer. It is asked for again when
    there is one, and given or refused then: by the rules of that moment."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waits for the register"
        GIVEN = "given", "Given"
        REFUSED = "refused", "Not given"
        WITHDRAWN = "withdrawn", "Taken back"

    id = models.BigAutoField(primary_key=True)
    player = models.ForeignKey("players.Player", on_delete=models.PROTECT, related_name="gifts")
    terms = models.ForeignKey("bonuses.Terms", on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=120, unique=True, help_text="Of the bonus it becomes.")
    amount = models.BigIntegerField()
    reason = models.CharField(max_length=300)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="When it is asked for again, unless the register answers before.")
    over_at = models.DateTimeField(help_text="Without an answer until then it is not given.")
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    code = models.CharField(max_length=40, help_text="Of the gate's last answer.")
    refusal = models.CharField(max_length=200, blank=True, help_text="Why not, where it was not the gate.")
    settled_at = models.DateTimeField(null=True)
    grant = models.OneToOneField("bonuses.Grant", null=True, on_delete=models.PROTECT, related_name="gift")

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="gift_due"),
            models.Index(fields=["player", "-asked_at"], name="gift_newest"),
        ]
