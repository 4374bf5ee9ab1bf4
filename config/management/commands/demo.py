"""A living casino on this machine: one command, Ctrl-C stops all of it."""

import os
import shutil
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.casino import stack as casino
from config.casino.people import OPERATORS, PASSWORD
from config.embedded import processes
from config.embedded.supervisor import ChildDied, ToldToStop, only_one, signals

PORT = 8000


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, help=f"Default: {PORT}, or the next free one.")
        parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 opens the demo to the network.")
        parser.add_argument("--reset", action="store_true", help="Throw the demo's data away first.")
        parser.add_argument("--speed", type=int, default=60, help="Above 1 the casino comes with a past.")
        parser.add_argument("--check", action="store_true", help="Unattended proof on a database of its own, as JSON.")

    def handle(self, *args: object, **options: Any) -> None:
        try:
            with signals():
                if options["check"]:
                    self._check()
                else:
                    self._live(settings.DATA_DIR, options)
        except ToldToStop as told:
            self._say("Stopped.")
            sys.exit(told.code)
        except (ChildDied, RuntimeError, subprocess.CalledProcessError) as problem:
            raise CommandError(str(problem), returncode=1) from problem

    def _live(self, data: Path, options: dict[str, Any]) -> None:
        with only_one(data):
            if options["reset"]:
                self._reset(data)
            port = options["port"] or _free_port_from(PORT, options["host"])
            if not processes.is_free(port, options["host"]):
                raise CommandError(f"Port {port} is taken. Try --port {port + 1}.")
            with casino.whole(data, port, options["host"], say=self._say) as stack:
                simulate = processes.manage("simulate", "--url", stack.url, "--speed", str(options["speed"]))
                stack.start("simulator", simulate)
                self._welcome(stack)
                stack.supervisor.watch(until=(data / "history.told").exists)
                stack.manage("seed", "--journeys")
                stack.supervisor.watch()

    def _check(self) -> None:
        from config.casino.check import run

        run(say=self._say, out=self.stdout.write)

    def _welcome(self, stack: casino.Stack) -> None:
        width = max(len(person.email) for person in OPERATORS)
        logins = "\n".join(f"    {person.email:<{width}}  {person.title}" for person in OPERATORS)
        self.stdout.write(
            f"\n  Pitboss is at {stack.url}\n\n  Log in as (password for all: {PASSWORD})\n{logins}\n\n"
            f"  Mail sent by the casino: {stack.mailbox.folder}\n  Logs: {stack.supervisor.logs}\n"
            "  The simulator fills in three months of history now, then goes on living. Ctrl-C stops everything.\n"
        )
        self.stdout.flush()

    def _reset(self, data: Path) -> None:
        if os.environ.get("DATABASE_URL"):
            raise CommandError("--reset does not empty a database that DATABASE_URL names; drop it yourself.")
        for path in data.iterdir():
            if path.name == "supervisor.lock":
                continue
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    def _say(self, line: str) -> None:
        self.stderr.write(line)
        self.stderr.flush()


def _free_port_from(first: int, host: str) -> int:
    return next(port for port in range(first, first + 100) if processes.is_free(port, host))
