from celery import shared_task

from compliance import turning
from config.lib.clock import utcnow


@shared_task
def tick_standing() -> None:
    turning.turn(now=utcnow())
