"""A house of one's own begins with one admin, made at the command line; everybody else is made by an admin."""

import io
import sys

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from compliance.models import AuditEntry, Operator, Seat
from tests import cast

pytestmark = pytest.mark.django_db
PASSWORD = "a house with eight tables"  # noqa: S105 - of nobody


def create_admin(monkeypatch: pytest.MonkeyPatch, email: str = "ada@house.test", password: str = PASSWORD) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{password}\n"))
    call_command("create_admin", email, "Ada Byrne", stdout=io.StringIO())


def test_the_first_admin_logs_in_makes_operators_and_opens_the_engine_room(monkeypatch: pytest.MonkeyPatch) -> None:
    create_admin(monkeypatch)

    ada = Client()
    assert ada.post("/login/", {"username": "ada@house.test", "password": PASSWORD}).status_code == 302
    told = {"name": "Olivia Marsh", "email": "olivia@house.test", "role": "compliance_officer", "password": PASSWORD}
    assert ada.post("/settings/operators/new/", told).status_code == 302
    assert Seat.objects.get(operator__email="olivia@house.test").role == "compliance_officer"
    assert ada.get("/engine-room/players/licence/add/").status_code == 200
    assert AuditEntry.objects.filter(kind="operator.created").count() == 2


def test_there_is_one_first_admin(monkeypatch: pytest.MonkeyPatch) -> None:
    cast.olivia()
    with pytest.raises(CommandError, match="operators already"):
        create_admin(monkeypatch, "second@house.test")
    assert not Operator.objects.filter(email="second@house.test").exists()


@pytest.mark.parametrize(
    ("email", "password"), [("nobody", PASSWORD), ("ada@house.test", "short"), ("ada@house.test", "")]
)
def test_what_is_no_address_or_no_password_makes_nobody(
    monkeypatch: pytest.MonkeyPatch, email: str, password: str
) -> None:
    with pytest.raises(CommandError):
        create_admin(monkeypatch, email, password)
    assert not Operator.objects.exists()
