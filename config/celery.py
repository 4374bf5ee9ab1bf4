"""The Celery app and the whole beat schedule, each line with its reason.

PostgreSQL is the queue and the truth; a task is only a wake-up call. Every task claims due rows with
FOR UPDATE SKIP LOCKED, so running one twice changes nothing and losing one costs no more than the
interval below.
"""

import os
from typing import Any

from celery import Celery
from celery.signals import after_setup_logger, after_setup_task_logger, task_failure, worker_ready
from django.db import DatabaseError

from config.lib.garbage import leave_what_is_loaded
from config.lib.redaction import Formatter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("pitboss")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# A task that waited longer than its interval is worthless: the next one does its work.
_EVERY = {
    "players.tasks.fold": 1,  # sweeper: the web wakes it at once after each post
    "players.tasks.settle_owed": 2,  # sweeper for reactions after commit
    "players.tasks.settle_stages": 2,  # stages of the fold that failed, and the day turn's
    "players.tasks.tick_stages": 5,  # stages that time alone moves
    "players.tasks.redraw_stages": 2,  # players of a brand whose thresholds changed, chunk by chunk
    "players.tasks.roll_windows": 60,  # day turn in each brand's zone
    "players.tasks.judge_freshness": 10,
    "players.tasks.replay_parked": 60,  # events whose player has come since; registration does it at once
    "players.tasks.apply_baselines": 5,  # sweeper: the request that completes one wakes it
    "players.tasks.compare_totals": 60,  # a day that differs is looked at again; new totals wake it
    "players.tasks.replay_asked": 5,  # sweeper: whoever asks for it wakes it
    "players.tasks.keep_partitions": 3600,
    "players.tasks.forget_live_sessions": 3600,  # those whose end never came
    "players.tasks.run_imports": 5,  # imports whose worker died; starting one wakes it at once
    "players.tasks.purge_imports": 3600,  # uploaded files hold personal data: they go after the retention
    "players.tasks.take_drops": 5,  # the only way to hear of a file that was put into a folder
    "players.tasks.fetch_details": 1,  # an announcement wakes it at once; this is the pace of a backlog
    "compliance.tasks.read_markers": 5,  # the walk over players who moved; one round of it is minutes, never an hour
    "compliance.tasks.tell_norms": 3600,  # what is usual at a brand; each is told once a day
    "compliance.tasks.look_for_twins": 20,  # accounts that came in by a file: nobody tells of them one by one
    "compliance.tasks.ask_registers": 10,  # whoever is written to within a quarter of an hour
    "compliance.tasks.tick_standing": 5,  # time-outs that end, exclusions whose term is over
    "compliance.tasks.seal_trail": 1,  # what is not in a block yet could be changed unseen
    "compliance.tasks.sign_trail": 60,  # what is not signed outside could be sealed anew
    "compliance.tasks.make_exports": 5,  # asking for one wakes it; files whose week is over
    "compliance.tasks.tell_reviews": 3600,  # a reminder every six months, told a week ahead
    "compliance.tasks.let_go": 3600,  # whose time of retention is over
    "compliance.tasks.keep_erased": 60,  # whatever way something about an erased player came back
    "compliance.tasks.verify_trail": 60,  # what is new, and a stretch of the old
    "segments.tasks.tick": 5,  # "14 days without play" becomes true while nothing happens
    "segments.tasks.run_exports": 5,  # exports whose worker died, files that have expired; asking wakes it at once
    "campaigns.tasks.advance": 1,
    "campaigns.tasks.dispatch": 1,
    "campaigns.tasks.sweep": 5,  # attempts whose worker died
    "campaigns.tasks.count_reach": 3600,  # to how many players an offer is made; a count of two days ago is none
    "bonuses.tasks.credit": 2,
    "bonuses.tasks.expire": 30,
    "bonuses.tasks.give_waiting": 10,  # gifts that wait for a register; its answer wakes it at once
}
app.conf.beat_schedule = {
    name: {"task": name, "schedule": float(seconds), "options": {"expires": float(max(seconds, 5))}}
    for name, seconds in _EVERY.items()
}

# Where the database refuses what nobody may send or give, or cannot tell: compliance shows that it happened.
_DOORS = {
    "campaigns.tasks.dispatch",
    "bonuses.tasks.credit",
    "bonuses.tasks.give_waiting",
    "segments.tasks.run_exports",
}


@worker_ready.connect
def stop_looking_for_garbage(**_: Any) -> None:
    leave_what_is_loaded()


@task_failure.connect
def hear_failure(sender: Any = None, exception: BaseException | None = None, **_: Any) -> None:
    from compliance import troubles

    if sender is not None and sender.name in _DOORS and isinstance(exception, DatabaseError):
        troubles.note(sender.name, exception)


@after_setup_logger.connect
@after_setup_task_logger.connect
def log_no_addresses(logger: Any = None, **_: Any) -> None:
    for handler in logger.handlers if logger else ():
        shape = handler.formatter
        handler.setFormatter(Formatter(shape._fmt if shape else None, shape.datefmt if shape else None))
