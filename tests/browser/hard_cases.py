"""A few hundred players whose histories sit on every edge of the reference segment, as raw events.

Also what the segment should find, computed from the sessions and rounds alone.
"""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from players import windows
from players.folding import fold_pending
from players.models import Brand, Category, Person, Player, Round, RoundRollback, Session
from tests.folding.casino import LIVE, SLOTS, Sent, receive, rollback, round_, session

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@dataclass(frozen=True)
class Story:
    """What somebody played: `gone` is how long before now the newest session ended, minutes are of each session."""

    sessions: int = 5
    minutes: float = 46
    gone: timedelta = 20 * DAY
    real: dict[int, int] = field(default_factory=lambda: {SLOTS: 500})  # stakes per category
    bonus: dict[int, int] = field(default_factory=dict)
    taken_back: dict[int, int] = field(default_factory=dict)  # stakes of rounds that were rolled back


EDGES: dict[str, Story] = {
    "fourteen-days": Story(gone=14 * DAY),
    "one-second-less": Story(gone=14 * DAY - SECOND),
    "thirteen-days": Story(gone=13 * DAY),
    "four-sessions": Story(sessions=4, minutes=90),
    "exactly-45": Story(minutes=45),
    "long-enough": Story(minutes=45 + 1 / 60),
    "just-short": Story(minutes=45 - 1 / 60),
    "tie-with-live": Story(real={SLOTS: 500, LIVE: 500}),
    "live-by-a-penny": Story(real={SLOTS: 500, LIVE: 501}),
    "slots-by-a-penny": Story(real={SLOTS: 501, LIVE: 500}),
    "bonus-money-only": Story(real={}, bonus={SLOTS: 500}),
    "bonus-tips-to-slots": Story(real={SLOTS: 300, LIVE: 500}, bonus={SLOTS: 300}),
    "bonus-tips-to-live": Story(real={SLOTS: 500, LIVE: 300}, bonus={LIVE: 300}),
    "live-taken-back": Story(real={SLOTS: 500}, taken_back={LIVE: 900}),
    "slots-taken-back": Story(real={SLOTS: 100, LIVE: 500}, taken_back={SLOTS: 900}),
    "all-taken-back": Story(real={}, taken_back={SLOTS: 900}),
    "stakes-too-old": Story(minutes=60, gone=95 * DAY),
    "never": Story(sessions=0, real={}),
}
INSIDE = {
    "fourteen-days", "long-enough", "tie-with-live", "slots-by-a-penny", "bonus-money-only", "bonus-tips-to-slots",
    "live-taken-back",
}  # fmt: skip


def play(brand: Brand, now: datetime, *, size: int) -> None:
    """The edges, then a seeded crowd up to `size`; everything goes through the fold, in shuffled order."""
    dice = random.Random(5)
    windows.roll(now=now)
    stories = EDGES | {f"crowd-{index}": _drawn(dice) for index in range(size - len(EDGES))}
    people = Person.objects.bulk_create(Person() for _ in stories)
    players = Player.objects.bulk_create(
        Player(brand=brand, person=person, external_id=name, currency=brand.currency, country="GB",
               registered_at=now - 200 * DAY)
        for name, person in zip(stories, people, strict=True)
    )  # fmt: skip
    events = [event for player in players for event in _told(player, now, stories[player.external_id])]
    dice.shuffle(events)
    receive(brand, events, now, is_replay=True)
    while fold_pending(now=now):
        pass


def _drawn(dice: random.Random) -> Story:
    """Somebody near the edges of all three conditions at once, never within minutes of flipping by time alone."""
    gone = dice.choice([0, 5, 13, 14, 15, 15, 40, 89, 90, 91]) * DAY + dice.choice([-600, 600, 3600]) * SECOND

    def stakes(most: int) -> dict[int, int]:
        return {number: dice.choice([100, 500, 900]) for number in dice.sample([SLOTS, LIVE, 4], dice.randint(0, most))}

    return Story(
        sessions=dice.choice([0, 4, 5, 5, 6, 9]),
        minutes=dice.choice([20, 45, 46, 46, 90]),
        gone=max(gone, 60 * SECOND),
        real={SLOTS: dice.choice([400, 700])} | stakes(2),
        bonus=stakes(1),
        taken_back=stakes(1),
    )


def _told(player: Player, now: datetime, story: Story) -> Iterator[Sent]:
    last = now - story.gone
    for number in range(story.sessions):
        # Older sessions are much longer: an average over all of them would let the wrong players in.
        length = story.minutes if number < 5 else 600
        start = last - number * DAY - timedelta(minutes=length)
        yield session(player.pk, start, length, f"{player.pk}-{number}", category=SLOTS)
    at = last - 60 * SECOND
    for category, stake in story.real.items():
        yield round_(player.pk, at, f"{player.pk}-{category}", stake, category=category)
    for category, stake in story.bonus.items():
        yield round_(player.pk, at, f"{player.pk}-{category}-bonus", 0, bonus=stake, category=category)
    for category, stake in story.taken_back.items():
        yield round_(player.pk, at, f"{player.pk}-{category}-back", stake, category=category)
        yield rollback(player.pk, at + SECOND, f"{player.pk}-{category}-back")


def reference_members(brand: Brand, now: datetime) -> set[str]:
    """Slots by stakes of 90 calendar days, silent for 14 × 24 h, newest 5 sessions over 45 minutes on average."""
    zone = ZoneInfo(brand.timezone)
    oldest = now.astimezone(zone).date() - 90 * DAY
    names = dict(Player.objects.filter(brand=brand, is_test=False).values_list("pk", "external_id"))
    staked: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    played: dict[int, list[datetime]] = defaultdict(list)
    sessions: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    undone = set(RoundRollback.objects.filter(player_id__in=names).values_list("player_id", "round_id"))
    for one in Round.objects.filter(player_id__in=names):
        if (one.player_id, one.round_id) in undone:
            continue
        played[one.player_id].append(one.occurred_at)
        if one.occurred_at.astimezone(zone).date() > oldest:
            staked[one.player_id][one.category] += one.stake_real + one.stake_bonus
    for visit in Session.objects.filter(player_id__in=names):
        played[visit.player_id].append(visit.ended_at)
        sessions[visit.player_id].append((visit.started_at, visit.seconds))
    found = set()
    for pk, name in names.items():
        newest = [seconds for _, seconds in sorted(sessions[pk], reverse=True)[:5]]
        staked_on = {category: stake for category, stake in staked[pk].items() if stake > 0}
        best = max(staked_on, key=lambda category: (staked_on[category], -category), default=Category.NONE)
        if best == SLOTS and len(newest) == 5 and sum(newest) / 5 > 45 * 60 and max(played[pk]) <= now - 14 * DAY:
            found.add(name)
    return found
