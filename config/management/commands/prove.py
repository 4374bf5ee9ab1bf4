"""The steps of `demo --check`, inside the Pitboss it has started."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.casino.check import shared_data
from config.casino.credit import Credit
from config.casino.proof import Proof, bets, bettors, chain


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url")
        parser.add_argument("--json", type=Path, required=True)

    def handle(self, *args: object, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Only inside `demo --check`: it creates brands and players.")
        proof = Proof(options["url"], settings.DATA_DIR, shared_data(), self._say)
        credit = Credit(urlsplit(settings.PAM_CREDIT_URL).port or 0, settings.DATA_DIR / "credits.jsonl")
        try:
            self._say("One journey, one exclusion, one bonus …")
            chain.prove(proof, credit)
            self._say("The real bets …")
            bets.prove(proof)
            self._say("The real bettors …")
            bettors.prove(proof)
        except Exception as problem:
            self._say("\n".join(chain.what_happened()))
            raise CommandError(f"{type(problem).__name__}: {problem}") from problem
        finally:
            credit.close()
            proof.feed.close()
        options["json"].write_text(json.dumps(proof.figures))

    def _say(self, line: str) -> None:
        self.stderr.write(line)
        self.stderr.flush()
