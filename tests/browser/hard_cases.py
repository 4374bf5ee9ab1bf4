"""A few hundred players whose histories sit on every edge of the reference segment, as raw events.

Also what the segment should find, computed from the sessions and rounds alone.
"""

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from players import windows
from players.folding import fold_pending
from players.models import Brand, Category, Person, Player, Round, Session
from tests.folding.casino import LIVE, SLOTS, Sent, receive, round_, session

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
# name -> (sessions, minutes each, end of the newest before now, stakes per category)
_EDGES: dict[str, tuple[int, float, timedelta, dict[int, int]]] = {
    "fourteen-days": (5, 46, 14 * DAY, {SLOTS: 500}),
    "almost-fourteen": (5, 46, 14 * DAY - 300 * SECOND, {SLOTS: 500}),
    "thirteen-days": (5, 46, 13 * DAY, {SLOTS: 500}),
    "four-sessions": (4, 90, 20 * DAY, {SLOTS: 500}),
    "exactly-45": (5, 45, 20 * DAY, {SLOTS: 500}),
    "long-enough": (5, 45 + 1 / 60, 20 * DAY, {SLOTS: 500}),
    "just-short": (5, 45 - 1 / 60, 20 * DAY, {SLOTS: 500}),
    "tie-with-live": (6, 50, 20 * DAY, {SLOTS: 500, LIVE: 500}),
    "live-by-a-penny": (6, 50, 20 * DAY, {SLOTS: 500, LIVE: 501}),
    "slots-by-a-penny": (6, 50, 20 * DAY, {SLOTS: 501, LIVE: 500}),
    "stakes-too-old": (5, 60, 95 * DAY, {SLOTS: 500}),
    "never": (0, 0, 20 * DAY, {}),
}


def play(brand: Brand, now: datetime, *, size: int) -> None:
    """The edges, then a seeded crowd up to `size`; everything goes through the fold, in shuffled order."""
    dice = random.Random(5)
    windows.roll(now=now)
    stories = dict(_EDGES)
    for index in range(size - len(_EDGES)):
        gone = dice.choice([0, 5, 13, 14, 15, 40, 89, 90, 91]) * DAY + dice.choice([-60, 60, 3600]) * SECOND
        stakes = {number: dice.choice([100, 500, 900]) for number in dice.sample([SLOTS, LIVE, 4], dice.randint(1, 3))}
        minutes = dice.choice([20, 44, 45, 46, 90])
        stories[f"crowd-{index}"] = (dice.choice([0, 3, 4, 5, 6, 9]), minutes, max(gone, 60 * SECOND), stakes)
    people = Person.objects.bulk_create(Person() for _ in stories)
    players = Player.objects.bulk_create(
        Player(brand=brand, person=person, external_id=name, currency=brand.currency, country="GB",
               registered_at=now - 200 * DAY)
        for name, person in zip(stories, people, strict=True)
    )  # fmt: skip
    events = [event for player in players for event in _story(player, now, *stories[player.external_id])]
    dice.shuffle(events)
    receive(brand, events, now, is_replay=True)
    while fold_pending(now=now):
        pass


def _story(
    player: Player, now: datetime, count: int, minutes: float, gone: timedelta, stakes: dict[int, int]
) -> Iterator[Sent]:
    last = now - gone
    for number in range(count):
        # Older sessions are much longer: an average over all of them would let the wrong players in.
        length = minutes if number < 5 else 600
        start = last - number * DAY - timedelta(minutes=length)
        yield session(player.pk, start, length, f"{player.pk}-{number}", category=SLOTS)
    for category, stake in stakes.items():
        yield round_(player.pk, last - 60 * SECOND, f"{player.pk}-{category}", stake, category=category)


def reference_members(brand: Brand, now: datetime) -> set[str]:
    """Slots by stakes of 90 calendar days, silent for 14 × 24 h, newest 5 sessions over 45 minutes on average."""
    zone = ZoneInfo(brand.timezone)
    oldest = now.astimezone(zone).date() - 90 * DAY
    names = dict(Player.objects.filter(brand=brand, is_test=False).values_list("pk", "external_id"))
    staked: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    played: dict[int, list[datetime]] = defaultdict(list)
    sessions: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    for one in Round.objects.filter(player_id__in=names):
        played[one.player_id].append(one.occurred_at)
        if one.occurred_at.astimezone(zone).date() > oldest:
            staked[one.player_id][one.category] += one.stake_real + one.stake_bonus
    for visit in Session.objects.filter(player_id__in=names):
        played[visit.player_id].append(visit.ended_at)
        sessions[visit.player_id].append((visit.started_at, visit.seconds))
    found = set()
    for pk, name in names.items():
        newest = [seconds for _, seconds in sorted(sessions[pk], reverse=True)[:5]]
        best = max(staked[pk], key=lambda category: (staked[pk][category], -category), default=Category.NONE)
        if best == SLOTS and len(newest) == 5 and sum(newest) / 5 > 45 * 60 and max(played[pk]) <= now - 14 * DAY:
            found.add(name)
    return found
