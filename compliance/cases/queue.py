"""What is waiting for a person, and until when."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from compliance.models import Case, FollowUp, LevelReview
from players.models import Brand


@dataclass(frozen=True)
class Deadline:
    """`share`: how much of the time is left, 0 to 1; below a quarter it is red."""

    at: datetime
    since: datetime
    duty: str
    rule: str
    case: Case

    def left(self, now: datetime) -> float:
        whole = (self.at - self.since).total_seconds()
        return max(0.0, min(1.0, (self.at - now).total_seconds() / whole)) if whole > 0 else 0.0


def running(brands: QuerySet[Brand]) -> QuerySet[Case]:
    rows = Case.objects.filter(closed_at=None, player__brand__in=brands)
    return rows.select_related("player__brand__licence", "owner", "person__standing").order_by("due_at", "pk")


def case_of(person_id: int) -> Case | None:
    """The one that is open."""
    return Case.objects.filter(person_id=person_id, closed_at=None).first()


def deadlines(brands: QuerySet[Brand], *, now: datetime, most: int = 50) -> list[Deadline]:
    """First actions and follow-ups that are not done yet, the nearest first."""
    found = [
        Deadline(case.due_at, case.opened_at, "Review the case and act", case.rule, case)
        for case in running(brands).filter(acted_at=None)[:most]
    ]
    rows = FollowUp.objects.filter(done_at=None, case__player__brand__in=brands).select_related(
        "case__player__brand__licence", "case__owner"
    )
    for row in rows.order_by("due_at")[:most]:
        duty = f"Evaluation after {row.days} days" if row.kind == FollowUp.Kind.EVALUATION else "Look again"
        found.append(
            Deadline(row.due_at, row.case.opened_at, duty, _EVALUATING.get(_place(row), row.case.rule), row.case)
        )
    return sorted(found, key=lambda one: one.at)[:most]


_EVALUATING = {"GB": "GB-08"}  # where a rule of its own asks for it; elsewhere what the case was opened by


def _place(row: FollowUp) -> str:
    return row.case.player.brand.licence.jurisdiction


def waiting_reviews(brands: QuerySet[Brand]) -> QuerySet[LevelReview]:
    rows = LevelReview.objects.filter(signed_at=None, declined_at=None, case__player__brand__in=brands)
    return rows.select_related("case__player__brand", "asked_by").order_by("asked_at")
