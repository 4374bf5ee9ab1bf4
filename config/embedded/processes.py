"""The command lines of a running Pitboss, shared by the demo, its check and the benches."""

import os
import socket
import sys
from pathlib import Path

from config.embedded import Addresses

ROOT = Path(__file__).resolve().parent.parent.parent
QUEUES = ("ingest", "feeds", "compliance", "segments", "bonuses", "journeys", "dispatch", "reports")


def manage(*arguments: str) -> list[str]:
    return [sys.executable, "-W", "ignore", str(ROOT / "manage.py"), *arguments]


def web(port: int, host: str = "127.0.0.1") -> list[str]:
    return [sys.executable, "-m", "uvicorn", "config.asgi:application", "--host", host, "--port", str(port)] + [
        "--no-access-log",
        "--log-level",
        "warning",
        "--timeout-graceful-shutdown",
        "3",
    ]


def worker(*queues: str) -> list[str]:
    """One process, one task at a time: a queue is drained in batches, so more of it needs no pool."""
    return [
        *(sys.executable, "-W", "ignore", "-m", "celery", "-A", "config", "worker", "--pool", "solo"),
        *("--queues", ",".join(queues), "--hostname", f"{'-'.join(queues)}@pitboss", "--loglevel", "warning"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]


def beat() -> list[str]:
    return [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "celery",
        "-A",
        "config",
        "beat",
        "--loglevel",
        "warning",
        "--pidfile=",
    ]


def environment(addresses: Addresses, data: Path, **more: str) -> dict[str, str]:
    """Our own environment plus where the truth lives; `more` wins."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PITBOSS_DATA": str(data),
        "DATABASE_URL": addresses.database_url,
        "DATABASE_OWNER_URL": addresses.database_owner_url,
        "REDIS_URL": addresses.redis_url,
        **more,
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True
