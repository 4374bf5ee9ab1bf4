from celery import shared_task

from config.lib.clock import utcnow
from segments import building, exporting, membership


@shared_task(name="segments.tasks.tick")
def tick() -> None:
    membership.tick(now=utcnow())
    for segment_id in building.unfinished():
        building.build(segment_id, now=utcnow(), seconds=2)


@shared_task(name="segments.tasks.run_exports")
def run_exports() -> None:
    exporting.work(clock=utcnow)
