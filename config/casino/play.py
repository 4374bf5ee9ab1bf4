"""What a gambler does: visits, deposits, sessions, rounds, withdrawals, in the order of their time."""

import math
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from config.casino.gamblers import DAY, WORDING, Gambler, iso, pick
from config.casino.houses import BY_CATEGORY

CATEGORIES = {
    "slots": (("slots", 0.85), ("table", 0.05), ("live_casino", 0.07), ("bingo", 0.03)),
    "live": (("live_casino", 0.80), ("table", 0.09), ("slots", 0.10), ("poker", 0.01)),
    "sports": (("sports", 0.86), ("slots", 0.07), ("crash", 0.04), ("virtuals", 0.03)),
}
# category -> usual length in minutes, turnover as a multiple of the bank, return, spread of one round's return
HABITS = {
    "slots": (31, 4.0, 0.960, 0.12),
    "live_casino": (38, 4.5, 0.975, 0.12),
    "table": (24, 4.0, 0.980, 0.12),
    "poker": (30, 2.5, 0.966, 0.12),
    "bingo": (40, 0.8, 0.875, 0.30),
    "crash": (12, 3.0, 0.970, 0.20),
    "virtuals": (15, 1.0, 0.910, 0.30),
    "sports": (9, 1.1, 0.927, 0.0),  # the odds bring their own spread
}
# Share of a day's visits that start in each hour of the player's day.
HOURS = tuple(enumerate((3, 2, 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 4, 4, 5, 5, 6, 7, 8, 9, 9, 7, 5)))
METHODS = (("card", 0.55), ("bank transfer", 0.15), ("wallet", 0.30))
DECLINES = (("insufficient funds", 0.5), ("3-D Secure not completed", 0.3), ("limit of the card reached", 0.2))


@dataclass(frozen=True)
class Happening:
    """One event as the API takes it, before it becomes JSON."""

    at: float
    kind: str
    event_id: str
    gambler: Gambler
    properties: dict[str, object]

    def body(self, replay: bool) -> dict[str, object]:
        body: dict[str, object] = {
            "event": self.kind,
            "event_id": self.event_id,
            "player": self.gambler.external_id,
            "occurred_at": iso(self.at),
            "properties": self.properties,
        }
        if replay:
            body["replay"] = True
        return body


@dataclass
class Bookmaker:
    """Keeps the sportsbook near its margin: a few thousand bets alone would wander by whole points."""

    ahead: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def settle(self, rng: random.Random, house: str, stake: int, bank: int) -> int:
        odds = pick(rng, ((1.5, 0.3), (1.9, 0.35), (3.2, 0.25), (7.5, 0.1)))
        chance = HABITS["sports"][2] / odds * (1 - 0.5 * math.tanh(self.ahead[house] / (25 * bank)))
        win = round(stake * odds) if rng.random() < chance else 0
        self.ahead[house] += win - stake * HABITS["sports"][2]
        return win


