"""Pictures of every page of a running demo, light and dark, wide and narrow.

python -m tests.browser.screens OUT [--url http://127.0.0.1:8000] --as EMAIL --password WORD [--only /players/] [--page /x/7/ ...]

Follows the menu of whoever logs in and, from every list, the first thing it links to; or takes the pages it is given.
Prints what a visitor would trip over: answers that are not 200, script errors, pages that scroll sideways, and what
inspection.js finds (contrast, names of controls, headings, what lies beyond the edge, the way of the Tab key).
"""

import argparse
import re
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser import inspection
from tests.browser.chromium import opened

SIZES = {"1440": (1440, 900), "390": (390, 844)}


def main() -> None:
    options = _options()
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    with opened() as browser:
        troubles = [trouble for theme in ("light", "dark") for trouble in _tour(browser, options, out, theme)]
    sys.stdout.write("\n".join(sorted(set(troubles)) or ["nothing to complain about"]) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out")
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--as", dest="email", required=True)
    parser.add_argument("--password", required=True)
    parser.add_argument("--only", default="", help="only addresses that contain this")
    parser.add_argument("--page", action="append", default=[], help="this address instead of the menu; may be repeated")
    return parser.parse_args()


def _tour(browser: Browser, options: argparse.Namespace, out: Path, theme: str) -> list[str]:
    context = browser.new_context(base_url=options.url, color_scheme=theme, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(f"script error on {page.url}: {error}"))
    page.on("console", lambda line: line.type == "error" and troubles.append(f"{line.text} on {page.url}"))
    page.goto("/login/")
    _shoot(page, out, "login", theme, troubles)
    page.fill("[name=username]", options.email)
    page.fill("[name=password]", options.password)
    page.click("button[type=submit]")
    titles: dict[str, str] = {}
    for path in options.page or _addresses(page):
        if options.only not in path:
            continue
        page.set_viewport_size({"width": 1440, "height": 900})
        answer = page.goto(path)
        if answer is None or answer.status != 200:
            troubles.append(f"{answer.status if answer else '?'} {path}")
        _shoot(page, out, _name(path), theme, troubles)
        if titles.setdefault(page.title(), path) != path:
            troubles.append(f"same title as {titles[page.title()]} ({page.title()}): {path}")
        if theme == "light":
            troubles += [f"{path} {trouble}" for trouble in inspection.tabbing(page)]
    context.close()
    return troubles


def _addresses(page: Page) -> list[str]:
    """The menu, then the first thing each list links to, then the tabs of that thing."""
    found = [href for href in _hrefs(page, ".sidebar a") if not href.startswith("/engine-room")]
    for path in list(dict.fromkeys(found)):
        page.goto(path)
        below = [href for href in _hrefs(page, "main tbody a:not([hx-boost=false])") if re.search(r"/\d+/", href)]
        found += below[:1]
        if below:
            page.goto(below[0])
            found += _hrefs(page, "main .nav-tabs a, main [data-tabs] a")
    return list(dict.fromkeys(found))


def _hrefs(page: Page, selector: str) -> list[str]:
    return [href for href in page.locator(selector).evaluate_all("all => all.map(a => a.getAttribute('href'))") if href]


def _shoot(page: Page, out: Path, name: str, theme: str, troubles: list[str]) -> None:
    for label, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(400)  # panels that load by themselves
        page.screenshot(path=str(out / f"{name}.{theme}.{label}.png"), full_page=True)
        path = page.url.partition("//")[2].partition("/")[2]
        troubles += [f"/{path} {theme} {label}: {trouble}" for trouble in inspection.troubles(page)]


def _name(path: str) -> str:
    return re.sub(r"\W+", "-", path).strip("-") or "today"


if __name__ == "__main__":
    main()
