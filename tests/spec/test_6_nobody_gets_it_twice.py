"""Nobody gets the same message twice because of us, and what is not known is shown, not guessed."""

import socket
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError
from django.test import override_settings

from campaigns import dispatch as door
from campaigns import handing
from campaigns.advance import advance
from campaigns.channels.contract import Result, Verdict
from campaigns.models import Attempt, Delivery
from players.facts import settle_owed
from players.models import Player
from tests import cast
from tests.journey import build
from tests.journey.conftest import Sink, post, work

__all__ = ["post"]

pytestmark = pytest.mark.django_db
NOW = cast.noon()


def planned(player: Player, **fields) -> Delivery:  # noqa: ANN003
    build.simple(player.brand, NOW, **fields)
    cast.tell(player, "player.login", now=NOW, at=NOW)
    settle_owed(now=NOW)
    advance(now=NOW)
    return Delivery.objects.get(player=player)


def claim(now: datetime = NOW) -> list[Attempt]:
    with transaction.atomic():
        return door._claim(now, 10)


def test_the_attempt_is_on_record_before_the_provider_is_called(post: Sink, anna: Player) -> None:
    planned(anna)
    (attempt,) = claim()

    assert post.mails == []
    assert Attempt.objects.get().status == "sending"
    assert attempt.text.startswith("Hello Anna.")


def test_a_worker_that_dies_between_claim_and_answer_leaves_an_unknown_that_is_never_sent_again(
    post: Sink, anna: Player
) -> None:
    delivery = planned(anna)
    claim()  # and then the worker is gone

    door.sweep(now=NOW + timedelta(seconds=30))
    assert Attempt.objects.get().status == "sending"  # the lease still holds
    door.sweep(now=NOW + timedelta(seconds=61))
    work(NOW + timedelta(seconds=62))

    delivery.refresh_from_db()
    assert (Attempt.objects.get().status, delivery.status) == ("unknown", "unknown")
    assert post.mails == []


def test_a_card_that_did_not_arrive_is_sent_again_because_the_channel_can_tell(anna: Player) -> None:
    planned(anna, channel="onsite")
    claim()

    door.sweep(now=NOW + timedelta(seconds=61))
    work(NOW + timedelta(seconds=200))

    assert sorted(Attempt.objects.values_list("number", "status")) == [(1, "failed"), (2, "accepted")]
    assert anna.cards.count() == 1


def test_a_worker_that_wakes_up_late_cannot_overwrite_what_is_known(post: Sink, anna: Player) -> None:
    planned(anna)
    (attempt,) = claim()
    door.sweep(now=NOW + timedelta(seconds=61))

    handing.write([(attempt, Result(Verdict.ACCEPTED))], now=NOW + timedelta(seconds=90))

    assert Attempt.objects.get().status == "unknown"
    assert Delivery.objects.get().status == "unknown"


def test_an_exclusion_after_the_attempt_was_recorded_stops_it_before_the_provider(post: Sink, anna: Player) -> None:
    planned(anna)
    (attempt,) = claim()
    cast.tell(anna, "rg.self_excluded", now=NOW, at=NOW, measure_id="x", sequence=1, ends_at=None)

    door._hand_over("email", [attempt], NOW)
    work(NOW + timedelta(seconds=5))

    assert post.mails == []
    assert Attempt.objects.get().error == "no longer allowed at the moment of sending"
    assert Delivery.objects.get().status == "refused"


def test_a_provider_that_says_not_now_is_asked_again_later_under_a_new_decision(post: Sink, anna: Player) -> None:
    planned(anna)
    post.refuse = "451 try later"
    door.dispatch(now=NOW)
    assert Delivery.objects.get().status == "ready"

    post.refuse = ""
    work(NOW + timedelta(minutes=5))

    first, second = Attempt.objects.order_by("number")
    assert (first.status, second.status) == ("failed", "accepted")
    assert first.decision_id != second.decision_id
    assert len(post.mails) == 1


def asked_through(outage: timedelta, post: Sink, delivery: Delivery) -> list[timedelta]:
    """The provider says 'not now' so long, and then takes what it is given; when it was asked."""
    asked, now = list[timedelta](), NOW
    while delivery.status == "ready":
        post.refuse = "451 try later" if now - NOW < outage else ""
        asked.append(now - NOW)
        door.dispatch(now=now)
        delivery.refresh_from_db()
        now = delivery.due_at
    return asked


def test_a_provider_that_is_away_for_an_hour_costs_no_message_and_is_asked_at_growing_intervals(
    post: Sink, anna: Player
) -> None:
    asked = asked_through(timedelta(minutes=65), post, planned(anna))

    assert (Delivery.objects.get().status, len(post.mails)) == ("sent", 1)
    pauses = [later - at for at, later in zip(asked, asked[1:], strict=False)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1], len(asked)) == (timedelta(seconds=30), timedelta(minutes=30), 9)


