"""What can be totalled: where its count and its amount stand in the daily activity of players."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TotalKind:
    """`count` and `amount` are columns of DailyActivity; '' where there is none. `listed`: it has ids."""

    key: str
    label: str
    count: str = ""
    amount: str = ""
    is_play: bool = False
    listed: bool = False
    family: str = "payments"  # of players.families: what may be missing when it differs


KINDS: dict[str, TotalKind] = {
    kind.key: kind
    for kind in (
        TotalKind("deposits", "Deposits", "deposits", "deposit_sum", listed=True),
        TotalKind("withdrawals", "Withdrawals", "withdrawals", "withdrawal_sum", listed=True),
        TotalKind("deposits_declined", "Declined deposits", "declined_deposits"),
        TotalKind("rounds", "Rounds", "rounds", is_play=True, listed=True, family="rounds"),
        TotalKind("stakes_real", "Stakes, cash", "", "stake_real", True, family="rounds"),
        TotalKind("stakes_bonus", "Stakes, bonus money", "", "stake_bonus", True, family="rounds"),
        TotalKind("wins_real", "Wins, cash", "", "win_real", True, family="rounds"),
        TotalKind("wins_bonus", "Wins, bonus money", "", "win_bonus", True, family="rounds"),
    )
}
COLUMNS = tuple(dict.fromkeys(column for kind in KINDS.values() for column in (kind.count, kind.amount) if column))
