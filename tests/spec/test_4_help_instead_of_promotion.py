"""A player with strong signs of harm gets no promotion, and help instead; who plays at night is left to sleep."""

from datetime import timedelta

import pytest

from campaigns import recipes
from campaigns.lint import findings
from campaigns.models import Delivery, Enrolment
from compliance import loading, switches
from compliance.models import Case, Interaction, MarkerHit
from config.lib.clock import utcnow
from players.models import Brand, Player
from tests import cast
from tests.journey import build
from tests.journey.conftest import Sink, post, work
from tests.markers.test_levels import DAY, STRONG, put, see

__all__ = ["post"]

pytestmark = pytest.mark.django_db
NOW = cast.noon()


def help_of(brand: Brand) -> None:
    build.live(recipes.create(brand, "rg_outreach", cast.carla(), now=NOW), NOW)


def found_strong(player: Player) -> None:
    see(player, *STRONG, at=NOW - DAY)
    put(player, NOW)


def login(player: Player) -> None:
    cast.tell(player, "player.login", now=NOW, at=NOW)


def test_the_recipe_of_help_is_free_of_promotion_under_every_finding(northlight: Brand) -> None:
    version = recipes.create(northlight, "rg_outreach", cast.carla(), now=NOW)
    assert findings(version, now=NOW) == []


def test_31_strong_signs_end_the_promotion_and_start_help(post: Sink, anna: Player) -> None:
    help_of(anna.brand)
    build.simple(anna.brand, NOW, name="Promotion", wait_minutes=60)
    login(anna)
    work(NOW)
    found_strong(anna)
    work(NOW)
    assert [mail["Subject"] for mail in post.mails] == ["How are you getting on?"]
    runs = {run.campaign.name: (run.state, run.reason) for run in Enrolment.objects.select_related("campaign")}
    assert runs.pop("Promotion") == ("exited", "rg.strong_signs")
    [(state, _)] = runs.values()
    assert state == "active"

    work(NOW + timedelta(days=3))
    assert len(post.mails) == 2
    log = Interaction.objects.filter(case=Case.objects.get(person=anna.person), kind="outreach")
    assert log.count() == 3  # a card on the site and two mails
    assert Case.objects.get().acted_at is None  # a person still has to look


def test_a_promotion_that_makes_room_leads_to_help_launched_after_the_signs_were_found(
    post: Sink, anna: Player
) -> None:
    found_strong(anna)
    work(NOW)
    help_of(anna.brand)
    build.simple(anna.brand, NOW, name="Promotion")
    for _ in range(2):
        login(anna)
        work(NOW)
    refused = Delivery.objects.get(purpose="promotional")
    assert (refused.status, refused.code) == ("refused", "REROUTE_RG_STRONG")
    assert [mail["Subject"] for mail in post.mails] == ["How are you getting on?"]


@pytest.mark.parametrize("kind", ["rg.self_excluded", "rg.time_out"])
def test_help_ends_where_the_player_takes_a_break(post: Sink, anna: Player, kind: str) -> None:
    help_of(anna.brand)
    found_strong(anna)
    work(NOW)
    ends = (NOW + timedelta(days=200)).isoformat()
    cast.tell(anna, kind, now=NOW, at=NOW, measure_id="x", sequence=1, ends_at=ends)
    work(NOW)
    run = Enrolment.objects.get()
    assert (run.state, run.reason) == ("exited", kind)
    work(NOW + timedelta(days=4))
    assert len(post.mails) == 1


def test_what_starts_with_a_sign_of_harm_says_nothing_but_help(post: Sink, anna: Player) -> None:
    version = recipes.create(anna.brand, "blank", cast.carla(), name="Wrong", now=NOW, trigger="fact",
                             trigger_fact="rg.strong_signs", products=["casino"])  # fmt: skip
    recipes.message(version, 0, [{"subject": "Hello", "body": "<p>New games.</p>"}])
    assert "PD-07" in {one.rule for one in findings(version, now=NOW) if one.level == "red"}


def test_the_marker_of_night_play_is_read_where_a_brand_has_no_quiet_hours(anna: Player) -> None:
    def known() -> bool | None:
        return loading.load([anna.pk], now=NOW)[anna.pk].get("night_play")

    assert known() is None
    asked = switches.ask(anna.brand, "POL-08", False, cast.carla(), "r", now=utcnow())
    switches.sign(asked, cast.olivia(), now=utcnow())
    assert known() is False
    see(anna, "M20", at=NOW - DAY)
    assert known() is True
    MarkerHit.objects.update(counts_until=NOW)
    assert known() is False
