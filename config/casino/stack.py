"""A whole Pitboss on this machine: servers, database, web, workers, beat and a mailbox."""

import os
import secrets
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.casino import announcing, registers
from config.casino.mailbox import Mailbox, serve
from config.embedded import Addresses, processes
from config.embedded.servers import running
from config.embedded.supervisor import Supervisor

PATIENCE = 180.0


@dataclass
class Stack:
    """What runs, and where."""

    data: Path
    url: str
    supervisor: Supervisor
    mailbox: Mailbox
    environment: dict[str, str]

    def manage(self, *arguments: str) -> None:
        """Runs one command to its end; raises CalledProcessError when it fails."""
        subprocess.run(processes.manage(*arguments), env=self.environment, check=True)

    def start(self, name: str, command: list[str], **more: str) -> None:
        self.supervisor.start(name, command, {**self.environment, **more})


def given_addresses() -> tuple[str, str, str]:
    """Addresses of servers that somebody else runs; empty where we run our own."""
    return tuple(os.environ.get(name, "") for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"))  # type: ignore[return-value]


@contextmanager
def _servers(data: Path) -> Iterator[Addresses]:
    database, owner, redis = given_addresses()
    if database and not owner:
        raise RuntimeError("DATABASE_URL is set; set DATABASE_OWNER_URL too, the demo migrates (see create_roles).")
    with running(data, postgres=not database, valkey=not redis) as own:
        yield Addresses(database or own.database_url, owner or own.database_owner_url, redis or own.redis_url)


@contextmanager
def whole(data: Path, port: int, host: str = "127.0.0.1", say: Callable[[str], None] = print) -> Iterator[Stack]:
    """Servers up, database migrated and seeded, first page answering; workers are on their way."""
    with ExitStack() as stack:
        supervisor = Supervisor(data / "logs")
        say("Starting PostgreSQL and Valkey …")
        addresses = stack.enter_context(_servers(data))
        stack.callback(supervisor.stop)
        mailbox = Mailbox(data / "mail")
        mail_port = processes.free_port()
        stack.callback(serve(mailbox, mail_port).stop)
        credit_port, operator_port, register_port = (processes.free_port() for _ in range(3))
        environment = processes.environment(
            addresses,
            data,
            PITBOSS_DEMO="1",
            SECRET_KEY=kept_secret(data),
            ALLOWED_HOSTS=",".join({"localhost", "127.0.0.1", "[::1]", host if host != "0.0.0.0" else "*"}),  # noqa: S104
            PUBLIC_URL=f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}",  # noqa: S104
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=str(mail_port),
            PAM_CREDIT_URL=f"http://127.0.0.1:{credit_port}/credit",
            OPERATOR_API_HOSTS=f"127.0.0.1:{operator_port}",
            REGISTER_HOSTS=f"127.0.0.1:{register_port}",
            **{announcing.KEY_NAME: secrets.token_urlsafe(24)},
            **dict.fromkeys(registers.KEY_NAMES.values(), secrets.token_urlsafe(24)),
        )
        whole = Stack(data, environment["PUBLIC_URL"], supervisor, mailbox, environment)
        say("Preparing the database …")
        whole.manage("migrate", "--database", "owner", "--verbosity", "0")
        whole.manage("seed")
        say("Starting web and workers …")
        whole.start("web", processes.web(port, host), PITBOSS_POOL="1")
        _wait_for(whole)
        for queue in processes.QUEUES:
            whole.start(f"worker-{queue}", processes.worker(queue))
        whole.start("beat", processes.beat())
        yield whole


def kept_secret(data: Path) -> str:
    """Made once per data folder, so that a restart logs nobody out."""
    path = data / "secret"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


def _wait_for(stack: Stack) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        stack.supervisor.check()
        try:
            with urllib.request.urlopen(f"{stack.url}/", timeout=10) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError) as problem:
            if time.monotonic() > deadline:
                raise RuntimeError(f"The first page does not answer: {problem}") from problem
        time.sleep(0.1)