def test_a_provider_that_is_away_longer_than_the_message_is_valid_is_asked_no_more(post: Sink, anna: Player) -> None:
    delivery = planned(anna)
    Delivery.objects.update(expires_at=NOW + timedelta(hours=1))

    asked = asked_through(timedelta(days=1), post, delivery)

    assert (delivery.status, delivery.code, post.mails) == ("failed", "provider", [])
    assert asked[-1] == timedelta(minutes=31, seconds=30)  # the next would have been half an hour later


def test_what_may_have_arrived_is_sent_five_times_at_most_whatever_its_validity(anna: Player) -> None:
    planned(anna, purpose="transactional")
    for number in range(handing.MOST_TRIES):
        (attempt,) = claim(NOW + timedelta(minutes=10 * number))
        handing.write([(attempt, Result(Verdict.UNKNOWN))], now=NOW + timedelta(minutes=10 * number))

    assert (Attempt.objects.count(), Delivery.objects.get().status) == (handing.MOST_TRIES, "unknown")


def test_what_was_not_begun_in_time_goes_at_once_and_costs_no_try(post: Sink, anna: Player) -> None:
    planned(anna)
    for number in range(1, handing.MOST_TRIES + 2):
        (attempt,) = claim()
        handing.write([(attempt, Result(Verdict.NOT_BEGUN, error="not handed over in time"))], now=NOW)
        waits = timedelta(minutes=1) if number > handing.MOST_TRIES else timedelta()
        assert (Delivery.objects.get().status, Delivery.objects.get().due_at) == ("ready", NOW + waits)

    post.refuse = "451 try later"
    door.dispatch(now=NOW + timedelta(minutes=1))
    assert Delivery.objects.get().status == "ready"  # that was the first try
    post.refuse = ""
    work(NOW + timedelta(minutes=5))

    assert len(post.mails) == 1
    assert Attempt.objects.filter(status="unbegun").count() == handing.MOST_TRIES + 1


def test_a_provider_that_says_never_is_believed(post: Sink, anna: Player) -> None:
    planned(anna)
    post.refuse = "550 no such mailbox"
    work(NOW)
    post.refuse = ""
    work(NOW + timedelta(hours=1))

    assert Attempt.objects.get().status == "failed"
    assert (Delivery.objects.get().status, Delivery.objects.get().code) == ("failed", "provider")


def test_a_mail_server_that_is_away_is_tried_again(anna: Player) -> None:
    planned(anna)
    with override_settings(EMAIL_HOST="127.0.0.1", EMAIL_PORT=1):
        door.dispatch(now=NOW)

    assert Attempt.objects.get().status == "failed"
    assert Delivery.objects.get().status == "ready"


@pytest.fixture
def silent_server() -> Iterator[int]:
    """Takes the whole mail and then says nothing: nobody knows whether it has it."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        peer, _ = listener.accept()
        lines = peer.makefile("rb")
        peer.sendall(b"220 here\r\n")
        for line in lines:
            if line.upper().startswith(b"DATA"):
                peer.sendall(b"354 go on\r\n")
                while lines.readline() != b".\r\n":
                    pass
                peer.close()
                return
            peer.sendall(b"250 ok\r\n")

    threading.Thread(target=serve, daemon=True).start()
    yield listener.getsockname()[1]
    listener.close()


def test_a_server_that_hangs_up_after_taking_the_mail_leaves_an_unknown(anna: Player, silent_server: int) -> None:
    planned(anna)
    with override_settings(EMAIL_HOST="127.0.0.1", EMAIL_PORT=silent_server):
        door.dispatch(now=NOW)

    assert Attempt.objects.get().status == "unknown"
    assert Delivery.objects.get().status == "unknown"


def test_quiet_hours_put_a_message_off_to_the_morning_where_the_player_is(post: Sink, anna: Player) -> None:
    Player.objects.filter(id=anna.id).update(timezone="Australia/Sydney")
    planned(anna)
    door.dispatch(now=NOW)  # noon in UTC, 22:00 or 23:00 in Sydney

    later = Delivery.objects.get()
    assert (later.status, later.code) == ("planned", "DENY_QUIET_HOURS")
    assert NOW < later.due_at <= NOW + timedelta(hours=10)
    assert post.mails == []


def test_the_database_refuses_an_attempt_without_a_fresh_allow(post: Sink, anna: Player, bo: Player) -> None:
    planned(anna)
    (attempt,) = claim()
    attempt.pk, attempt.number, attempt.player, attempt.person = None, 2, bo, bo.person

    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        attempt.save(force_insert=True)


def test_the_words_and_the_decision_of_an_attempt_cannot_be_changed_afterwards(post: Sink, anna: Player) -> None:
    planned(anna)
    (attempt,) = claim()

    for changes in ({"subject": "other"}, {"decision_id": 1}, {"person_id": 1}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Attempt.objects.filter(id=attempt.id).update(**changes)
