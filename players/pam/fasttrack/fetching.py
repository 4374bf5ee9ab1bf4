"""The worker behind announcements: asks the operator for the next 500, at its pace, until there is an answer.

Rows are leased in one short transaction, calls are made outside any, each answer is applied in one of its own.
An answer asked for before the newest announcement is thrown away: it may be from before the change. A worker
that dies leaves its lease, and the rows come up again.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from players import inbox
from players.models import Fact, Fetch, OperatorApi, Player
from players.pam.fasttrack import answers, operator
from players.pam.fasttrack.operator import NotConfigured, Outcome, Question, Told
from players.pam.generic.envelope import FUTURE, read
from players.pam.generic.kinds import Refused

log = structlog.get_logger(__name__)

BATCH = 500
LEASE = timedelta(seconds=90)  # longer than all calls of a batch and what follows them
LONGEST_BACKOFF = 3600  # seconds; who does not answer is asked once an hour, for ever
_ROUNDS = 50
# Blocks and consents of a player nobody knows yet wait for the details that make the player.
_CLAIM = """
    UPDATE players_fetch SET due_at = %(lease)s WHERE id IN (
        SELECT owed.id FROM players_fetch owed
        WHERE owed.feed_id = %(feed)s AND owed.due_at <= %(now)s AND (owed.what = 'details' OR NOT EXISTS (
            SELECT 1 FROM players_fetch first
            WHERE first.feed_id = owed.feed_id AND first.external_id = owed.external_id AND first.what = 'details'
              AND first.due_at IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM players_player p WHERE p.brand_id = %(brand)s AND p.external_id = owed.external_id)))
        ORDER BY owed.what, owed.due_at, owed.id  -- blocks, consents, details
        LIMIT %(room)s FOR UPDATE SKIP LOCKED)
    RETURNING id, external_id, what, told_at, notices, tries
"""


def fetch_due(*, clock: Callable[[], datetime]) -> int:
    """Works on every operator's API that has something due; returns how many answers were applied."""
    applied = 0
    for _ in range(_ROUNDS):
        owed = Fetch.objects.filter(feed=OuterRef("feed"), due_at__lte=clock())
        apis = OperatorApi.objects.filter(Exists(owed), paused_until__lte=clock()).select_related("feed__brand")
        done = [_fetch(api, clock) for api in apis.order_by("id")]
        applied += sum(answered for answered, _ in done)
        if not any(claimed for _, claimed in done):
            break
    return applied


def _fetch(api: OperatorApi, clock: Callable[[], datetime]) -> tuple[int, int]:
    """One batch: (answers applied, rows claimed)."""
    claimed = _claim(api, clock())
    if not claimed:
        return 0, 0
    try:
        outcomes = operator.ask_all(api, [Question(row.what, row.external_id) for row in claimed])
    except NotConfigured as problem:
        outcomes = [Outcome(Told.BUSY, detail=str(problem), pause=30.0)] * len(claimed)
    applied = sum(_settled(api, row, outcome, clock()) for row, outcome in zip(claimed, outcomes, strict=True))
    _remember(api, outcomes, clock())
    return applied, len(claimed)


def _claim(api: OperatorApi, now: datetime) -> list[Fetch]:
    """Leases what there is room for. The room fills up at so many calls per second, one second's worth at most,
    however many workers there are."""
    with transaction.atomic():
        locked = OperatorApi.objects.select_for_update(skip_locked=True, no_key=True).filter(id=api.id)
        mine = locked.filter(paused_until__lte=now).first()
        if mine is None:
            return []
        gone = max(0.0, (now - max(mine.room_at, now - timedelta(seconds=2))).total_seconds())
        room = min(float(mine.per_second), mine.room + gone * mine.per_second)
        with connection.cursor() as db:
            parameters: dict[str, Any] = {
                "feed": api.feed_id,
                "brand": api.feed.brand_id,
                "now": now,
                "lease": now + LEASE,
            }
            db.execute(_CLAIM, parameters | {"room": min(BATCH, int(room))})
            names = ("id", "external_id", "what", "told_at", "notices", "tries")
            rows = [Fetch(feed_id=api.feed_id, **dict(zip(names, row, strict=True))) for row in db.fetchall()]
        OperatorApi.objects.filter(id=api.id).update(room=room - len(rows), room_at=now)
    return rows


def _settled(api: OperatorApi, claimed: Fetch, outcome: Outcome, now: datetime) -> bool:
    """As `_settle`; an answer that brings us down is put off and does not hold up the others."""
    try:
        return _settle(api, claimed, outcome, now)
    except Exception as error:
        log.exception("operator_answer_failed", feed=api.feed_id, what=claimed.what, fetch=claimed.id)
        _postpone(claimed, f"Could not be applied: {type(error).__name__}.", now)
        return False


