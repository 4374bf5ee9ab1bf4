"""The same events for both: told to Pitboss through the inbox and the fold, and kept for the brute force."""

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, connections, transaction

from bonuses.models import Grant
from players import batches, inbox, partitions, stages, windows
from players.folding import born, fold_pending
from players.models import (
    Bet,
    Brand,
    Category,
    CustomAttribute,
    DailyActivity,
    Feed,
    Game,
    Licence,
    ListMember,
    Person,
    Player,
    PlayerAttribute,
    PlayerBonus,
    PlayerCategory,
    PlayerHabits,
    PlayerList,
    PlayerMoney,
    PlayerState,
    PlayerTag,
)  # fmt: skip
from segments import building, membership
from segments.models import Membership, Segment
from tests.language.brute_force.answer import Crowd
from tests.language.brute_force.house import House, Moment, Runs
from tests.language.brute_force.lives import GAMES, LISTS, Teller, deliveries
from tests.language.brute_force.of_consents import OWN, STATED
from tests.language.brute_force.told import Life

# Clocks that change at one in the morning, at midnight and not at all alike; sessions told by the PAM and cut from
# rounds; gaming days that begin at midnight and at six; short runs, so that there are some.
HOUSES = (
    House("northlight", ZoneInfo("Europe/London"), games=GAMES, runs=Runs(5, 80, 2, 3)),
    House("andes", ZoneInfo("America/Santiago"), games=GAMES, runs=Runs(3, 50, 0, 2)),
    House("azura", ZoneInfo("Europe/Malta"), day_start=6, pause=30, games=GAMES, runs=Runs(4, 100, 1, 1)),
)
_SHARES = (2, 1, 1)
_TABLES = [
    model._meta.db_table
    for model in (
        Bet, DailyActivity, Grant, ListMember, Membership, Player, PlayerAttribute, PlayerBonus, PlayerCategory, PlayerHabits,
        PlayerMoney, PlayerState, PlayerTag,
    )
]  # fmt: skip


class Place:
    """One brand with its players, and what they did."""

    def __init__(self, house: House, now: datetime) -> None:
        licence, _ = Licence.objects.get_or_create(jurisdiction="MT", number="1", defaults={"licensee": "Azura Ltd"})
        self.house = house
        self.brand = Brand.objects.create(
            slug=house.slug, name=house.slug.title(), licence=licence, currency="GBP", timezone=house.zone.key,
            day_start_hour=house.day_start, session_gap_minutes=house.pause, run_rounds=house.runs.rounds, run_return=house.runs.bad,
            run_stop=house.runs.stop, run_cases=house.runs.cases,
        )  # fmt: skip
        self.feed = Feed.objects.create(brand=self.brand)
        self.lists = [PlayerList.objects.create(brand=self.brand, name=name, created_at=now) for name in LISTS]
        for name, criteria in STATED.items():
            PlayerList.objects.filter(brand=self.brand, name=name).update(criteria=criteria, stated_at=now)
        for key, (kind, criterion) in OWN.items():
            CustomAttribute.objects.create(
                brand=self.brand, key=key, label=key.title(), kind=kind, criterion=criterion, help="", declared_at=now
            )
        self.imported: dict[str, dict[str, Any]] = {}
        self.on_lists: dict[str, frozenset[str]] = {}
        self.said: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.lives: dict[str, Life] = {}
        self.heard_at: dict[str, datetime] = {}
        self.ids: dict[str, int] = {}
        self.segments: dict[int, dict[str, Any]] = {}

    def bring_in(self, player: str, at: datetime, dice: random.Random) -> None:
        """As an import does: an account of which little is known."""
        said = {
            "registered_at": at.isoformat(), "currency": dice.choice(("GBP", "EUR")), "country": dice.choice(("", "GB")),
            "language": "en", "vip_tier": dice.choice((0, 1, 3)), "birth_date": None,
        }  # fmt: skip
        self.imported[player] = said
        fields = {**said, "registered_at": at}
        row = Player.objects.create(brand=self.brand, person=Person.objects.create(), external_id=player, **fields)
        born([row.pk])
        self.said[player] = []

    def upload(self, dice: random.Random) -> None:
        self.ids = dict(Player.objects.filter(brand=self.brand).values_list("external_id", "pk"))
        rows = [
            ListMember(list=one, player_id=pk) for pk in self.ids.values() for one in self.lists if dice.random() < 0.3
        ]
        ListMember.objects.bulk_create(rows)
        names: dict[int, set[str]] = defaultdict(set)
        for row in rows:
            names[row.player_id].add(row.list.name)
        self.on_lists = {player: frozenset(names[pk]) for player, pk in self.ids.items()}

    def hear(self, events: Sequence[dict[str, Any]], now: datetime) -> None:
        for event in events:
            self.said[event["player"]].append(event)
            self.lives.pop(event["player"], None)
            self.heard_at[event["player"]] = now

    def life(self, player: str) -> Life:
        """What is known by now."""
        if player not in self.lives:
            lists = self.on_lists.get(player, frozenset())
            self.lives[player] = Life(self.house, self.said[player], self.imported.get(player), lists)
        return self.lives[player]

    def crowd(self, now: datetime) -> tuple[Crowd, list[int]]:
        """Whom segments count, and the database's number of each life."""
        for player in self.said:
            self.life(player)
        if self.segments:
            self._read_stays()
        seen = [player for player, life in self.lives.items() if not life.is_test]
        lives = [self.lives[player] for player in seen]
        return Crowd(lives, Moment(now, self.house), self.segments), [self.ids[one] for one in seen]

    def goes_live(self, name: str, rule: dict[str, Any], now: datetime) -> Segment:
        """Without acting on those who are inside already."""
        segment = building.save_draft(None, self.brand, name, rule, None, now=now)
        with transaction.atomic():
            building.go_live(segment, None, acts_on_existing=False, now=now)
        assert building.build(segment.pk, now=now)
        self.segments[segment.pk] = rule
        return segment

    def _read_stays(self) -> None:
        found: dict[int, list[tuple[int, datetime, datetime | None]]] = defaultdict(list)
        for player, *stay in Membership.objects.filter(segment__in=self.segments).values_list(
            "player_id", "segment_id", "entered_at", "left_at"
        ):
            found[player].append((stay[0], stay[1], stay[2]))
        for player, life in self.lives.items():
            life.stays = found[self.ids[player]]


