"""Tuesday morning: a CRM manager builds a campaign from a recipe by clicking, a colleague signs and launches it."""

import re
import time

from playwright.sync_api import Page, expect

from campaigns.models import Campaign
from tests import cast
from tests.browser.conftest import Login

NAME = "Back for the winter"


def amount(text: str) -> int:
    """'−1 204' -> 1204."""
    return int(re.sub(r"\D", "", text) or 0)


def built(page: Page) -> str:
    """A draft from the recipe, its wait shortened and a variant of its own words; the campaign's address."""
    page.goto("/campaigns/")
    page.get_by_role("link", name="New campaign", exact=True).last.click()
    page.get_by_role("radio", name="Win back").check()
    page.get_by_label("Brand").select_option(label="Northlight")
    page.get_by_label("Name").fill(NAME)
    page.get_by_role("button", name="Create the draft").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    address = page.url

    inspector = page.get_by_role("complementary", name="The chosen card")
    page.get_by_role("link", name="Wait 3 days").click()
    inspector.get_by_label("Wait for").fill("2")
    inspector.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Wait 2 days")).to_be_visible()

    page.get_by_role("link", name="Message E-mail").click()
    inspector.get_by_role("link", name="Everyone else").click()
    inspector.get_by_label("Subject").fill("{{ player.first_name }}, the winter tables are open")
    inspector.get_by_role("button", name="Save").click()
    expect(page.locator("#preview")).to_contain_text("Anna, the winter tables are open")
    return address


def test_a_campaign_from_a_recipe_is_built_checked_signed_by_a_second_person_and_launched(login: Login) -> None:
    cast.cleo()
    anna = cast.anna()
    anna.brand.site_url = "https://northlight.example"
    anna.brand.save()
    began = time.monotonic()
    author = login("crm_manager")
    address = built(author)

    author.get_by_role("link", name="Check and send for approval").click()
    rows = author.locator(".funnel tbody tr")
    lost = sum(amount(text) for text in rows.locator("td:nth-child(2)").all_inner_texts())
    assert amount(rows.first.locator("td").last.inner_text()) - lost == amount(
        rows.last.locator("td").last.inner_text()
    )
    expect(author.get_by_text("[first name], the winter tables are open")).to_be_visible()
    expect(author.get_by_text("Nothing found")).to_be_visible()
    author.get_by_role("button", name="Send for approval").click()
    expect(author.get_by_text("somebody else approves it")).to_be_visible()
    expect(author.get_by_role("button", name="Approve", exact=True)).to_have_count(0)

    second = login("compliance_officer")
    second.goto("/campaigns/approvals/")
    second.get_by_role("link", name=NAME).click()
    second.get_by_role("button", name="Approve", exact=True).click()
    expect(second.get_by_text("Approved by Compliance Officer")).to_be_visible()

    author.goto(address)
    author.get_by_role("link", name="Launch", exact=True).last.click()
    author.get_by_role("button", name="Launch now").click()
    expect(author.get_by_text("cannot be changed any more")).to_be_visible()
    assert Campaign.objects.get(name=NAME).versions.get().status == "live"
    assert time.monotonic() - began < 60


def test_a_draft_with_something_missing_says_where_to_mend_it_and_is_not_sent(login: Login) -> None:
    cast.anna()
    page = login("crm_manager")
    page.goto("/campaigns/new/?recipe=blank")
    page.get_by_label("Brand").select_option(label="Northlight")
    page.get_by_role("button", name="Create the draft").click()
    page.get_by_role("link", name="Launch", exact=True).click()

    expect(page.get_by_text("2 things must be mended")).to_be_visible()
    expect(page.get_by_role("button", name="Send for approval")).to_have_count(0)
    page.get_by_role("link", name="It does not say what starts it").click()
    expect(page.get_by_role("complementary", name="The chosen card")).to_contain_text("Starts when")
