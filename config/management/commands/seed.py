"""Sets up the demo's brands, operators, keys, segments and campaigns. Does nothing that is already done."""

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.casino import bonus_past, desk, errands, keys_file, officers
from config.casino.books import Books
from config.casino.feed import Feed as Pam
from config.casino.seed import seed
from config.lib.clock import utcnow
from players.models import Brand, Feed

PATIENCE = 60.0


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--journeys", action="store_true", help="After the history: journeys in flight.")

    def handle(self, *args: object, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Only for a demo (PITBOSS_DEMO=1): it creates operators with a known password.")
        if options["journeys"]:
            self._after_history()
        else:
            seed(settings.DATA_DIR, now=utcnow())

    def _after_history(self) -> None:
        """Whoever comes after the history: campaigns that are under way, and the bonuses of the months before."""
        deadline = time.monotonic() + PATIENCE
        while Feed.objects.filter(freshness=Feed.Freshness.STALE).exists() and time.monotonic() < deadline:
            time.sleep(0.5)  # the gate refuses everything while a feed cannot be trusted
        desk.journeys_in_flight(utcnow())
        officers.work_on_cases(clock=utcnow)
        errands.run(now=utcnow())
        keys = json.loads(keys_file(settings.DATA_DIR).read_text())
        pam = Pam(settings.PUBLIC_URL, keys, books=Books(settings.DATA_DIR / "books"))
        try:
            given = bonus_past.tell(pam, now=utcnow())
        finally:
            pam.close()
        if given:
            costs = ", ".join(
                f"{b.name} {bonus_past.cost(b, now=utcnow()):.0f} %" for b in Brand.objects.order_by("pk")
            )
            self.stderr.write(f"Bonuses of the past: {given:,} given. Their cost last month, of GGR: {costs}.")
