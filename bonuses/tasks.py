from celery import shared_task

from bonuses import crediting, expiring, gifts
from config.lib.clock import utcnow


@shared_task
def credit() -> None:
    crediting.run(now=utcnow())


@shared_task
def give_waiting() -> None:
    gifts.work(now=utcnow())


@shared_task
def expire() -> None:
    expiring.run(now=utcnow())
