"""A player somebody has to look at: what was seen, done and said, what came of it, and who decided."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from compliance.models.harm import Level


class Case(models.Model):
    """At most one is open per person. Opened by medium or strong signs of harm, by a sign a law wants answered, or by an officer."""

    class Outcome(models.TextChoices):
        CONTINUES = "continues", "Play continues, followed up"
        LIMITED = "limited", "Player set limits or took a break"
        RESTRICTED = "restricted", "We restricted the account"
        EXCLUDED = "excluded", "Player excluded themselves"
        NO_CONCERN = "no_concern", "No concern after review"

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey("players.Person", on_delete=models.PROTECT, related_name="cases")
    player = models.ForeignKey(
        "players.Player", on_delete=models.PROTECT, related_name="+", help_text="The account it was seen at."
    )
    level = models.CharField(max_length=8, choices=Level, help_text="Highest since it was opened.")
    rule = models.CharField(max_length=10, help_text="Which duty it answers: GB-06, NL-08, …")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=300)
    due_at = models.DateTimeField(help_text="First action by then.")
    acted_at = models.DateTimeField(null=True, help_text="First contact or decision by a person.")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    forgotten_at = models.DateTimeField(
        null=True, help_text="Its notes were deleted: their time was over. Written by the database."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person"], condition=Q(closed_at=None), name="one_open_case")]
        indexes = [models.Index(fields=["due_at"], condition=Q(closed_at=None), name="case_queue")]

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class Interaction(models.Model):
    """One line of the log: what was seen, what was done and said, what came of it; or why nothing was. Append-only."""

    class Kind(models.TextChoices):
        SYSTEM = "system", "Pitboss"
        OUTREACH = "outreach", "Message sent"
        CALL = "call", "Call or chat"
        RESTRICTION = "restriction", "Restriction set by us"
        NOT_DONE = "not_done", "Decided not to contact"
        CONTEST = "contest", "Player contests the decision"
        ANSWER = "answer", "Answer to the player's objection"
        LIFT_ASKED = "lift_asked", "Player asks to lift or shorten a restriction"
        LIFT_ANSWER = "lift_answer", "Decision on that request, told to the player"
        REVIEW = "review", "Review"
        NOTE = "note", "Note"

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="log")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    seen = models.TextField(blank=True, help_text="Behaviour before.")
    done = models.TextField(blank=True, help_text="What we did and said.")
    answered = models.TextField(blank=True, help_text="What the player said.")
    outcome = models.TextField(blank=True, help_text="What came of it, or why nothing was done.")
    upheld = models.BooleanField(null=True, help_text="Of an answer: were they right, or is it granted?")

    class Meta:
        indexes = [models.Index(fields=["case", "-at"], name="interaction_of_case")]


class FollowUp(models.Model):
    """A date to look again. Evaluations compare as many days before the case with as many after."""

    class Kind(models.TextChoices):
        EVALUATION = "evaluation", "Evaluation"
        REVIEW = "review", "Look again"

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="follow_ups")
    kind = models.CharField(max_length=10, choices=Kind)
    days = models.PositiveSmallIntegerField(null=True, help_text="Of an evaluation: 7 or 30.")
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    figures = models.JSONField(null=True, help_text="{before: {…}, after: {…}} as they were when it was done.")
    finding = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=Q(done_at=None), name="follow_up_due")]


class LevelReview(models.Model):
    """A level that an officer wants lower. Only a second one makes it so; the database holds that too."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reviews")
    person = models.ForeignKey("players.Person", on_delete=models.PROTECT, related_name="level_reviews")
    before = models.CharField(max_length=8, choices=Level)
    after = models.CharField(max_length=8, choices=Level)
    reason = models.CharField(max_length=300)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)
    declined_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    declined_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True, help_text="Written by the database when it lowered the level.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_by=None) | ~Q(signed_by=models.F("asked_by")), name="review_needs_two_people"
            ),
            models.CheckConstraint(condition=Q(signed_by=None) | Q(declined_by=None), name="review_signed_or_declined"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(signed_at=None, declined_at=None), name="one_review_waiting"
            ),
        ]
