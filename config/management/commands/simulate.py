"""A simulated PAM: four brands, thousands of players, through the public API only."""

import json
import sys
import time
from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.casino import announcing, keys_file, newsletters, registers
from config.casino.books import Books
from config.casino.credit import Credit
from config.casino.crowd import Casino, Memory
from config.casino.feed import Feed
from config.casino.gamblers import DAY, HISTORY_DAYS
from config.casino.operator_api import OperatorApi
from config.casino.plausibility import Tally
from config.casino.registers import Registers
from config.casino.simulator import Simulator
from config.embedded.supervisor import ToldToStop, signals
from config.lib import env


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", default=settings.PUBLIC_URL)
        parser.add_argument("--speed", type=int, default=1, help="Above 1: first tells the past up to now, as replay.")
        parser.add_argument("--players", type=int, default=5200)
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--seconds", type=int, help="Live for this long, then stop. Default: for ever.")
        parser.add_argument(
            "--plausibility", action="store_true", help="Compare with the trade's ranges; sends nothing."
        )

    def handle(self, *args: object, **options: Any) -> None:
        if options["plausibility"]:
            self._plausibility(options["seed"], options["players"])
            return
        try:
            with signals():
                self._simulate(options)
        except ToldToStop:
            sys.exit(0)

    def _simulate(self, options: dict[str, Any]) -> None:
        path, now = keys_file(settings.DATA_DIR), time.time()
        if not path.exists():
            raise CommandError(f"No feed keys in {path}: run `manage.py seed` first.")
        memory = Memory.load(settings.DATA_DIR / "casino.json", now)
        casino = Casino(options["seed"], options["players"], memory, now)
        keys = json.loads(path.read_text())
        feed = Feed(options["url"], keys, books=Books(settings.DATA_DIR / "books"))
        agency = newsletters.Newsletters(options["url"], keys[newsletters.NAME])
        credit_port = urlsplit(settings.PAM_CREDIT_URL).port or 0
        credit = Credit(credit_port, settings.DATA_DIR / "credits.jsonl")
        operator = self._operator_api(casino)
        national = self._registers(casino)
        announces = operator is not None
        simulator = Simulator(casino, feed, credit, self._say, announces=announces, newsletters=agency)
        try:
            simulator.catalogue()
            simulator.start_pulse()
            if options["speed"] > 1:
                if not memory.through:
                    simulator.accounts.conform(options["url"])
                simulator.backfill()
            simulator.live(time.time() + options["seconds"] if options["seconds"] else None)
        finally:
            simulator.stop()
            credit.close()
            agency.close()
            if operator:
                operator.close()
            if national:
                national.close()
            feed.close()

    def _operator_api(self, casino: Casino) -> OperatorApi | None:
        """Azura's own API, where the environment has a place for it."""
        if not settings.OPERATOR_API_HOSTS:
            return None
        api = OperatorApi(urlsplit(f"//{settings.OPERATOR_API_HOSTS[0]}").port or 0, env.text(announcing.KEY_NAME))
        api.find = announcing.accounts(casino.gamblers)
        return api

    def _registers(self, casino: Casino) -> Registers | None:
        """The national registers, where the environment has a place for them."""
        if not settings.REGISTER_HOSTS:
            return None
        port = urlsplit(f"//{settings.REGISTER_HOSTS[0]}").port or 0
        return Registers(port, env.text(registers.KEY_NAMES["spelpaus"]), lambda register, by: casino.is_listed(by))

    def _plausibility(self, seed: int, players: int) -> None:
        now = time.time() // DAY * DAY
        memory = Memory(settings.DATA_DIR / "unused.json", now - HISTORY_DAYS * DAY)
        casino, tally, count = Casino(seed, players, memory, now), Tally(memory.opened, now), 0
        for gambler in casino.gamblers.values():
            for event in casino.past(gambler):
                tally.see(event)
                count += 1
        self.stdout.write(f"{count:,} events of {len(casino.gamblers):,} players in {HISTORY_DAYS} days")
        wrong = 0
        for name, value, low, high in tally.figures():
            wrong += not low <= value <= high
            verdict = "ok  " if low <= value <= high else "FAIL"
            self.stdout.write(f"{verdict} {name}: {value:,.2f} (expected {low:g} to {high:g})")
        if wrong:
            raise CommandError(f"{wrong} figures are outside their range.")

    def _say(self, line: str) -> None:
        self.stderr.write(line)
        self.stderr.flush()
