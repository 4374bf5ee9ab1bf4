from celery import shared_task

from compliance import erasing, reminding, retiring, turning
from compliance.handouts import asking
from compliance.markers import norms, sweeping
from compliance.persons import arriving
from compliance.registers.asking import ask_before_sends
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


@shared_task
def read_markers() -> None:
    """A few seconds of it at a time: what is left goes on with the next call."""
    sweeping.work(clock=utcnow, seconds=4)


@shared_task
def tell_norms() -> None:
    norms.keep(now=utcnow())


@shared_task
def make_exports() -> None:
    asking.work(clock=utcnow)


@shared_task
def look_for_twins() -> None:
    arriving.catch_up(now=utcnow())


@shared_task
def ask_registers() -> None:
    ask_before_sends(now=utcnow())


@shared_task
def keep_erased() -> None:
    erasing.keep(now=utcnow())


@shared_task
def let_go() -> None:
    """What nothing keeps any longer."""
    retiring.work(now=utcnow())


@shared_task
def tell_reviews() -> None:
    """Whoever is to be reminded of their limits."""
    reminding.tell(now=utcnow())
