"""Find a Chromium and open it; used by the browser tests and by the screenshot tool."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

# The first draws the same pages for half the work: it has no windows to open.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def executable() -> str | None:
    """The browser named by CHROMIUM, or the first one found on the path."""
    named = os.environ.get("CHROMIUM")
    return named or next((path for path in map(shutil.which, NAMES) if path), None)


@contextmanager
def opened() -> Iterator[Browser]:
    """A headless browser for the time of the block. Raises LookupError where none is installed."""
    path = executable()
    if path is None:
        raise LookupError("No Chromium found; name one with CHROMIUM=/path/to/chromium.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS, headless=True)
        try:
            yield browser
        finally:
            browser.close()
