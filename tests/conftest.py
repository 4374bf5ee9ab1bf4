"""The world every test lives in."""

import contextlib
import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.db import DatabaseError, connections
from django.test import TransactionTestCase
from django.test.client import ClientHandler

from compliance import troubles
from tests import cast, emptying
from tests.embedded import is_migrated, is_ours

# How long an example may take says something of the machine, not of Pitboss.
hypothesis.settings.register_profile("pitboss", deadline=None)
hypothesis.settings.load_profile("pitboss")

HERE = Path(__file__).parent
_LONG = ("browser", "casino", "golive", "hammer", "spec")  # first, so that no worker is left alone with one at the end

for _make in cast.EVERYBODY:
    globals()[f"the_{_make.__name__}"] = cast.as_fixture(_make)


@pytest.hookimpl(trylast=True)  # after -k and -m have chosen
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Transactional tests flush through the owner: the application role may not TRUNCATE.

    The test database belongs to the owner, so one test of any selection has to name it, or none is built.
    """
    items.sort(key=lambda item: item.path.relative_to(HERE).parts[0] not in _LONG)
    for mark in [mark for item in items for mark in item.iter_markers("django_db")][:1]:
        mark.kwargs.setdefault("databases", ["default", "owner"])
    for item in items:
        for mark in item.iter_markers("django_db"):
            if mark.kwargs.get("transaction") and "databases" not in mark.kwargs:
                mark.kwargs["databases"] = ["default", "owner"]


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What is imported by now stays: going through it again and again for garbage was a tenth of the suite."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="session", autouse=True)
def the_test_client_asks_for_pages_only() -> Iterator[None]:
    """Django's test client builds the chain anew each time, and one middleware would look for every static file (70 ms)
    and send each request through an event loop of its own. Servers, and so browsers, keep it."""
    build = ClientHandler.load_middleware

    def without_static_files(self: ClientHandler, *args: Any) -> None:
        kept = [name for name in settings.MIDDLEWARE if not name.startswith("servestatic.")]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(settings, "MIDDLEWARE", kept)
            build(self, *args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ClientHandler, "load_middleware", without_static_files)
        yield


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """Threads of live servers and of async views leave connections behind; open, they keep the database from going."""
    if is_migrated():
        yield
        return
    request.getfixturevalue("django_db_setup")  # pytest-django's own
    yield
    connections["default"].close()
    with django_db_blocker.unblock(), contextlib.suppress(DatabaseError), connections["owner"].cursor() as db:
        db.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="session", autouse=True)
def tables_emptied_by_whoever_owns_the_server() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        if is_ours():  # anywhere else nobody here is the superuser
            patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: emptying.empty())
        yield


@pytest.fixture(autouse=True)
def troubles_of_a_test_stay_in_it(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are written over a connection of their own: of a test that is rolled back they would outlive it."""
    mark = request.node.get_closest_marker("django_db")
    if mark is None or not mark.kwargs.get("transaction"):
        monkeypatch.setattr(troubles, "_write", lambda *told: None)
