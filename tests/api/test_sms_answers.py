"""STOP by SMS: in force with the answer, once, and for numbers nobody here has as well."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from compliance import gate, inbound
from compliance.models import Consent, Suppression
from config.lib.clock import utcnow
from players.models import Brand, Contact, Feed, FeedKey, Player
from tests import cast
from tests.spec.test_4_the_gate import promo

pytestmark = pytest.mark.django_db
NUMBER = "+447700900123"


@pytest.fixture
def hand_in(northlight: Brand) -> Any:
    _, key = FeedKey.objects.create_key(name="sms", feed=Feed.objects.get(brand=northlight), scopes=["answers"])
    client = Client(headers={"Authorization": f"Api-Key {key}"})

    def post(text: Any, number: Any = NUMBER, message_id: str = "SM1") -> HttpResponse:
        body = {"message_id": message_id, "from": number, "text": text}
        return client.post("/api/v1/answers/sms", json.dumps(body), content_type="application/json")

    return post


@pytest.fixture
def reachable(anna: Player) -> Player:
    """Anna said yes to casino by SMS, and to casino by e-mail."""
    Contact.objects.create(player=anna, channel="sms", address=NUMBER, normal=NUMBER)
    cast.consent(anna, "casino/sms")
    return anna


def may(player: Player, channel: str = "sms") -> bool:
    return gate.preview([promo(player, channel=channel)], now=cast.noon())[0].allowed


@pytest.mark.parametrize("said", ["STOP", "stop!", " Stopp tack", "arrêt", "Unsubscribe me", "opt-out", "BAJA"])
def test_these_words_mean_stop(said: str) -> None:
    assert inbound.means_stop(said)


@pytest.mark.parametrize("said", ["", "?", "do not stop", "thanks", "stopwatch", "🎉", "cancellation fee?"])
def test_these_do_not(said: str) -> None:
    assert not inbound.means_stop(said)


def test_stop_withdraws_every_product_on_that_channel_and_nothing_else(hand_in: Any, reachable: Player) -> None:
    assert may(reachable)
    told = hand_in("Stop please")
    assert (told.status_code, told.json()) == (200, {"understood_as": "stop"})
    assert not may(reachable)
    assert may(reachable, "email")
    refused = Consent.objects.filter(player=reachable, granted=False)
    assert set(refused.values_list("product", "channel")) == {(p, "sms") for p in Consent.Product.values}
    assert set(refused.values_list("wording", "screen")) == {("STOP by SMS", "sms")}


def test_the_same_message_again_changes_nothing_and_a_later_yes_counts(hand_in: Any, reachable: Player) -> None:
    hand_in("STOP")
    cast.consent(reachable, "casino/sms")
    assert hand_in("STOP").status_code == 200  # the provider's repeat
    inbound.take(reachable.brand, NUMBER, "STOP", "SM1", now=utcnow() + timedelta(seconds=40))
    assert may(reachable)
    hand_in("STOP", message_id="SM2")
    assert not may(reachable)


def test_any_other_answer_changes_nothing(hand_in: Any, reachable: Player) -> None:
    assert hand_in("what is this?").json() == {"understood_as": None}
    assert may(reachable)


def test_a_number_nobody_has_is_not_written_to_by_whoever_gets_it(hand_in: Any, cleo: Player) -> None:
    hand_in("STOP", "+44 7700 900999")
    assert Suppression.objects.count() == 1
    Contact.objects.create(player=cleo, channel="sms", address="+447700900999", normal="+447700900999")
    cast.consent(cleo, "casino/sms")
    assert gate.preview([promo(cleo, channel="sms")], now=cast.noon())[0].code == "DENY_OPTED_OUT"


@pytest.mark.parametrize(("text", "number"), [("STOP", "07700900123"), ("STOP", 7), (None, NUMBER), ("STOP", "")])
def test_what_cannot_be_read_is_refused(hand_in: Any, text: Any, number: Any) -> None:
    assert hand_in(text, number).status_code == 400


def test_a_null_in_the_text_brings_nothing_down(hand_in: Any, reachable: Player) -> None:
    assert hand_in("STOP\0").status_code == 400
    assert connection.ensure_connection() is None
