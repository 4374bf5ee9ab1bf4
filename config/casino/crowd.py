"""Everybody who plays at the demo casino, and what waits for its time."""

import heapq
import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from config.casino import cast
from config.casino.bookmaker import Bookmaker
from config.casino.gamblers import DAY, HISTORY_DAYS, Gambler, draw, draw_one, iso
from config.casino.play import Happening, Life


@dataclass
class Memory:
    """What must survive a restart: when the casino opened, and up to where its past has been told."""

    path: Path
    opened: float
    through: float = 0.0
    runs: int = 0
    numbers: dict[str, dict[str, int]] = field(default_factory=dict)  # brand -> family -> last number answered

    @classmethod
    def load(cls, path: Path, now: float) -> "Memory":
        if path.exists():
            return cls(path, **json.loads(path.read_text()))
        memory = cls(path, opened=now - HISTORY_DAYS * DAY)
        memory.save()  # at once: stopped while it tells its past, the next run must tell the same one
        return memory

    def save(self) -> None:
        known = {"opened": self.opened, "through": self.through, "runs": self.runs, "numbers": dict(self.numbers)}
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

    _listed: tuple[int, set[str]] = field(default_factory=lambda: (0, set()))

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
        number = int(now) % 10_000_000 + 1_000_000
        rng = random.Random(f"{self.seed}/{number}")  # noqa: S311
        gambler = draw_one(rng, number, self.memory.opened, is_new=True, came=now)
        gambler.plan = []
        self.gamblers[gambler.external_id] = gambler
        life = Life(gambler, self.bookmaker, now, now, self.run).events()
        self.expect(next(life), life)

    def comes_back(self, now: float) -> None:
        """Somebody who left over a month ago deposits and plays again."""
        gambler = self._anybody(lambda one: one.leaves_at < now - 31 * DAY)
        if gambler:
            gambler.leaves_at = now + 20 * DAY
            life = Life(gambler, self.bookmaker, now, now, f"r{now:.0f}.").return_visit(now)
            self.expect(next(life), life)

    def restricts(self, kind: str, now: float) -> Happening | None:
        """Somebody sets a limit, takes a break or leaves for good."""
        gambler = self._anybody(lambda one: one.leaves_at > now)
        if gambler is None:
            return None
        said: dict[str, object] = {"measure_id": f"{kind}-{gambler.external_id}-{now:.0f}", "sequence": 1}
        if kind == "rg.limit_set":
            amount = gambler.bank * gambler.rng.choice((1, 2, 4))
            period = gambler.rng.choice(("day", "week", "month"))
            said |= {"kind": "deposit_limit", "period": period, "amount": amount, "origin": "player"}
            said["currency"] = gambler.house.currency
        elif kind == "rg.time_out":
            said["ends_at"] = iso(now + gambler.rng.choice((1, 7, 30)) * DAY)
        else:
            said["ends_at"] = None
        event = Happening(now, kind, f"{kind}-{gambler.external_id}-{now:.0f}", gambler, said)
        if kind != "rg.limit_set":
            gambler.leaves_at = now
            gambler.plan.append((now, kind, said))
        return event

    def is_listed(self, number: str) -> bool:
        """Whether the national register knows this id number: only who excluded themselves there."""
        second = int(time.time())
        if self._listed[0] != second:  # whole mailings are asked about at once
            self._listed = (
                second,
                {
                    one.national_id
                    for one in list(self.gamblers.values())
                    for at, kind, said in one.plan
                    if kind == "rg.self_excluded" and "register" in said and at <= second
                },
            )
        return number in self._listed[1]

    def _anybody(self, fits: Callable[[Gambler], bool]) -> Gambler | None:
        """A depositor outside the cast who has not shut himself out."""
        able = (
            one
            for one in self._shuffled()
            if one.deposits and one.external_id not in cast.CAST and not _shut_out(one) and fits(one)
        )
        return next(able, None)

    def bettors(self, brand: str, count: int) -> list[Gambler]:
        """Some of those who bet there, also such as have left since."""
        ours = (one for one in self._shuffled() if one.house.slug == brand and one.mix == "sports")
        return [one for one, _ in zip(ours, range(count), strict=False)]

    def _shuffled(self) -> list[Gambler]:
        rng = random.Random(f"{self.seed}/{time.time():.0f}/{len(self.waiting)}")  # noqa: S311
        return rng.sample(list(self.gamblers.values()), min(400, len(self.gamblers)))


def _shut_out(gambler: Gambler) -> bool:
    return any(kind in ("rg.self_excluded", "rg.time_out") for _, kind, _ in gambler.plan)
