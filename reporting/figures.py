"""The sums a statement stands on, frozen. Integers of minor units of one currency."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Played:
    rounds: int = 0
    stake_real: int = 0
    stake_bonus: int = 0
    win_real: int = 0
    win_bonus: int = 0

    @property
    def stakes(self) -> int:
        return self.stake_real + self.stake_bonus

    @property
    def wins(self) -> int:
        return self.win_real + self.win_bonus

    @property
    def cash_ggr(self) -> int:
        return self.stake_real - self.win_real

    @property
    def bonus_ggr(self) -> int:
        return self.stake_bonus - self.win_bonus

    @property
    def total_ggr(self) -> int:
        return self.cash_ggr + self.bonus_ggr

    def __add__(self, other: "Played") -> "Played":
        return Played(
            self.rounds + other.rounds,
            self.stake_real + other.stake_real,
            self.stake_bonus + other.stake_bonus,
            self.win_real + other.win_real,
            self.win_bonus + other.win_bonus,
        )


@dataclass(frozen=True)
class Paid:
    deposits: int = 0
    deposit_sum: int = 0
    withdrawals: int = 0
    withdrawal_sum: int = 0
    chargebacks: int = 0
    chargeback_sum: int = 0


@dataclass(frozen=True)
class BonusMoney:
    """What happened to the bonus money players hold; `net_play` is what they lost of it at play."""

    opening: int = 0
    issued: int = 0
    net_play: int = 0
    released: int = 0
    expired: int = 0
    forfeited: int = 0
    cancelled: int = 0

    @property
    def kept(self) -> int:
        return self.expired + self.forfeited + self.cancelled

    @property
    def closing(self) -> int:
        return self.opening + self.issued - self.net_play - self.released - self.kept


@dataclass(frozen=True)
class Inputs:
    played: Mapping[int, Played] = field(default_factory=dict)  # by category
    paid: Paid = Paid()
    bonus: BonusMoney = BonusMoney()

    def play(self, categories: frozenset[int] | None = None) -> Played:
        chosen = (p for c, p in self.played.items() if categories is None or c in categories)
        return sum(chosen, Played())
