"""Wake-up calls: each task is one line that calls the domain."""

from celery import shared_task

from config.lib.clock import utcnow
from players import facts


@shared_task
def settle_owed() -> None:
    facts.settle_owed(now=utcnow())