def _settle(api: OperatorApi, claimed: Fetch, outcome: Outcome, now: datetime) -> bool:
    """True if the answer is applied now. The row is locked meanwhile: whoever announces waits, or has been seen."""
    with transaction.atomic():
        row = Fetch.objects.select_for_update(no_key=True).get(id=claimed.id)
        if row.notices != claimed.notices:
            Fetch.objects.filter(id=row.id).update(due_at=now)
            return False
        if outcome.told in (Told.BUSY, Told.NOT_ASKED):
            Fetch.objects.filter(id=row.id).update(due_at=now + timedelta(seconds=outcome.pause))
            return False
        trouble = outcome.detail
        if outcome.told is Told.ANSWER and outcome.body is not None:
            trouble = _apply(api, row, outcome.body, now)
        if trouble:
            _postpone(row, trouble, now)
            return False
        Fetch.objects.filter(id=row.id).update(
            due_at=None, owed_since=None, answered_at=now, tries=0, trouble=""
        )  # fmt: skip
        return True


def _apply(api: OperatorApi, row: Fetch, body: dict[str, object], now: datetime) -> str:
    """Puts the answer into the inbox; an empty text, or what is wrong with it. A wrong answer changes nothing."""
    say = {"details": answers.details, "consents": answers.consents, "blocks": answers.blocks}[row.what]
    known = _known(api, row)
    if not known.exists and row.what != Fetch.What.DETAILS:
        return "Waits for the details of this player."
    try:
        events = say(body, known)
        for event in events:
            read(event, now + FUTURE)
    except Refused as refused:
        return f"{refused.reason} {refused.pointer}: {refused}"[:200]
    if not events:
        return ""
    receipt = inbox.accept(api.feed, events, now=now)
    refusals = [result["detail"] for result in receipt.results if result["status"] == "quarantined"]
    return refusals[0][:200] if refusals else ""


def _known(api: OperatorApi, row: Fetch) -> answers.Known:
    player = Player.objects.filter(brand_id=api.feed.brand_id, external_id=row.external_id).first()
    about = {"products": tuple(api.products), "wording": api.wording}
    if player is None:
        return answers.Known(row.external_id, row.told_at, **about)  # type: ignore[arg-type]
    facts = Fact.objects.filter(player=player)
    exclusion = facts.filter(
        kind__in=["rg.self_excluded", "rg.lifted"], data__measure_id=answers.EXCLUSION
    ).order_by("data__sequence", "id")  # fmt: skip
    account = facts.filter(kind__in=["player.blocked", "player.closed", "player.unblocked"])
    return answers.Known(
        row.external_id,
        row.told_at,
        exists=True,
        is_excluded=_newest(exclusion.values_list("kind", flat=True)) == "rg.self_excluded",
        is_blocked=_newest(account.order_by("occurred_at", "id").values_list("kind", flat=True)) == "player.blocked",
        is_verified=player.kyc == Player.Kyc.VERIFIED,
        **about,  # type: ignore[arg-type]
    )


def _newest(kinds: Iterable[str]) -> str:
    return next(reversed(list(kinds)), "")


def _postpone(row: Fetch, trouble: str, now: datetime) -> None:
    wait = min(2 ** min(row.tries, 12), LONGEST_BACKOFF)
    Fetch.objects.filter(id=row.id).update(
        tries=row.tries + 1, due_at=now + timedelta(seconds=wait), trouble=trouble
    )  # fmt: skip


def _remember(api: OperatorApi, outcomes: Sequence[Outcome], now: datetime) -> None:
    """How the API does: pauses it asked for, and ones we take when nothing of a batch came back."""
    asked = [outcome for outcome in outcomes if outcome.told is not Told.NOT_ASKED]
    answered = [outcome for outcome in asked if outcome.told in (Told.ANSWER, Told.UNKNOWN)]
    pause = max((outcome.pause for outcome in asked), default=0.0)
    failures = 0 if answered or not asked else api.failures + 1
    if failures:
        pause = max(pause, min(2.0 ** min(failures, 10) / 2, 60.0))
    trouble = next((outcome.detail for outcome in asked if outcome.told in (Told.BUSY, Told.NOTHING)), "")
    changes: dict[str, object] = {"failures": min(failures, 1000), "trouble": trouble[:200]}
    if pause:
        changes["paused_until"] = now + timedelta(seconds=pause)
    if any(outcome.told is Told.ANSWER for outcome in answered):
        changes["answered_at"] = now
    OperatorApi.objects.filter(id=api.id).update(**changes)
    if trouble:
        log.warning("operator_api_trouble", feed=api.feed_id, trouble=trouble, failures=failures)
