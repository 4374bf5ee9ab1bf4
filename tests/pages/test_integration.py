"""Feeds, quarantine, keys; brands and staff."""

import json

import pytest
from django.test import Client

from compliance.models import AuditEntry, Operator
from compliance.roles import Role
from config.lib.clock import utcnow
from players.models import Feed, FeedKey, FeedTally, Player, Quarantine
from tests import cast
from tests.pages.conftest import Enter

pytestmark = pytest.mark.django_db
REASON = "the old holder has left the company"


def quarantined(feed: Feed) -> Quarantine:
    raw = {
        "event": "player.login", "event_id": "e1", "player": "zoe", "occurred_at": utcnow().isoformat(), "properties": {}
    }  # fmt: skip
    return Quarantine.objects.create(
        feed=feed, received_at=utcnow(), event_id="e1", kind="player.login", raw=json.dumps(raw).encode(),
        reason="unknown_player", pointer="/player", detail="No player zoe at this brand.",
    )  # fmt: skip


def test_what_was_received_adds_up(enter: Enter, anna: Player) -> None:
    feed = anna.brand.feeds.get()
    FeedTally.objects.create(feed=feed, minute=utcnow(), accepted=7, duplicate=2, quarantined=1)

    one = enter("api_developer").get("/integration/feeds/").context["feeds"][0]

    assert (one["received"], one["accepted"], one["duplicate"], one["quarantined"]) == (10, 7, 2, 1)
    assert sum(bar["value"] for bar in one["bars"]) == 7


def test_the_raw_event_is_for_those_who_mend_feeds_only(enter: Enter, anna: Player) -> None:
    quarantined(anna.brand.feeds.get())

    assert "As received" in enter("api_developer").get("/integration/quarantine/").content.decode()
    assert "As received" not in enter("crm_manager").get("/integration/quarantine/").content.decode()


def test_an_event_can_be_tried_again_and_says_so(enter: Enter, anna: Player) -> None:
    row = quarantined(anna.brand.feeds.get())
    developer = enter("api_developer")

    answer = developer.post(f"/integration/quarantine/{row.pk}/replay/", follow=True)

    assert "still cannot be applied" in answer.content.decode()
    assert AuditEntry.objects.filter(kind="event.replayed").exists()
    assert enter("crm_manager").post(f"/integration/quarantine/{row.pk}/replay/").status_code == 403


def test_a_key_is_shown_once_works_and_is_revoked_with_a_reason(enter: Enter, anna: Player, client: Client) -> None:
    developer, feed = enter("api_developer"), anna.brand.feeds.get()

    fresh = developer.post("/integration/keys/", {"feed": feed.pk, "name": "Sandbox", "scopes": ["events"]}).context[
        "fresh"
    ]
    assert fresh not in developer.get("/integration/keys/").content.decode()
    key = FeedKey.objects.get_from_key(fresh)
    assert client.post("/api/v1/events", "[]", "application/json", headers=auth(fresh)).status_code != 401

    assert developer.post(f"/integration/keys/{key.pk}/revoke/", {"reason": "short"}).status_code == 422
    developer.post(f"/integration/keys/{key.pk}/revoke/", {"reason": REASON})

    assert client.post("/api/v1/events", "[]", "application/json", headers=auth(fresh)).status_code in (401, 403)
    assert AuditEntry.objects.get(kind="key.revoked").reason == REASON


def test_nobody_gives_a_key_what_they_may_not_do_themselves(enter: Enter, anna: Player) -> None:
    developer, feed = enter("api_developer"), anna.brand.feeds.get()
    for scope in ("segments:write", "segments:members", "segments:protection"):
        answer = developer.post("/integration/keys/", {"feed": feed.pk, "name": "Sandbox", "scopes": [scope]})
        assert answer.status_code == 422, scope
    answer = developer.post("/integration/keys/", {"feed": feed.pk, "name": "BI", "scopes": ["segments:read"]})
    assert FeedKey.objects.get_from_key(answer.context["fresh"]).scopes == ["segments:read"]


@pytest.mark.parametrize("scope", ["suppressions", "clearances"])
def test_a_key_for_other_senders_is_made_by_a_developer_alone_with_one_seat(
    enter: Enter, anna: Player, client: Client, scope: str
) -> None:
    feed = anna.brand.feeds.get()
    asked = {"feed": feed.pk, "name": "Newsletters", "scopes": [scope]}
    for role in Role.values:
        made = enter(role).post("/integration/keys/", asked)
        assert made.status_code == (200 if role == Role.API_DEVELOPER else 403), role
    [key] = FeedKey.objects.filter(name="Newsletters")
    assert key.scopes == [scope]
    assert AuditEntry.objects.get(kind="key.created").subject == f"feedkey:{key.prefix}"


def auth(key: str) -> dict[str, str]:
    return {"Authorization": f"Api-Key {key}"}


def test_another_brands_feed_does_not_exist(enter: Enter, anna: Player) -> None:
    row = quarantined(anna.brand.feeds.get())
    developer = enter("api_developer", cast.bjork())

    assert developer.post(f"/integration/quarantine/{row.pk}/replay/").status_code == 404
    answer = developer.post("/integration/keys/", {"feed": row.feed_id, "name": "Sandbox"})
    assert answer.status_code == 422


def test_a_new_user_gets_a_seat_and_a_closed_one_gets_no_further(enter: Enter, client: Client, db: None) -> None:
    admin, brand = enter("admin"), cast.azura()
    admin.post(
        "/settings/operators/new/",
        {
            "name": "Nora Vik",
            "email": "Nora@Azura.test",
            "role": "finance",
            "brand": brand.pk,
            "password": "moss-and-gravel-7",
        },
    )
    nora = Operator.objects.get(email="nora@azura.test")
    assert nora.may("reports.finance", brand.pk)
    assert client.login(username="nora@azura.test", password="moss-and-gravel-7")

    admin.post(f"/settings/operators/{nora.pk}/close/", {"reason": REASON})

    assert client.get("/").status_code == 302
