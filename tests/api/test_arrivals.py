"""What a feed has told us of each family of events, and which numbers never came."""

import pytest

from config.lib.clock import utcnow
from players import freshness
from players.models import FeedFamily, FeedGap, Player
from tests.api.conftest import Pam, bet, deposit, event

pytestmark = pytest.mark.django_db


def numbered(number: int, of: dict) -> dict:
    return of | {"sequence": number}


def family(pam: Pam, key: str) -> FeedFamily:
    return FeedFamily.objects.get(feed=pam.feed, family=key)


def gaps(pam: Pam) -> list[tuple[str, int, int]]:
    rows = FeedGap.objects.filter(feed=pam.feed, closed_at=None).order_by("family", "first")
    return list(rows.values_list("family", "first", "last"))


def test_each_family_remembers_its_first_and_newest_event(pam: Pam, anna: Player) -> None:
    pam.send(deposit(at="2026-03-01T10:00:00Z", replay=True), bet())
    pam.send(deposit(at="2026-02-01T10:00:00Z", replay=True))

    payments = family(pam, "payments")
    assert payments.first_occurred_at.isoformat() == "2026-02-01T10:00:00+00:00"
    assert payments.last_occurred_at.isoformat() == "2026-03-01T10:00:00+00:00"
    assert payments.first_event_at < payments.last_event_at <= utcnow()
    assert family(pam, "rounds").first_event_at is not None


def test_what_was_refused_tells_nothing_of_its_family(pam: Pam, anna: Player) -> None:
    pam.send(deposit(amount=-5))

    assert family(pam, "payments").first_event_at is None


def test_a_missing_number_is_a_gap_until_it_comes(pam: Pam, anna: Player) -> None:
    pam.send(*(numbered(n, deposit()) for n in (1, 2, 4)))
    assert gaps(pam) == [("", 3, 3)]
    assert family(pam, "").watermark == 2

    pam.send(numbered(3, bet()))

    assert gaps(pam) == []
    assert family(pam, "").watermark == 4
    assert FeedGap.objects.get().closed_by == "filled"


def test_an_event_in_quarantine_has_arrived(pam: Pam, anna: Player) -> None:
    pam.send(numbered(1, deposit()), numbered(2, deposit(amount="ten")), numbered(3, deposit()))

    assert gaps(pam) == []


def test_a_heartbeat_that_is_ahead_of_what_came_shows_what_is_missing(pam: Pam, anna: Player) -> None:
    pam.send(numbered(1, deposit()))
    pam.send(event("feed.heartbeat", None, sequence=3))

    assert gaps(pam) == [("", 2, 3)]


def test_heartbeats_of_a_feed_that_numbers_nothing_open_no_gap(pam: Pam, anna: Player) -> None:
    pam.send(event("feed.heartbeat", None, sequence=100), deposit())
    pam.send(event("feed.heartbeat", None, sequence=900))

    assert gaps(pam) == []


def test_a_number_that_is_none_is_refused_with_its_place(pam: Pam, anna: Player) -> None:
    for wrong in ("7", -1, 1.5, True, 2**63):
        answer = pam.send(numbered(wrong, deposit()))
        assert (answer["results"][0]["status"], answer["results"][0]["pointer"]) == ("quarantined", "/0/sequence")


def test_the_first_event_of_a_family_is_no_alarm(pam: Pam, anna: Player) -> None:
    pam.send(event("consent.changed", "anna", product="casino", channel="sms", granted=True, wording="v", screen="s"))
    freshness.judge(now=utcnow())

    pam.feed.refresh_from_db()
    assert (pam.feed.freshness, family(pam, "consents").freshness) == ("fresh", "fresh")
