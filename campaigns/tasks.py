"""Wake-up calls: each task is one line that calls the domain."""

from celery import shared_task

from campaigns import advance as advancing
from campaigns import dispatch as door
from campaigns import reach
from config.lib.clock import utcnow


@shared_task
def advance() -> None:
    advancing.advance(now=utcnow())


@shared_task
def dispatch() -> None:
    door.dispatch(now=utcnow())


@shared_task
def sweep() -> None:
    door.sweep(now=utcnow())


@shared_task
def count_reach() -> None:
    reach.count_running(now=utcnow())
