from datetime import UTC, datetime, timedelta

import pytest

from players import freshness
from players.freshness import troubles
from players.models import Feed, FeedFamily, FeedGap, FeedTally, Quarantine
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
    never = Feed.objects.create(brand=brand())

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


# --- families of events --------------------------------------------------------------------------


def family(one: Feed, key: str, **values: object) -> FeedFamily:
    return FeedFamily.objects.create(
        feed=one, family=key, **({"freshness": FRESH, "last_event_at": NOW, "first_event_at": NOW} | values)
    )


def beats(one: Feed, at: float, *keys: str) -> None:
    moment = NOW + seconds(at)
    Feed.objects.filter(pk=one.pk).update(heartbeat_at=moment, by_family=bool(keys))
    FeedFamily.objects.filter(feed=one, family__in=keys).update(heartbeat_at=moment)


def states(one: Feed, after: float) -> dict[str, str]:
    judged(one, after)
    return {"": one.freshness} | dict(FeedFamily.objects.filter(feed=one).values_list("family", "freshness"))


def test_each_family_has_its_own_patience() -> None:
    one = feed()
    for key in ("restrictions", "payments", "rounds"):
        family(one, key)
    beats(one, 0, "restrictions", "payments", "rounds")
    Feed.objects.update(last_event_at=NOW + seconds(400))

    assert states(one, 400) == {"": STALE, "restrictions": STALE, "payments": STALE, "rounds": LATE}
    assert one.because == "family:restrictions"


def test_payments_alone_that_fall_silent_do_not_close_the_whole_feed() -> None:
    one = feed()
    family(one, "payments")
    family(one, "restrictions")
    beats(one, 0, "payments", "restrictions")
    beats(one, 400, "restrictions")

    assert states(one, 400) == {"": FRESH, "payments": STALE, "restrictions": FRESH}
    assert [(t.label, t.freshness, t.because) for t in troubles([one.brand_id])] == [("Payments", STALE, "silence")]
    assert troubles([one.brand_id], ["rounds"]) == []


def test_few_players_are_not_silence_while_the_heartbeat_comes() -> None:
    one = feed()
    family(one, "payments")
    Feed.objects.update(heartbeat_at=NOW + seconds(3600))

    assert states(one, 3600) == {"": FRESH, "payments": FRESH}


@pytest.mark.parametrize(
    ("key", "after", "expected"),
    [("restrictions", 9, (FRESH, FRESH)), ("restrictions", 11, (STALE, STALE)), ("payments", 30, (FRESH, FRESH)),
     ("payments", 61, (LATE, FRESH)), ("payments", 301, (STALE, FRESH))],
)  # fmt: skip
def test_a_missing_number_makes_its_family_late_and_restrictions_stale_at_once(
    key: str, after: int, expected: tuple[str, str]
) -> None:
    one = feed()
    family(one, key)
    FeedGap.objects.create(feed=one, family=key, first=7, last=7, opened_at=NOW)
    Feed.objects.update(last_event_at=NOW + seconds(after))

    found = states(one, after)

    assert (found[key], found[""]) == expected


def test_a_hole_that_is_filled_lets_the_feed_come_back_after_half_a_minute() -> None:
    one = feed()
    family(one, "restrictions")
    gap = FeedGap.objects.create(feed=one, family="restrictions", first=7, last=7, opened_at=NOW)
    Feed.objects.update(last_event_at=NOW + seconds(20))
    assert states(one, 20)[""] == STALE

    gap.closed_at, gap.closed_by = NOW + seconds(21), "filled"
    gap.save()
    for at in (25, 40, 56, 60, 90):
        Feed.objects.update(last_event_at=NOW + seconds(at))
        found = states(one, at)

    assert found == {"": FRESH, "restrictions": FRESH}
    assert one.because == ""


@pytest.mark.parametrize(("bad", "expected"), [(1, FRESH), (3, FRESH), (4, LATE)])
def test_more_than_one_percent_in_quarantine_within_five_minutes_makes_a_feed_late(bad: int, expected: str) -> None:
    one = feed()
    FeedTally.objects.create(feed=one, minute=NOW - seconds(120), accepted=300 - bad, quarantined=bad)
    FeedTally.objects.create(feed=one, minute=NOW - seconds(400), accepted=0, quarantined=500)

    assert judged(one, 1) == expected


def test_a_source_that_comes_by_file_has_its_own_limits() -> None:
    one = feed()
    Feed.objects.update(late_after=3600, stale_after=7200)

    assert [judged(one, after) for after in (3600, 3601, 7200, 7201)] == [FRESH, LATE, LATE, STALE]


def test_restrictions_and_their_feed_come_back_together() -> None:
    one = feed(state=STALE)
    family(one, "restrictions", freshness=STALE)

    for at in (0, 10, 20, 30):
        Feed.objects.update(last_event_at=NOW + seconds(at))
        found = states(one, at)

    assert found == {"": FRESH, "restrictions": FRESH}


def test_a_stale_feed_with_a_full_quarantine_comes_back_as_late_and_its_bad_examples_count_for_nothing() -> None:
    one = feed(state=STALE)
    FeedTally.objects.create(feed=one, minute=NOW, accepted=10, quarantined=10)

    for at in (0, 15, 30):
        Feed.objects.update(last_event_at=NOW + seconds(at))
        found = judged(one, at)
    assert (found, one.because) == (LATE, "quarantine")

    for n in range(9):
        Quarantine.objects.create(feed=one, received_at=NOW, event_id=f"conformance-{n}", raw=b"{}", reason="missing")
    assert judged(one, 31) == FRESH
