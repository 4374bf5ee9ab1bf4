"""`manage.py demo --check`: a Pitboss of its own in a throw-away folder, the proof inside it, then JSON."""

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from config.casino import stack as casino
from config.embedded import processes

SHARED = "PITBOSS_SHARED_DATA"


def run(say: Callable[[str], None], out: Callable[[str], object]) -> None:
    """Raises CalledProcessError when a figure is not what it must be; leaves nothing behind."""
    started = time.monotonic()
    data = Path(tempfile.mkdtemp(prefix="pitboss-check-"))
    # A database of its own: addresses of somebody's servers are not for this.
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    try:
        with casino.whole(data, processes.free_port(), say=say) as stack:
            result = data / "figures.json"
            command = processes.manage("prove", stack.url, "--json", str(result))
            subprocess.run(command, env={**stack.environment, "DJANGO_ALLOW_ASYNC_UNSAFE": "true"}, check=True)
            stack.supervisor.check()
            figures = json.loads(result.read_text())
            figures["seconds"] = round(time.monotonic() - started, 1)
            out(json.dumps(figures, indent=1))
    except BaseException:
        _keep_logs(data, say)
        raise
    finally:
        shutil.rmtree(data, ignore_errors=True)


def _keep_logs(data: Path, say: Callable[[str], None]) -> None:
    for log in sorted((data / "logs").glob("*.log")):
        tail = log.read_text(errors="replace")[-1500:]
        if "Traceback" in tail or " ERROR " in tail:
            say(f"--- {log.name} ends with:\n{tail}")


def shared_data() -> Path | None:
    """The folder with the real files, if it is there."""
    given = os.environ.get(SHARED)
    folder = Path(given) if given else processes.ROOT.parent / "shared" / "data"
    return folder if folder.is_dir() else None
