"""The PAM that never sleeps: fills in the past once, then lives second by second."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from itertools import chain
from queue import Empty, SimpleQueue

from config.casino import announcing
from config.casino.accounts import Accounts
from config.casino.credit import Credit
from config.casino.crowd import Casino
from config.casino.feed import Feed
from config.casino.gamblers import iso
from config.casino.houses import GAMES, HOUSES
from config.casino.newsletters import ASK_EVERY, BRAND, LIST, READ_EVERY, Newsletters
from config.casino.play import Happening, Life

HEARTBEAT_EVERY = 10.0
REGISTER_ANSWER_LASTS = 20 * 3600.0  # asked again well before the 24 hours after which nobody may rely on it
REGISTER_SLACK = 3600.0  # after a pause this short nobody's answer has run out
# Seconds between them while somebody watches.
NEWCOMER_EVERY = 20.0
RETURN_EVERY = 15.0
LIMIT_EVERY = 40.0
TIME_OUT_EVERY = 110.0
EXCLUSION_EVERY = 400.0
TOTALS_EVERY = 60.0


class Clock:
    """Says yes once per interval."""

    def __init__(self, every: float, first: float = 0.0) -> None:
        self.every, self.due = every, time.time() + first

    def strikes(self, now: float) -> bool:
        if now < self.due:
            return False
        self.due = now + self.every
        return True


class Simulator:
    def __init__(
        self, casino: Casino, feed: Feed, credit: Credit | None, say: Callable[[str], None], *, announces: bool = False,
        newsletters: Newsletters | None = None,
    ) -> None:  # fmt: skip
        self.casino, self.feed, self.credit, self.say = casino, feed, credit, say
        self.announces, self.newsletters = announces, newsletters
        self._reads, self._editions = Clock(READ_EVERY), Clock(ASK_EVERY, 60)  # once the feeds are fresh
        self._newcomers, self._returns = Clock(NEWCOMER_EVERY), Clock(RETURN_EVERY)
        self._restrictions = {
            "rg.limit_set": Clock(LIMIT_EVERY, 8),
            "rg.time_out": Clock(TIME_OUT_EVERY, 25),
            "rg.self_excluded": Clock(EXCLUSION_EVERY, 70),
        }
        self.accounts, self._totals = Accounts(feed, self.casino.now), Clock(TOTALS_EVERY, 20)
        self._over = threading.Event()
        self._pulse = threading.Thread(target=self._beat, daemon=True)
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
                "type": g.type,
                "rtp": g.rtp or None,
            }
            for g in GAMES
        ]
        for house in HOUSES:
            self.feed.put_games(house.slug, rows)

    def start_pulse(self) -> None:
        """Heartbeats from the first moment on: a feed that tells its history at length is not a silent one."""
        self._pulse.start()

    def stop(self) -> None:
        self._over.set()

    def backfill(self) -> None:
        """Tells the past as replay: state is built, no journey starts. First who there is, then what they did."""
        started, memory = time.monotonic(), self.casino.memory
        lives = [(gambler.house.slug, self.casino.past(gambler)) for gambler in self.casino.gamblers.values()]
        for brand in [house.slug for house in HOUSES]:
            ours = [life for slug, life in lives if slug == brand]
            heads = [head for head in (next(life, None) for life in ours) if head is not None]
            for future in self.feed.post_all(brand, (head.body(replay=True) for head in heads)):
                future.result()
            rest = (event.body(replay=True) for life in ours for event in life if not self.accounts.forgets(event))
            for future in self.feed.post_all(brand, rest):
                future.result()
        if self.casino.now - memory.through > REGISTER_SLACK:
            self._check_registers(everybody=True)
        if not memory.through:
            self.accounts.state_baseline(self.casino)
        self.accounts.send(time.time())
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
        self.feed.number(self.casino.memory.numbers)
        while until is None or time.time() < until:
            now = time.time()
            self._write_newsletters(now)
            if self._newcomers.strikes(now):
                self.casino.newcomer(now)
            if self._returns.strikes(now):
                self.casino.comes_back(now)
            self._follow_credits(now)
            self._post(chain(self.casino.due(now), self._restricting(now)))
            self._check_registers(everybody=False)
            if self._totals.strikes(now):
                self.accounts.send(now)
            self.casino.memory.through = now
            self.casino.memory.save()
            time.sleep(max(0.0, 1 - (time.time() - now)))

    def _write_newsletters(self, now: float) -> None:
        """Its list is read before anything else of this second happens: whoever leaves later is not on it yet."""
        if self.newsletters is None:
            return
        if self._reads.strikes(now):
            self.newsletters.read_list()
        if self._editions.strikes(now):
            ours = [one.external_id for one in self.casino.bettors(BRAND, LIST)]
            self.newsletters.ask([*self._on_every_list, *ours])

    # They bet; one has shut himself out, another one does while you watch: an agency that did not ask would not know.
    _on_every_list = ("anna", "bo", "hugh")

    def _post(self, events: Iterator[Happening], replay: bool = False) -> None:
        by_brand: dict[str, list[dict[str, object]]] = defaultdict(list)
        for event in events:
            if self.announces and announcing.announces(event):
                announcing.announce(self.feed, event)
            else:
                by_brand[event.gambler.house.slug].append(event.body(replay))
        for brand, bodies in by_brand.items():
            self.feed.post(brand, bodies)

    def _restricting(self, now: float) -> Iterator[Happening]:
        for kind, clock in self._restrictions.items():
            if clock.strikes(now) and (event := self.casino.restricts(kind, now)):
                yield event

    def _beat(self) -> None:
        while not self._over.is_set():
            now = time.time()
            body = {"event": "feed.heartbeat", "event_id": f"beat-{now:.0f}", "occurred_at": iso(now)}
            for house in HOUSES:
                families = self.feed.answered.get(house.slug, {})
                said = {"sequence": int(now)} | ({"families": dict(families)} if families else {})
                self.feed.post(house.slug, [{**body, "properties": said}])
            self._over.wait(HEARTBEAT_EVERY)

    def _check_registers(self, *, everybody: bool) -> None:
        """Asks the national register about everyone who may be written to; a share of them each second."""
        now = time.time()
        slice_now = int(now) % int(REGISTER_ANSWER_LASTS)
        events = []
        for number, gambler in enumerate(self.casino.gamblers.values()):
            if not gambler.house.register or max(gambler.registered_at, gambler.asked_about_from) > now:
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
