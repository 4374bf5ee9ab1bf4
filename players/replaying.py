"""Trying a filtered part of the quarantine again, batch by batch, while somebody watches how far it is."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max, QuerySet

from config.lib.wake import wake_on_commit
from players import inbox
from players.models import Quarantine, ReplayRun

BATCH = 500


def waiting(feed_ids: Iterable[int], *, kind: str = "", reason: str = "", since: datetime | None = None) -> QuerySet:
    """What is in quarantine and not settled."""
    rows = Quarantine.objects.filter(feed_id__in=list(feed_ids), resolved_at=None)
    chosen: dict[str, Any] = {"kind": kind, "reason": reason, "received_at__gte": since}
    return rows.filter(**{name: value for name, value in chosen.items() if value})


def ask(feed_ids: list[int], *, by: Any, kind: str, reason: str, since: datetime | None, now: datetime) -> ReplayRun:
    """Inside a transaction. What comes into quarantine from now on is not part of it."""
    rows = waiting(feed_ids, kind=kind, reason=reason, since=since)
    run = ReplayRun.objects.create(
        asked_by=by, asked_at=now, feeds=sorted(feed_ids), kind=kind, reason=reason, since=since, total=rows.count(),
        through=rows.aggregate(last=Max("id"))["last"] or 0,
    )  # fmt: skip
    wake_on_commit("players.tasks.replay_asked")
    return run


def work(*, now: datetime, batches: int = 20) -> int:
    """Does up to `batches` batches of what was asked for, oldest first; returns how many events were tried."""
    tried = 0
    for _ in range(batches):
        run, ids = _claim(now)
        if run is None:
            break
        if ids:
            applied = inbox.replay(ids, now=now)
            ReplayRun.objects.filter(pk=run.pk).update(tried=F("tried") + len(ids), applied=F("applied") + applied)
            tried += len(ids)
    return tried


def _claim(now: datetime) -> tuple[ReplayRun | None, list[int]]:
    """Moves the cursor first: two workers never take the same batch, and a crash leaves it in quarantine."""
    with transaction.atomic():
        run = ReplayRun.objects.select_for_update(skip_locked=True).filter(finished_at=None).order_by("id").first()
        if run is None:
            return None, []
        rows = waiting(run.feeds, kind=run.kind, reason=run.reason, since=run.since)
        rows = rows.filter(id__gt=run.cursor, id__lte=run.through).order_by("id")
        ids = list(rows.values_list("id", flat=True)[:BATCH])
        run.cursor = ids[-1] if ids else run.cursor
        run.finished_at = None if ids else now
        run.save(update_fields=["cursor", "finished_at"])
    return run, ids
