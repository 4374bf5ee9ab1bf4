"""Where the gate itself failed. Every such question was answered no, and somebody has to look.

A rule that crashes, a player whose state is missing or cannot be read: on record as decisions. Where the transaction failed
as a whole (a function of the database that raises) nothing is on record, so that is written down over a connection of its
own, once an hour for each place and error, with how often.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import connection, connections
from django.db.models import Count, Max, Q, QuerySet, Sum

from compliance.models import Decision, GateTrouble
from config.lib.clock import utcnow
from config.lib.redaction import logged
from players.models import Brand

log = structlog.get_logger(__name__)

LATELY = timedelta(hours=24)
_TRIED_AGAIN = {"40001", "40P01"}  # two transactions met: whoever asked asks again
# As in the index decision_failed: the state of a person is missing, or what is known cannot be judged.
FAILED = Q(code="DENY_RULE_ERROR") | Q(generation=0)
HELD = "DENY_STATE_UNAVAILABLE DB"  # the state was there and could not be read: held by somebody else for seconds


@contextmanager
def heard(place: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        note(place, error)
        raise


def note(place: str, error: BaseException) -> None:
    """Never fails, and never hides the error it is told of; the same error is written down once."""
    state = str(getattr(error.__cause__, "sqlstate", None) or type(error).__name__)
    if state in _TRIED_AGAIN or getattr(error, "is_heard", False):
        return
    error.is_heard = True  # type: ignore[attr-defined]
    log.error("gate_failed", place=place, state=state)
    try:
        _write(place[:60], state[:40], logged(" ".join(str(error).split()))[:200], utcnow())
    except Exception:
        log.exception("gate_failure_not_written", place=place, state=state)


def _write(place: str, state: str, words: str, now: datetime) -> None:
    """The caller's transaction is lost by now, so not through its connection."""
    own = connections.create_connection("default")
    try:
        with own.cursor() as db:
            db.execute(
                "INSERT INTO compliance_gatetrouble (hour, place, state, words, times, last_at)"
                " VALUES (date_trunc('hour', %(now)s::timestamptz), %(place)s, %(state)s, %(words)s, 1, %(now)s)"
                " ON CONFLICT (hour, place, state) DO UPDATE SET times = compliance_gatetrouble.times + 1,"
                " words = EXCLUDED.words, last_at = EXCLUDED.last_at",
                {"now": now, "place": place, "state": state, "words": words},
            )
    finally:
        own.close()


@dataclass(frozen=True)
class Failed:
    """Of the last 24 hours. `rule`: what the newest on record failed in, to look for."""

    refused: int = 0  # on record, because a rule or what is known of the player failed
    unanswered: int = 0  # not on record: the gate as a whole failed
    since: datetime | None = None  # the newest
    rule: str = ""
    words: str = ""  # of the newest that is not on record

    @property
    def total(self) -> int:
        return self.refused + self.unanswered

    @property
    def sentence(self) -> str:
        parts = [f"{self.refused} refused because {self.rule or 'a rule'} failed"] if self.refused else []
        parts += [f"{self.unanswered} times it gave no answer: {self.words}"] if self.unanswered else []
        return "; ".join(parts)


def anywhere(*, now: datetime) -> bool:
    """Whether anything failed at any brand within LATELY: one question, for every page."""
    with connection.cursor() as db:
        db.execute(
            "SELECT EXISTS (SELECT FROM compliance_gatetrouble WHERE last_at >= %(since)s) OR EXISTS (SELECT FROM"
            " compliance_decision WHERE decided_at >= %(since)s AND (code = 'DENY_RULE_ERROR' OR generation = 0))",
            {"since": now - LATELY},
        )
        return bool(db.fetchone()[0])


def lately(brands: QuerySet[Brand] | list[Brand], *, now: datetime, held: bool = False) -> Failed:
    """`held`: with states that could not be read for the moment; reads every decision of the day."""
    of_day = Decision.objects.filter(decided_at__gte=now - LATELY)
    rows = of_day.filter(FAILED | Q(reasons__contains=[HELD])) if held else of_day.filter(FAILED)
    rows = rows.filter(player__brand__in=brands, player__is_test=False)
    found = rows.aggregate(n=Count("id"), at=Max("decided_at"))
    newest = rows.order_by("-decided_at").first() if found["n"] else None
    lost = GateTrouble.objects.filter(last_at__gte=now - LATELY)
    counted = lost.aggregate(n=Sum("times"), at=Max("last_at"))
    last = lost.order_by("-last_at").first() if counted["n"] else None
    return Failed(
        refused=found["n"],
        unanswered=counted["n"] or 0,
        since=max((at for at in (found["at"], counted["at"]) if at), default=None),
        rule=_rule(newest) if newest else "",
        words=f"{last.words} ({last.state})" if last else "",
    )


def _rule(decision: Decision) -> str:
    """The rule behind its first reason: 'POL-07'."""
    return next((reason.partition(" ")[2] for reason in decision.reasons), "")
