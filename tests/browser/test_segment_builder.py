"""The segment every operator asks for, built by clicking, equal to a brute force over what really happened."""

import re
import time

from django.db import transaction
from playwright.sync_api import Locator, Page, expect

from config.lib.clock import utcnow
from segments import building, membership
from segments.models import Segment
from tests import cast
from tests.browser.hard_cases import EDGES, INSIDE, SECOND, play, reference_members

NAME = "Slots, silent, long sessions"
# A hand that knows what it wants: to see the next thing and reach for it, and to type. Reckoned, not waited for: the
# machine may not use a person's pauses to catch up, which asks more of it.
CLICK, KEY = 0.4, 0.15


def value_of(page: Page, attribute: str) -> Locator:
    return page.get_by_role("group", name=attribute, exact=True).get_by_label("Value", exact=True)


class Hand:
    """Works by what is written on the screen, and says how long a person would have been at it besides waiting."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks, self.keys = page, 0, 0

    @property
    def seconds(self) -> float:
        return self.clicks * CLICK + self.keys * KEY

    def click(self, target: Locator) -> None:
        target.click()
        self.clicks += 1

    def type(self, target: Locator, text: str) -> None:
        self.click(target)
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.type(text)
        self.keys += len(text)

    def choose(self, target: Locator, words: str) -> None:
        """From a list: open it, click the words."""
        target.select_option(words)
        self.clicks += 2


def inside(segment: Segment) -> set[str]:
    return set(membership.members(segment).values_list("player__external_id", flat=True))


def test_the_reference_segment_is_built_by_clicking_and_has_exactly_the_right_members(page: Page) -> None:
    brand = cast.northlight()
    told = utcnow()
    play(brand, told, size=420)
    began, hand = time.monotonic(), Hand(page)

    page.goto("/segments/new/")
    hand.type(page.get_by_label("Name", exact=True), NAME)
    hand.click(page.get_by_role("button", name="Preferred category").first)
    hand.choose(value_of(page, "Preferred category"), "Slots")
    hand.click(page.get_by_role("button", name="Days since last play").first)
    hand.type(value_of(page, "Days since last play"), "14")
    hand.click(page.get_by_role("button", name="Average length of last 5 sessions").first)
    hand.type(value_of(page, "Average length of last 5 sessions"), "45")
    expect(page.locator("#said")).to_have_text(
        "Players whose most-staked category in the last 90 days is Slots, who have not played anything for "
        "at least 14 days, and whose last 5 sessions lasted more than 45 minutes on average."
    )
    wanted = reference_members(brand, utcnow())
    expect(page.locator("[data-count]")).to_have_text(str(len(wanted)))
    hand.click(page.get_by_role("button", name="Save & make live", exact=True))
    hand.click(page.get_by_role("button", name="Make live", exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(f"^{NAME}"))
    assert time.monotonic() - began + hand.seconds < 60
    assert (hand.clicks, hand.keys) == (10, len(NAME) + 4)

    segment = Segment.objects.get(name=NAME)
    assert building.build(segment.pk, now=told)
    members = inside(segment)
    assert members == reference_members(brand, told)
    assert members & EDGES.keys() == INSIDE
    assert len(members) >= 40

    with transaction.atomic():  # the very next second brings in whoever was one second short, by time alone
        assert membership.tick(now=told + SECOND) > 0
    assert inside(segment) == reference_members(brand, told + SECOND) == members | {"one-second-less"}


def test_groups_and_search_work_from_the_keyboard_alone(page: Page) -> None:
    cast.anna()
    page.goto("/segments/new/")

    page.get_by_label("Search attributes").fill("vip")
    page.keyboard.press("Enter")
    expect(value_of(page, "VIP tier")).to_be_focused()
    page.keyboard.type("0")
    page.get_by_role("group", name="VIP tier").get_by_label("Comparison").select_option("is at least")
    expect(page.locator("[data-count]")).to_have_text("1")
    page.get_by_role("button", name="Group", exact=True).press("Enter")
    expect(page.get_by_text("Empty group")).to_be_visible()
    page.get_by_label("Search attributes").fill("country")
    page.keyboard.press("Enter")
    expect(value_of(page, "Country")).to_be_focused()
    value_of(page, "Country").select_option("United Kingdom")

    expect(page.locator("#said")).to_contain_text("whose country is United Kingdom")
    expect(page.locator("[data-count]")).to_have_text("1")
    page.get_by_label("Player id or e-mail").fill("anna")
    page.keyboard.press("Enter")
    expect(page.locator("#builder-explain")).to_contain_text("Matches the rule")


def slow(page: Page, milliseconds: int) -> None:
    """Every answer arrives that much later, as from a busy server far away."""
    line = {"offline": False, "latency": milliseconds, "downloadThroughput": -1, "uploadThroughput": -1}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", line)


def test_on_a_slow_server_nothing_clicked_or_typed_in_between_is_lost_and_a_save_pressed_twice_saves_once(
    page: Page,
) -> None:
    cast.anna()
    page.goto("/segments/new/")
    slow(page, 400)

    page.get_by_label("Name", exact=True).fill("Impa")
    page.get_by_role("button", name="VIP tier").first.click()
    page.get_by_label("Name", exact=True).fill("Impatient")  # the answer to the click knows the old name
    page.get_by_role("button", name="Days since registration").first.click()
    page.get_by_role("button", name="Days since last deposit").first.click()  # before the other is answered
    for attribute in ("VIP tier", "Days since registration", "Days since last deposit"):
        expect(value_of(page, attribute)).to_be_visible()
        value_of(page, attribute).fill("3")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Impatient")

    save = page.get_by_role("button", name="Save & make live", exact=True)
    save.click()
    save.click()

    expect(page).to_have_url(re.compile(r"/segments/\d+/launch/"))
    [segment] = Segment.objects.all()
    assert segment.name == "Impatient"
    assert [leaf["value"] for leaf in segment.draft["all"]] == [3, 3, 3]
