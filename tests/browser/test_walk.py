"""Every page of the menu on a phone, in the dark: nothing scrolls sideways, nothing fails.

Script errors and refused resources fail the test in the `login` fixture.
"""

import pytest
from playwright.sync_api import Page

from tests import cast
from tests.browser.conftest import Login

PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize("role", ["compliance_officer", pytest.param("crm_manager", marks=pytest.mark.slow)])
def test_every_page_of_the_menu_fits_a_phone_in_the_dark(login: Login, role: str) -> None:
    anna = cast.anna()
    page = login(role)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)
    page.goto("/")

    menu = page.locator("#menu nav a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    faults = [fault for path in [*menu, f"/players/{anna.pk}/"] for fault in _faults(page, path)]

    assert len(menu) > 10
    assert faults == []


def _faults(page: Page, path: str) -> list[str]:
    answer = page.goto(path, wait_until="networkidle" if "/docs/" in path else "load")
    wide = page.evaluate("document.documentElement.scrollWidth")
    dark = page.locator("html[data-bs-theme=dark], html.dark-mode").count()
    faults = []
    if answer is None or answer.status != 200:
        faults.append(f"{path} answers {answer.status if answer else 'nothing'}")
    if wide > PHONE["width"]:
        faults.append(f"{path} is {wide} px wide")
    if not page.title().removesuffix("· Pitboss").strip():
        faults.append(f"{path} has no title")
    if not dark:
        faults.append(f"{path} stays light")
    return faults
