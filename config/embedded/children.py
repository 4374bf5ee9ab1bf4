"""Child processes that cannot outlive us: own session, and a death signal even for kill -9."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1


def _dies_with_parent(how: signal.Signals) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def arm() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(how))
        if os.getppid() != parent:  # died between fork and prctl
            os.kill(os.getpid(), how)

    return arm


def identity(user: str | None) -> dict[str, Any]:
    """Popen arguments that drop root for `user` whole: with root's group left, 0701 folders stay shut."""
    return {"user": user, "group": user, "extra_groups": []} if user else {}


def start(
    command: Sequence[str | Path],
    *,
    log: Path,
    user: str | None = None,
    environment: dict[str, str] | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Starts `command` detached from our terminal; its output goes to `log`."""
    with log.open("ab") as out:
        return subprocess.Popen(  # noqa: S603
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            env=environment,
            **identity(user),
            preexec_fn=_dies_with_parent(stop_signal),  # noqa: PLW1509
        )


def stop(child: subprocess.Popen[bytes], how: signal.Signals, patience: float) -> None:
    """Asks, waits, then insists."""
    if child.poll() is not None:
        return
    child.send_signal(how)
    try:
        child.wait(patience)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
