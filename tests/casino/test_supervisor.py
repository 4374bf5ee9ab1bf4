"""One dies, or we are told to stop, and nothing stays behind. With real processes and real signals."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from config.embedded.processes import ROOT

# A supervisor of two children that would live for an hour; says their ids, then watches.
PROGRAM = """
import os, sys
from pathlib import Path
from config.embedded.supervisor import ChildDied, Supervisor, ToldToStop, only_one, signals
data = Path(sys.argv[1])
try:
    with signals(), only_one(data):
        supervisor = Supervisor(data / "logs")
        try:
            for name in ("one", "two"):
                supervisor.start(name, [sys.executable, "-c", "import time; time.sleep(3600)"], dict(os.environ))
            print(*(child.pid for child in supervisor.running.values()), flush=True)
            supervisor.watch()
        finally:
            supervisor.stop()
except ToldToStop as told:
    sys.exit(told.code)
except ChildDied as died:
    sys.exit(str(died))
except RuntimeError as refused:
    sys.exit(f"refused: {refused}")
"""


class Running:
    def __init__(self, data: Path) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", PROGRAM, str(data)]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        )
        assert self.process.stdout
        self.children = [int(pid) for pid in self.process.stdout.readline().split()]

    def ended(self) -> int:
        return self.process.wait(20)


def gone(pids: list[int]) -> bool:
    deadline = time.monotonic() + 10
    while any(psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    run = Running(tmp_path)
    yield run
    if run.process.poll() is None:
        run.process.kill()
        run.process.wait()


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_told_to_stop_it_stops_all_of_them(running: Running, told: signal.Signals) -> None:
    running.process.send_signal(told)

    assert running.ended() == 128 + told
    assert gone(running.children)


def test_one_killed_child_takes_everything_down_and_is_named(running: Running) -> None:
    os.kill(running.children[0], signal.SIGKILL)

    assert running.ended() == 1
    assert running.process.stderr
    assert "one ended with code -9" in running.process.stderr.read()
    assert gone(running.children)


def test_a_supervisor_killed_hard_takes_its_children_along(running: Running) -> None:
    running.process.kill()
    running.ended()

    assert gone(running.children)


def test_a_second_one_on_the_same_folder_is_refused_and_a_later_one_is_not(running: Running, tmp_path: Path) -> None:
    second = Running(tmp_path)
    assert second.ended() == 1
    assert second.process.stderr
    assert "already running" in second.process.stderr.read()

    running.process.kill()
    running.ended()
    third = Running(tmp_path)
    third.process.terminate()
    assert third.ended() == 128 + signal.SIGTERM
