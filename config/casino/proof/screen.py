"""A player's open inbox: a real browser where there is one, else the same WebSocket without."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from config.casino.proof import Failed
from config.checks import find_browser

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@contextmanager
def inbox(url: str) -> Iterator[tuple[str, Callable[[str], None]]]:
    """What looks at the inbox, and a function that waits until it shows the words."""
    path = find_browser()
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        path = None
    if path is None:
        with _socket(url) as wait_for:
            yield "websocket", wait_for
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS, headless=True)
        try:
            page = browser.new_page()
            with page.expect_websocket():
                page.goto(url)
            # Never reloaded: what appears came through the socket.
            yield "browser", lambda words: page.get_by_text(words).first.wait_for(timeout=60_000)
        finally:
            browser.close()


@contextmanager
def _socket(url: str) -> Iterator[Callable[[str], None]]:
    from websockets import Origin
    from websockets.sync.client import connect

    token = url.rstrip("/").rsplit("/", 1)[1]
    origin = url.split("/inbox/")[0]
    with connect(f"{origin.replace('http', 'ws', 1)}/ws/inbox/{token}/", origin=Origin(origin)) as socket:

        def wait_for(words: str) -> None:
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                if words in json.dumps(json.loads(socket.recv(timeout=60)), ensure_ascii=False):
                    return
            raise Failed(f"The inbox never showed {words!r}.")

        yield wait_for
