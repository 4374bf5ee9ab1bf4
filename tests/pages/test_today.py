"""Today, search and the counters of the top bar."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache

from compliance import stops
from config.lib.clock import utcnow
from players.models import Feed, FeedTally, Player, PlayerState, Stage, StageChange, TotalsDay
from tests import cast
from tests.pages.conftest import Enter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forgotten() -> None:
    cache.clear()


def test_the_base_counts_players_by_stage_without_test_accounts(enter: Enter, anna: Player) -> None:
    cast.make_player(cast.northlight(), "robot", is_test=True)
    PlayerState.objects.filter(player=anna).update(stage=Stage.ACTIVE)
    now = utcnow()
    StageChange.objects.create(
        player=anna, before=1, after=2, at=now - timedelta(hours=2), recorded_at=now, cause="deposit"
    )

    rows = {row["stage"]: row for row in enter("crm_manager").get("/").context["base"]}

    assert sum(row["size"] for row in rows.values()) == 1
    assert (rows[2]["size"], rows[2]["came"], rows[1]["went"]) == (1, 1, 1)


def test_each_role_reads_its_own_part(enter: Enter, anna: Player) -> None:
    parts = ("base", "messages_figures", "protection", "money")
    seen = {role: {part for part in parts if part in enter(role).get("/").context} for role in
            ("crm_manager", "compliance_officer", "finance", "support_agent")}  # fmt: skip

    assert seen == {
        "crm_manager": {"base", "messages_figures"},
        "compliance_officer": {"base", "protection"},
        "finance": {"money"},
        "support_agent": set(),
    }


def test_nobody_finds_an_empty_page(enter: Enter, anna: Player) -> None:
    """A developer reads what arrives, an admin who works here, a VIP host how the VIP players stand."""
    Player.objects.filter(pk=anna.pk).update(vip_tier=2)
    cast.make_player(anna.brand, "plain")
    now = utcnow()
    FeedTally.objects.create(feed=anna.brand.feeds.get(), minute=now, accepted=5, duplicate=2, quarantined=1)

    arriving = {row["label"]: row for row in enter("api_developer").get("/").context["arriving"]}
    assert (arriving["Events received"]["value"], arriving["Put in quarantine"]["value"]) == (8, 1)
    staff = {row["label"]: row["value"] for row in enter("admin").get("/").context["staff"]}
    assert staff["Users who may log in"] >= 1
    host = enter("vip_host").get("/")
    assert sum(row["size"] for row in host.context["vips"]) == 1
    assert "Find a player" in host.content.decode()
    assert "vip=yes" in host.content.decode()


def test_a_day_that_differs_from_the_pam_waits_for_finance_alone(enter: Enter, anna: Player) -> None:
    day = TotalsDay.objects.create(
        brand=anna.brand, day=date(2026, 11, 19), received_at=utcnow(), source="api", digest=b"", status="differs"
    )
    [need] = enter("finance").get("/").context["needs"]
    assert (need.text, need.href.endswith(f"/{day.pk}/")) == (
        "19 Nov 2026 of Northlight differs from the PAM's totals",
        True,
    )
    assert enter("analyst").get("/").context["needs"] == []


def test_a_stopped_brand_and_a_stale_feed_are_alerts(enter: Enter, anna: Player) -> None:
    stops.stop(anna.brand, cast.olivia(), "regulator asked for it", now=utcnow())
    Feed.objects.filter(brand=anna.brand).update(freshness=Feed.Freshness.STALE)
    page = enter("crm_manager").get("/")

    assert [need.tone for need in page.context["needs"]] == ["red", "red"]
    assert "regulator asked for it" in page.content.decode()
    assert page.context["top_counts"]["alerts"] == 2


def test_search_opens_the_only_hit_and_lists_several(enter: Enter, anna: Player, bo: Player) -> None:
    support = enter("support_agent")

    assert support.get("/search/", {"q": "anna"})["Location"] == f"/players/{anna.pk}/"
    assert support.get("/search/", {"q": "nobody-like-this"}).status_code == 200
    cast.make_player(cast.northlight(), "bob")
    hits = support.get("/search/", {"q": "bo"}).context["hits"]
    assert [hit.title.split()[0] for hit in hits] == ["bo", "bob"]


def test_search_finds_nothing_of_another_brand(enter: Enter, anna: Player) -> None:
    assert enter("support_agent", cast.bjork()).get("/search/", {"q": "anna"}).context["hits"] == []