class World:
    """`size` players of three brands; `at(n)` lets everything happen that arrives up to the n-th instant."""

    def __init__(
        self, size: int, edges: Sequence[datetime], seed: int, *, busy: int = 1, span: timedelta = timedelta(days=200)
    ) -> None:
        self.edges, self.dice, self.busy = edges, random.Random(seed), busy
        first = edges[0] - span
        for number, (game, (category, provider, type_)) in enumerate(GAMES.items()):
            Game.objects.create(external_id=game, title=f"Title {number}", category=Category.from_key(category),
                                provider=provider, type=type_)  # fmt: skip
        self.places = [Place(house, first) for house in HOUSES]
        self.coming: list[dict[Place, list[dict[str, Any]]]] = [defaultdict(list) for _ in edges]
        for place, share in zip(self.places, _SHARES, strict=True):
            self._people(place, size * share // sum(_SHARES), first)

    def _people(self, place: Place, size: int, first: datetime) -> None:
        teller = Teller(self.dice, place.house, self.edges, first)
        for number in range(size):
            player, registers = f"p{number}", self.dice.random() < 0.9
            if not registers:
                place.bring_in(player, first, self.dice)
            for n, event in deliveries(teller.life(player, registers=registers, busy=self.busy), self.edges, self.dice):
                self.coming[n][place].append(event)

    def arrive(self, n: int) -> int:
        """What comes at the n-th instant is accepted and folded then, and the clock's own work is done; how many."""
        now, count = self.edges[n], 0
        partitions.ensure_inbox(now.date())
        for place, events in self.coming[n].items():
            self.dice.shuffle(events)
            events.sort(key=lambda event: event["event"] != "player.registered")
            self.tell(place, events, now)
            count += len(events)
        self.analyse()
        self.pass_time(now)
        if n == 0:
            for place in self.places:
                place.upload(self.dice)
        return count

    def analyse(self) -> None:
        """As autovacuum does of itself: without it the planner takes thousands of players for a handful. Only what is
        committed can be looked at."""
        if not connection.in_atomic_block:
            with connections["owner"].cursor() as db:
                db.execute(f"ANALYZE {', '.join(_TABLES)}")

    def tell(self, place: Place, events: Sequence[dict[str, Any]], now: datetime) -> None:
        for start in range(0, len(events), 1000):
            receipt = inbox.accept(place.feed, events[start : start + 1000], now=now)
            assert receipt.quarantined == 0, [row for row in receipt.results if row["status"] == "quarantined"][:3]
        place.hear(events, now)
        while fold_pending(now=now):
            pass

    def pass_time(self, now: datetime) -> None:
        windows.roll(now=now)
        stages.tick(now=now)
        batches.settle(now=now, limit=1000)
        membership.tick(now=now)
