"""A Pitboss of its own: durable PostgreSQL, Valkey, a web process and a folding worker, each of which can be killed."""

import os
import shutil
import signal
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

import psutil

from config.embedded import addresses, children, processes, run_dir
from config.embedded.postgres import Postgres
from config.embedded.valkey import Valkey


class World:
    """Started by entering it; Django is set up on its database then. Use from one thread: children die with it."""

    def __init__(self, data: Path) -> None:
        self.data, self._stack, self._names = data, ExitStack(), 0
        self.port = processes.free_port()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "World":
        sockets = run_dir(self.data)
        sockets.mkdir(mode=0o700, exist_ok=True)
        self._stack.callback(shutil.rmtree, sockets, ignore_errors=True)
        self.postgres, self.valkey = Postgres(self.data, sockets, durable=True), Valkey(self.data, sockets)
        for server in (self.postgres, self.valkey):
            self._stack.callback(server.stop)
            server.start()
        given = addresses(self.data)
        self.environment = processes.environment(
            given, self.data, SECRET_KEY=os.environ["SECRET_KEY"], PITBOSS_DEMO="1"
        )
        os.environ |= {
            "PITBOSS_DATA": str(self.data), "DATABASE_URL": given.database_url,
            "DATABASE_OWNER_URL": given.database_owner_url, "REDIS_URL": given.redis_url,
        }  # fmt: skip
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", database="owner", verbosity=0)
        self.web = self._start(processes.web(self.port))
        self.worker = self._start(processes.worker("ingest"))
        self.beat = self._start(processes.beat())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def kill_worker(self) -> None:
        """kill -9, and a new one, as a supervisor would."""
        self.worker.kill()
        self.worker.wait()
        self.worker = self._start(processes.worker("ingest"))

    def keep_beat(self) -> None:
        """As a supervisor would: beat ends when the database is not there at the moment it starts."""
        if self.beat.poll() is not None:
            self.beat = self._start(processes.beat())

    def kill_database(self) -> None:
        """kill -9 of the server and everything it runs, then a start with crash recovery."""
        assert self.postgres.child is not None
        server = psutil.Process(self.postgres.child.pid)
        for process in [server, *server.children(recursive=True)]:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        self.postgres.child.wait()
        time.sleep(0.5)
        self.postgres.start()

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        self._names += 1
        child = children.start(command, log=self.data / f"{self._names}.log", environment=self.environment)
        self._stack.callback(children.stop, child, signal.SIGTERM, 10)
        return child
