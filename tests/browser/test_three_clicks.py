"""A compliance officer's two questions, from the home page, in at most three clicks each."""

from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Page, expect

from compliance import gate
from tests import cast
from tests.browser.conftest import Login
from tests.spec.test_4_the_gate import promo
from tests.trail.world import seal


class Clicks:
    """Counts them, and goes no further than three."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0
        page.goto(reverse("compliance:home"))

    def click(self, role: str, name: str) -> None:
        self.count += 1
        assert self.count <= 3
        self.page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]


def test_why_did_this_player_get_this_message_and_was_anything_sent_since(login: Login) -> None:
    anna, bo = cast.anna(), cast.bo()
    with transaction.atomic():
        answers = gate.clear_many([promo(anna, reference="m1"), promo(bo, reference="m2")], now=cast.noon())
    seal()
    page = login("compliance_officer")

    why = Clicks(page)
    why.click("link", "Find a decision")
    page.get_by_label("Player, decision or message id").fill("anna")
    row = page.locator("#rows tbody tr")
    expect(row).to_have_count(1)
    why.count += 1
    row.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Decision {answers[0].decision_id}")
    expect(page.get_by_text("Verified now")).to_be_visible()
    expect(page.get_by_role("heading", name="Every rule", exact=True)).to_be_visible()
    assert why.count <= 3

    since = Clicks(page)
    since.click("link", "Restrictions")
    since.click("link", "Nothing sent since?")
    expect(page.get_by_text("Promotions handed over")).to_be_visible()
    with page.expect_download() as paper:
        since.click("link", "PDF")
    assert paper.value.suggested_filename.startswith(f"sent-since-{bo.pk}-")
