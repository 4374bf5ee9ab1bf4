"""Is the simulated casino believable? The trade's usual ranges, computed on what was generated."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from config.casino.gamblers import DAY
from config.casino.play import Happening

MONTH = 30 * DAY


@dataclass
class Tally:
    """Counts what goes by. Amounts are turned into euros at each house's rate."""

    opened: float
    now: float
    stake: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    win: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    kinds: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    first_deposit: dict[str, float] = field(default_factory=dict)
    bets: dict[str, int] = field(default_factory=dict)  # the stake of each bet that is still open
    played: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    active_months: set[tuple[str, int]] = field(default_factory=set)
    deposited: float = 0
    withdrawn: float = 0

    def see(self, event: Happening) -> None:
        if event.gambler.is_test:
            return
        self.kinds[event.kind] += 1
        who, data, rate = event.gambler.external_id, event.properties, event.gambler.house.rate * 100
        if event.kind == "round.settled":
            self._add(str(data["category"]), _sum(data, "stake"), _sum(data, "win"), rate)
        elif event.kind == "bet.placed":
            self.bets[str(data["bet_id"])] = _sum(data, "stake")
        elif event.kind == "bet.settled":
            self._add("sports", self.bets.pop(str(data["bet_id"])), _sum(data, "win"), rate)
        elif event.kind == "deposit.approved":
            self.first_deposit.setdefault(who, event.at)
            self.deposited += int(str(data["amount"])) / rate
        elif event.kind == "withdrawal.approved":
            self.withdrawn += int(str(data["amount"])) / rate
        if event.kind in ("round.settled", "bet.placed"):
            self.played[who].add(int(event.at // DAY))
            self.active_months.add((who, int((event.at - self.opened) // MONTH)))

    def _add(self, category: str, stake: int, win: int, rate: float) -> None:
        self.stake[category] += stake / rate
        self.win[category] += win / rate

    def hold(self, category: str) -> float:
        return 100 * (1 - self.win[category] / self.stake[category]) if self.stake[category] else 0.0

    def retention(self, month: int) -> float:
        """Share of first-time depositors who played in days 30·month to 30·(month+1) after that deposit, %."""
        due = [who for who, at in self.first_deposit.items() if self.opened <= at <= self.now - (month + 1) * MONTH]
        stayed = 0
        for who in due:
            first = int(self.first_deposit[who] // DAY) + 30 * month
            stayed += any(first <= day < first + 30 for day in self.played[who])
        return 100 * stayed / max(len(due), 1)

    def figures(self) -> Iterator[tuple[str, float, float, float]]:
        """Name, value, and the range it should be in."""
        ggr = sum(self.stake.values()) - sum(self.win.values())
        declined, approved = self.kinds["deposit.rejected"], self.kinds["deposit.approved"]
        months = max(len([1 for _, month in self.active_months if month >= 0]), 1)
        yield "slots hold, % of stakes", self.hold("slots"), 3.5, 4.5
        yield "live casino hold, % of stakes", self.hold("live_casino"), 2, 3
        yield "sports margin, % of stakes", self.hold("sports"), 6, 9
        yield "GGR, % of deposits", 100 * ggr / max(self.deposited, 1), 15, 60
        yield "withdrawals, % of deposits", 100 * self.withdrawn / max(self.deposited, 1), 30, 85
        yield "first month retention, %", self.retention(1), 40, 57
        yield "deposits declined, %", 100 * declined / max(declined + approved, 1), 8, 12
        yield "players setting a limit, % of actives a month", 100 * self.kinds["rg.limit_set"] / months, 1.5, 3
        yield "self-exclusions, % of actives a month", 100 * self.kinds["rg.self_excluded"] / months, 0.3, 0.6
        yield "players active in the last 30 days", float(self._active_now()), 1500, 1e9

    def _active_now(self) -> int:
        since = int((self.now - MONTH) // DAY)
        return sum(1 for days in self.played.values() if max(days) >= since)


def _sum(data: Mapping[str, object], what: str) -> int:
    return int(str(data[f"{what}_real"])) + int(str(data[f"{what}_bonus"]))
