"""The provider's answer, written down with fencing: a late answer of a lost worker changes nothing."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import connection

from campaigns.channels.contract import Result, Verdict
from campaigns.models import Attempt, Delivery
from campaigns.outcome import Outcome, settle
from compliance.models.decision import PROMOTIONS
from config.lib.redaction import redacted

MOST_TRIES = 5  # of what may have arrived; what has not is tried as long as the message is valid
_LONGEST_PAUSE = timedelta(minutes=30)
_STATUS = {
    Verdict.ACCEPTED: Attempt.Status.ACCEPTED,
    Verdict.PERMANENT: Attempt.Status.FAILED,
    Verdict.TRANSIENT: Attempt.Status.FAILED,
    Verdict.UNKNOWN: Attempt.Status.UNKNOWN,
    Verdict.NOT_BEGUN: Attempt.Status.NOT_BEGUN,
}
_WRITE = """
UPDATE campaigns_attempt a
SET status = r.status, provider_id = r.provider_id, error = r.error,
    sent_at = CASE WHEN r.status = 'accepted' THEN %(now)s END
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r(id bigint, number int, status text, provider_id text, error text)
WHERE a.id = r.id AND a.number = r.number AND a.status = 'sending'
RETURNING a.id, (SELECT count(*) FROM campaigns_attempt b WHERE b.delivery_id = a.delivery_id AND b.status <> 'unbegun')
"""


def write(results: Sequence[tuple[Attempt, Result]], *, now: datetime) -> None:
    """Inside the caller's transaction; attempts with delivery.enrolment.version.campaign loaded."""
    if not results:
        return
    results = [(a, _without_address(a, r)) for a, r in results]
    rows = [
        {"id": a.id, "number": a.number, "status": _STATUS[r.verdict], "provider_id": r.provider_id, "error": r.error}
        for a, r in results
    ]
    with connection.cursor() as db:
        db.execute(_WRITE, {"rows": json.dumps(rows), "now": now})
        tries = dict(db.fetchall())
    settle([_outcome(a, r, tries[a.id], now) for a, r in results if a.id in tries], now=now)


def _without_address(attempt: Attempt, result: Result) -> Result:
    """Mail servers repeat whom they refuse, and this is kept for years."""
    return replace(result, error=redacted(result.error, [attempt.address])[:300]) if result.error else result


def _outcome(attempt: Attempt, result: Result, tries: int, now: datetime) -> Outcome:
    """`tries`: how often it was begun, this time included."""
    delivery, status = attempt.delivery, Delivery.Status
    if result.verdict == Verdict.ACCEPTED:
        return Outcome(delivery, status.SENT, decision_id=attempt.decision_id)
    if result.verdict == Verdict.NOT_BEGUN:  # not a try: it goes on until the message expires, soon without haste
        pause = timedelta(seconds=60 if attempt.number - tries >= MOST_TRIES else 0)
        return Outcome(delivery, status.READY, "retry", result.error, now + pause)
    service = attempt.purpose not in PROMOTIONS
    # A service message twice is better than none; a promotion twice is not.
    again = tries < MOST_TRIES and service if result.verdict == Verdict.UNKNOWN else result.verdict == Verdict.TRANSIENT
    if again and (due_at := now + _pause(tries)) < delivery.expires_at:
        return Outcome(delivery, status.READY, "retry", result.error, due_at)
    if result.verdict == Verdict.UNKNOWN:
        return Outcome(delivery, status.UNKNOWN, "unknown", result.error)
    return Outcome(delivery, status.FAILED, "provider", result.error)


def _pause(tries: int) -> timedelta:
    """Half a minute, then twice as long each time: a provider that is away for an hour is asked seven times meanwhile."""
    return min(timedelta(seconds=15 * 2 ** min(tries, 10)), _LONGEST_PAUSE)
