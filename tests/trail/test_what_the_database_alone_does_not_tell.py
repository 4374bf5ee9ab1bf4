"""Whoever has the database and not the environment learns no national id, and after an erasure no birth date either."""

import json
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client, override_settings
from django.urls import reverse

from compliance import effects, erasing, gate, withholding
from compliance.models import Decision, Identity, SubjectKey
from compliance.persons.sealing import Unreadable, keys_of, seal, unseal
from compliance.sealing import checking
from config.lib import secrecy
from config.lib.clock import utcnow
from players import inbox
from players.models import Feed, Player, Quarantine
from tests import cast
from tests.spec.test_4_the_gate import clear, promo
from tests.trail.world import seal as seal_trail

NUMBER = "198505170061"


def dump() -> str:
    """Every row of every table, as a copy of the database would hold it: bytes as text too."""
    with connection.cursor() as db:
        db.execute("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
                   " AND has_table_privilege(oid, 'SELECT')")  # fmt: skip
        found = []
        for (table,) in db.fetchall():
            db.execute(f'SELECT string_agg(t::text, chr(10)) FROM "{table}" t')  # noqa: S608
            found.append(db.fetchone()[0] or "")
    return "\n".join(found)


def lies_open(text: str) -> bool:
    told = dump()
    return any(form in told for form in (text, text.encode().hex(), "".join(f"\\{ord(c):03o}" for c in text)))


def identified(player: str, **properties: Any) -> dict[str, Any]:
    return {"event": "player.identified", "event_id": f"i-{player}", "player": player,
            "occurred_at": utcnow().isoformat(), "properties": properties}  # fmt: skip


@pytest.mark.django_db
def test_who_somebody_is_waits_for_their_account_without_lying_open() -> None:
    brand = cast.bjork()
    feed = Feed.objects.get(brand=brand)
    told = identified("early", national_id=NUMBER, national_id_country="SE")
    wrong = identified("early2", national_id=NUMBER, national_id_country="Sweden")

    receipt = inbox.accept(feed, [told, wrong], now=utcnow())

    assert receipt.accepted == 0
    assert Quarantine.objects.filter(resolved_at=None).count() == 2
    assert not lies_open(NUMBER)
    assert json.loads(Quarantine.objects.get(external_id="early").raw)["properties"]["national_id"] == NUMBER
    about = {"email": "early@example.test", "first_name": "E", "last_name": "H", "birth_date": "1985-05-17",
             "country": "SE", "language": "sv", "currency": "SEK"}  # fmt: skip
    registered = {"event": "player.registered", "event_id": "r-1", "player": "early",
                  "occurred_at": utcnow().isoformat(), "properties": about}  # fmt: skip
    inbox.accept(feed, [registered], now=utcnow())
    early = Player.objects.get(external_id="early")
    assert json.loads(unseal(bytes(Identity.objects.get(player=early).sealed), keys_of([early.pk])[early.pk],
                             f"identity:{early.pk}"))["national_id"] == NUMBER  # fmt: skip
    assert not lies_open(NUMBER)


@pytest.mark.django_db
def test_the_inbox_keeps_no_fingerprint_that_numbers_could_be_tried_against() -> None:
    from players.pam.generic.envelope import read

    told = identified("early", national_id=NUMBER)
    now = utcnow()
    before = read(told, now).digest
    assert read(told, now).digest == before, "a repetition is told to be one"
    with override_settings(IDENTITY_KEY="another" * 6):
        assert read(told, now).digest != before


@pytest.mark.django_db
def test_nobody_is_shown_a_national_id_that_could_not_be_read(client: Client) -> None:
    feed = Feed.objects.get(brand=cast.bjork())
    inbox.accept(feed, [identified("early", national_id=NUMBER, birth_name="Holm")], now=utcnow())
    row = Quarantine.objects.get()
    client.force_login(cast.olivia())
    shown = client.post(f"/integration/quarantine/{row.pk}/reveal/").content.decode()
    assert "Holm" in shown
    assert NUMBER not in shown


@pytest.mark.django_db
def test_a_sealed_text_opens_under_its_own_key_and_as_what_it_is_only(anna: Player, bo: Player) -> None:
    keys = keys_of([anna.pk, bo.pk])
    sealed = seal("words", keys[anna.pk], "identity:1")

    assert unseal(sealed, keys[anna.pk], "identity:1") == "words"
    assert sealed != seal("words", keys[anna.pk], "identity:1"), "the same words do not look the same"
    for text, key, about in (
        (sealed, keys[bo.pk], "identity:1"), (sealed, keys[anna.pk], "birth:1"), (sealed, None, "identity:1"),
        (sealed[:-1] + bytes([sealed[-1] ^ 1]), keys[anna.pk], "identity:1"), (b"\x01" + sealed[1:], keys[anna.pk], "identity:1"),
        (b"\x02", keys[anna.pk], "identity:1"),
    ):  # fmt: skip
        with pytest.raises(Unreadable):
            unseal(text, key, about)


@pytest.mark.django_db
def test_a_key_is_born_with_the_account_and_the_application_makes_none(anna: Player) -> None:
    assert len(bytes(SubjectKey.objects.get(player=anna).salt)) == 32
    for change in ("INSERT INTO compliance_subjectkey SELECT player_id + 1, salt FROM compliance_subjectkey",
                   "UPDATE compliance_subjectkey SET salt = ''"):  # fmt: skip
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as db:
            db.execute(change)


@pytest.mark.django_db
def test_a_decision_replays_until_the_key_is_destroyed_and_stays_when_it_is(anna: Player, client: Client) -> None:
    [answer] = clear(promo(anna))
    row = Decision.objects.get(pk=answer.decision_id)

    assert "1985-05-17" not in json.dumps(row.inputs)
    assert gate.replay(row).code == row.code == "ALLOW"
    assert withholding.dossier_of(row).birth_date == anna.birth_date
    page = reverse("compliance:decision", args=[row.pk]) + "?replay=1"
    client.force_login(cast.olivia())
    assert "the same answer" in client.get(page).content.decode()

    erased = erasing.erase(anna, cast.olivia(), "Asked for it by letter", now=utcnow())

    assert erased.erased["keys"] == 1
    assert not lies_open("1985-05-17")
    with pytest.raises(Unreadable):
        gate.replay(row)
    shown = client.get(page).content.decode()
    assert "birth date erased since" in shown
    assert "cannot be computed again" in shown
    assert effects.of_switch(anna.brand, "POL-11", True, now=utcnow()).looked_at == 1


@pytest.mark.django_db(transaction=True)
def test_the_chain_holds_over_a_destroyed_key() -> None:
    anna = cast.anna()
    clear(promo(anna))
    seal_trail()
    with transaction.atomic():
        erasing.erase(anna, cast.olivia(), "Asked for it by letter", now=utcnow())
    assert checking.check().problems == []


def test_a_key_is_for_one_use() -> None:
    assert secrecy.key("quarantine") != secrecy.key("subject") != secrecy.key("subject", b"7" * 32)
