"""Messages and journeys: segments know who is in one, what was sent and what came of it, without anybody playing."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from players import batches
from players.models import Player
from segments.language import compile as sql
from segments.language import evaluate
from segments.language.parse import parse
from segments.language.record import load
from segments.language.tree import At
from segments.membership import members
from tests import cast
from tests.journey import build
from tests.journey.conftest import Sink, post, work
from tests.segments.conftest import MakeSegment

__all__ = ["post"]
pytestmark = pytest.mark.django_db
NOW = cast.noon()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def holds(anna: Player, now: datetime, attribute: str, op: str, value: Any = None, **params: str) -> bool:
    """Of Anna; memory says the same as SQL, and so do the moments at which time changes it."""
    leaf = {"attribute": attribute, "op": op, "params": params} | ({} if value is None else {"value": value})
    rule, at = parse({"all": [leaf]}), At.brand(anna.brand, now)
    record = load([anna.pk])[anna.pk]
    by_sql = sql.matching(anna.brand, rule, at).filter(pk=anna.pk)
    assert by_sql.exists() == evaluate.holds(rule, record, at)
    flip = sql.population(anna.brand).filter(pk=anna.pk).annotate(flip=sql.next_flip([rule], at)).get().flip
    assert flip == evaluate.next_flip([rule], record, at)
    if flip:
        assert evaluate.holds(rule, record, At.brand(anna.brand, flip - timedelta(microseconds=1))) == by_sql.exists()
    return bool(by_sql.exists())


def test_members_follow_a_journey_from_the_first_wait_to_the_message(
    anna: Player, post: Sink, live: MakeSegment
) -> None:
    build.simple(anna.brand, NOW, name="Welcome", wait_minutes=60)
    waiting = live(anna.brand, "In Welcome", {"attribute": "journeys", "op": "is", "value": "Welcome"})
    written = live(
        anna.brand, "Written to",
        {"attribute": "messages_sent", "op": "at_least", "value": 1, "params": {"channel": "email", "within": "7"}},
    )  # fmt: skip

    def after(now: datetime) -> tuple[int, int]:
        work(now)
        batches.settle(now=now)
        return members(waiting).count(), members(written).count()

    cast.tell(anna, "player.login", now=NOW, at=NOW)
    assert after(NOW) == (1, 0)
    assert after(NOW + HOUR) == (0, 1)
    assert len(post.mails) == 1

    sent = NOW + HOUR
    assert holds(anna, sent, "messages_sent", "is", 1, channel="any", within="7")
    assert holds(anna, sent + 7 * DAY - timedelta(seconds=1), "messages_sent", "is", 1, channel="email", within="7")
    assert holds(anna, sent + 7 * DAY, "messages_sent", "is", 0, channel="email", within="7")
    assert holds(anna, sent, "messages_sent", "is", 0, channel="onsite", within="365")
    assert holds(anna, sent + 2 * DAY, "days_since_message", "at_least", 2, channel="email")
    assert holds(anna, sent, "days_since_card_seen", "never")
    assert holds(anna, sent, "campaigns_entered", "is", 1, within="30")
    assert holds(anna, sent, "goals_reached", "is", 0, within="90")
    assert holds(anna, sent, "campaigns", "is", "Welcome")
    assert holds(anna, sent, "campaign_goals", "is_not", "Welcome")


def test_the_campaigns_of_now_and_of_ever_are_told_apart_in_one_rule(post: Sink, anna: Player) -> None:
    """Both are read from the same table; whichever is asked for first must not answer for the other."""
    build.simple(anna.brand, NOW, name="Hello")
    cast.tell(anna, "player.login", now=NOW, at=NOW)
    work(NOW)
    now = NOW + HOUR
    ever = {"attribute": "campaigns", "op": "is", "value": "Hello"}
    gone = {"attribute": "journeys", "op": "is_not", "value": "Hello"}
    for leaves in ([ever, gone], [gone, ever]):
        rule, at = parse({"all": leaves}), At.brand(anna.brand, now)
        assert sql.matching(anna.brand, rule, at).filter(pk=anna.pk).exists()
        assert evaluate.holds(rule, load([anna.pk])[anna.pk], at)