class Life:
    """The events of one gambler from `since` on, without end; `lively` says from when rounds come one by one."""

    def __init__(self, gambler: Gambler, bookmaker: Bookmaker, since: float, lively: float, run: str) -> None:
        self.who, self.rng, self.bookmaker = gambler, gambler.rng, bookmaker
        self.since, self.lively, self.run = since, lively, run
        self.number = 0

    def _event(self, at: float, name: str, /, **properties: object) -> Happening:
        self.number += 1
        return Happening(at, name, f"{self.run}{self.who.external_id}-{self.number}", self.who, properties)

    def events(self) -> Iterator[Happening]:
        """Ascending in time."""
        if self.who.registered_at >= self.since:
            yield from self.first_day()
        plan = iter([act for act in self.who.plan if act[0] >= self.since])
        act = next(plan, None)
        for visit in self._visits():
            for event in visit:
                while act is not None and act[0] <= event.at:
                    yield self._event(act[0], act[1], **act[2])
                    act = next(plan, None)
                yield event
        while act is not None:
            yield self._event(act[0], act[1], **act[2])
            act = next(plan, None)

    def first_day(self) -> Iterator[Happening]:
        who, at = self.who, self.who.registered_at
        pace = 1.0 if at < self.lively else LIVE_HASTE
        yield self._event(at, "player.registered", **who.registration())
        for channel, granted in (("email", who.email_consent), ("onsite", True), ("sms", who.sms_consent)):
            if granted:
                yield self._consent(at + 2, channel)
        if who.kyc != "none":
            yield self._event(at + 900 * pace, "player.kyc", status=who.kyc)
        if who.deposits:
            yield from self._deposit(at + 1200 * pace, certain=True)
            yield from self._session(at + 1200 * pace + 60)

    def play_bonus(self, at: float) -> Iterator[Happening]:
        """He takes the bonus and sits down with it."""
        yield self._event(at, "bonus.claimed", grant_ref=self.who.bonus_ref)
        yield self._event(at + 1, "balance.changed", real=self.who.balance, bonus=self.who.bonus)
        category = "slots" if self.who.mix == "slots" else pick(self.rng, CATEGORIES[self.who.mix])
        game, session = self.rng.choice(BY_CATEGORY[category]), f"{self.run}S{self.who.external_id}-{self.number}"
        stake = max(20, round(self.who.bonus * self.rng.uniform(7, 16) / BONUS_ROUNDS))
        for n in range(BONUS_ROUNDS):
            yield from self._round(at + 10 + 4 * n, category, game.game_id, session, stake)
        said = {"session_id": session, "started_at": iso(at + 8), "category": category, "game_id": game.game_id}
        yield self._event(at + 12 + 4 * BONUS_ROUNDS, "session.ended", **said, device="mobile")

    def return_visit(self, at: float) -> Iterator[Happening]:
        """He was away for long; here he is again, with money."""
        self.who.balance = 0
        yield from sorted(self._visit(at), key=lambda event: event.at)
        for visit in self._visits():
            yield from visit

    def _consent(self, at: float, channel: str) -> Happening:
        wording = WORDING.format(channel=channel)
        product = self.who.product
        return self._event(
            at, "consent.changed", product=product, channel=channel, granted=True, wording=wording, screen="sign-up"
        )

    def _visits(self) -> Iterator[list[Happening]]:
        who = self.who
        at = max(self.since, who.registered_at + DAY / 2)
        quiet_until = 0.0
        quiet = [(when, properties) for when, kind, properties in who.plan if kind == "rg.time_out"]
        while True:
            at = self._next_visit(at)
            if at >= who.leaves_at:
                return
            if quiet and at >= quiet[0][0]:
                quiet_until = quiet.pop(0)[0] + 30 * DAY
            if at < quiet_until:
                continue
            yield sorted(self._visit(at), key=lambda event: event.at)
            at += 3600

    def _next_visit(self, at: float) -> float:
        """History keeps to the usual hours; from `lively` on the same people come more often."""
        rate = self.who.visits_per_day
        if at < self.lively:
            then = max(at, self._at_a_likely_hour(at + self.rng.expovariate(rate) * DAY))
            if then < self.lively:
                return then
            at = self.lively  # nobody remembers how long he has been waiting: drawn anew from here
        tempo = FIRST_HOUR_TEMPO if at < self.lively + 3600 else LIVE_TEMPO
        return at + self.rng.expovariate(rate * tempo) * DAY

    def _at_a_likely_hour(self, at: float) -> float:
        """Moves an instant within its local day to an hour people play at."""
        hour = pick(self.rng, HOURS)
        day = at - (at + _offset(self.who.house.timezone, at)) % DAY
        return max(self.since, day + hour * 3600 + self.rng.random() * 3600)

    def _visit(self, at: float) -> Iterator[Happening]:
        who, rng = self.who, self.rng
        who.visits += 1
        if rng.random() < 0.2 or at >= self.lively:
            yield self._event(at, "player.login", device=pick(rng, (("mobile", 0.7), ("desktop", 0.3))))
        if not who.deposits:
            return
        if who.balance < who.bank * 0.8 or (at >= self.lively and rng.random() < 0.3):
            yield from self._deposit(at + 10)
        if who.balance >= 500:
            yield from self._session(at + 90)
        if who.balance > who.bank * 2 and rng.random() < 0.5:
            yield from self._withdrawal(at + 7200)

    def _deposit(self, at: float, certain: bool = False) -> Iterator[Happening]:
        who, rng = self.who, self.rng
        step = 1000 if who.house.currency == "SEK" else 500
        amount = max(round(10 * who.house.rate) * 100, round(who.bank * rng.lognormvariate(0, 0.3) / step) * step)
        method, luck = pick(rng, METHODS), rng.random()
        payment = {"payment_id": f"{self.run}D{who.external_id}-{self.number}", "amount": amount, "method": method}
        yield self._event(at, "deposit.requested", **payment)
        if luck < 0.14 and not certain:
            yield self._event(at + 20, "deposit.rejected", **payment, reason=pick(rng, DECLINES))
            if luck < 0.09:
                again = {**payment, "payment_id": f"{payment['payment_id']}b"}
                yield self._event(at + 60, "deposit.requested", **again)
                yield self._event(at + 75, "deposit.approved", **again)
                who.balance += amount
        elif luck < 0.15 and not certain:
            yield self._event(at + 30, "deposit.cancelled", **payment)
        else:
            yield self._event(at + 15, "deposit.approved", **payment)
            if luck > 0.997 and not certain:
                yield self._event(at + 30, "deposit.rolled_back", **payment, reason="charge taken back by the bank")
            else:
                who.balance += amount

    def _withdrawal(self, at: float) -> Iterator[Happening]:
        who, rng = self.who, self.rng
        amount = max(1000, (who.balance - who.bank // 2) // 500 * 500)
        payment = {"payment_id": f"{self.run}W{who.external_id}-{self.number}", "amount": amount}
        payment["method"] = pick(rng, METHODS)
        yield self._event(at, "withdrawal.requested", **payment)
        if rng.random() < 0.08:
            yield self._event(at + 600, "withdrawal.cancelled", **payment)
        else:
            yield self._event(at + 3600, "withdrawal.approved", **payment)
            who.balance -= amount

    def _session(self, at: float) -> Iterator[Happening]:
        who, rng = self.who, self.rng
        category = pick(rng, CATEGORIES[who.mix])
        minutes, turnover, _, _ = HABITS[category]
        length = max(60.0, minutes * who.session_factor * rng.lognormvariate(0, 0.45) * 60)
        game = rng.choice(BY_CATEGORY[category])
        session = f"{self.run}S{who.external_id}-{self.number}"
        purse = who.balance + who.bonus
        budget = min(who.bank + who.bonus, purse) * turnover * rng.lognormvariate(0, 0.25)
        if at >= self.lively:
            length, budget = max(60.0, length * LIVE_HASTE), budget * LIVE_HASTE
        rounds = rng.choice((1, 1, 2)) if at < self.lively else max(3, int(length / 15))
        for n in range(rounds):
            when = at + length * (n + rng.random()) / rounds
            yield from self._round(when, category, game.game_id, session, max(20, int(budget / rounds)))
        yield self._event(
            at + length,
            "session.ended",
            session_id=session,
            started_at=iso(at),
            category=category,
            game_id=game.game_id,
            device=pick(rng, (("mobile", 0.7), ("desktop", 0.3))),
        )
        if rng.random() < 0.15 or at >= self.lively:
            yield self._event(at + length + 1, "balance.changed", real=who.balance, bonus=who.bonus)

    def _round(self, at: float, category: str, game: str, session: str, stake: int) -> Iterator[Happening]:
        who, rng = self.who, self.rng
        purse = who.balance + who.bonus
        if category == "sports":
            stake = min(stake, purse)
        if purse <= 0 or stake <= 0:
            return
        if category == "sports":
            win = self.bookmaker.settle(rng, who.house.slug, stake, who.bank)
        else:
            _, _, back, spread = HABITS[category]
            win = max(0, round(stake * rng.gauss(back, spread)), stake - purse)
        bonus = min(stake, who.bonus)
        bonus_win = win * bonus // stake
        who.balance += win - bonus_win - (stake - bonus)
        who.bonus += bonus_win - bonus
        number = f"{self.run}R{who.external_id}-{self.number}"
        amounts = {
            "stake_real": stake - bonus,
            "stake_bonus": bonus,
            "win_real": win - bonus_win,
            "win_bonus": bonus_win,
        }
        yield self._event(
            at, "round.settled", round_id=number, category=category, game_id=game, session_id=session, **amounts
        )
        if rng.random() < 0.002:
            yield self._event(at + 5, "round.rolled_back", round_id=number)
            who.balance += amounts["stake_real"] - amounts["win_real"]
            who.bonus += amounts["stake_bonus"] - amounts["win_bonus"]


# While somebody watches, people come more often and stay for less: a demo must have something to show.
FIRST_HOUR_TEMPO = 60.0
LIVE_TEMPO = 12.0
LIVE_HASTE = 0.12
BONUS_ROUNDS = 60


def _offset(zone: str, at: float) -> float:
    """Seconds east of UTC; looked up once a day and zone."""
    key = (zone, int(at // DAY))
    if key not in _offsets:
        from datetime import UTC, datetime

        delta = datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(zone)).utcoffset()
        _offsets[key] = delta.total_seconds() if delta else 0.0
    return _offsets[key]


_offsets: dict[tuple[str, int], float] = {}
