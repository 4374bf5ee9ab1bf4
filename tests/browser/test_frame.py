"""The frame in a real browser."""

from playwright.sync_api import Browser, Page, expect

from tests import cast


def test_slash_jumps_to_the_search_field(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("/")

    expect(page.get_by_role("searchbox")).to_be_focused()


def test_on_a_phone_the_menu_slides_in_and_nothing_scrolls_sideways(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/")
    expect(page.get_by_role("navigation", name="Main")).not_to_be_visible()

    page.get_by_role("button", name="Open menu").click()

    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_dark_is_remembered(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Light or dark").click()
    page.get_by_role("button", name="Dark", exact=True).click()

    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_light_or_dark_follows_the_system_until_somebody_chooses(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto("/")

    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_somebody_logs_in_with_name_and_password(site: str, browser: Browser) -> None:
    operator = cast.carla()
    operator.set_password("a-long-password-1")
    operator.save()
    page = browser.new_page(base_url=site)
    page.goto("/segments/")
    page.get_by_label("Email").fill(operator.email)
    page.get_by_label("Password").fill("a-long-password-1")
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/segments/")
    page.close()
