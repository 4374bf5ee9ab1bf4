"""The page of a player's own choices: a signed link, no login, no nudge."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from campaigns import links, stopping
from campaigns.models import Delivery
from campaigns.preferences import WORDING
from compliance import gate
from compliance.models import Consent
from config.lib.clock import utcnow
from players.models import Brand, Player
from tests import cast
from tests.journey import build
from tests.spec.test_4_the_gate import promo

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery(northlight: Brand, anna: Player) -> Delivery:
    """A message Anna got."""
    from campaigns.models import Enrolment

    now = utcnow()
    version = build.simple(northlight, now)
    run = Enrolment.objects.create(
        campaign=version.campaign, version=version, player=anna, person=anna.person, entry_key="t", entered_at=now
    )
    return Delivery.objects.create(
        enrolment=run, step=version.steps.get(), player=anna, person=anna.person, channel="email",
        purpose="promotional", created_at=now, due_at=now, expires_at=now + timedelta(days=1),
    )  # fmt: skip


@pytest.fixture
def page(delivery: Delivery) -> str:
    return f"/u/{links.stop_token(delivery.player_id, 'email', delivery.id)}/choices/"


def may(player: Player, **changes: object) -> bool:
    """As far as consent goes."""
    [answer] = gate.preview([promo(player, **changes)], now=cast.noon())
    return not any("OPTED_OUT" in reason or "NO_OPT_IN" in reason for reason in answer.reasons)


def test_it_shows_what_was_agreed_and_ticks_nothing_else(client: Client, page: str) -> None:
    html = client.get(page).content.decode()
    ticked = re.findall(r'value="([\w/]+)" checked', html)
    assert sorted(ticked) == ["casino/email", "casino/onsite"]
    assert html.count('type="checkbox"') == 15
    assert "Northlight may send me offers and news about casino by e-mail." in html


def test_opening_it_changes_nothing(client: Client, page: str, anna: Player) -> None:
    before = Consent.objects.count()
    client.get(page)
    client.head(page)
    assert Consent.objects.count() == before


def test_unticking_is_a_no_at_once_and_only_what_changed_is_written(client: Client, page: str, anna: Player) -> None:
    before = Consent.objects.count()
    assert "Saved" in client.post(page, {"yes": ["casino/onsite"]}).content.decode()
    assert not may(anna)
    assert may(anna, channel="onsite")
    assert Consent.objects.count() == before + 1
    newest = Consent.objects.latest("pk")
    assert (newest.granted, newest.wording, newest.screen) == (False, WORDING, "preference-page")


def test_ticking_is_a_yes_with_its_evidence(client: Client, page: str, anna: Player) -> None:
    client.post(page, {"yes": ["casino/email", "casino/onsite", "betting/email"]})
    assert may(anna, products=frozenset({"betting"}))
    assert Consent.objects.latest("pk").wording == WORDING


def test_one_button_takes_everything_back(client: Client, page: str, anna: Player) -> None:
    client.post(page, {"nothing": "1", "yes": ["casino/email"]})
    assert not may(anna)
    assert not may(anna, channel="onsite")


def test_an_old_message_can_only_take_back(client: Client, page: str, delivery: Delivery, anna: Player) -> None:
    Delivery.objects.filter(id=delivery.id).update(created_at=utcnow() - timedelta(days=61))
    html = client.get(page).content.decode()
    assert html.count("disabled") == 13
    client.post(page, {"yes": ["casino/onsite", "betting/email"]})
    assert not may(anna)
    assert not may(anna, products=frozenset({"betting"}))


@pytest.mark.parametrize("token", ["nonsense", "W10:x", "a" * 500])
def test_a_forged_link_opens_nothing(client: Client, db: None, token: str) -> None:
    assert client.get(f"/u/{token}/choices/").status_code == 404
    assert client.post(f"/u/{token}/choices/", {"nothing": "1"}).status_code == 404


def test_what_was_sent_is_no_name_of_a_box(client: Client, page: str, anna: Player) -> None:
    before = Consent.objects.count()
    client.post(page, {"yes": ["casino/email", "casino/onsite", "poker/pigeon", "\0"]})
    assert Consent.objects.count() == before


def test_an_old_stop_link_works_again_after_a_new_yes(anna: Player, delivery: Delivery) -> None:
    """The link of one message is pressed, the player agrees anew, and presses the same link again."""
    link = links.Stop(anna.pk, "email", delivery.id)
    stopping.stop(link, now=utcnow(), screen="one-click")
    stopping.stop(link, now=utcnow(), screen="one-click")
    assert Consent.objects.filter(player=anna, granted=False).count() == 3
    cast.consent(anna, "casino/email")
    assert may(anna)
    stopping.stop(link, now=utcnow(), screen="one-click")
    assert not may(anna)
