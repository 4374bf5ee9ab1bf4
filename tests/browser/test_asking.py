"""Asking, signing and choosing in a real browser: an officer's what-if, a switch with its figures, a player's own page."""

import os
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Page, expect

from campaigns import links, recipes
from campaigns.lint import findings
from campaigns.wording import subject_of, words_of
from compliance import gate, switches
from compliance.lint import checking, overriding
from compliance.models import Case
from config.lib.clock import utcnow
from tests import cast
from tests.browser.conftest import Login
from tests.spec.test_4_the_gate import promo

PICTURES = os.environ.get("PICTURES", "")
_WHY = "Our own outreach covers this."


def shoot(page: Page, path: str, name: str) -> None:
    """Wide and then narrow; nothing scrolls sideways. With PICTURES set, light and dark pictures of it."""
    for theme in ("light", "dark") if PICTURES else ("light",):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": 1440, "height": 900})
        if path:
            page.goto(path)
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
            if PICTURES:
                page.screenshot(path=Path(PICTURES) / f"{name}-{theme}-{width}.png", full_page=True)


def _morning() -> tuple[int, int]:
    """Decisions of the day, a switch and a finding that wait, a case; (switch, override)."""
    anna, bo, dev, kaja = cast.anna(), cast.bo(), cast.dev(), cast.kaja()
    cast.set_limit(kaja, 12_000_00, "month")
    asked = [promo(one, reference=f"m{n}") for n in range(3) for one in (anna, bo, dev, cast.cleo())]
    with transaction.atomic():
        gate.clear_many(asked, now=cast.noon())
    now = utcnow()
    Case.objects.create(person=anna.person, player=anna, level="strong", rule="GB-06", opened_at=now, why="Strong signs",
                        due_at=now + timedelta(hours=1))  # fmt: skip
    row = switches.ask(cast.northlight(), "POL-04", False, cast.carla(), _WHY, now=now)
    version = recipes.create(cast.northlight(), "blank", cast.carla(), name="Big weekend", now=now, trigger="fact",
                             trigger_fact="player.login", products=["casino"])  # fmt: skip
    recipes.message(version, 0, [{"subject": "A guaranteed win", "body": "<p>Hurry, it ends soon.</p>"}])
    [found] = [one for one in findings(version, now=now) if one.may_be_overruled]
    finding = checking.Finding(found.level, found.rule, found.words, fingerprint=found.fingerprint, is_law=False)
    override = overriding.ask(finding, cast.northlight(), subject_of(version), cast.carla(), _WHY,
                              text=words_of(version, found.fingerprint), now=now)  # fmt: skip
    return row.pk, override.pk


def test_an_officer_asks_what_if_and_signs_with_the_figures_in_sight(login: Login) -> None:
    switch, override = _morning()
    page = login("compliance_officer")
    shoot(page, reverse("compliance:home"), "home")
    expect(page.get_by_role("link", name="Switch POL-04 off")).to_be_visible()

    page.goto(reverse("compliance:ask") + "?player=anna")
    page.get_by_label("Casino", exact=True).check()
    page.get_by_label("Restriction").select_option("time_out")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator(".ask__verdict")).to_contain_text("On a time-out")
    shoot(page, "", "ask")

    shoot(page, reverse("compliance:override", args=[override]), "override")
    shoot(page, reverse("compliance:sign", args=[switch]), "sign")
    expect(page.get_by_text("3 refusals stood on this rule alone")).to_be_visible()
    page.get_by_role("button", name="Sign").click()
    expect(page.get_by_text("Signed: POL-04 is now off")).to_be_visible()
    shoot(page, reverse("compliance:rules"), "rules")


def test_a_crm_manager_reads_what_stands_in_the_way(login: Login) -> None:
    _morning()
    page = login("crm_manager")
    shoot(page, "/campaigns/", "campaigns")
    page.get_by_role("link", name="Big weekend").first.click()
    page.goto(page.url.split("?")[0].rstrip("/") + "/launch/")
    expect(page.get_by_text("promises what no game can")).to_be_visible()
    shoot(page, "", "launch")


def test_a_player_takes_a_yes_back_on_a_phone(site: str, login: Login) -> None:
    anna = cast.anna()
    page = login("crm_manager")
    address = f"/u/{links.stop_token(anna.pk, 'email', 0)}/choices/"
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address)
    page.get_by_label("offers and news about casino by e-mail").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("It holds from this moment.")).to_be_visible()
    expect(page.get_by_label("offers and news about casino by e-mail")).not_to_be_checked()
    shoot(page, "", "choices")
    assert not gate.preview([promo(anna)], now=cast.noon())[0].allowed
