"""The officer's pages in a real browser: nothing refused by the content policy, nothing scrolls sideways."""

import os
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.urls import reverse
from playwright.sync_api import expect

from compliance import audit, erasing, gate
from compliance.handouts import asking as handouts
from compliance.models.decision import Purpose
from compliance.sealing import anchor, checking
from config.lib.clock import utcnow
from tests import cast
from tests.browser.conftest import Login
from tests.spec.test_4_the_gate import promo
from tests.trail.world import seal

PICTURES = os.environ.get("PICTURES", "")


def test_the_officer_finds_the_refusal_replays_it_and_proves_that_nothing_followed(login: Login) -> None:
    bo, kaja = cast.bo(), cast.kaja()
    cast.set_limit(kaja, 12_000_00, "month")
    asked = [
        promo(cast.anna(), reference="weekend-slots"), promo(bo, reference="weekend-slots"),
        promo(cast.cleo(), reference="weekend-slots"),
        promo(cast.dev(), ask=gate.Ask("deposit", 500_00, "GBP"), reference="high-roller"),
        promo(bo, purpose=Purpose.RG_CONFIRMATION, reference="exclusion-active"),
    ]  # fmt: skip
    with transaction.atomic():
        answers = gate.clear_many(asked, now=cast.noon())
    entry = audit.record(cast.olivia(), "policy.asked", "policy:1", brand=bo.brand_id, reason="The regulator wrote to us",
                         before={"enabled": True}, after={"enabled": False})  # fmt: skip
    seal()
    anchor.write(now=utcnow())
    checking.check_next(now=utcnow())
    with transaction.atomic():
        erasing.hold(bo, cast.olivia(), "Dispute with the ombudsman", now=utcnow())
        for kind, player in (("player", bo), ("period", None)):
            handouts.ask(kind, bo.brand, player, "", utcnow() - timedelta(days=9), utcnow(), cast.olivia(),
                         "The regulator's letter of 3 November", now=utcnow())  # fmt: skip
    handouts.work(clock=utcnow)
    page = login("compliance_officer")

    page.goto(reverse("compliance:home"))
    expect(page.get_by_text("must be 0")).to_have_count(0)
    page.goto(reverse("compliance:decision", args=[answers[1].decision_id]))
    page.get_by_role("link", name="Replay").click()
    expect(page.get_by_text("the same answer")).to_be_visible()
    page.get_by_role("link", name="Nothing sent since?").click()
    expect(page.get_by_text("Promotions while restricted")).to_be_visible()

    paths = [reverse(f"compliance:{name}") for name in
             ("home", "decisions", "restrictions", "rules", "ask", "audit", "stop", "exports", "coverage", "erasure")]  # fmt: skip
    paths += [reverse("compliance:decision", args=[answers[3].decision_id]), reverse("compliance:proof", args=[bo.pk]),
              reverse("compliance:entry", args=[entry.pk]), reverse("compliance:erasure") + "?q=bo",
              reverse("compliance:consents") + "?q=anna"]  # fmt: skip
    for path in paths:
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(path)
        for width in (1440, 390):  # no script lays anything out by the width, so it need not be loaded twice
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
            if PICTURES:
                name = path.strip("/").replace("/", "-").replace("?", "_")
                page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)
