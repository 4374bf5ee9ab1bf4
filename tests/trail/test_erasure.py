"""Who an account belonged to goes and stays gone; what protects them and what the law wants kept stays."""

from datetime import date

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from compliance import erasing, gate
from compliance.models import AuditEntry, Decision, Erasure, Suppression
from compliance.sealing import checking
from compliance.suppression import digest
from config.lib.clock import utcnow
from players.models import Contact, Fact, Player
from tests import cast
from tests.spec.test_4_the_gate import promo
from tests.trail.world import seal

REASON = "Asked for it by letter of 3 November"


@pytest.mark.django_db(transaction=True)
def test_an_erasure_leaves_the_trail_whole_and_the_address_refused() -> None:
    anna, olivia = cast.anna(), cast.olivia()
    with transaction.atomic():
        gate.clear_many([promo(anna)], now=cast.noon())
    seal()
    address = anna.contacts.get(channel="email").normal

    with transaction.atomic():
        row = erasing.erase(anna, olivia, REASON, now=utcnow())

    anna.refresh_from_db()
    assert (anna.name, anna.birth_date, anna.contacts.count()) == ("", None, 0)
    assert (row.erased["names"], row.erased["addresses"], row.kept["decisions"]) == (1, 1, 1)
    assert bytes(Suppression.objects.get(reason="erased").digest) == digest(address)
    assert Decision.objects.filter(player=anna).exists()
    seal()
    assert checking.check().problems == []
    with transaction.atomic():
        [answer] = gate.clear_many([promo(anna)], now=cast.noon())
    assert not answer.allowed


@pytest.mark.django_db
def test_what_the_pam_tells_later_goes_too(anna: Player) -> None:
    erasing.erase(anna, cast.olivia(), REASON, now=utcnow())

    Player.objects.filter(pk=anna.pk).update(first_name="Anna", birth_date=date(1985, 5, 17))
    Contact.objects.create(player=anna, channel="email", address="a@x.test", normal="a@x.test")
    cast.tell(anna, "player.updated", fields=["first_name"])

    anna.refresh_from_db()
    assert (anna.first_name, anna.birth_date, anna.contacts.count()) == ("", None, 0)
    Player.objects.filter(pk=anna.pk).update(last_name="Archer")
    assert erasing.keep(now=utcnow()) == 1
    assert erasing.keep(now=utcnow()) == 0
    anna.refresh_from_db()
    assert anna.last_name == ""


@pytest.mark.django_db
def test_an_officer_holds_and_erases_with_a_reason(client: Client) -> None:
    bo, olivia = cast.bo(), cast.olivia()
    client.force_login(olivia)
    hold, erase = (reverse(f"compliance:{name}", args=[bo.pk]) for name in ("hold", "erase"))

    assert client.post(hold, {"reason": "Dispute with the ombudsman"}).status_code == 302
    refused = client.post(erase, {"reason": REASON})
    assert refused.status_code == 422
    assert "legal hold" in refused.content.decode()
    assert not Erasure.objects.exists()
    assert client.post(hold, {"reason": "The dispute is over"}).status_code == 302
    assert client.post(erase, {"reason": REASON}).status_code == 302

    shown = client.get(reverse("compliance:erasure"), {"q": "bo"}).content.decode()
    assert REASON in shown
    kinds = (
        AuditEntry.objects.filter(subject=f"player:{bo.pk}", actor=olivia).order_by("pk").values_list("kind", flat=True)
    )
    assert list(kinds) == ["player.held", "player.hold_lifted", "player.erased"]
    assert Fact.objects.get(kind="player.erased").actor == olivia
    assert not AuditEntry.objects.filter(payload__contains="Baker").exists()
    client.force_login(cast.carla())
    assert client.get(erase).status_code == 403
