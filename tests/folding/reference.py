"""The same folding in plain Python over the whole history at once: slow, obvious, and independent of the SQL."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from config.lib.clock import NEVER
from players.models import Brand
from players.stages import Instants, Thresholds, stage_of
from tests.folding import reference_habits
from tests.folding.casino import Sent
from tests.folding.reference_habits import Sat

DAY = timedelta(hours=24)


def fold(events: Iterable[Sent], brand: Brand, registered_at: datetime, now: datetime) -> "Folded":
    """What `events` of one player add up to, seen at `now`."""
    unique = list({event.key: event for event in events}.values())
    folded = Folded(brand, now)
    folded.state["registered_at"] = registered_at
    rounds, payments = _rounds(unique), _payments(unique)
    gap = timedelta(minutes=brand.session_gap_minutes)
    sat = reference_habits.cut_sessions(rounds, gap) if gap else reference_habits.sent_sessions(unique, rounds)
    folded.add_rounds(rounds)
    folded.add_sessions(sat)
    folded.add_payments(payments)
    folded.habits = reference_habits.habits(sat, payments, folded)
    folded.money = reference_habits.money(payments, unique, sat, folded)
    folded.add_marks(unique)
    folded.conclude()
    return folded


class Folded:
    """Field values by name; keys: category, and (day, category)."""

    def __init__(self, brand: Brand, now: datetime) -> None:
        self.brand, self.now = brand, now
        self.state: dict[str, Any] = defaultdict(int)
        self.categories: dict[int, dict[str, Any]] = defaultdict(lambda: defaultdict(int))
        self.days: dict[tuple[date, int], dict[str, Any]] = defaultdict(lambda: defaultdict(int))
        self.real: list[datetime] = []
        self.habits: dict[str, Any] = {}
        self.money: dict[str, Any] = {}

    def day(self, at: datetime) -> date:
        local = at.astimezone(ZoneInfo(self.brand.timezone)).replace(tzinfo=None)
        return (local - timedelta(hours=self.brand.day_start_hour)).date()

    def within(self, at: datetime, length: int) -> bool:
        return self.day(self.now) - timedelta(days=length) < self.day(at) <= self.day(self.now)

    def add_rounds(self, rounds: Iterable[Sent]) -> None:
        for one in rounds:
            body, number = one.body, one.body["category"]
            today, category = self.days[self.day(one.at), number], self.categories[number]
            stake = body["stake_real"] + body["stake_bonus"]
            for target in (today, self.state):
                for name in ("stake_real", "stake_bonus", "win_real", "win_bonus"):
                    target[name] += body[name]
            category["stake"] += stake
            category["win"] += body["win_real"] + body["win_bonus"]
            category["stake_90d"] += stake if self.within(one.at, 90) else 0
            self.state["stake_30d"] += stake if self.within(one.at, 30) else 0
            self.state["stake_90d"] += stake if self.within(one.at, 90) else 0
            for target in (today, category, self.state):
                target["rounds"] += 1
                target["last_play_at"] = max(target["last_play_at"] or NEVER, one.at)
            if body["stake_real"]:
                self.add_real(one.at, number)

    def add_sessions(self, sat: list[Sat]) -> None:
        """Newest first."""
        for one in sat:
            today, category = self.days[self.day(one.start), one.category], self.categories[one.category]
            for target, length in ((today, "seconds"), (category, "seconds"), (self.state, "session_seconds")):
                target["sessions"] += 1
                target[length] += one.seconds
                target["last_play_at"] = max(target["last_play_at"] or NEVER, one.end)
            self.state["sessions_30d"] += self.within(one.start, 30)
        self.state["last5_seconds"] = sum(one.seconds for one in sat[:5])
        self.state["last5_sessions"] = len(sat[:5])
        for number, category in self.categories.items():
            category |= reference_habits.of_category(sat, number)

    def add_payments(self, payments: list["Paid"]) -> None:
        for one in payments:
            if one.at:
                for target in (self.days[self.day(one.at), 0], self.state):
                    target[f"{one.direction}s"] += 1
                    target[f"{one.direction}_sum"] += one.amount
                if one.direction == "deposit":
                    self.add_real(one.at, 0)
                    self.state["deposits_30d"] += self.within(one.at, 30)
                    self.state["deposit_sum_30d"] += one.amount if self.within(one.at, 30) else 0
            elif one.declined:
                for target in (self.days[self.day(one.declined), 0], self.state):
                    target["declined_deposits"] += 1
        deposits = sorted(one.at for one in payments if one.direction == "deposit" and one.at)
        self.state["first_deposit_at"] = deposits[0] if deposits else NEVER
        self.state["second_deposit_at"] = deposits[1] if len(deposits) > 1 else NEVER
        self.state["last_deposit_at"] = deposits[-1] if deposits else NEVER

    def add_real(self, at: datetime, category: int) -> None:
        today = self.days[self.day(at), category]
        today["first_real_at"] = min(today["first_real_at"] or at, at)
        today["last_real_at"] = max(today["last_real_at"] or at, at)
        self.real.append(at)

    def add_marks(self, events: Iterable[Sent]) -> None:
        self.state["last_login_at"] = max((e.at for e in events if e.kind == "player.login"), default=NEVER)
        balances = [(e.at, e.body["real"], e.body["bonus"]) for e in events if e.kind == "balance.changed"]
        bonuses = [e for e in events if e.kind == "bonus.status"]
        self.state["bonuses_offered"] = len({e.body["bonus_ref"] for e in bonuses})
        self.state["bonuses_taken"] = len(reference_habits.bonuses_taken(bonuses))
        newest = max(balances, default=(NEVER, 0, 0))
        self.state["balance_at"], self.state["balance_real"], self.state["balance_bonus"] = newest

    def conclude(self) -> None:
        state, brand = self.state, self.brand
        state["active_days_30d"] = len({self.day(at) for at in self.real if self.within(at, 30)})
        state["last_real_at"] = max(self.real, default=NEVER)
        state["last_play_at"] = state["last_play_at"] or NEVER
        state["streak_from"] = _start(self.real, brand.slipping_after_days)
        state["spell_from"] = _start(self.real, brand.lapsed_after_days)
        staked = [(-found["stake_90d"], number) for number, found in self.categories.items() if found["stake_90d"]]
        top_stake, state["top_category"] = min(staked) if staked else (0, 0)
        state["top_stake_90d"], state["brand_id"] = -top_stake, brand.pk
        state["last_play_day"] = state["last_play_at"].date()
        instants = Instants(**{name: state[name] for name in Instants.__slots__})
        standpoint = stage_of(instants, Thresholds.of(brand), self.now)
        state["stage"], state["stage_since"] = standpoint.stage, standpoint.since


def _rounds(events: Iterable[Sent]) -> list[Sent]:
    gone = {event.body["round_id"] for event in events if event.kind == "round.rolled_back"}
    return [event for event in events if event.kind == "round.settled" and event.body["round_id"] not in gone]


@dataclass(frozen=True)
class Paid:
    """One payment with what became of it: when it was approved (if that stands), when a deposit was declined."""

    id: str
    direction: str
    at: datetime | None
    declined: datetime | None
    amount: int
    method: str
    bonus_code: str


def _payments(events: Iterable[Sent]) -> list[Paid]:
    by_id: dict[tuple[str, str], dict[str, Sent]] = defaultdict(dict)
    for event in events:
        direction, _, status = event.kind.partition(".")
        if direction in ("deposit", "withdrawal"):
            by_id[direction, event.body["payment_id"]][status] = event
    told = []
    for (direction, id_), statuses in by_id.items():
        approved, declined = statuses.get("approved"), statuses.get("rejected")
        stands = approved is not None and "rolled_back" not in statuses
        told.append(
            Paid(
                id_,
                direction,
                approved.at if approved and stands else None,
                declined.at if declined and not approved and direction == "deposit" else None,
                approved.body["amount"] if approved else 0,
                approved.body.get("method", "") if approved else "",
                approved.body.get("bonus_code", "") if approved else "",
            )
        )
    return told


def _start(instants: list[datetime], days: int) -> datetime:
    """Where the newest run without a gap of `days` begins."""
    start = previous = NEVER
    for at in sorted(instants):
        if previous == NEVER or at - previous >= days * DAY:
            start = at
        previous = at
    return start
