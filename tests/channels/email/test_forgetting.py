"""What was written to somebody who was erased goes; that it was written stays."""

import pytest
from django.db import connection

from campaigns.models import Attempt
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
