"""A pytest plugin: throw-away PostgreSQL and Valkey for one run, unless addresses are given."""

import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path

import pytest

_stack = ExitStack()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None]:
    # xdist workers inherit the controller's environment and its servers.
    if "DATABASE_URL" not in os.environ and "PYTEST_XDIST_WORKER" not in os.environ:
        os.environ.setdefault("LC_ALL", "C.UTF-8")
        from config.embedded.servers import running

        data = Path(tempfile.mkdtemp(prefix="pitboss-test-"))
        _stack.callback(shutil.rmtree, data, ignore_errors=True)
        given = _stack.enter_context(running(data, durable=False))
        os.environ["PITBOSS_DATA"] = str(data)
        os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"] = given.database_url, given.database_owner_url
        os.environ["REDIS_URL"] = given.redis_url
    return (yield)


def pytest_unconfigure() -> None:
    _stack.close()
