"""Everything a machine can check about the code: style, types, import law, migrations, deployment settings."""

import os
import subprocess
import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.embedded.processes import ROOT, manage

# What a host with real players would set; the checks below must be silent on it.
PRODUCTION = {
    "SECRET_KEY": "checks-only-" + "".join(chr(97 + n * 7 % 26) for n in range(52)),
    "SUPPRESSION_KEY": "checks-only-" + "".join(chr(97 + n * 11 % 26) for n in range(52)),
    "AUDIT_SIGNING_KEY": "5a" * 32,
    "AUDIT_ANCHOR_DIR": str(ROOT / "var" / "of-nobody"),  # what a demo on this machine has signed is another key's
    "ALLOWED_HOSTS": "crm.example.com",
    "DATABASE_URL": "postgresql://pitboss_app:x@db.example.com:5432/pitboss",
    "DATABASE_OWNER_URL": "postgresql://pitboss_owner:x@db.example.com:5432/pitboss",
    "REDIS_URL": "redis://redis.example.com:6379",
    "PUBLIC_URL": "https://crm.example.com",
    "PITBOSS_DEMO": "0",
    "DEBUG": "0",
}


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: Any) -> None:
        python = sys.executable
        checks = {
            "ruff": [python, "-m", "ruff", "check", "--quiet", "."],
            "ruff format": [python, "-m", "ruff", "format", "--check", "--quiet", "."],
            "imports": [python, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
            "types": [python, "-m", "mypy", "--no-error-summary", "."],
            "migrations": manage("makemigrations", "--check", "--dry-run"),
            "deployment": manage("check", "--deploy", "--fail-level", "WARNING"),
        }
        failed = [name for name, command in checks.items() if not self._passes(name, command)]
        if failed:
            raise CommandError(f"Not in order: {', '.join(failed)}.")

    def _passes(self, name: str, command: list[str]) -> bool:
        started = time.monotonic()
        # `makemigrations --check` looks at the state, not at a database: an unreachable one only warns.
        environment = {**os.environ, **PRODUCTION, "PYTHONPATH": str(ROOT)}
        environment.pop("PITBOSS_DATA", None)
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        passed = done.returncode == 0
        self.stdout.write(f"{'ok  ' if passed else 'FAIL'} {name} ({time.monotonic() - started:.1f} s)")
        if not passed:
            self.stdout.write(done.stdout + done.stderr)
        return passed
