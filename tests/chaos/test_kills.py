"""The short form: a fifth of the events of `make chaos`."""

import subprocess
import sys

import pytest

from config.embedded.processes import ROOT


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_or_applied_twice_when_the_folding_worker_and_postgresql_are_killed() -> None:
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.chaos", "--events", "20000"],
        cwd=ROOT, capture_output=True, text=True, timeout=400, check=False,
    )  # fmt: skip

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stdout.startswith("lost 0, applied twice 0, players with a wrong sum 0")
