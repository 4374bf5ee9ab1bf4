from django.db import models
from django.db.models import Q

from campaigns.models.enrolment import Enrolment
from campaigns.models.step import Step, Variant
from compliance.models.decision import Decision, Purpose


class Delivery(models.Model):
    """The intention to say something to one player. Rendered and decided at the moment of sending."""

    class Status(models.TextChoices):
        PLANNED = "planned", "Waiting"
        READY = "ready", "About to be sent"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        REFUSED = "refused", "Not sent"
        DROPPED = "dropped", "Not sent: no longer wanted"
        FAILED = "failed", "Failed"
        UNKNOWN = "unknown", "Perhaps sent"

    OPEN = (Status.PLANNED, Status.READY, Status.SENDING)

    id = models.BigAutoField(primary_key=True)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="deliveries")
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="+")
    variant = models.ForeignKey(Variant, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("players.Person", on_delete=models.PROTECT, related_name="+")
    player = models.ForeignKey("players.Player", on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=10)
    purpose = models.CharField(max_length=20, choices=Purpose)
    status = models.CharField(max_length=8, choices=Status, default=Status.PLANNED)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    code = models.CharField(max_length=40, blank=True, help_text="Why not, or why later.")
    detail = models.CharField(max_length=200, blank=True)
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "step"], name="delivered_once_per_step")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(status__in=["planned", "ready"]), name="delivery_due"),
            models.Index(fields=["player", "-created_at"], name="delivery_timeline"),
            models.Index(fields=["person", "-settled_at"], condition=Q(status="sent"), name="delivery_pressure"),
        ]


class Attempt(models.Model):
    """One try to hand a message over. The row exists before the provider is called; it needs a fresh allow."""

    class Status(models.TextChoices):
        SENDING = "sending", "Being sent"
        ACCEPTED = "accepted", "Accepted"
        FAILED = "failed", "Failed"
        UNKNOWN = "unknown", "Unknown"
        NOT_BEGUN = "unbegun", "Not begun"

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="attempts")
    person = models.ForeignKey("players.Person", on_delete=models.PROTECT, related_name="+")
    player = models.ForeignKey("players.Player", on_delete=models.PROTECT, related_name="+")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="attempt")
    channel = models.CharField(max_length=10)
    purpose = models.CharField(max_length=20, choices=Purpose)
    number = models.PositiveSmallIntegerField()
    address = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=300)
    html = models.TextField()
    text = models.TextField()
    button = models.CharField(max_length=80, blank=True)
    url = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.SENDING)
    created_at = models.DateTimeField()
    lease_until = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, help_text="When the provider said yes.")
    provider_id = models.CharField(max_length=200, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "number"], name="attempt_number_once")]
        indexes = [
            models.Index(fields=["lease_until"], condition=Q(status="sending"), name="attempt_lease"),
            models.Index(fields=["created_at"], condition=Q(status="unknown"), name="attempt_unknown"),
            models.Index(fields=["player", "-created_at"], name="attempt_timeline"),
            models.Index(fields=["created_at"], condition=Q(text__gt=""), name="attempt_words"),  # till they go
        ]


class Card(models.Model):
    """A message in the player's inbox on the site. Shown only as long as the gate says so at that moment."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT, related_name="card")
    attempt = models.OneToOneField(Attempt, on_delete=models.PROTECT, related_name="card")
    player = models.ForeignKey("players.Player", on_delete=models.PROTECT, related_name="cards")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    recalled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["player", "-created_at"], name="card_newest")]
