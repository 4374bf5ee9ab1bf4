"""The PAM that never sleeps: fills in the past once, then lives second by second."""

import heapq
import json
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue

from config.casino import cast
from config.casino.credit import Credit
from config.casino.feed import Feed
from config.casino.gamblers import DAY, HISTORY_DAYS, Gambler, draw, draw_one, iso
from config.casino.houses import GAMES, HOUSES
from config.casino.play import Bookmaker, Happening, Life

HEARTBEAT_EVERY = 10.0
REGISTER_ANSWER_LASTS = 20 * 3600.0  # asked again well before the 24 hours after which nobody may rely on it
NEWCOMER_EVERY = 75.0  # seconds between registrations while somebody watches


@dataclass
class Memory:
    """What must survive a restart: when the casino opened, and up to where its past has been told."""

    path: Path
    opened: float
    through: float = 0.0
    runs: int = 0

    @classmethod
    def load(cls, path: Path, now: float) -> "Memory":
        if path.exists():
            return cls(path, **json.loads(path.read_text()))
        return cls(path, opened=now - HISTORY_DAYS * DAY)

    def save(self) -> None:
        known = {"opened": self.opened, "through": self.through, "runs": self.runs}
        partial = self.path.with_suffix(".new")
        partial.write_text(json.dumps(known))
        partial.replace(self.path)


