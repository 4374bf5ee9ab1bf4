from celery import shared_task

from config.lib.clock import utcnow
from config.lib.wake import wake
from segments import building, exporting, membership


@shared_task(name="segments.tasks.tick")
def tick() -> None:
    """Whose time has come goes first, however many segments wait to be built; then these get a few seconds."""
    membership.tick(now=utcnow())
    if building.build_on(now=utcnow(), seconds=3):
        wake("segments.tasks.tick")


@shared_task(name="segments.tasks.run_exports")
def run_exports() -> None:
    exporting.work(clock=utcnow)
