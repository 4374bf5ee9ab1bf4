"""What a visitor would trip over on a page: contrast, names, headings, what lies beyond the edge, the Tab key.

No test runs it: people do, by hand, through tests.browser.screens against a running demo.
"""

from pathlib import Path

from playwright.sync_api import Page

_SCRIPT = Path(__file__).with_name("inspection.js").read_text()
_FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one);
  const seen = one.checkVisibility() && one.getBoundingClientRect().width > 0;
  const ring = style.outlineStyle !== "none" || style.boxShadow !== "none" || one.id === "main";
  const text = (one.getAttribute("aria-label") || one.textContent || one.name || "").replace(/\\s+/g, " ").trim();
  const number = [...document.querySelectorAll("*")].indexOf(one);
  return {number, seen, ring, text: `<${one.tagName.toLowerCase()}> ${text.slice(0, 40)}`};
}"""


def troubles(page: Page) -> list[str]:
    """Of the page as it stands, each in a sentence; none is what is wanted."""
    return list(dict.fromkeys(page.evaluate(_SCRIPT)))


def tabbing(page: Page, most: int = 120) -> list[str]:
    """Goes through the page with the Tab key: what has the focus is to be seen, and the order is that of the page."""
    found, last, first = [], -1, None
    page.evaluate("document.activeElement?.blur(); window.scrollTo(0, 0)")
    for _ in range(most):
        page.keyboard.press("Tab")
        told = page.evaluate(_FOCUS)
        if told is None or told["number"] == first:
            break
        first = told["number"] if first is None else first
        if not told["seen"]:
            found.append(f"the focus is nowhere to be seen: {told['text']}")
        elif not told["ring"]:
            found.append(f"no ring around what has the focus: {told['text']}")
        if told["number"] < last:
            found.append(f"the Tab key jumps back: {told['text']}")
        last = told["number"]
    return list(dict.fromkeys(found))