@dataclass
class Casino:
    """All gamblers, their lives, and the events that wait for their time."""

    seed: int
    players: int
    memory: Memory
    now: float
    bookmaker: Bookmaker = field(default_factory=Bookmaker)
    gamblers: dict[str, Gambler] = field(default_factory=dict)
    waiting: list[tuple[float, int, Happening, Iterator[Happening]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.run = f"{self.memory.runs}." if self.memory.runs else ""
        for gambler in draw(self.seed, self.players, self.memory.opened):
            self._enter(gambler)
        for gambler in cast.gamblers(self.seed, self.memory.opened):
            self._enter(gambler)

    def _enter(self, gambler: Gambler) -> None:
        self.gamblers[gambler.external_id] = gambler
        if self.memory.through:  # a later run draws other days for the same people
            gambler.rng = random.Random(f"{self.seed}/{gambler.external_id}/{self.memory.runs}")  # noqa: S311
            gambler.balance = gambler.bank if gambler.deposits else 0

    def past(self, gambler: Gambler) -> Iterator[Happening]:
        """What this one did up to now; the first thing still to come goes to the waiting list."""
        told = cast.story(gambler, self.memory.opened)
        life = Life(gambler, self.bookmaker, self.memory.through, self.now, self.run).events()
        if told is not None:
            life = iter([event for event in told if event.at > self.memory.through])
        for event in life:
            if event.at > self.now:
                self.expect(event, life)
                return
            yield event

    def expect(self, event: Happening, life: Iterator[Happening]) -> None:
        heapq.heappush(self.waiting, (event.at, id(event), event, life))

    def due(self, now: float) -> Iterator[Happening]:
        while self.waiting and self.waiting[0][0] <= now:
            _, _, event, life = heapq.heappop(self.waiting)
            following = next(life, None)
            if following is not None:
                self.expect(following, life)
            yield event

    def newcomer(self, now: float) -> None:
        """Somebody registers: his first day begins with the next breath."""
        number = 500_000 + int(now - self.memory.opened)
        rng = random.Random(f"{self.seed}/{number}")  # noqa: S311
        gambler = draw_one(rng, number, self.memory.opened, is_new=True, came=now)
        self.gamblers[gambler.external_id] = gambler
        life = Life(gambler, self.bookmaker, now, now, self.run).events()
        self.expect(next(life), life)


class Simulator:
    def __init__(self, casino: Casino, feed: Feed, credit: Credit | None, say: Callable[[str], None]) -> None:
        self.casino, self.feed, self.credit, self.say = casino, feed, credit, say
        self._heartbeat_at = self._newcomer_at = 0.0
        self._credited: SimpleQueue[tuple[str, int, str]] = SimpleQueue()
        if credit:
            credit.on_credit = lambda player, amount, reference: self._credited.put((player, amount, reference))

    def catalogue(self) -> None:
        rows: list[dict[str, object]] = [
            {
                "game_id": g.game_id,
                "title": g.title,
                "category": g.category,
                "provider": g.provider,
                "rtp": g.rtp or None,
            }
            for g in GAMES
        ]
        for house in HOUSES:
            self.feed.put_games(house.slug, rows)

    def backfill(self) -> None:
        """Tells the past as replay: state is built, no journey starts. First who there is, then what they did."""
        started, memory = time.monotonic(), self.casino.memory
        lives = [(gambler.house.slug, self.casino.past(gambler)) for gambler in self.casino.gamblers.values()]
        for brand in [house.slug for house in HOUSES]:
            ours = [life for slug, life in lives if slug == brand]
            heads = [head for head in (next(life, None) for life in ours) if head is not None]
            for future in self.feed.post_all(brand, (head.body(replay=True) for head in heads)):
                future.result()
            rest = (event.body(replay=True) for life in ours for event in life)
            for future in self.feed.post_all(brand, rest):
                future.result()
        self._check_registers(everybody=True)
        memory.through, memory.runs = self.casino.now, memory.runs + 1
        memory.save()
        memory.path.with_name("history.told").touch()
        counts = self.feed.results
        self.say(
            f"History told: {counts['received']:,} events in {time.monotonic() - started:.0f} s"
            f" ({counts['accepted']:,} accepted, {counts['duplicate']:,} known, {counts['quarantined']:,} quarantined)."
        )
        for reason, count in self.feed.reasons.most_common(5):
            self.say(f"  quarantined {count:,} × {reason}")

    def live(self, until: float | None = None) -> None:
        """One second at a time, for ever or until then."""
        while until is None or time.time() < until:
            now = time.time()
            self._beat(now)
            if now >= self._newcomer_at:
                self.casino.newcomer(now)
                self._newcomer_at = now + NEWCOMER_EVERY
            self._follow_credits(now)
            self._post(self.casino.due(now))
            self._check_registers(everybody=False)
            self.casino.memory.through = now
            self.casino.memory.save()
            time.sleep(max(0.0, 1 - (time.time() - now)))

    def _post(self, events: Iterator[Happening], replay: bool = False) -> None:
        by_brand: dict[str, list[dict[str, object]]] = defaultdict(list)
        for event in events:
            by_brand[event.gambler.house.slug].append(event.body(replay))
        for brand, bodies in by_brand.items():
            self.feed.post(brand, bodies)

    def _beat(self, now: float) -> None:
        if now < self._heartbeat_at:
            return
        self._heartbeat_at = now + HEARTBEAT_EVERY
        for house in HOUSES:
            body = {"event": "feed.heartbeat", "event_id": f"beat-{now:.0f}", "occurred_at": iso(now)}
            self.feed.post(house.slug, [{**body, "properties": {"sequence": int(now)}}])

    def _check_registers(self, *, everybody: bool) -> None:
        """Asks the national register about everyone who may be written to; a share of them each second."""
        now = time.time()
        slice_now = int(now) % int(REGISTER_ANSWER_LASTS)
        events = []
        for number, gambler in enumerate(self.casino.gamblers.values()):
            if not gambler.house.register or gambler.registered_at > now:
                continue
            if not everybody and number * 7 % int(REGISTER_ANSWER_LASTS) != slice_now:
                continue
            excluded = any(
                kind == "rg.self_excluded" and "register" in said for at, kind, said in gambler.plan if at <= now
            )
            said = {"register": gambler.house.register, "purpose": "marketing"}
            said["result"] = "listed" if excluded else "clear"
            events.append(
                Happening(now, "rg.register_checked", f"check-{gambler.external_id}-{now:.0f}", gambler, dict(said))
            )
        if not events:
            return
        by_brand: dict[str, list[dict[str, object]]] = defaultdict(list)
        for event in events:
            by_brand[event.gambler.house.slug].append(event.body(replay=everybody))
        for future in wait(
            [done for brand, bodies in by_brand.items() for done in self.feed.post_all(brand, bodies)]
        ).done:
            future.result()

    def _follow_credits(self, now: float) -> None:
        """A credited bonus is claimed by half of the players, who then sit down and play it."""
        while True:
            try:
                player, amount, reference = self._credited.get_nowait()
            except Empty:
                return
            gambler = self.casino.gamblers.get(player)
            if gambler is None or gambler.rng.random() < 0.5:
                continue
            gambler.bonus, gambler.bonus_ref = gambler.bonus + amount, reference
            life = Life(gambler, self.casino.bookmaker, now, now, f"b{now:.0f}.").play_bonus(now + 5)
            self.casino.expect(next(life), life)
