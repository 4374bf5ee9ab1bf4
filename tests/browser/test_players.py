"""The player page is live; a file becomes players without leaving the browser."""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from config.lib.clock import utcnow
from players import watching
from players.imports import running
from players.models import Import, Player
from tests import cast
from tests.browser.conftest import Login


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path) -> None:
    settings.DATA_DIR = tmp_path


def seen(player: Player) -> None:
    deadline = time.monotonic() + 10
    while player.pk not in watching.watched():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def elsewhere(work: Callable[[], object]) -> None:
    """In a thread of its own, as a worker would: Playwright keeps an event loop running in this one."""

    def run() -> None:
        work()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def test_what_happens_appears_on_the_open_page_without_a_reload(page: Page, anna: Player) -> None:
    page.goto(f"/players/{anna.pk}/")
    expect(page.locator("[data-live-dot]")).to_be_visible()
    seen(anna)
    began = time.monotonic()
    elsewhere(lambda: cast.tell(anna, "player.login", device="mobile"))
    expect(page.get_by_text("Logged in on mobile")).to_be_visible()
    assert time.monotonic() - began < 2  # told within a second, and drawn


def test_a_file_becomes_players(login: Login, azura) -> None:
    page = login("crm_manager")
    page.goto("/players/imports/")
    page.get_by_role("link", name="Players", exact=True).last.click()
    page.set_input_files(
        "input[type=file]",
        {
            "name": "old-casino.csv",
            "mimeType": "text/csv",
            "buffer": b"Player ID;Signup;Given\nold1;01.05.2025;Eva\nold2;x;Ada\n",
        },
    )
    page.get_by_role("button", name="Upload").click()
    page.get_by_label("First name").select_option(label="Given")
    expect(page.locator("#preview thead")).to_contain_text("First name")
    expect(page.locator("#preview")).to_contain_text("1 May 2025")
    page.get_by_role("button", name="Check all 2 lines").click()
    expect(page.locator("#progress")).to_contain_text("Being checked")
    work()
    expect(page.get_by_role("button", name="Import 1 line")).to_be_visible()  # the page saw that by itself
    page.get_by_role("button", name="Import 1 line").click()
    work()
    expect(page.locator("#progress")).to_contain_text("Imported")
    assert Player.objects.get(brand=azura, external_id="old1").first_name == "Eva"


def work() -> None:
    one = Import.objects.get()
    while running.step(one.pk, now=utcnow()):
        pass
