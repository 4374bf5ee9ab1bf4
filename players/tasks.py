"""Wake-up calls: each task is one line that calls the domain."""

from celery import shared_task
from django.conf import settings

from config.lib.clock import utcnow
from players import (
    baseline,
    batches,
    facts,
    folding,
    freshness,
    inbox,
    partitions,
    replaying,
    stages,
    thresholds,
    totals,
    windows,
)  # fmt: skip
from players.drops import work
from players.folding import live
from players.imports import running
from players.pam.fasttrack import fetching


@shared_task
def settle_owed() -> None:
    facts.settle_owed(now=utcnow())


@shared_task
def fold() -> None:
    folding.fold_backlog(clock=utcnow)


@shared_task
def take_drops() -> None:
    work.work(clock=utcnow)


@shared_task
def fetch_details() -> None:
    fetching.fetch_due(clock=utcnow)


@shared_task
def settle_stages() -> None:
    batches.settle(now=utcnow())


@shared_task
def tick_stages() -> None:
    stages.tick(now=utcnow())


@shared_task
def redraw_stages() -> None:
    thresholds.advance(now=utcnow())


@shared_task
def roll_windows() -> None:
    windows.roll(now=utcnow())


@shared_task
def keep_partitions() -> None:
    partitions.keep(now=utcnow())


@shared_task
def forget_live_sessions() -> None:
    live.forget(now=utcnow())


@shared_task
def judge_freshness() -> None:
    freshness.judge(now=utcnow())


@shared_task
def replay_parked() -> None:
    inbox.replay_parked(now=utcnow())


@shared_task
def apply_baselines() -> None:
    baseline.apply_pending(now=utcnow())


@shared_task
def compare_totals() -> None:
    totals.compare_due(now=utcnow())


@shared_task
def run_imports() -> None:
    running.work(clock=utcnow)


@shared_task
def purge_imports() -> None:
    running.purge(now=utcnow(), keep=settings.IMPORT_KEEP)


@shared_task
def replay_asked() -> None:
    replaying.work(now=utcnow())
