"""A pytest plugin: throw-away PostgreSQL and Valkey for one run, unless addresses are given.

The schema is built once a day, or when something it is made of changes, and kept under .pytest_cache; every run works on
a copy. With xdist the controller builds it while the workers collect, and each worker has servers of its own: nobody
waits for another's transactions. A row is sealed when nothing older is open in its cluster, and that may be another
worker's longest test.
"""

import contextlib
import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

SCHEMA = "PITBOSS_TEST_SCHEMA"  # the folder of the migrated cluster; it is there once it is whole
MADE_OF = ("*/migrations/*.py", "*/migrations/sql/*.sql", "*/models/*.py", "*/apps.py", "config/settings.py",
           "config/lib/*.py", "config/embedded/*.py", "players/partitions.py", "requirements/*.txt",
           "tests/embedded.py")  # fmt: skip
PLAYED_IN = [date(2025, 11, 1), date(2025, 12, 1), *(date(2026, month, 1) for month in range(1, 7))]  # the fold's
PATIENCE = 300.0
OLD = 3600.0  # seconds after which nobody works with another schema any more
_servers, _folders = ExitStack(), ExitStack()
_on_a_copy = False


def is_migrated() -> bool:
    """Whether the database is there already, under its own name."""
    return _on_a_copy


def is_ours() -> bool:
    """Whether the servers are those of this run and not somebody's."""
    from config.embedded import addresses

    return os.environ.get("DATABASE_URL") == addresses(Path(os.environ.get("PITBOSS_DATA", ""))).database_url


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    if _is_worker():
        _name(_own_folder())
    elif "DATABASE_URL" not in os.environ:
        os.environ.setdefault("LC_ALL", "C.UTF-8")
        data = Path(tempfile.mkdtemp(prefix="pitboss-test-"))
        _folders.callback(shutil.rmtree, data, ignore_errors=True)
        os.environ[SCHEMA] = str(_kept(early_config.rootpath))
        if Path(os.environ[SCHEMA]).exists():
            _copy(data / "first")
        _start(data / "first")
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """The controller has nothing to do while its workers collect."""
    if SCHEMA in os.environ and not _is_worker() and not _on_a_copy and session.config.getoption("dist") != "no":
        _build(session.config)
    return (yield)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    if _is_worker():
        deadline = time.monotonic() + PATIENCE
        while not Path(os.environ[SCHEMA]).exists():
            assert time.monotonic() < deadline, "the schema was not built; the controller says why"
            time.sleep(0.02)
        _copy(_own_folder())
        _start(_own_folder())
    elif (
        SCHEMA in os.environ and not _on_a_copy and any(item.get_closest_marker("django_db") for item in session.items)
    ):
        if session.config.getoption("collectonly"):
            return
        data = Path(os.environ["PITBOSS_DATA"])
        _build(session.config)
        _copy(data)
        _start(data)


def pytest_unconfigure() -> None:
    _servers.close()
    _folders.close()


def _is_worker() -> bool:
    return "PYTEST_XDIST_WORKER" in os.environ and SCHEMA in os.environ


def _own_folder() -> Path:
    return Path(os.environ["PITBOSS_TEST_RUN"]) / os.environ["PYTEST_XDIST_WORKER"]


def _kept(root: Path) -> Path:
    """Partitions are made for the days around today, so a schema is a day's."""
    digest = hashlib.sha256(f"{datetime.now(UTC).date()}".encode())
    for path in sorted(path for pattern in MADE_OF for path in root.glob(pattern)):
        digest.update(str(path.relative_to(root)).encode() + path.read_bytes())
    return root / ".pytest_cache" / "d" / f"schema-{digest.hexdigest()[:16]}"


def _copy(data: Path) -> None:
    global _on_a_copy
    data.mkdir(exist_ok=True)
    subprocess.run(["cp", "-a", os.environ[SCHEMA], data / "postgres"], check=True)
    _on_a_copy = True


def _start(data: Path) -> None:
    from config.embedded.servers import running

    _servers.enter_context(running(data, durable=False))
    _name(data)


def _name(data: Path) -> None:
    from config.embedded import addresses

    given = addresses(data)
    os.environ["PITBOSS_DATA"], os.environ["PITBOSS_TEST_RUN"] = str(data), str(data.parent)
    os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"] = given.database_url, given.database_owner_url
    os.environ["REDIS_URL"] = given.redis_url


def _build(config: pytest.Config) -> None:
    """Migrates the database that runs, stops it, and keeps its folder."""
    from django.core.management import call_command
    from django.db import connections
    from pytest_django.plugin import blocking_manager_key

    from players import partitions

    with config.stash[blocking_manager_key].unblock():
        call_command("migrate", database="owner", verbosity=0)
        # A month made within a test goes with it, and every plan that was kept: that was a third of the fold's tests.
        partitions.ensure_for(PLAYED_IN, using="owner")
        connections.close_all()
    _servers.close()
    schema = Path(os.environ[SCHEMA])
    schema.parent.mkdir(parents=True, exist_ok=True)
    for other in schema.parent.glob("schema-*"):
        if time.time() - other.stat().st_mtime > OLD:
            shutil.rmtree(other, ignore_errors=True)
    making = schema.with_name(f"schema-{os.getpid()}.part")
    built = Path(os.environ["PITBOSS_DATA"]) / "postgres"
    subprocess.run(["cp", "-a", built, making], check=True)  # with the owner each file has, which a move may lose
    shutil.rmtree(built)
    os.utime(making)
    with contextlib.suppress(OSError):  # somebody else was faster with the same
        making.rename(schema)
    shutil.rmtree(making, ignore_errors=True)
