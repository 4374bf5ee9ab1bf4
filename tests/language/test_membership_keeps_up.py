"""Membership kept by events and by the clock ≡ counting the raw facts, and nobody moves more than a minute late."""

import os
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest

from players.folding import fold_pending
from players.models import Fact
from segments.language.attributes import registry
from segments.language.compile import matching
from segments.language.parse import RuleError
from segments.language.tree import At
from segments.models import Membership, Segment
from segments.reading import read
from tests.language.brute_force.answer import Crowd
from tests.language.brute_force.clock import Clock
from tests.language.brute_force.house import Moment
from tests.language.brute_force.reading import READINGS
from tests.language.brute_force.world import Place, World
from tests.language.rules import random_leaf, random_rule

START = datetime(2026, 3, 20, 9, 30, tzinfo=UTC)  # the clocks of London and of Santiago change soon
LATE = timedelta(seconds=60)
Event = dict[str, Any]


class Watched(NamedTuple):
    segment: Segment
    place: Place
    rule: dict[str, Any]


class Casino:
    """Three brands with live segments, and a clock."""

    def __init__(self, players: int, segments: int, days: int, busy: int, seed: int) -> None:
        self.dice = random.Random(seed)
        edges = sorted(START + timedelta(seconds=self.dice.randrange(days * 86_400)) for _ in range(40))
        self.world = World(players, [START, *edges], seed, busy=busy)
        self.world.arrive(0)
        self.ends = edges[-1]
        self.clock = Clock([place.house for place in self.world.places], START, self.dice)
        self.watched = [self._goes_live(n) for n in range(segments)]
        silent = {"all": [{"attribute": "days_since_play", "op": "at_least", "value": 2}]}
        self.watched += [Watched(one.goes_live("Silent", silent, START), one, silent) for one in self.world.places]
        self.players = {pk: (place, name) for place in self.world.places for name, pk in place.ids.items()}
        self.by_id = {one.segment.pk: one for one in self.watched}
        self.checked = START
        self.wrong: list[str] = []
        self.moves = self.by_time = 0

    def _goes_live(self, n: int) -> Watched:
        """Two of three of them move with time alone; all of them tell some players apart."""
        place = self.world.places[n % len(self.world.places)]
        crowd, _ = place.crowd(START)
        timed = [key for key in sorted(READINGS) if registry.get(key).by_time]
        while True:
            rule = random_rule(self.dice, sorted(READINGS), 2, sorted(place.segments), ())
            if n % 3:
                rule = {self.dice.choice(("all", "any")): [rule, random_leaf(self.dice, timed)]}
            if not 0 < crowd.members(rule).bit_count() < len(crowd.lives):
                continue
            try:
                return Watched(place.goes_live(f"Segment {n}", rule, START), place, rule)
            except RuleError as error:
                if "nested" not in str(error):  # a segment that names one that names one … is too deep at some point
                    raise

    def coming(self) -> Iterator[tuple[datetime, Place, Event]]:
        """Events in the order they arrive: most at once, some hours or days late, some twice."""
        told = []
        for arrivals in self.world.coming[1:]:
            for place, events in arrivals.items():
                for event in events:
                    late = timedelta(seconds=self.dice.choice((1, 1, 2, 9, 3600, 3 * 86_400)))
                    at = max(START, datetime.fromisoformat(event["occurred_at"])) + late
                    told.append((at, place, event))
        return iter(sorted(told, key=lambda one: one[0]))

    # --- living

    def pass_time(self, then: datetime) -> None:
        for at in self.clock.until(then):
            self._check_moves(at)

    def hear(self, place: Place, events: list[Event], now: datetime) -> None:
        self.world.tell(place, events, now)
        self.checked = now  # whoever moved now was moved by an event

    # --- checking

    def _check_moves(self, now: datetime) -> None:
        """Everybody who has just moved had no reason to a minute before."""
        since, self.checked = self.checked, now
        entered = Membership.objects.filter(entered_at__gt=since).exclude(cause="build")
        left = Membership.objects.filter(left_at__gt=since)
        for moment, segment, player, inside in [
            *((row.entered_at, row.segment_id, row.player_id, True) for row in entered),
            *((row.left_at, row.segment_id, row.player_id, False) for row in left),
        ]:
            self.moves += 1
            before = max(moment - LATE, self._heard(player))
            if self._truth(segment, player, moment) != inside or self._truth(segment, player, before) == inside:
                self.wrong.append(self._words(segment, player, moment, "entered" if inside else "left"))

    def compare(self, now: datetime) -> None:
        """Rows ≡ SQL over everybody ≡ the raw facts; who should have moved within the last minute may still."""
        crowds = {place: place.crowd(now) for place in self.world.places}
        for one in self.watched:
            rows = set(Membership.objects.filter(segment=one.segment, left_at=None).values_list("player_id", flat=True))
            at = At.brand(one.place.brand, now)
            full = set(matching(one.place.brand, read(one.rule, one.place.brand.pk), at).values_list("pk", flat=True))
            crowd, ids = crowds[one.place]
            truth = {ids[place] for place in crowd.places(crowd.members(one.rule))}
            for player in (rows ^ truth) | (full ^ truth):
                before = max(now - LATE, self._heard(player))
                if self._truth(one.segment.pk, player, before) == (player in truth):
                    self.wrong.append(self._words(one.segment.pk, player, now, "is in the wrong place"))

    def _heard(self, player: int) -> datetime:
        place, name = self.players[player]
        return place.heard_at.get(name, START)

    def _truth(self, segment: int, player: int, now: datetime) -> bool:
        place, name = self.players[player]
        life = place.life(name)
        if life.is_test:
            return False
        return bool(Crowd([life], Moment(now, place.house), place.segments).members(self.by_id[segment].rule))

    def _words(self, segment: int, player: int, at: datetime, what: str) -> str:
        one = self.by_id[segment]
        return f"player {player} of {one.place.house.slug} {what} at {at.isoformat()}: {one.rule}"


