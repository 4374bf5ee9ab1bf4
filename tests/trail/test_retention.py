"""Each licence keeps what it must, and what nothing keeps goes by itself; both sides of the day."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from compliance import erasing, retention, retiring
from compliance.models import AuditEntry, Erasure, Retention
from config.lib.clock import utcnow
from players.models import Feed, Player, Quarantine
from tests import cast

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
YEAR = 365 * DAY


def closed(licence: str, ago: timedelta, name: str) -> Player:
    brand = {"GB": cast.northlight, "SE": cast.bjork}.get(licence, lambda: cast.make_brand(
        "dansk", "Dansk Spil", "DK", "DKK", "Europe/Copenhagen"))()  # fmt: skip
    player = cast.make_player(brand, name)
    Player.objects.filter(pk=player.pk).update(status="closed")
    cast.tell(player, "player.closed", at=utcnow() - ago)
    return player


def gone() -> set[str]:
    return set(Erasure.objects.values_list("player__external_id", flat=True))


def test_who_somebody_was_goes_when_the_time_of_their_licence_is_over() -> None:
    closed("GB", 7 * YEAR + DAY, "gb-over"), closed("GB", 7 * YEAR - DAY, "gb-not-yet")
    closed("DK", 5 * YEAR + DAY, "dk-over"), closed("DK", 5 * YEAR - DAY, "dk-not-yet")
    active = cast.make_player(cast.northlight(), "still-here")
    cast.tell(active, "player.closed", at=utcnow() - 9 * YEAR)  # and open again since

    assert retiring.work(now=utcnow())["identity"] == 2

    assert gone() == {"gb-over", "dk-over"}
    row = Erasure.objects.get(player__external_id="dk-over")
    assert row.operator is None
    assert row.reason.startswith("Kept for 5 years")
    assert retiring.work(now=utcnow())["identity"] == 0


def test_a_legal_hold_keeps_longer() -> None:
    held = closed("GB", 8 * YEAR, "held")
    with transaction.atomic():
        erasing.hold(held, cast.olivia(), "A court case is running", now=utcnow())
    retiring.work(now=utcnow())
    assert gone() == set()
    with transaction.atomic():
        erasing.lift(held, cast.olivia(), "The case is over", now=utcnow())
    retiring.work(now=utcnow())
    assert gone() == {"held"}


@pytest.mark.parametrize(("ago", "left"), [(730 * DAY + DAY, b""), (730 * DAY - DAY, b"{}")])
def test_what_could_not_be_read_goes_after_two_years(ago: timedelta, left: bytes) -> None:
    feed = Feed.objects.get(brand=cast.northlight())
    Quarantine.objects.create(feed=feed, received_at=utcnow() - ago, raw=b"{}", reason="malformed", detail="no")
    retiring.work(now=utcnow())
    assert Quarantine.objects.get().raw == left


def test_two_officers_set_another_time_with_a_reason_and_see_what_went(client: Client) -> None:
    old = closed("SE", 6 * YEAR, "saga")
    licence = old.brand.licence
    client.force_login(cast.olivia())
    page = reverse("compliance:retention-change", args=[licence.pk, "identity"])

    assert client.post(page, {"days": 30, "reason": "As short as it gets"}).status_code == 422
    assert client.post(page, {"days": 2000, "reason": "Counsel confirmed it on 3 March"}).status_code == 302

    row = Retention.objects.get()
    sign = reverse("compliance:retention-sign", args=[row.pk])
    assert client.post(page, {"days": 1900, "reason": "Or rather so"}).status_code == 422, "one at a time"
    client.post(sign)
    assert retention.of(licence, "identity").days == 7 * 365, "who asked signs nothing"
    client.force_login(cast.make_operator("Otto", cast.Role.COMPLIANCE_OFFICER))
    assert [one.page for one in client.get(reverse("compliance:home")).context["signatures"]] == [
        "compliance:retention-sign"
    ]
    assert "Who the player is under SE is to be kept 2000 days" in client.get("/").content.decode()
    shown = client.get(sign)
    assert (shown.context["due"], retiring.work(now=utcnow())["identity"]) == (1, 0)
    client.post(sign)

    assert retention.of(licence, "identity").days == 2000
    assert set(AuditEntry.objects.filter(subject=f"retention:{row.pk}").values_list("kind", "reason")) == {
        (kind, "Counsel confirmed it on 3 March") for kind in ("retention.asked", "retention.signed")
    }
    shown = client.get(reverse("compliance:retention"))
    assert [due for one, due, _ in shown.context["kept"] if due] == [1]
    retiring.work(now=utcnow())
    shown = client.get(reverse("compliance:retention"))
    assert [(one.licence, one.count) for one in shown.context["report"]] == [("SE", 1)]
    assert "its time was over" in client.get(reverse("compliance:retention-report")).content.decode()
    client.force_login(cast.carla())
    assert {client.get(one).status_code for one in (page, sign)} == {403}


def test_what_was_declined_changes_nothing_and_another_time_may_be_asked_for(client: Client) -> None:
    licence, now = cast.northlight().licence, utcnow()
    row = retention.ask(licence, "messages", 400, cast.olivia(), "Counsel confirmed it", now=now)
    client.force_login(cast.olivia())
    assert (
        client.post(reverse("compliance:retention-decline", args=[row.pk]), {"reason": "A mistake of mine"}).status_code
        == 302
    )
    assert retention.of(licence, "messages").days == 7 * 365
    otto = cast.make_operator("Otto", cast.Role.COMPLIANCE_OFFICER)
    with pytest.raises(retention.CannotChange, match="declined"):
        retention.sign(row, otto, now=now)
    retention.sign(
        retention.ask(licence, "messages", 500, cast.olivia(), "Counsel wrote again", now=now), otto, now=now
    )
    assert retention.of(licence, "messages").days == 500
