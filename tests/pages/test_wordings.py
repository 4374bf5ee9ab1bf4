"""A yes carries the name of the words it was given to; what they said is on record, and nobody changes it afterwards."""

import json

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from campaigns import preferences
from compliance import wordings
from compliance.models import AuditEntry, Wording
from config.lib.clock import utcnow
from players.models import Brand, Player
from tests import cast

pytestmark = pytest.mark.django_db
TEXT, HOW = "Yes, send me offers of Northlight by e-mail.", "One box per channel, none ticked"


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(cast.olivia())
    return client


def told(brand: Brand) -> dict[str, str | None]:
    return {row.name: row.words.text if row.words else None for row in wordings.used([brand])}


def test_words_nobody_has_recorded_stand_first_until_somebody_does(officer: Client, anna: Player) -> None:
    cast.consent(anna, "casino/sms", wording="v4", screen="cashier")
    cast.consent(anna, "casino/push", wording="v5", granted=False)
    assert told(anna.brand) == {"v3": None, "v4": None}
    page = reverse("compliance:wording", args=[anna.brand_id])
    assert officer.post(page, {"name": "v3", "text": "", "how": HOW}).status_code == 422
    assert officer.post(page, {"name": "v3", "text": TEXT, "how": HOW}).status_code == 302

    assert list(told(anna.brand).items()) == [("v4", None), ("v3", TEXT)]
    assert "v3" not in told(cast.bjork())
    shown = officer.get(reverse("compliance:wordings")).content.decode()
    assert TEXT in shown
    assert "not on record" in shown
    evidence = officer.get(reverse("compliance:consents"), {"q": "anna"}).content.decode()
    assert TEXT in evidence
    assert "words not on record" in evidence
    said = json.loads(AuditEntry.objects.get(kind="wording.recorded").payload)["after"]
    assert (said["wording"], said["words"], said["how_asked"]) == ("v3", TEXT, HOW)
    officer.force_login(cast.carla())
    assert {officer.get(one).status_code for one in (page, reverse("compliance:wordings"))} == {403}


def test_recorded_again_the_newer_words_count_and_the_older_stay(officer: Client, anna: Player) -> None:
    for text in (TEXT, "Other words"):
        wordings.record(anna.brand, "v3", text, HOW, cast.olivia(), now=utcnow())
    assert told(anna.brand) == {"v3": "Other words"}
    assert TEXT in officer.get(reverse("compliance:wordings")).content.decode()
    for statement in ("UPDATE compliance_wording SET text = 'x'", "DELETE FROM compliance_wording"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as db:
            db.execute(statement)
    assert Wording.objects.count() == 2


def test_what_our_own_page_asks_is_known_without_anybody_typing_it(officer: Client, anna: Player) -> None:
    cast.consent(anna, "casino/sms", wording=preferences.WORDING, screen="preference-page")
    assert told(anna.brand)[preferences.WORDING] == preferences.SENTENCE
