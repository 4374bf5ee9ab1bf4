"""The provider's own log against ours: a message sent around us, to another address, lost, or told as failed."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from campaigns import provider_log
from campaigns.models import Attempt, ProviderLog
from compliance import wall
from compliance.models import AuditEntry
from config.lib.clock import utcnow
from players.models import Brand, Contact, Player
from tests import cast
from tests.hammer.changing import Target
from tests.hammer.people import make
from tests.spec.test_4_an_allow_is_for_one_thing import allow, send

pytestmark = pytest.mark.django_db
HOST = "127.0.0.1"


@pytest.fixture
def noon(settings: Any) -> datetime:
    settings.PUBLIC_URL = f"http://{HOST}:8000"
    return utcnow().replace(microsecond=0) - timedelta(hours=12)


def sent(target: Target, at: datetime, status: str = "accepted") -> Attempt:
    """As the database lets it in: to the player's own address."""
    address = Contact.objects.get(player=target.player, channel="email").address
    send(target, allow(target), address=address, status=status)
    row = Attempt.objects.get(delivery_id=target.delivery)
    Attempt.objects.filter(pk=row.pk).update(sent_at=at if status == "accepted" else None)
    return row


def brand_of(target: Target) -> Brand:
    return Player.objects.get(pk=target.player).brand


def log(*lines: tuple[str, str, datetime]) -> bytes:
    rows = [f"{name},{address},{at.isoformat()},delivered" for name, address, at in lines]
    return "\n".join(["Message-ID,Recipient,Timestamp,Event", *rows]).encode()


def told(row: Attempt, at: datetime, address: str = "") -> tuple[str, str, datetime]:
    return f"<{row.delivery_id}.{row.number}@{HOST}>", address or row.address.upper(), at


def found(brand: Brand, raw: bytes) -> dict[str, int]:
    seen = provider_log.compare(brand, provider_log.read(raw))
    return {name: len(names) for name, names in seen.of.items()} | {"known": seen.known}


NOUGHT = {"stranger": 0, "elsewhere": 0, "refused": 0, "missing": 0, "known": 0}


def test_what_both_tell_alike_is_no_difference_however_many_lines_tell_it(noon: datetime) -> None:
    one, two = make(2)
    rows = [sent(one, noon), sent(two, noon + timedelta(hours=1))]
    lines = [told(row, noon + timedelta(hours=hour)) for row in rows for hour in (0, 1)]
    assert found(brand_of(one), log(*lines)) == NOUGHT


def test_a_message_sent_around_us_to_another_address_told_as_failed_or_lost_is_found(noon: datetime) -> None:
    targets = make(6)
    early, late = noon - timedelta(hours=2), noon + timedelta(hours=2)
    rows = [
        sent(one, noon, "failed" if n == 2 else "unknown" if n == 3 else "accepted") for n, one in enumerate(targets)
    ]
    lines = [
        told(rows[0], early), told(rows[1], noon, "somebody@else.test"), told(rows[2], noon), told(rows[3], noon),
        (f"<{rows[4].delivery_id}.1@mailer.example>", rows[4].address, noon), (f"<999999.1@{HOST}>", "x@example.test", late),
    ]  # fmt: skip
    assert found(brand_of(targets[0]), log(*lines)) == {
        "stranger": 2, "elsewhere": 1, "refused": 1, "missing": 2, "known": 1,
    }  # fmt: skip
    nobodys = found(cast.bjork(), log(*lines))
    assert (nobodys["stranger"], nobodys["missing"]) == (6, 0), "another brand's messages are none of this one"


def test_what_was_sent_outside_the_log_or_at_its_edge_is_not_missed(noon: datetime) -> None:
    targets = make(4)
    minutes = (0, 5, 60, 115)  # of two hours; the log has the first and the last minute
    rows = [sent(one, noon + timedelta(minutes=at)) for one, at in zip(targets, minutes, strict=True)]
    lines = [told(rows[0], noon), told(rows[0], noon + timedelta(hours=2))]
    assert found(brand_of(targets[0]), log(*lines))["missing"] == 1


@pytest.mark.parametrize(
    ("raw", "why"),
    [(b"to,at\na@b.test,1", "No column is called Message-ID"), (b"\xff\xfe\x00", "no table"),
     (b"Message-ID\n\n", "No line"), (b"", "No column")],
)  # fmt: skip
def test_what_cannot_be_read_says_why(raw: bytes, why: str) -> None:
    with pytest.raises(provider_log.NotReadable, match=why):
        provider_log.read(raw)


def test_other_shapes_are_understood(noon: datetime) -> None:
    at = int(noon.timestamp())
    said = provider_log.read(f"smtp_id;email;timestamp\n<1.1@x>;A@B.test;{at}\n1.1@x;;{at + 60}\n".encode())
    assert {name: (one.address, one.at) for name, one in said.items()} == {"1.1@x": ("a@b.test", noon)}
    assert provider_log.read(b"Message-ID\ttime\n1.1\0@x\tyesterday\n")["1.1@x"].at is None


def test_an_officer_hands_in_a_log_and_the_first_page_says_what_it_told(client: Client, noon: datetime) -> None:
    one, two = make(2)
    row, brand, page = sent(one, noon), brand_of(one), reverse("campaigns:provider-log")
    raw = log(told(row, noon), ("<77.1@mailer.example>", "x@example.test", noon))
    client.force_login(cast.olivia())
    assert "not compared" in client.get(reverse("compliance:home")).content.decode()

    for _ in range(2):  # the same file again counts once
        answer = client.post(page, {"brand": brand.pk, "file": SimpleUploadedFile("today.csv", raw)}, follow=True)
        assert answer.status_code == 200
    assert "77.1@mailer.example" in answer.content.decode()

    assert "x@example.test" not in str(list(ProviderLog.objects.values()))
    entry = AuditEntry.objects.filter(kind="provider_log.compared").latest("pk")
    assert (entry.actor, entry.brand_id) == (cast.olivia(), brand.pk)
    assert wall.standing_wall(Brand.objects.filter(pk=brand.pk), now=utcnow()).strange == 1
    assert wall.standing_wall(Brand.objects.exclude(pk=brand.pk), now=utcnow()).strange is None
    assert client.post(page, {"brand": brand.pk, "file": SimpleUploadedFile("x.csv", b"a,b")}).status_code == 422
    assert client.get(page).status_code == 200
    client.force_login(cast.carla())
    assert client.get(page).status_code == 403
    client.force_login(cast.make_operator("Signe", cast.Role.COMPLIANCE_OFFICER, cast.bjork()))
    assert (
        client.get(reverse("campaigns:provider-log-read", args=[ProviderLog.objects.latest("pk").pk])).status_code
        == 404
    )
