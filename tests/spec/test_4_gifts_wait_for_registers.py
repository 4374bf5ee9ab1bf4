"""A bonus given by hand while a register has no usable answer is deferred: its no gives, its yes is final."""

import json
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from bonuses import due, gifts
from bonuses.models import Gift, Grant
from compliance.models import AuditEntry, Decision, Seat
from config.lib.clock import utcnow
from players import facts
from players.models import Player
from tests import cast
from tests.ledger.conftest import make_terms

pytestmark = pytest.mark.django_db
NOW = cast.noon()
MINUTE = timedelta(minutes=1)
WHY = "Her withdrawal took two days"


def swede() -> Player:
    return cast.make_player(cast.bjork(), "sven", register=None)


def deferred(player: Player, once: str = "1") -> Gift:
    terms = make_terms(player.brand, "goodwill", expiry_days=60)
    given = gifts.give(player, terms, 20_00, cast.carla(), WHY, once=once, now=NOW)
    assert given.grant is None
    assert given.gift is not None
    return given.gift


def answers(player: Player, result: str, at_: timedelta) -> None:
    cast.register_answer(player, result, at=NOW + at_, now=NOW + at_)
    facts.settle_owed(now=NOW + at_)
    gifts.work(now=NOW + at_)


def test_it_waits_is_asked_about_and_given_when_the_register_says_no() -> None:
    player = swede()
    gift = deferred(player)
    assert (gift.state, gift.code, gift.due_at) == ("waiting", "DENY_REGISTER_UNAVAILABLE", NOW + 15 * MINUTE)
    assert due.players(NOW + 15 * MINUTE, 10) == [player.pk]  # so the register is asked before

    answers(player, "unavailable", MINUTE)
    assert not Grant.objects.exists()
    answers(player, "clear", 2 * MINUTE)

    gift.refresh_from_db()
    grant = Grant.objects.get()
    assert (gift.state, gift.grant, grant.amount, grant.reason) == ("given", grant, 20_00, WHY)
    assert due.players(NOW + timedelta(days=1), 10) == []
    told = AuditEntry.objects.filter(kind__startswith="goodwill.").order_by("pk")
    assert [(one.kind, one.actor) for one in told] == [("goodwill.deferred", cast.carla()), ("goodwill.given", None)]
    assert json.loads(told[1].payload)["after"]["asked_by"] == "Carla"


def test_a_listed_player_is_final() -> None:
    player = swede()
    gift = deferred(player)
    answers(player, "listed", MINUTE)
    answers(player, "clear", 2 * MINUTE)
    gift.refresh_from_db()
    assert (gift.state, gift.code, Grant.objects.count()) == ("refused", "DENY_NATIONAL_REGISTER", 0)


def test_a_register_that_never_answers_is_asked_ever_more_seldom_for_two_days() -> None:
    gift = deferred(swede())
    while gift.state == "waiting":
        assert gifts.work(now=gift.due_at) == 1
        gift.refresh_from_db()
    assert (gift.state, gift.code) == ("refused", "DENY_REGISTER_UNAVAILABLE")
    assert NOW + timedelta(hours=24) < gift.settled_at < NOW + gifts.WAITS  # type: ignore[operator]
    assert 8 <= Decision.objects.filter(reference=gift.reference).count() <= 16


def test_what_stands_in_the_way_for_good_is_not_waited_for() -> None:
    player = swede()
    cast.take_time_out(player, NOW + timedelta(days=3))
    given = gifts.give(player, make_terms(player.brand, "goodwill", expiry_days=60), 20_00, cast.carla(), WHY, once="1",
                       now=NOW)  # fmt: skip
    assert given.gift is None
    assert given.grant is None


def test_whoever_may_not_give_any_more_gives_nothing_that_waited() -> None:
    player = swede()
    gift = deferred(player)
    Seat.objects.filter(operator=cast.carla()).delete()
    answers(player, "clear", MINUTE)
    gift.refresh_from_db()
    assert (gift.state, Grant.objects.count()) == ("refused", 0)


def test_the_page_says_what_it_waits_for_and_takes_it_back(client: Client) -> None:
    player = swede()
    terms = make_terms(player.brand, "goodwill", expiry_days=60)
    client.force_login(cast.carla())
    address = reverse("bonuses:give", args=[player.pk])
    posted = {"template": terms.template_id, "amount": "20", "reason": WHY, "once": str(uuid.uuid4())}

    shown = client.post(address, posted, follow=True).content.decode()
    client.post(address, posted)  # pressed twice

    gift = Gift.objects.get()
    assert "Waits for Spelpaus&#x27;s answer." in shown
    assert "waits for Spelpaus’s answer since" in shown
    assert (
        "waits for Spelpaus’s answer" in client.get(reverse("bonuses:player-panel", args=[player.pk])).content.decode()
    )
    client.post(reverse("bonuses:gift-withdraw", args=[gift.pk]))
    client.post(reverse("bonuses:gift-withdraw", args=[gift.pk]))
    assert "Taken back" in client.get(address).content.decode()
    cast.register_answer(player, "clear", at=utcnow(), now=utcnow())
    assert gifts.work(now=utcnow()) == 0
    assert not Grant.objects.exists()


def test_why_it_was_not_given_is_protected_outside_compliance(client: Client) -> None:
    player = swede()
    gift = deferred(player)
    answers(player, "listed", MINUTE)
    Gift.objects.filter(pk=gift.pk).update(settled_at=utcnow())
    for operator, told in ((cast.carla(), False), (cast.olivia(), True)):
        client.force_login(operator)
        shown = client.get(reverse("bonuses:player-panel", args=[player.pk])).content.decode()
        assert ("national self-exclusion register" in shown) is told
        assert "Not given" in shown
