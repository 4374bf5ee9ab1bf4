"""Looks at this machine and says what is missing, with the command that installs it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.checks import findings


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: object, **options: Any) -> None:
        missing = []
        for found in findings(options["port"]):
            mark = "ok     " if found.ok else "MISSING" if found.needed else "without"
            self.stdout.write(f"{mark} {found.name}: {found.detail}" + ("" if found.ok else f". Cure: {found.cure}"))
            if found.needed and not found.ok:
                missing.append(found.name)
        if missing:
            raise CommandError(f"Not ready: {', '.join(missing)}.")
