"""manage.py rebuild_state [--verify]"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.lib.clock import utcnow
from players import rebuild


class Command(BaseCommand):
    help = "Recomputes player state, categories and daily activity from the facts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--verify", action="store_true", help="Change nothing; print what would, and fail if any.")

    def handle(self, *args: Any, verify: bool, **options: Any) -> None:
        if not verify:
            self.stdout.write(f"{rebuild.rebuild(now=utcnow())} players rebuilt")
            return
        differences = rebuild.verify(now=utcnow())
        for line in differences:
            self.stdout.write(line)
        if differences:
            raise CommandError(f"{len(differences)} differences")
        self.stdout.write("0 differences")