def live_through(casino: Casino, events: int, batch: int, every: int) -> int:
    """Events in small batches, the clock in between; all is compared after each `every` batches."""
    coming, heard, n = casino.coming(), 0, 0
    while heard < events and (first := next(coming, None)):
        some = [first, *(one for _, one in zip(range(casino.dice.randrange(batch)), coming, strict=False))]
        now = max(some[-1][0], casino.clock.now)
        casino.pass_time(now)
        for place in casino.world.places:
            if mine := [event for _, at, event in some if at is place]:
                casino.hear(place, mine, now)
        heard += len(some)
        n += 1
        if n % every == 0:
            casino.compare(now)
            casino.world.analyse()
    casino.pass_time(casino.clock.now + LATE)
    casino.compare(casino.clock.now)
    assert fold_pending(now=casino.clock.now) == 0
    return heard


def assert_told_once(casino: Casino) -> None:
    """One fact per move, none for those whom the build found inside."""
    rows = Membership.objects.filter(segment__in=[one.segment.pk for one in casino.watched])
    assert Fact.objects.filter(kind="segment.entered").count() == rows.exclude(cause="build").count()
    assert Fact.objects.filter(kind="segment.left").count() == rows.exclude(left_at=None).count()


@pytest.mark.django_db
def test_members_follow_events_and_time() -> None:
    casino = Casino(players=24, segments=6, days=12, busy=1, seed=11)
    heard = live_through(casino, events=120, batch=30, every=2)
    assert casino.wrong == []
    assert (heard, casino.moves) > (60, 5)
    assert_told_once(casino)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_ten_thousand_events_later_nobody_is_in_the_wrong_place_or_was_late() -> None:
    size, events = int(os.environ.get("ORACLE_PLAYERS", "160")), int(os.environ.get("ORACLE_EVENTS", "10000"))
    casino = Casino(players=size, segments=30, days=60, busy=10, seed=12)
    heard = live_through(casino, events=events, batch=120, every=4)
    sys.stdout.write("\n".join([f"{heard} events, {casino.moves} moves, {len(casino.wrong)} wrong", *casino.wrong, ""]))
    assert casino.wrong == []
    assert heard >= events
    assert casino.moves > 100
    assert_told_once(casino)
