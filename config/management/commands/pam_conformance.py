"""Posts the good and the bad examples of every event to a Pitboss and checks each answer.

Needs nothing but the address and the key of a feed, so it works from outside. The examples belong to a test player
of their own; the result is kept for the feed.
"""

import json
from argparse import ArgumentParser
from typing import Any
from uuid import uuid4

import httpx
from django.core.management.base import BaseCommand, CommandError

from config.conformance import Run, Unanswered


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", help="Where Pitboss answers: https://crm.example")
        parser.add_argument("--key", required=True, help="The key of the feed.")
        parser.add_argument("--brand", default="", help="Sent along in every event; must be the brand of the key.")
        parser.add_argument("--json", action="store_true", help="Print the result as JSON.")
        parser.add_argument(
            "--no-report", action="store_true", help="Leave the result and the examples where they are."
        )

    def handle(self, *args: object, **options: Any) -> None:
        with httpx.Client(base_url=options["url"].rstrip("/"), timeout=120) as client:
            run = Run(client, options["key"], uuid4().hex[:8], self._say, options["brand"])
            try:
                result = run.all()
                if not options["no_report"]:
                    run.report()
            except (httpx.HTTPError, Unanswered) as problem:
                raise CommandError(str(problem) or type(problem).__name__) from problem
        if options["json"]:
            self.stdout.write(json.dumps(result.as_dict(), indent=1))
        else:
            for failure in result.failures:
                self.stdout.write(f"{failure['case']}: expected {failure['expected']}, got {failure['got']}")
            self.stdout.write(f"{result.passed}/{result.total}")
        if result.failures:
            raise CommandError(f"{len(result.failures)} of {result.total} did not pass.", returncode=1)

    def _say(self, line: str) -> None:
        self.stderr.write(line)
