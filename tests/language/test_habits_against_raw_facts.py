"""What a rule about habits says, against counting the raw events one by one."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from config.lib import flow
from players.folding import fold_pending
from players.models import Brand
from segments.language import compile as sql
from segments.language.parse import parse
from segments.language.tree import At
from tests.folding.casino import Sent, brand, payment, player, receive, session

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ZONE = ZoneInfo("Europe/Malta")
Facts = list[Sent]


@pytest.fixture
def azura(settings: Any) -> Brand:
    settings.FLOW = "tests.folding.flow"
    flow._table.cache_clear()
    return brand()


def starts(facts: Facts, category: int = 0) -> list[tuple[datetime, int]]:
    """(start, seconds) of each session, newest first."""
    sat = [e for e in facts if e.kind == "session.ended" and category in (0, e.body["category"])]
    told = [(datetime.fromisoformat(e.body["started_at"]), e.at) for e in sat]
    return sorted(((start, int((end - start).total_seconds())) for start, end in told), reverse=True)


def moments(facts: Facts, kind: str) -> list[datetime]:
    return sorted((e.at for e in facts if e.kind == kind), reverse=True)


def within(times: list[datetime], count: int, days: int) -> bool:
    return sum(NOW - at < days * DAY for at in times) >= count


def average_over(facts: Facts, count: int, minutes: int, category: int = 0) -> bool:
    newest = [seconds for _, seconds in starts(facts, category)[:count]]
    return len(newest) == count and sum(newest) > minutes * 60 * count


def share(facts: Facts, hit: Callable[[datetime], bool], percent: int) -> bool:
    local = [start.astimezone(ZONE) for start, _ in starts(facts)]
    return len(local) >= 5 and 100 * sum(map(hit, local)) >= percent * len(local)


def in_play(facts: Facts) -> int:
    newest = moments(facts, "deposit.approved")[:10]
    spans = [(start, start + timedelta(seconds=seconds)) for start, seconds in starts(facts)]
    return sum(any(first <= at <= last for first, last in spans) for at in newest)


def gap_at_most(facts: Facts, days: int) -> bool:
    times = moments(facts, "deposit.approved")
    return len(times) > 1 and times[0] - times[-1] <= days * DAY * (len(times) - 1)


def rule(attribute: str, op: str, value: int, **params: str) -> dict[str, Any]:
    return {"attribute": attribute, "op": op, "value": value} | ({"params": params} if params else {})


RULES: list[tuple[dict[str, Any], Callable[[Facts], bool]]] = [
    (rule("sessions_within", "within", 30, count="8"), lambda f: within([at for at, _ in starts(f)], 8, 30)),
    (rule("sessions_within", "not_within", 7, count="3"), lambda f: not within([at for at, _ in starts(f)], 3, 7)),
    (rule("deposits_within", "within", 30, count="3"), lambda f: within(moments(f, "deposit.approved"), 3, 30)),
    (rule("declined_within", "within", 60, count="1"), lambda f: within(moments(f, "deposit.rejected"), 1, 60)),
    (rule("cancelled_within", "within", 60, count="1"), lambda f: within(moments(f, "withdrawal.cancelled"), 1, 60)),
    (rule("last10_average", "more_than", 30), lambda f: average_over(f, 10, 30)),
    (rule("last5_average_in", "more_than", 30, category="slots"), lambda f: average_over(f, 5, 30, 1)),
    (rule("time_of_day", "at_least", 30, part="night"), lambda f: share(f, lambda at: at.hour < 6, 30)),
    (rule("weekday_share", "at_least", 30, day="weekend"), lambda f: share(f, lambda at: at.weekday() > 4, 30)),
    (rule("deposits_in_play", "at_least", 2), lambda f: in_play(f) >= 2),
    (rule("deposit_gap", "at_most", 20), lambda f: gap_at_most(f, 20)),
]


def life(id_: int, dice: random.Random) -> Facts:
    facts: Facts = []
    for n in range(dice.choice([0, 2, 5, 9, 10, 14])):
        start = NOW - timedelta(minutes=dice.randrange(60, 60 * 24 * 45))
        facts.append(session(id_, start, dice.choice([20, 30, 31, 50]), f"s{n}", dice.choice([1, 1, 2])))
        if dice.random() < 0.5:
            facts.append(payment(id_, start + timedelta(minutes=dice.choice([-5, 10])), f"in{n}", 1000))
    for n in range(dice.randrange(5)):
        at = NOW - timedelta(minutes=dice.randrange(60, 60 * 24 * 90))
        status, way = dice.choice([("approved", "deposit"), ("rejected", "deposit"), ("cancelled", "withdrawal")])
        facts.append(payment(id_, at, f"p{n}", 1000, status, way))
    return facts


def test_each_rule_finds_exactly_the_players_the_raw_events_say(azura: Brand) -> None:
    dice = random.Random(7)
    lives = {one.pk: life(one.pk, dice) for one in (player(azura, NOW - 300 * DAY) for _ in range(60))}
    events = [event for facts in lives.values() for event in facts]
    dice.shuffle(events)
    receive(azura, events, NOW)
    while fold_pending(now=NOW):
        pass
    at = At.brand(azura, NOW)
    known = {event.player_id for event in events}  # nothing is known of the others: they are nobody's members

    for leaf, holds in RULES:
        found = set(sql.matching(azura, parse({"all": [leaf]}), at).values_list("pk", flat=True))
        expected = {pk for pk in known if holds(lives[pk])}
        assert found == expected, leaf
        assert 0 < len(expected) < len(known), f"{leaf} tells nobody apart"
