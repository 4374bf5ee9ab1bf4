"""Linked persons and registers as the officer sees them, and as nobody else does."""

from datetime import timedelta

import pytest
from django.urls import reverse

from compliance.models import AuditEntry, PersonLink, RegisterAccess, Standing
from compliance.persons import arriving, joining
from compliance.roles import Role
from config.lib.clock import utcnow
from players.models import Contact
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    client.force_login(cast.olivia())
    return client


@pytest.fixture
def link():
    """Anna and somebody at Azura with her phone number."""
    anna, twin = cast.anna(), cast.make_player(cast.azura(), "annas-twin", first_name="Anna")
    for player in (anna, twin):
        Contact.objects.create(player=player, channel="sms", address="+447700900123", normal="+447700900123")
    arriving.look([anna.pk, twin.pk], now=utcnow())
    return PersonLink.objects.get()


def test_what_is_to_be_decided_is_listed_with_what_the_accounts_share(officer, link):
    answer = officer.get(reverse("compliance:persons")).content.decode()

    assert "annas-twin" in answer
    assert "Phone number" in answer
    assert "Compare and decide" in answer


def test_details_are_compared_and_not_shown(officer, link):
    answer = officer.get(reverse("compliance:link", args=[link.pk])).content.decode()

    assert "certain: joins by itself" in answer
    assert "900123" not in answer
    assert "Archer" not in answer
    assert answer.count(">same<") >= 3  # first name, birth date, phone


def test_the_officer_decides_with_a_reason_and_it_is_in_force_at_once(officer, link):
    cast.exclude(cast.anna())
    assert not Standing.objects.get(person=link.high.person_id).promotions_ok
    here = reverse("compliance:link-separate", args=[link.pk])
    assert officer.post(here, {"reason": "no"}).status_code == 422

    officer.post(here, {"reason": "Mother and daughter share a phone."})

    assert Standing.objects.get(person=link.high.person_id).promotions_ok
    entry = AuditEntry.objects.get(kind="player.kept_apart", subject=f"player:{link.high_id}")
    assert (entry.actor, entry.reason) == (cast.olivia(), "Mother and daughter share a phone.")

    officer.post(reverse("compliance:link-join", args=[link.pk]), {"reason": "She sent us her passport."})

    link.high.refresh_from_db()
    assert link.high.person_id == cast.anna().person_id
    assert "She sent us her passport." in officer.get(reverse("compliance:link", args=[link.pk])).content.decode()


@pytest.mark.parametrize("name", ["persons", "registers"])
@pytest.mark.parametrize("make", [cast.carla, cast.rolf, cast.fiona])
def test_nobody_else_sees_that_there_are_links_or_answers(client, link, make, name):
    client.force_login(make())

    assert client.get(reverse(f"compliance:{name}")).status_code == 403
    assert (
        client.post(reverse("compliance:link-join", args=[link.pk]), {"reason": "I would like to."}).status_code == 403
    )
    for url in ("players:detail", "players:panel-timeline", "compliance:player-panel"):
        answer = client.get(reverse(url, args=[link.low_id]))
        assert "annas-twin" not in answer.content.decode()


def test_a_joined_account_says_nothing_of_it_to_crm(client, link):
    joining.join(link.low, link.high, now=utcnow())
    client.force_login(cast.carla())

    for url in ("players:detail", "players:panel-timeline", "compliance:player-panel"):
        answer = client.get(reverse(url, args=[link.high_id])).content.decode()
        assert "one person" not in answer.lower()
        assert ">anna<" not in answer


def test_an_officer_of_one_brand_learns_nothing_of_accounts_at_another(client, link):
    client.force_login(cast.make_operator("Otto", Role.COMPLIANCE_OFFICER, cast.northlight()))

    assert "annas-twin" not in client.get(reverse("compliance:persons")).content.decode()
    assert client.get(reverse("compliance:link", args=[link.pk])).status_code == 404


def test_the_registers_page_says_who_asks_what_and_whether_they_answer(officer):
    kaja, now = cast.kaja(), utcnow()
    cast.tell(kaja, "rg.register_checked", register="spelpaus", result="unavailable", purpose="marketing", by="us",
              detail="not asked: the check digit is wrong", now=now)  # fmt: skip
    RegisterAccess.objects.create(
        licence=cast.bjork().licence, register="spelpaus", base_url="https://api.example", actor="20", key_name="REGISTER_KEY_X",
        ask_again_after=timedelta(hours=12), trouble="answered 503", paused_until=now + timedelta(minutes=2),
    )  # fmt: skip

    answer = " ".join(officer.get(reverse("compliance:registers")).content.decode().split())

    assert "Spelpaus" in answer
    assert "does not answer" in answer
    assert "answered 503" in answer
    assert "Marketing, by Pitboss" in answer
    assert "Marketing, by the PAM" in answer
    assert "may not be asked before a mailing" not in answer.partition("Registers of other licences")[0]
    assert "confirm with counsel" in answer.partition("Registers of other licences")[2]
