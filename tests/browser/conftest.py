"""A real browser against the real application over ASGI, static files included.

`login("crm_manager")` gives a page of somebody with that seat; `page` is Carla's, a CRM manager.
A script error, a refused resource or a breach of the content policy fails the test that caused it.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import uvicorn
from django.conf import settings
from django.db import connections
from django.test import Client
from playwright.sync_api import Browser, Page

from compliance.models import Operator
from tests import cast
from tests.browser.chromium import executable, opened

PASSWORD = "a-long-password-1"
Login = Callable[[str], Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True, databases=["default", "owner"]))
            if executable() is None:
                item.add_marker(pytest.mark.skip("no Chromium found: set CHROMIUM or install one"))


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Per worker: while it is open, Playwright keeps an event loop running in this thread.

    Closed with the last test of this folder: Django would take that for async code, and so would every test of another folder that came after.
    """
    with pytest.MonkeyPatch.context() as patch, opened() as found:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield found


@pytest.fixture(scope="session")
def _server(django_db_setup: None) -> Iterator[str]:
    from config.asgi import application

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        config = uvicorn.Config(application, log_level="warning", lifespan="off", ws="websockets-sansio")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 15
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.02)
        assert server.started, "the application did not start"
        yield f"http://{address}"
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def site(_server: str, transactional_db: None) -> Iterator[str]:
    """Address of the running application."""
    yield _server
    connections.close_all()


@pytest.fixture
def login(site: str, browser: Browser) -> Iterator[Login]:
    """login(role) -> a page of a new operator with that role at every brand, already logged in and not yet anywhere."""
    contexts, troubles = [], []

    def enter(role: str) -> Page:
        operator = Operator.objects.filter(email=f"{role}@example.com").first()
        if operator is None:
            operator = Operator.objects.create_user(f"{role}@example.com", role.replace("_", " ").title(), PASSWORD)
            cast.seat(operator, role)
        context = browser.new_context(base_url=site, viewport={"width": 1440, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: troubles.append(f"script error: {error}"))
        page.on("console", lambda line: line.type == "error" and troubles.append(f"{line.text} at {page.url}"))
        client = Client()
        client.force_login(operator)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])
        return page

    yield enter
    for context in contexts:
        context.close()
    assert not troubles, "\n".join(troubles)


@pytest.fixture
def page(login: Login) -> Page:
    return login("crm_manager")
