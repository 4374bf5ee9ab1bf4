import json
from collections.abc import Sequence
from datetime import datetime

import structlog
from django.db import DataError, IntegrityError, transaction

from players import stages, watching, windows
from players.batches import Batch, tell
from players.facts import record
from players.folding import (
    bets,
    claim,
    habits,
    live,
    marks,
    money,
    own,
    payments,
    play,
    reread,
    sittings,
    told,
    vocabulary,
)
from players.folding.claim import Claimed
from players.models import Event, Quarantine

log = structlog.get_logger(__name__)

_POISON = (DataError, IntegrityError, KeyError, TypeError, ValueError)


BATCH = 1000


def fold_pending(*, now: datetime, limit: int = BATCH, shards: Sequence[int] = claim.ALL) -> int:
    """Folds the oldest waiting events of these shards of players, at most `limit`; returns how many left the inbox.

    0 also when another applier is at work: it will take them.
    """
    windows.roll(now=now, wait=False)
    with transaction.atomic():
        if not claim.start(shards):
            return 0
        events = claim.oldest(limit, shards)
        if events:
            _fold_or_split(events, now)
            claim.mark_folded(events)
    return len(events)


def _fold_or_split(events: Sequence[Claimed], now: datetime) -> None:
    """One event nobody can fold must not hold up the others: halve until it stands alone."""
    try:
        with transaction.atomic():
            _fold(events, now)
    except _POISON as error:
        if len(events) == 1:
            _quarantine(events[0], error, now)
            return
        half = len(events) // 2
        _fold_or_split(events[:half], now)
        _fold_or_split(events[half:], now)


def _fold(events: Sequence[Claimed], now: datetime) -> None:
    player_ids, settled = claim.prepare(events, now)
    cutting = sittings.whose(player_ids)
    played = play.apply(sittings.without_sent(events, cutting), now, bets.apply(events, now))
    cut = sittings.apply(played, cutting)
    paid = payments.apply(events, now)
    marks.apply(events)
    with_bonuses = told.apply(events)
    own.apply(events, now)
    vocabulary.apply(events, now)
    live.apply(events, now)
    reread.after_rollbacks(played.taken_back + cut.lost)
    reread.gaps(played.regap | paid.regap)
    reread.habits(days=played.recount | paid.with_changed_deposits, stakes=played.recount)
    near_deposits = habits.apply(played.sessions, played.amended, cut.sessions, paid.deposits)
    money.apply(paid.player_ids | near_deposits | with_bonuses)
    is_replay = events[0].is_replay
    new_facts = payments.facts(events, paid) + marks.facts(events)
    # Who is active stays so by playing on; only a deposit, or something behind the present streak, can tell otherwise.
    staying = settled - played.regap - played.recount - paid.player_ids
    changes = stages.evaluate(
        [id_ for id_ in player_ids if id_ not in staying],
        now=now,
        causes=payments.causes(new_facts),
        is_replay=is_replay,
    )
    facts = record(new_facts + changes, now=now)
    tell(
        Batch(
            player_ids,
            played.round_ids,
            facts,
            now,
            is_replay,
            played.rollback_ids,
            played.between,
            holds_locks=True,
        )
    )
    watching.tell_on_commit(player_ids)


def _quarantine(event: Claimed, error: Exception, now: datetime) -> None:
    log.error("event_cannot_be_folded", event_id=event.event_id, kind=event.kind, error=str(error))
    body = Event.objects.filter(id=event.id, received_at=event.received_at).values_list("body", flat=True).get()
    Quarantine.objects.create(
        feed_id=event.feed_id,
        received_at=now,
        event_id=event.event_id,
        kind=event.kind,
        player_id=event.player_id,
        raw=json.dumps(body).encode(),
        reason="unfoldable",
        detail=f"Accepted, but it does not fit the tables: {error}"[:500],
    )
