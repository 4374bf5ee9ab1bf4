"""What a gambler does: visits, deposits, sessions, rounds, withdrawals, in the order of their time."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from config.casino.bookmaker import FREE, Bookmaker
from config.casino.gamblers import DAY, WORDING, Gambler, iso, pick
from config.casino.habits import (
    BONUS_ROUNDS,
    CATEGORIES,
    DECLINES,
    DEVICES,
    FIRST_HOUR_TEMPO,
    HABITS,
    HOURS,
    LIVE_HASTE,
    LIVE_TEMPO,
    METHODS,
)
from config.casino.houses import BY_CATEGORY, BY_ID


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


class Life:
    """The events of one gambler from `since` on, without end; `lively` says from when rounds come one by one."""

    def __init__(self, gambler: Gambler, bookmaker: Bookmaker, since: float, lively: float, run: str) -> None:
        self.who, self.rng, self.bookmaker = gambler, gambler.rng, bookmaker
        self.since, self.lively, self.run = since, lively, run
        self.number = 0
        # What is sure to come, but not yet: results of bets, deposits the bank takes back.
        self.later: list[tuple[float, int, Happening]] = []

    def _event(self, at: float, name: str, /, **properties: object) -> Happening:
        self.number += 1
        return Happening(at, name, f"{self.run}{self.who.external_id}-{self.number}", self.who, properties)

    def _later(self, event: Happening) -> None:
        heapq.heappush(self.later, (event.at, self.number, event))

    def _with_the_later(self, events: Iterable[Happening]) -> Iterator[Happening]:
        for event in events:
            while self.later and self.later[0][0] <= event.at:
                yield heapq.heappop(self.later)[2]
            yield event
        while self.later:
            yield heapq.heappop(self.later)[2]

    def events(self) -> Iterator[Happening]:
        """Ascending in time."""
        return self._with_the_later(self._events())

    def _events(self) -> Iterator[Happening]:
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
        if who.national_id:
            country = who.house.jurisdiction
            yield self._event(at, "player.identified", national_id=who.national_id, national_id_country=country)
        for channel, granted in (("email", who.email_consent), ("onsite", True), ("sms", who.sms_consent)):
            if granted:
                yield self._consent(at + 2, channel)
        yield from self._identity(at, pace)
        if who.deposits:
            yield from self._deposit(at + 1200 * pace, certain=True)
            yield self._event(at + 1200 * pace + 20, "player.tagged", add=["newcomer", f"{who.mix}-player"])
            yield from self._session(at + 1200 * pace + 60)

    def _identity(self, at: float, pace: float) -> Iterator[Happening]:
        """The steps up to where the check has got."""
        status = self.who.kyc
        for step, (seconds, name) in enumerate(((300, "submitted"), (420, "pending"))):
            if status in ("pending", "verified", "rejected"):
                yield self._event(at + seconds * pace + step, "player.kyc", status=name, level="identity")
        if status in ("verified", "rejected"):
            more = {"reason": "document not readable"} if status == "rejected" else {}
            yield self._event(at + 900 * pace, "player.kyc", status=status, level="identity", **more)

    def play_bonus(self, at: float) -> Iterator[Happening]:
        """He takes the bonus and sits down with it."""
        return self._with_the_later(self._play_bonus(at))

    def _play_bonus(self, at: float) -> Iterator[Happening]:
        yield self._event(at, "bonus.status", grant_ref=self.who.bonus_ref, status="claimed")
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
        return self._with_the_later(self._after(at))

    def _after(self, at: float) -> Iterator[Happening]:
        yield from sorted(self._visit(at), key=lambda event: event.at)
        self.since = at + 3600  # the next one not before this one is over
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
        told = rng.random() < 0.2 or at >= self.lively
        device, left = pick(rng, DEVICES), at
        if told:
            yield self._event(at, "player.login", device=device)
        if not who.deposits:
            return
        if who.balance < who.bank * 0.8 or (at >= self.lively and rng.random() < 0.3):
            yield from self._deposit(at + 10)
        if who.balance >= 500:
            for event in self._session(at + 90):
                left = event.at
                yield event
        if told and rng.random() < 0.4:  # most just close the window
            yield self._event(left + 20, "player.logout", device=device)
        yield from self._milestone(left + 5)
        if who.balance > who.bank * 2 and rng.random() < 0.5:
            yield from self._withdrawal(at + 7200)

    def _milestone(self, at: float) -> Iterator[Happening]:
        who = self.who
        if who.visits == 10:
            yield self._event(at, "player.tagged", add=["regular"], remove=["newcomer"])
        if who.visits % 15 == 0:
            yield self._event(at, "custom.level_up", level=who.visits // 15, programme="club")

    def _deposit(self, at: float, certain: bool = False) -> Iterator[Happening]:
        who, rng = self.who, self.rng
        step = 1000 if who.house.rate > 5 else 500
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
                if luck > 0.9955 and not certain:
                    back = at + rng.uniform(4, 40) * DAY
                    self._later(
                        self._event(back, "deposit.charged_back", **payment, reason="disputed by the cardholder")
                    )

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
        device = pick(rng, DEVICES)
        if at >= self.lively:
            said = {"session_id": session, "category": category, "game_id": game.game_id, "device": device}
            yield self._event(at, "session.started", **said)
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
            device=device,
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
            yield from self._bet(at, game, stake)
            return
        _, _, back, spread = HABITS[category]
        win = max(0, round(stake * rng.gauss(back, spread)), stake - purse)
        amounts = self._pay(stake, win)
        number = f"{self.run}R{who.external_id}-{self.number}"
        yield self._event(
            at, "round.settled", round_id=number, category=category, game_id=game, session_id=session, **amounts
        )
        if rng.random() < 0.002:
            yield self._event(at + 5, "round.rolled_back", round_id=number)
            who.balance += amounts["stake_real"] - amounts["win_real"]
            who.bonus += amounts["stake_bonus"] - amounts["win_bonus"]

    def _pay(self, stake: int, win: int) -> dict[str, int]:
        """Takes the stake, bonus money first, and pays the win out to where the stake came from."""
        who = self.who
        bonus = min(stake, who.bonus)
        bonus_win = win * bonus // stake
        who.balance += win - bonus_win - (stake - bonus)
        who.bonus += bonus_win - bonus
        return {
            "stake_real": stake - bonus, "stake_bonus": bonus, "win_real": win - bonus_win, "win_bonus": bonus_win,
        }  # fmt: skip

    def _bet(self, at: float, game: str, stake: int) -> Iterator[Happening]:
        """Placed now; the result comes when the match is over, or the bet is void and the stake comes back."""
        who, rng = self.who, self.rng
        slip = self.bookmaker.take(rng, who.house.slug, BY_ID[game].title.lower(), stake, who.bank)
        amounts = self._pay(stake, slip.win)
        bet = f"{self.run}B{who.external_id}-{self.number}"
        stakes = {name: amounts[name] for name in ("stake_real", "stake_bonus")}
        free = {"is_free_bet": True} if amounts["stake_bonus"] == stake and rng.random() < FREE else {}
        yield self._event(at, "bet.placed", bet_id=bet, **stakes, **slip.placed, **free)
        over = at + slip.hours * 3600 * (1.0 if at < self.lively else LIVE_HASTE / 4)
        if not slip.outcome:
            self._later(self._event(over, "bet.voided", bet_id=bet, reason="match abandoned"))
            return
        wins = {name: amounts[name] for name in ("win_real", "win_bonus")}
        self._later(self._event(over, "bet.settled", bet_id=bet, outcome=slip.outcome, **wins))


def _offset(zone: str, at: float) -> float:
    """Seconds east of UTC; looked up once a day and zone."""
    key = (zone, int(at // DAY))
    if key not in _offsets:
        from datetime import UTC, datetime

        delta = datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(zone)).utcoffset()
        _offsets[key] = delta.total_seconds() if delta else 0.0
    return _offsets[key]


_offsets: dict[tuple[str, int], float] = {}
