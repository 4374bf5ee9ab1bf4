"""What was written to somebody who was erased goes; that it was written stays."""

import pytest
from django.db import connection

from campaigns.models import Attempt, Delivery, Trace
from compliance import erasing
from players import facts
from players.models import Player
from tests import cast
from tests.channels.email.test_mail import NOW, send
from tests.journey.conftest import Sink

pytestmark = pytest.mark.django_db


def test_the_text_of_a_message_goes_only_with_an_erasure_on_record(post: Sink, anna: Player) -> None:
    send(anna)
    before = Attempt.objects.get()

    with connection.cursor() as db:
        db.execute("SELECT campaigns_forget(%s::bigint[])", [[anna.pk]])
    assert Attempt.objects.get().html == before.html != ""

    erasing.erase(anna, cast.olivia(), "Asked for it by letter", now=NOW)
    facts.settle_owed(now=NOW)

    after = Attempt.objects.get()
    assert (after.address, after.subject, after.html, after.text) == ("", "", "", "")
    assert (after.decision_id, after.status, after.sent_at) == (before.decision_id, before.status, before.sent_at)


def everything_said() -> str:
    """Of attempts, deliveries and runs, and what else the database keeps of errors."""
    with connection.cursor() as db:
        db.execute(
            "SELECT string_agg(said, '; ') FROM (SELECT error AS said FROM campaigns_attempt UNION ALL"
            " SELECT detail FROM campaigns_delivery UNION ALL SELECT detail FROM campaigns_trace UNION ALL"
            " SELECT data::text FROM players_fact WHERE kind LIKE 'message.%%') AS x"
        )
        return str(db.fetchone()[0])


def test_a_refused_address_is_not_kept_with_the_refusal(post: Sink, anna: Player) -> None:
    address = anna.contacts.get(channel="email").address
    post.refuse = f"550 5.1.1 <{address}>: no such user {address.split('@')[0]} here"
    send(anna)

    assert Attempt.objects.get().status == Attempt.Status.FAILED
    assert "550" in Attempt.objects.get().error
    assert "5.1.1 <[address]>: no such user [address] here" in Attempt.objects.get().error
    assert "5.1.1" in Delivery.objects.get().detail
    assert "5.1.1" in Trace.objects.get(kind=Trace.Kind.REFUSED).detail
    assert address.split("@")[0] not in everything_said()


def test_what_was_kept_of_a_refusal_before_goes_with_an_erasure_and_the_code_stays(post: Sink, anna: Player) -> None:
    send(anna)
    address = anna.contacts.get(channel="email").address
    said = f"550 5.1.1 <{address}>: no such user {address.split('@')[0].upper()}, call +44 7700 900123"
    Attempt.objects.update(error=said)
    Delivery.objects.update(code="provider", detail=said)
    one = Delivery.objects.get()
    Trace.objects.create(
        enrolment_id=one.enrolment_id, player=anna, at=NOW, kind=Trace.Kind.REFUSED, detail=f"provider: {said}"
    )
    Trace.objects.create(enrolment_id=one.enrolment_id, player=anna, at=NOW, kind=Trace.Kind.REFUSED, detail="anna")

    with connection.cursor() as db:  # nobody's words go before they are erased
        db.execute("SELECT campaigns_forget(%s::bigint[])", [[anna.pk]])
    assert address in everything_said()

    erasing.erase(anna, cast.olivia(), "Asked for it by letter", now=NOW)
    facts.settle_owed(now=NOW)

    kept = "550 5.1.1 <[address]>: no such user [address], call [number]"
    assert (Attempt.objects.get().error, Delivery.objects.get().detail) == (kept, kept)
    assert set(Trace.objects.filter(kind=Trace.Kind.REFUSED).values_list("detail", flat=True)) == {
        f"provider: {kept}", "anna"
    }  # fmt: skip
