"""A pytest plugin: throw-away PostgreSQL and Valkey for one run, unless addresses are given.

With xdist every worker has servers of its own, on a copy of one cluster which the controller migrates while they
collect. The schema is built once, and nobody waits for another's transactions: a row is sealed when nothing older is
open in its cluster, and that may be another worker's longest test.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path

import pytest

MIGRATED = "PITBOSS_TEST_MIGRATED"  # the folder of the migrated cluster; it is there once it is whole
PATIENCE = 300.0
_servers, _folders = ExitStack(), ExitStack()


def is_migrated() -> bool:
    """Whether this process is a worker on such a copy: its database is there, under its own name."""
    return "PYTEST_XDIST_WORKER" in os.environ and MIGRATED in os.environ


def is_ours() -> bool:
    """Whether the servers are those of this run and not somebody's."""
    from config.embedded import addresses

    return os.environ.get("DATABASE_URL") == addresses(Path(os.environ.get("PITBOSS_DATA", ""))).database_url


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    if is_migrated():
        _name(_own_folder())
    elif "DATABASE_URL" not in os.environ:
        os.environ.setdefault("LC_ALL", "C.UTF-8")
        data = Path(tempfile.mkdtemp(prefix="pitboss-test-"))
        _folders.callback(shutil.rmtree, data, ignore_errors=True)
        if getattr(early_config.known_args_namespace, "numprocesses", 0):
            os.environ[MIGRATED] = str(data / "migrated")
        _start(data / "first")
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """The controller has nothing to do while its workers collect."""
    if MIGRATED in os.environ and not is_migrated() and session.config.getoption("dist") != "no":
        _migrate(session.config)
    return (yield)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    if not is_migrated():
        return
    migrated, data, deadline = Path(os.environ[MIGRATED]), _own_folder(), time.monotonic() + PATIENCE
    while not migrated.exists():
        assert time.monotonic() < deadline, "the schema was not built; the controller says why"
        time.sleep(0.02)
    data.mkdir()
    subprocess.run(["cp", "-a", migrated, data / "postgres"], check=True)
    _start(data)


def pytest_unconfigure() -> None:
    _servers.close()
    _folders.close()


def _own_folder() -> Path:
    return Path(os.environ[MIGRATED]).with_name(os.environ["PYTEST_XDIST_WORKER"])


def _start(data: Path) -> None:
    from config.embedded.servers import running

    _servers.enter_context(running(data, durable=False))
    _name(data)


def _name(data: Path) -> None:
    from config.embedded import addresses

    given = addresses(data)
    os.environ["PITBOSS_DATA"] = str(data)
    os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"] = given.database_url, given.database_owner_url
    os.environ["REDIS_URL"] = given.redis_url


def _migrate(config: pytest.Config) -> None:
    from django.core.management import call_command
    from django.db import connections
    from pytest_django.plugin import blocking_manager_key

    with config.stash[blocking_manager_key].unblock():
        call_command("migrate", database="owner", verbosity=0)
        connections.close_all()
    _servers.close()
    (Path(os.environ["PITBOSS_DATA"]) / "postgres").rename(os.environ[MIGRATED])
