"""Measures what README claims, on a scratch database of its own, beside a peer in the same run."""

import json
import shutil
import subprocess
import tempfile
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError

from config.embedded import DATABASE, OWNER, Addresses, processes, run_dir
from config.embedded.servers import running

SCALES = ("100k", "1m", "3m")


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", metavar="NAME", help="All when none is given; a prefix is enough.")
        parser.add_argument("--scale", choices=SCALES, default="100k")
        parser.add_argument("--json", type=Path, metavar="FILE", help="Also write the figures here.")
        parser.add_argument("--list", action="store_true", help="Name the benches and stop.")
        parser.add_argument("--inside", action="store_true", help="Measure in this process (used by bench itself).")

    def handle(self, *args: object, **options: Any) -> None:
        from tests import bench

        names = self._chosen(list(bench.all_benches()), options["names"])
        if options["list"]:
            self.stdout.write("\n".join(names))
            return
        if options["inside"]:
            options["json"].write_text(json.dumps(bench.measure(options["names"], options["scale"])))
            return
        rows = self._on_scratch(bench.together(names), options["scale"])
        self.stdout.write(bench.markdown(rows))
        if options["json"]:
            options["json"].write_text(json.dumps(rows, indent=1) + "\n")
        if self.failed:
            raise CommandError(f"These benches failed: {', '.join(self.failed)}.")

    def _chosen(self, known: list[str], asked: list[str]) -> list[str]:
        for name in asked:
            if not any(bench == name or bench.startswith(f"{name}.") for bench in known):
                raise CommandError(f"No bench is called {name}. There are: {', '.join(known)}.")
        return [bench for bench in known if not asked or any(f"{bench}.".startswith(f"{name}.") for name in asked)]

    def _on_scratch(self, groups: list[list[str]], scale: str) -> list[dict[str, object]]:
        from tests.bench import run_in_own_process

        self.failed: list[str] = []
        rows: list[dict[str, object]] = []
        data = Path(tempfile.mkdtemp(prefix="pitboss-bench-"))
        try:
            with running(data) as addresses:
                migrate = processes.manage("migrate", "--database", "owner", "--verbosity", "0")
                subprocess.run(migrate, env=processes.environment(addresses, data), check=True)
                for number, names in enumerate(groups):
                    self.stderr.write(f"{', '.join(names)} …")
                    own = _copy(addresses, data, f"bench_{number}")
                    environment = processes.environment(own, data, LOG_LEVEL="WARNING", SUPPRESSION_KEY="scratch")
                    told = run_in_own_process(names, scale, environment, data / "result.json")
                    self.failed += told["failed"]
                    rows += told["rows"]
        finally:
            shutil.rmtree(data, ignore_errors=True)
            shutil.rmtree(run_dir(data), ignore_errors=True)
        return rows


def _copy(addresses: Addresses, data: Path, name: str) -> Addresses:
    """A fresh copy of the migrated database, so that benches do not see each other's rows."""
    with psycopg.connect(host=str(run_dir(data)), user="postgres", dbname="postgres", autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name} TEMPLATE {DATABASE} OWNER {OWNER}")
    return replace(
        addresses,
        database_url=addresses.database_url.replace(f"/{DATABASE}?", f"/{name}?"),
        database_owner_url=addresses.database_owner_url.replace(f"/{DATABASE}?", f"/{name}?"),
    )
