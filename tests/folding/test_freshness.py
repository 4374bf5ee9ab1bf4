from datetime import UTC, datetime, timedelta

import pytest

from players import freshness
from players.models import Feed, Quarantine
from tests.folding.casino import brand

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
FRESH, LATE, STALE = Feed.Freshness.FRESH, Feed.Freshness.LATE, Feed.Freshness.STALE


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def feed(name: str = "pam", state: Feed.Freshness = FRESH) -> Feed:
    return Feed.objects.create(brand=brand(), name=name, freshness=state, last_event_at=NOW)


def judged(one: Feed, after: float) -> str:
    freshness.judge(now=NOW + seconds(after))
    one.refresh_from_db()
    return one.freshness


@pytest.mark.parametrize(("name", "late", "stale"), [("pam", 60, 300), ("rg", 30, 120), ("gameplay", 300, 900)])
def test_silence_makes_a_feed_late_and_then_stale(name: str, late: int, stale: int) -> None:
    one = feed(name)

    assert [judged(one, after) for after in (late, late + 1, stale, stale + 1)] == [FRESH, LATE, LATE, STALE]
    assert one.freshness_since == NOW + seconds(stale + 1)
    assert freshness.is_stale(one.brand_id)


def test_a_heartbeat_is_a_sign_of_life() -> None:
    one = feed()
    Feed.objects.update(heartbeat_at=NOW + seconds(100))

    assert judged(one, 150) == FRESH


def test_a_stale_feed_is_fresh_only_after_half_a_minute_of_arrivals_without_a_pause() -> None:
    one = feed(state=STALE)

    def arrives(at: float) -> str:
        Feed.objects.update(last_event_at=NOW + seconds(at))
        return judged(one, at)

    assert [arrives(at) for at in (0, 10, 20)] == [STALE] * 3
    assert judged(one, 60) == STALE  # silent for 40 s: starts over
    assert [arrives(at) for at in (70, 80, 90)] == [STALE] * 3
    assert arrives(100) == FRESH
    assert not freshness.is_stale(one.brand_id)


def test_a_late_feed_does_not_flicker() -> None:
    one = feed()

    assert judged(one, 61) == LATE
    Feed.objects.update(last_event_at=NOW + seconds(62))
    assert judged(one, 63) == LATE
    assert judged(one, 93) == LATE  # silent again
    Feed.objects.update(heartbeat_at=NOW + seconds(100), last_event_at=NOW + seconds(100))
    assert judged(one, 101) == LATE
    Feed.objects.update(heartbeat_at=NOW + seconds(125))
    assert judged(one, 131) == FRESH


def test_a_brand_without_a_feed_and_a_feed_never_heard_of_are_stale() -> None:
    alone = brand()
    never = Feed.objects.create(brand=brand(), freshness=FRESH)

    assert freshness.is_stale(alone.pk)
    assert judged(never, 0) == STALE


def test_a_restriction_nobody_could_read_keeps_its_feed_stale_until_somebody_looked() -> None:
    one = feed()
    parked = Quarantine.objects.create(
        feed=one, received_at=NOW, kind="rg.self_excluded", raw=b"{", reason="malformed", detail="No player named."
    )

    assert [judged(one, after) for after in (1, 40, 50)] == [STALE] * 3
    parked.resolved_at = NOW
    parked.save()
    Feed.objects.update(last_event_at=NOW + seconds(90))
    assert judged(one, 60) == STALE
    assert judged(one, 91) == FRESH
