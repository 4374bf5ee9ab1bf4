from celery import shared_task

from compliance import turning
from compliance.sealing import anchor, chain, checking
from config.lib.clock import utcnow


@shared_task
def tick_standing() -> None:
    turning.turn(now=utcnow())


@shared_task
def seal_trail() -> None:
    chain.seal()


@shared_task
def sign_trail() -> None:
    anchor.write(now=utcnow())


@shared_task
def verify_trail() -> None:
    checking.check_next(now=utcnow())
