"""Sets up the demo's brands, operators, keys, segments and campaigns. Does nothing that is already done."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.casino import desk
from config.casino.seed import seed
from config.lib.clock import utcnow


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--journeys", action="store_true", help="After the history: journeys in flight.")

    def handle(self, *args: object, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Only for a demo (PITBOSS_DEMO=1): it creates operators with a known password.")
        if options["journeys"]:
            desk.journeys_in_flight(utcnow())
        else:
            seed(settings.DATA_DIR, now=utcnow())
